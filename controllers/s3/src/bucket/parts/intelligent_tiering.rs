//! Archive tiers of objects that are seldom read.

use cairn_core::meaning::{Fill, Meaning};

use super::list::configurations;
use crate::wire::wire;

wire! {
    try struct IntelligentTieringConfiguration {
        "filter" => filter,
        "id" => id,
        "status" => status,
        "tierings" => tierings,
    }
    struct IntelligentTieringFilter { "and" => and, "prefix" => prefix, "tag" => tag }
    struct IntelligentTieringAndOperator { "prefix" => prefix, "tags" => tags }
    try struct Tiering { "accessTier" => access_tier, "days" => days }
    enum IntelligentTieringStatus
    enum IntelligentTieringAccessTier
}

const MEANING: Meaning = Meaning {
    sets: &["tags", "tierings"],
    defaults: &[("prefix", Fill::Text("")), ("filter", Fill::Empty)],
    ..Meaning::EXACT
};

configurations! { IntelligentTiering, intelligent_tiering, "intelligentTiering", MEANING }
