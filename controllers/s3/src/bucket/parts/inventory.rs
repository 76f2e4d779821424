//! Lists of the objects of a bucket.

use aws_sdk_s3::types::InventoryConfiguration;
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
    try struct InventoryConfiguration {
        "destination" => destination,
        "filter" => filter,
        "id" => id,
        "includedObjectVersions" => included_object_versions,
        "isEnabled" => is_enabled,
        "optionalFields" => optional_fields,
        "schedule" => schedule,
    }
    struct InventoryDestination { "s3BucketDestination" => s3_bucket_destination }
    try struct InventoryS3BucketDestination {
        "accountID" => account_id,
        "bucket" => bucket,
        "encryption" => encryption,
        "format" => format,
        "prefix" => prefix,
    }
    struct InventoryEncryption { "sseKMS" => ssekms, "sseS3" => sses3 }
    try struct Ssekms { "keyID" => key_id }
    struct Sses3 {}
    try struct InventoryFilter { "prefix" => prefix }
    try struct InventorySchedule { "frequency" => frequency }
    enum InventoryFormat
    enum InventoryFrequency
    enum InventoryIncludedObjectVersions
    enum InventoryOptionalField
}

const MEANING: Meaning = Meaning {
    sets: &["optionalFields"],
    defaults: &[("prefix", Fill::Text("")), ("filter", Fill::Empty)],
    ..Meaning::EXACT
};

pub(super) struct Inventory;

impl Part for Inventory {
    const RULES: PartRules = PartRules {
        field: "inventory",
        rule: Rule::Entries("id"),
        get: "ListBucketInventoryConfigurations",
        put: "PutBucketInventoryConfiguration",
        delete: Some("DeleteBucketInventoryConfiguration"),
        settle: list::without_empty_filter,
        same: |a, b| MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        listed!(client, bucket, list_bucket_inventory_configurations, inventory_configuration_list, Self::RULES.get)
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let configuration: InventoryConfiguration = decode(Self::RULES.put, value)?;
        send!(
            client,
            bucket,
            put_bucket_inventory_configuration.id(id(value)).inventory_configuration(configuration),
            Self::RULES.put
        )
    }

    async fn delete_entry(client: &Scoped, bucket: &str, name: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_inventory_configuration.id(name), "DeleteBucketInventoryConfiguration")
    }
}
