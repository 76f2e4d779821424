//! The calls that concern a table as a whole.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    operation::{create_table::CreateTableOutput, update_table::UpdateTableOutput},
    types::Tag,
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::{
    failure::{Class, Failure},
    observed::Existence,
    tags::{self, Tags},
};
use cairn_runtime::kind::{Created, Creation};
use serde_json::{Map, Value, json};

use super::{describe, import, parts::global_indexes, restore};
use crate::{
    client::{Scoped, fetch, send},
    wire::{request, wire},
};

wire! {
    try struct Tag { "key" => key, "value" => value }
    struct GlobalSecondaryIndexUpdate { "create" => create, "update" => update, "delete" => delete }
    try struct CreateGlobalSecondaryIndexAction {
        "indexName" => index_name,
        "keySchema" => key_schema,
        "projection" => projection,
        "provisionedThroughput" => provisioned_throughput,
        "onDemandThroughput" => on_demand_throughput,
        "warmThroughput" => warm_throughput,
    }
    try struct UpdateGlobalSecondaryIndexAction {
        "indexName" => index_name,
        "provisionedThroughput" => provisioned_throughput,
        "onDemandThroughput" => on_demand_throughput,
        "warmThroughput" => warm_throughput,
    }
    try struct DeleteGlobalSecondaryIndexAction { "indexName" => index_name }
    struct ReplicationGroupUpdate { "create" => create, "update" => update, "delete" => delete }
    try struct CreateReplicationGroupMemberAction {
        "regionName" => region_name,
        "kmsMasterKeyID" => kms_master_key_id,
        "provisionedThroughputOverride" => provisioned_throughput_override,
        "onDemandThroughputOverride" => on_demand_throughput_override,
        "globalSecondaryIndexes" => global_secondary_indexes,
        "tableClassOverride" => table_class_override,
    }
    try struct UpdateReplicationGroupMemberAction {
        "regionName" => region_name,
        "kmsMasterKeyID" => kms_master_key_id,
        "provisionedThroughputOverride" => provisioned_throughput_override,
        "onDemandThroughputOverride" => on_demand_throughput_override,
        "globalSecondaryIndexes" => global_secondary_indexes,
        "tableClassOverride" => table_class_override,
    }
    try struct DeleteReplicationGroupMemberAction { "regionName" => region_name }
    struct GlobalTableWitnessGroupUpdate { "create" => create, "delete" => delete }
    try struct CreateGlobalTableWitnessGroupMemberAction { "regionName" => region_name }
    try struct DeleteGlobalTableWitnessGroupMemberAction { "regionName" => region_name }
}

/// What DynamoDB says of a table that is not there.
const ABSENT: &[&str] = &["ResourceNotFoundException"];

request! { create_table, "CreateTable" -> CreateTableOutput {
    "tableName" => table_name,
    "attributeDefinitions" => attribute_definitions,
    "keySchema" => key_schema,
    "billingMode" => billing_mode,
    "provisionedThroughput" => provisioned_throughput,
    "onDemandThroughput" => on_demand_throughput,
    "warmThroughput" => warm_throughput,
    "globalSecondaryIndexes" => global_secondary_indexes,
    "localSecondaryIndexes" => local_secondary_indexes,
    "streamSpecification" => stream_specification,
    "sseSpecification" => sse_specification,
    "tableClass" => table_class,
    "deletionProtectionEnabled" => deletion_protection_enabled,
    "tags" => tags,
} }

request! { update_table, "UpdateTable" -> UpdateTableOutput {
    "tableName" => table_name,
    "attributeDefinitions" => attribute_definitions,
    "billingMode" => billing_mode,
    "provisionedThroughput" => provisioned_throughput,
    "onDemandThroughput" => on_demand_throughput,
    "warmThroughput" => warm_throughput,
    "globalSecondaryIndexUpdates" => global_secondary_index_updates,
    "replicaUpdates" => replica_updates,
    "globalTableWitnessUpdates" => global_table_witness_updates,
    "multiRegionConsistency" => multi_region_consistency,
    "streamSpecification" => stream_specification,
    "sseSpecification" => sse_specification,
    "tableClass" => table_class,
    "deletionProtectionEnabled" => deletion_protection_enabled,
} }

/// Whether the table exists, and nearly all about it.
pub(super) async fn locate(client: &Scoped, table: &str) -> Result<Existence, Failure> {
    let answer = unless_absent(fetch!(client, describe_table.table_name(table), "DescribeTable"), ABSENT)?;
    let described = answer.and_then(|answer| answer.table);
    Ok(described.map_or(Existence::Absent, |table| Existence::Present(describe::present(&table))))
}

/// The tags of a table that exists.
pub(super) async fn tags(client: &Scoped, table: &str) -> Result<Tags, Failure> {
    const OPERATION: &str = "ListTagsOfResource";
    let (arn, mut tags, mut next) = (client.arn(table), Tags::new(), None);
    loop {
        let page = fetch!(client, list_tags_of_resource.resource_arn(&arn).set_next_token(next), OPERATION);
        let page = page.map_err(not_shown_yet)?;
        tags.extend(page.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
        next = page.next_token;
        if next.is_none() {
            return Ok(tags);
        }
    }
}

/// Tags are shown later than the table, and no longer while it is being deleted. Source: DynamoDB API reference,
/// `ListTagsOfResource` is eventually consistent.
fn not_shown_yet(failure: Failure) -> Failure {
    let class = if ABSENT.contains(&failure.code.as_str()) { Class::Retry } else { failure.class };
    Failure { class, ..failure }
}

/// Creates the table with its tags, so that it carries its owner from its first moment; or restores or imports it.
pub(super) async fn create(client: &Scoped, table: &str, creation: Creation<'_>) -> Result<Created, Failure> {
    let parts = creation.parts;
    let incarnation = if let Some(from) = restore::source(parts) {
        restore::restore(client, table, parts, from).await?
    } else if let Some(source) = import::source(parts) {
        import::import(client, table, creation, source).await?
    } else {
        let answer = create_table(&client.write, &self::creation(table, parts, creation.tags)).await?;
        answer.table_description.and_then(|table| table.table_id)
    };
    Ok(Created { identity: table.into(), incarnation })
}

/// The creating request. DynamoDB takes no table without a word on capacity: by request is the one that needs no number.
pub(super) fn creation(table: &str, parts: &BTreeMap<&'static str, Value>, tags: &Tags) -> Value {
    let mut document: Map<String, Value> =
        parts.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    document.entry("billingMode").or_insert_with(|| json!("PAY_PER_REQUEST"));
    let units = document.get("provisionedThroughput").cloned();
    if let Some(Value::Array(indexes)) = document.get_mut(global_indexes::FIELD) {
        for index in indexes {
            *index = global_indexes::newborn(index, units.as_ref());
        }
    }
    // DynamoDB refuses a list of no indexes.
    document.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
    document.insert("tableName".into(), json!(table));
    document.insert("tags".into(), tags::list(tags));
    document.into()
}

/// Changes the table as the document says, which has the members of the request but the table's name.
pub(super) async fn update(client: &Scoped, table: &str, document: &Value) -> Result<(), Failure> {
    let mut document = document.clone();
    document["tableName"] = json!(table);
    update_table(&client.write, &document).await.map(drop)
}

/// Sets tags.
pub(super) async fn tag(client: &Scoped, table: &str, tags: &Tags) -> Result<(), Failure> {
    const OPERATION: &str = "TagResource";
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<_>, _> = tags.iter().map(tag).collect();
    let tags = tags.map_err(|error| unmade(OPERATION, &error))?;
    send!(client, tag_resource.resource_arn(client.arn(table)).set_tags(Some(tags)), OPERATION)
}

/// Takes tags away.
pub(super) async fn untag(client: &Scoped, table: &str, keys: &[String]) -> Result<(), Failure> {
    let keys = Some(keys.to_vec());
    send!(client, untag_resource.resource_arn(client.arn(table)).set_tag_keys(keys), "UntagResource")
}

/// Deletes the table. One that is gone already is deleted.
pub(super) async fn delete(client: &Scoped, table: &str) -> Result<(), Failure> {
    let answer = send!(client, delete_table.table_name(table), "DeleteTable");
    unless_absent(answer, ABSENT).map(|_| ()).map_err(protected)
}

/// AWS's own protection has a way out that its message does not tell.
fn protected(failure: Failure) -> Failure {
    if !failure.message.contains("protected against deletion") {
        return failure;
    }
    let message = format!(
        "{}; deletionProtectionEnabled is on in AWS: set it to false in the spec, which also an object that is being \
         deleted heeds, or set the annotation deletion-policy to retain",
        failure.message
    );
    Failure { message, ..failure }
}
