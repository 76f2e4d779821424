//! The shapes of requests, closed: a member that is not here is refused by name.
//!
//! Members are named and typed as in the API reference, and required where they are required there.

mod key;
mod setting;
mod table;
mod throughput;

pub use self::{
    key::{
        AttributeDefinition, AttributeType, GlobalSecondaryIndex, KeySchemaElement, KeyType, LocalSecondaryIndex,
        Projection, ProjectionType,
    },
    setting::{
        DescribeContinuousBackups, DescribeTimeToLive, ListTagsOfResource, PointInTimeRecoverySpecification, Tag,
        TagResource, TimeToLiveSpecification, UntagResource, UpdateContinuousBackups, UpdateTimeToLive,
    },
    table::{
        CreateTable, DeleteIndex, DeleteTable, DescribeTable, GlobalSecondaryIndexUpdate, ListTables, SseSpecification,
        SseType, StreamSpecification, StreamViewType, TableClass, UpdateIndex, UpdateTable,
    },
    throughput::{BillingMode, OnDemandThroughput, ProvisionedThroughput, WarmThroughput},
};
