//! Lists of the objects of a bucket.

use cairn_core::meaning::{Fill, Meaning};

use super::list::configurations;
use crate::wire::wire;

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

configurations! { Inventory, inventory, "inventory", MEANING }
