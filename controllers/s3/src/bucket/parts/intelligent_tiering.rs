//! Archive tiers of objects that are seldom read.

use aws_sdk_s3::types::IntelligentTieringConfiguration;
use cairn_core::{
    failure::Failure,
    meaning::{Fill, Meaning},
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::{
    Part,
    list::{self, id, listed},
};
use crate::{
    client::{Scoped, send},
    wire::{decode, encode, wire},
};

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

pub(super) struct IntelligentTiering;

impl Part for IntelligentTiering {
    const RULES: PartRules = PartRules {
        field: "intelligentTiering",
        rule: Rule::Entries("id"),
        get: "ListBucketIntelligentTieringConfigurations",
        put: "PutBucketIntelligentTieringConfiguration",
        delete: Some("DeleteBucketIntelligentTieringConfiguration"),
        settle: list::without_empty_filter,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        listed!(
            client,
            bucket,
            list_bucket_intelligent_tiering_configurations,
            intelligent_tiering_configuration_list,
            Self::RULES.get
        )
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let configuration: IntelligentTieringConfiguration = decode(Self::RULES.put, value)?;
        send!(
            client,
            bucket,
            put_bucket_intelligent_tiering_configuration.id(id(value)).intelligent_tiering_configuration(configuration),
            Self::RULES.put
        )
    }

    async fn delete_entry(client: &Scoped, bucket: &str, name: &str) -> Result<(), Failure> {
        send!(
            client,
            bucket,
            delete_bucket_intelligent_tiering_configuration.id(name),
            "DeleteBucketIntelligentTieringConfiguration"
        )
    }
}
