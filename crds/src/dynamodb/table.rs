//! `Table`: field names are those of ACK's dynamodb-controller, which in turn are those of the DynamoDB API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    ContributorInsights, GlobalSecondaryIndex, LocalSecondaryIndex, PointInTimeRecoverySpecification, SseSpecification,
    StreamSpecification, TableClass, TableStatus, TimeToLiveSpecification, WarmThroughput,
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
    {"rule": "!has(self.onDemandThroughput) || (has(self.billingMode) ? self.billingMode == 'PAY_PER_REQUEST' : !has(self.provisionedThroughput))", "message": "onDemandThroughput needs billingMode PAY_PER_REQUEST"}
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
    /// Who may do what with the table, as the JSON of an IAM policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480))]
    pub resource_policy: Option<String>,
    /// Tags of the table. Tags that are not named here stay as they are. AWS allows 50, of which Cairn needs four.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tags: Option<Vec<Tag>>,
}

/// An attribute that is part of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AttributeDefinition {
    /// Name.
    #[schemars(length(min = 1, max = 255))]
    pub attribute_name: String,
    /// Type. AWS does not change it once the table exists.
    pub attribute_type: AttributeType,
}

/// Type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AttributeType {
    /// Text.
    S,
    /// Number.
    N,
    /// Bytes.
    B,
}

/// One attribute of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeySchemaElement {
    /// Name of an attribute that `attributeDefinitions` has.
    #[schemars(length(min = 1, max = 255))]
    pub attribute_name: String,
    /// Its role in the key.
    pub key_type: KeyType,
}

/// Role of an attribute in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum KeyType {
    /// Partition key.
    Hash,
    /// Sort key.
    Range,
}

/// How capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BillingMode {
    /// By the capacity that is set aside.
    Provisioned,
    /// By request.
    PayPerRequest,
}

/// Capacity in units a second. 0 stands only where capacity is paid for by request, as AWS reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvisionedThroughput {
    /// Strongly consistent reads of up to 4 KB a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub read_capacity_units: Option<i64>,
    /// Writes of up to 1 KB a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub write_capacity_units: Option<i64>,
}

/// The most requests a second; -1 for no limit but the account's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OnDemandThroughput {
    /// Read request units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1), extend("x-kubernetes-validations" = [{"rule": "self != 0", "message": "must be at least 1, or -1 for no limit"}]))]
    pub max_read_request_units: Option<i64>,
    /// Write request units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -1), extend("x-kubernetes-validations" = [{"rule": "self != 0", "message": "must be at least 1, or -1 for no limit"}]))]
    pub max_write_request_units: Option<i64>,
}
