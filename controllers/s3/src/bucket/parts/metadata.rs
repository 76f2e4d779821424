//! Tables with the metadata of objects.

use aws_sdk_s3::types::MetadataConfigurationResult;
use cairn_aws::{unless_absent, wire::put as insert};
use cairn_core::{
    failure::Failure,
    observed::Reading,
    plan::{Action, Step, Steps},
    rules::{PartRules, Rule},
};
use serde_json::{Map, Value, json};

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{Sdk, decode, encode, wire},
};

wire! {
    struct MetadataConfiguration {
        "annotationTableConfiguration" => annotation_table_configuration,
        "inventoryTableConfiguration" => inventory_table_configuration,
        "journalTableConfiguration" => journal_table_configuration,
    }
    struct JournalTableConfiguration {
        "encryptionConfiguration" => encryption_configuration,
        "recordExpiration" => record_expiration,
    }
    struct JournalTableConfigurationUpdates { "recordExpiration" => record_expiration }
    try struct RecordExpiration { "days" => days, "expiration" => expiration }
    try struct InventoryTableConfiguration {
        "configurationState" => configuration_state,
        "encryptionConfiguration" => encryption_configuration,
    }
    try struct InventoryTableConfigurationUpdates {
        "configurationState" => configuration_state,
        "encryptionConfiguration" => encryption_configuration,
    }
    try struct AnnotationTableConfiguration {
        "configurationState" => configuration_state,
        "encryptionConfiguration" => encryption_configuration,
        "role" => role,
    }
    try struct AnnotationTableConfigurationUpdates {
        "configurationState" => configuration_state,
        "encryptionConfiguration" => encryption_configuration,
        "role" => role,
    }
    try struct MetadataTableEncryptionConfiguration { "kmsKeyARN" => kms_key_arn, "sseAlgorithm" => sse_algorithm }
    enum ExpirationState
    enum InventoryConfigurationState
    enum AnnotationConfigurationState
    enum TableSseAlgorithm
}

const JOURNAL: &str = "journalTableConfiguration";
const INVENTORY: &str = "inventoryTableConfiguration";
const ANNOTATION: &str = "annotationTableConfiguration";
/// Each table, and the call that changes it.
const UPDATES: [(&str, &str); 3] = [
    (JOURNAL, "UpdateBucketMetadataJournalTableConfiguration"),
    (INVENTORY, "UpdateBucketMetadataInventoryTableConfiguration"),
    (ANNOTATION, "UpdateBucketMetadataAnnotationTableConfiguration"),
];

pub(super) struct Metadata;

impl Part for Metadata {
    /// Taking the configuration away leaves the tables, which are AWS's own to keep.
    const RULES: PartRules = PartRules {
        field: "metadataConfiguration",
        rule: Rule::Whole,
        get: "GetBucketMetadataConfiguration",
        put: "CreateBucketMetadataConfiguration",
        delete: Some("DeleteBucketMetadataConfiguration"),
        same: |declared, observed| UPDATES.iter().all(|(table, _)| same_table(declared, observed, table)),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_metadata_configuration, Self::RULES.get);
        let answer = unless_absent(answer, &["MetadataConfigurationNotFound", "NoSuchMetadataConfiguration"])?;
        let result = answer.and_then(|answer| answer.get_bucket_metadata_configuration_result);
        Ok(result.and_then(|result| result.metadata_configuration_result).map(|result| declared(&result)))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, create_bucket_metadata_configuration.metadata_configuration(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        send!(client, bucket, delete_bucket_metadata_configuration, "DeleteBucketMetadataConfiguration")
    }

    async fn update(client: &Scoped, bucket: &str, operation: &str, value: &Value) -> Result<(), Failure> {
        match UPDATES.iter().find(|(_, update)| *update == operation) {
            Some((JOURNAL, update)) => {
                let value = decode(update, &without_encryption(value))?;
                send!(
                    client,
                    bucket,
                    update_bucket_metadata_journal_table_configuration.journal_table_configuration(value),
                    update
                )
            }
            Some((INVENTORY, update)) => {
                let value = decode(update, value)?;
                send!(
                    client,
                    bucket,
                    update_bucket_metadata_inventory_table_configuration.inventory_table_configuration(value),
                    update
                )
            }
            Some((_, update)) => {
                let value = decode(update, value)?;
                send!(
                    client,
                    bucket,
                    update_bucket_metadata_annotation_table_configuration.annotation_table_configuration(value),
                    update
                )
            }
            None => Self::put(client, bucket, value).await,
        }
    }
}

/// What AWS tells, in the form in which it is declared.
fn declared(result: &MetadataConfigurationResult) -> Value {
    let mut value = Map::new();
    if let Some(journal) = &result.journal_table_configuration_result {
        value.insert(JOURNAL.into(), json!({"recordExpiration": journal.record_expiration.as_ref().map(encode)}));
    }
    if let Some(inventory) = &result.inventory_table_configuration_result {
        value.insert(INVENTORY.into(), json!({"configurationState": encode(&inventory.configuration_state)}));
    }
    if let Some(annotation) = &result.annotation_table_configuration_result {
        let mut table = Map::new();
        insert::<Sdk, _>(&mut table, "configurationState", &annotation.configuration_state);
        insert::<Sdk, _>(&mut table, "role", &annotation.role);
        value.insert(ANNOTATION.into(), table.into());
    }
    value.into()
}

/// A table that is not declared is none of ours, and AWS does not tell how one is encrypted. Without a table is the
/// same as with one that is switched off.
fn same_table(declared: &Value, observed: &Value, table: &str) -> bool {
    let off = json!({"configurationState": "DISABLED"});
    declared.get(table).is_none_or(|wanted| {
        let known = observed.get(table).unwrap_or(&off);
        without_encryption(wanted) == *known
    })
}

fn without_encryption(table: &Value) -> Value {
    let mut table = table.clone();
    if let Value::Object(fields) = &mut table {
        fields.remove("encryptionConfiguration");
    }
    table
}

/// A configuration that is there is not written whole: each table is changed by a call of its own.
pub(in crate::bucket) fn split(steps: &mut Steps) {
    let is_change = |step: &Step| {
        let put = matches!(step.action, Action::Put { .. });
        step.field == Metadata::RULES.field && put && !step.before.is_null()
    };
    let (whole, others): (Vec<_>, Vec<_>) = std::mem::take(&mut steps.steps).into_iter().partition(is_change);
    steps.steps = others;
    steps.steps.extend(whole.iter().flat_map(changes));
}

fn changes(step: &Step) -> Vec<Step> {
    let Action::Put { value } = &step.action else { return Vec::new() };
    let differing = UPDATES.iter().filter(|(table, _)| !same_table(value, &step.before, table));
    let change = |(table, update): &(&str, &'static str)| {
        let value = value.get(*table)?.clone();
        let before = step.before.get(*table).cloned().unwrap_or_default();
        Some(Step { operation: update, action: Action::Put { value }, before, ..step.clone() })
    };
    differing.filter_map(change).collect()
}
