//! Counts of requests.

use cairn_core::meaning::{Fill, Meaning};

use super::list::configurations;
use crate::wire::wire;

wire! {
    try struct MetricsConfiguration { "filter" => filter, "id" => id }
    union MetricsFilter { "accessPointARN" => AccessPointArn, "and" => And, "prefix" => Prefix, "tag" => Tag }
    struct MetricsAndOperator { "accessPointARN" => access_point_arn, "prefix" => prefix, "tags" => tags }
}

const MEANING: Meaning = Meaning { sets: &["tags"], defaults: &[("prefix", Fill::Text(""))], ..Meaning::EXACT };

configurations! { Metrics, metrics, "metrics", MEANING }
