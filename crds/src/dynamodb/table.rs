//! `Table`: field names are those of ACK's dynamodb-controller, which in turn are those of the DynamoDB API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AttributeDefinition, AutoScaling, BillingMode, ContributorInsights, ContributorInsightsMode, GlobalSecondaryIndex,
    GlobalTableWitness, ImportSource, IndexContributorInsights, KeySchemaElement, KinesisStreamingDestination,
    LocalSecondaryIndex, MultiRegionConsistency, OnDemandThroughput, PointInTimeRecoverySpecification,
    ProvisionedThroughput, RestoreFrom, SseSpecification, StreamSpecification, TableClass, TableDeletion, TableReplica,
    TableStatus, TimeToLiveSpecification, WarmThroughput,
};
use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    shared::Tag,
};

/// A DynamoDB table.
pub static TABLE: Kind = Kind {
    home: Home::Service("dynamodb"),
    reach: Reach::Namespaced,
    kind: "Table",
    plural: "tables",
    description: "An Amazon DynamoDB table.",
    columns: &[
        Column::text("Table", ".spec.tableName"),
        Column::text("Status", ".status.tableStatus"),
        Column::READY,
        Column::REASON,
        Column::text("Billing", ".spec.billingMode").wide(),
        Column::REGION,
        Column::ARN,
        Column::MESSAGE,
    ],
    spec: schema::of::<TableSpec>,
    status: schema::of::<TableStatus>,
};

/// What a table shall be. A field that is left out is not managed: it is neither read nor reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "self.keySchema.all(k, self.attributeDefinitions.exists(a, a.attributeName == k.attributeName))", "message": "every attribute of keySchema has to be in attributeDefinitions"},
    {"rule": "!has(self.globalSecondaryIndexes) || self.globalSecondaryIndexes.all(i, i.keySchema.all(k, self.attributeDefinitions.exists(a, a.attributeName == k.attributeName)))", "message": "every key attribute of globalSecondaryIndexes has to be in attributeDefinitions"},
    {"rule": "!has(self.localSecondaryIndexes) || self.localSecondaryIndexes.all(i, i.keySchema.all(k, self.attributeDefinitions.exists(a, a.attributeName == k.attributeName)))", "message": "every key attribute of localSecondaryIndexes has to be in attributeDefinitions"},
    {"rule": "self.attributeDefinitions.all(a, self.keySchema.exists(k, k.attributeName == a.attributeName) || (has(self.globalSecondaryIndexes) && self.globalSecondaryIndexes.exists(i, i.keySchema.exists(k, k.attributeName == a.attributeName))) || (has(self.localSecondaryIndexes) && self.localSecondaryIndexes.exists(i, i.keySchema.exists(k, k.attributeName == a.attributeName))))", "message": "AWS takes only key attributes in attributeDefinitions; other attributes need no definition"},
    {"rule": "!has(self.localSecondaryIndexes) || self.localSecondaryIndexes.all(i, i.keySchema[0].attributeName == self.keySchema[0].attributeName)", "message": "the HASH key of localSecondaryIndexes is that of the table"},
    {"rule": "!has(self.billingMode) || self.billingMode != 'PAY_PER_REQUEST' || !has(self.globalSecondaryIndexes) || self.globalSecondaryIndexes.all(i, !has(i.provisionedThroughput) || ((!has(i.provisionedThroughput.readCapacityUnits) || i.provisionedThroughput.readCapacityUnits == 0) && (!has(i.provisionedThroughput.writeCapacityUnits) || i.provisionedThroughput.writeCapacityUnits == 0)))", "message": "provisionedThroughput of globalSecondaryIndexes needs billingMode PROVISIONED"},
    {"rule": "!has(self.billingMode) || self.billingMode != 'PAY_PER_REQUEST' || !has(self.provisionedThroughput) || ((!has(self.provisionedThroughput.readCapacityUnits) || self.provisionedThroughput.readCapacityUnits == 0) && (!has(self.provisionedThroughput.writeCapacityUnits) || self.provisionedThroughput.writeCapacityUnits == 0))", "message": "provisionedThroughput needs billingMode PROVISIONED"},
    {"rule": "(has(self.billingMode) && self.billingMode == 'PAY_PER_REQUEST') || !has(self.provisionedThroughput) || ((!has(self.provisionedThroughput.readCapacityUnits) || self.provisionedThroughput.readCapacityUnits > 0) && (!has(self.provisionedThroughput.writeCapacityUnits) || self.provisionedThroughput.writeCapacityUnits > 0))", "message": "units of provisionedThroughput must be at least 1"},
    {"rule": "!has(self.onDemandThroughput) || (has(self.billingMode) ? self.billingMode == 'PAY_PER_REQUEST' : !has(self.provisionedThroughput))", "message": "onDemandThroughput needs billingMode PAY_PER_REQUEST"},
    {"rule": "!has(self.tableReplicas) || size(self.tableReplicas) == 0 || !has(self.streamSpecification) || (has(self.multiRegionConsistency) && self.multiRegionConsistency == 'STRONG') || (has(self.streamSpecification.streamViewType) && self.streamSpecification.streamViewType == 'NEW_AND_OLD_IMAGES')", "message": "tableReplicas needs a stream of NEW_AND_OLD_IMAGES, or no word on streamSpecification"},
    {"rule": "!has(self.billingMode) || self.billingMode != 'PAY_PER_REQUEST' || !has(self.tableReplicas) || self.tableReplicas.all(r, !has(r.provisionedThroughputOverride) && (!has(r.globalSecondaryIndexes) || r.globalSecondaryIndexes.all(i, !has(i.provisionedThroughputOverride))))", "message": "provisionedThroughputOverride of tableReplicas needs billingMode PROVISIONED"},
    {"rule": "!has(self.billingMode) || self.billingMode != 'PROVISIONED' || !has(self.tableReplicas) || self.tableReplicas.all(r, !has(r.onDemandThroughputOverride) && (!has(r.globalSecondaryIndexes) || r.globalSecondaryIndexes.all(i, !has(i.onDemandThroughputOverride))))", "message": "onDemandThroughputOverride of tableReplicas needs billingMode PAY_PER_REQUEST"},
    {"rule": "(has(self.billingMode) ? self.billingMode == 'PROVISIONED' : has(self.provisionedThroughput)) || !has(self.autoScaling) || ((!has(self.autoScaling.read) || !has(self.autoScaling.read.minCapacity)) && (!has(self.autoScaling.write) || !has(self.autoScaling.write.minCapacity)))", "message": "autoScaling needs billingMode PROVISIONED"},
    {"rule": "(has(self.billingMode) ? self.billingMode == 'PROVISIONED' : has(self.provisionedThroughput)) || !has(self.globalSecondaryIndexes) || self.globalSecondaryIndexes.all(i, !has(i.autoScaling) || ((!has(i.autoScaling.read) || !has(i.autoScaling.read.minCapacity)) && (!has(i.autoScaling.write) || !has(i.autoScaling.write.minCapacity))))", "message": "autoScaling of globalSecondaryIndexes needs billingMode PROVISIONED"},
    {"rule": "(has(self.billingMode) ? self.billingMode == 'PROVISIONED' : has(self.provisionedThroughput)) || !has(self.tableReplicas) || self.tableReplicas.all(r, (!has(r.autoScaling) || !has(r.autoScaling.read) || !has(r.autoScaling.read.minCapacity)) && (!has(r.globalSecondaryIndexes) || r.globalSecondaryIndexes.all(i, (!has(i.autoScaling) || !has(i.autoScaling.read) || !has(i.autoScaling.read.minCapacity)))))", "message": "autoScaling of tableReplicas needs billingMode PROVISIONED"},
    {"rule": "!has(self.tableReplicas) || self.tableReplicas.all(r, !has(r.globalSecondaryIndexes) || r.globalSecondaryIndexes.all(i, !has(i.autoScaling) || (has(self.globalSecondaryIndexes) && self.globalSecondaryIndexes.exists(g, g.indexName == i.indexName))))", "message": "every index of tableReplicas with autoScaling has to be in globalSecondaryIndexes"},
    {"rule": "(has(self.multiRegionConsistency) && self.multiRegionConsistency == 'STRONG') || !has(self.globalTableWitnesses) || size(self.globalTableWitnesses) == 0", "message": "globalTableWitnesses needs multiRegionConsistency STRONG"},
    {"rule": "!has(self.multiRegionConsistency) || self.multiRegionConsistency != 'STRONG' || !has(self.tableReplicas) || size(self.tableReplicas) == 0 || size(self.tableReplicas) + (has(self.globalTableWitnesses) ? size(self.globalTableWitnesses) : 0) == 2", "message": "multiRegionConsistency STRONG needs two tableReplicas, or one and one of globalTableWitnesses"},
    {"rule": "!has(self.multiRegionConsistency) || self.multiRegionConsistency != 'STRONG' || (!has(self.localSecondaryIndexes) && (!has(self.timeToLive) || !has(self.timeToLive.enabled) || !self.timeToLive.enabled))", "message": "multiRegionConsistency STRONG takes no localSecondaryIndexes and no timeToLive"},
    {"rule": "!has(self.contributorInsightsMode) || !has(self.contributorInsights) || self.contributorInsights in ['ENABLE', 'ENABLED']", "message": "contributorInsightsMode needs contributorInsights ENABLE, or no word on it"},
    {"rule": "!has(self.indexContributorInsights) || (has(self.globalSecondaryIndexes) && self.indexContributorInsights.all(i, self.globalSecondaryIndexes.exists(g, g.indexName == i.indexName)))", "message": "every index of indexContributorInsights has to be in globalSecondaryIndexes"},
    {"rule": "!has(self.importSourceSpecification) || (!has(self.restoreFrom) && !has(self.localSecondaryIndexes))", "message": "importSourceSpecification goes with neither restoreFrom nor localSecondaryIndexes: AWS imports no such table"}
]))]
pub struct TableSpec {
    /// Name of the table, unique in the account and region. It cannot be changed.
    #[schemars(
        length(min = 3, max = 255),
        regex(pattern = r"^[a-zA-Z0-9_.-]+$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "tableName is immutable: a table cannot be renamed; create another object for another table"}
        ])
    )]
    pub table_name: String,
    /// The attributes of the keys, and of nothing else.
    #[schemars(
        length(min = 1, max = 100),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["attributeName"])
    )]
    pub attribute_definitions: Vec<AttributeDefinition>,
    /// The primary key: a partition key (`HASH`), and a sort key (`RANGE`) after it if there is one. It cannot be changed.
    #[schemars(
        length(min = 1, max = 2),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [
                {"rule": "self == oldSelf", "message": "keySchema is immutable; create another object for another table"},
                {"rule": "self[0].keyType == 'HASH' && (size(self) == 1 || self[1].keyType == 'RANGE')", "message": "keySchema is a HASH key, and a RANGE key after it if there is one"}
            ]
        )
    )]
    pub key_schema: Vec<KeySchemaElement>,
    /// How capacity is paid for. Without it: `PROVISIONED` where `provisionedThroughput` is given; otherwise a new table
    /// is `PAY_PER_REQUEST`, and one that exists stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_mode: Option<BillingMode>,
    /// Capacity of a table that is paid for by capacity. A unit that is left out keeps what AWS has, so that something
    /// else may scale it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    /// Capacity of the table that follows its use. Each index and each replica has an `autoScaling` of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_scaling: Option<AutoScaling>,
    /// The most that a table takes that is paid for by request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_demand_throughput: Option<OnDemandThroughput>,
    /// What the table can bear at once. AWS lets it grow, and never takes any of it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput: Option<WarmThroughput>,
    /// Indexes with keys of their own. One that is not named here, and never was, stays as it is. AWS makes and deletes
    /// one at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 20),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["indexName"])
    )]
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndex>>,
    /// Indexes with the table's partition key. They come and go with the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 5),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [
                {"rule": "self == oldSelf", "message": "localSecondaryIndexes is immutable; create another object for another table"}
            ]
        )
    )]
    pub local_secondary_indexes: Option<Vec<LocalSecondaryIndex>>,
    /// Replicas in other regions, which AWS makes, changes and deletes one at a time. One that is not named here, and
    /// never was, stays as it is. One that is taken out of the list is deleted; where the whole list goes, AWS keeps what
    /// it has. Replicas need a stream of `NEW_AND_OLD_IMAGES`, which begins by itself where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 50),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["regionName"])
    )]
    pub table_replicas: Option<Vec<TableReplica>>,
    /// How soon replicas agree: `EVENTUAL` where it is left out. With `STRONG` all replicas, and a witness, are made
    /// together and deleted together. It cannot be changed while there are replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_region_consistency: Option<MultiRegionConsistency>,
    /// The region that only bears witness to what replicas agree on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 1),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["regionName"])
    )]
    pub global_table_witnesses: Option<Vec<GlobalTableWitness>>,
    /// The stream of the table's changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_specification: Option<StreamSpecification>,
    /// Encryption by a key of KMS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sse_specification: Option<SseSpecification>,
    /// What storage and requests cost. AWS takes two changes of it in 30 days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table_class: Option<TableClass>,
    /// Whether AWS itself refuses to delete the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_protection_enabled: Option<bool>,
    /// Items that go by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_to_live: Option<TimeToLiveSpecification>,
    /// Backups from which any moment can be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuous_backups: Option<PointInTimeRecoverySpecification>,
    /// Whether `CloudWatch` is told which keys are used most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights: Option<ContributorInsights>,
    /// Which keys `CloudWatch` is told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributor_insights_mode: Option<ContributorInsightsMode>,
    /// Global secondary indexes of which `CloudWatch` is told which keys are used most. One that is not named here, and
    /// never was, stays as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 20),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["indexName"])
    )]
    pub index_contributor_insights: Option<Vec<IndexContributorInsights>>,
    /// The Kinesis data stream that the table's changes go to. AWS takes one at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 1),
        extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["streamARN"])
    )]
    pub kinesis_streaming_destinations: Option<Vec<KinesisStreamingDestination>>,
    /// Who may do what with the table, as the JSON of an IAM policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480))]
    pub resource_policy: Option<String>,
    /// Who may do what with the table's stream, as the JSON of an IAM policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480))]
    pub stream_resource_policy: Option<String>,
    /// The backup, or the moment of another table, that the table is made from. It matters only when the table is made;
    /// what the spec declares beside it is brought about after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restore_from: Option<RestoreFrom>,
    /// The objects of a bucket that the table is made from. It matters only when the table is made; what the spec declares
    /// beside it is brought about after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub import_source_specification: Option<ImportSource>,
    /// What is done before the table is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion: Option<TableDeletion>,
    /// Tags of the table. Tags that are not named here stay as they are. AWS allows 50, of which Cairn needs four.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<Tag>>,
}
