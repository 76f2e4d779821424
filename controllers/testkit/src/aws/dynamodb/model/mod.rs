//! DynamoDB as values.
//!
//! [`Dynamo`] is everything there is; [`Dynamo::handle`] takes it, a [`Request`] and the time to what there is then and
//! an answer or a [`Failure`]. A [`Table`] alone does the same for its own operations: [`Table::create`],
//! [`Table::update`], [`Table::delete`] and so on, with [`Table::at`] for the time that passes. Nothing here reads a
//! clock or does I/O. What takes time is in [`Table::pending`] with the time of its end.
//!
//! The rules are those of the API reference, of the API model that AWS's SDKs are made from, and of the developer
//! guide. Where AWS documents that it refuses and not how, the words are this model's own.
//!
//! ```
//! use cairn_testkit::aws::dynamodb::model::{Caller, Dynamo, Request, Settings, TableStatus};
//! use serde_json::json;
//!
//! let (mut dynamo, caller) = (Dynamo::new(Settings::default()), Caller::new("111122223333", "eu-west-1"));
//! let now = "2026-01-01T00:00:00Z".parse().unwrap();
//! let create = json!({
//!     "TableName": "orders",
//!     "BillingMode": "PAY_PER_REQUEST",
//!     "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
//!     "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
//! });
//! dynamo.handle(&caller, &Request::parse("CreateTable", create).unwrap(), now).unwrap();
//! let table = dynamo.table(&caller, "orders", now).unwrap();
//! assert_eq!(table.status, TableStatus::Creating);
//! let ready = table.next_change().unwrap();
//! assert_eq!(table.at(ready).status, TableStatus::Active);
//! ```

mod backup;
mod capacity;
mod change;
mod configuration;
mod context;
mod create;
mod describe;
mod dynamo;
mod encryption;
mod failure;
mod insights;
mod keys;
mod kinesis;
mod operation;
mod page;
mod part;
mod policy;
mod quota;
mod replica;
mod request;
mod restore;
pub mod scaling;
mod setting;
mod settings;
mod shape;
mod spread;
mod stream;
mod table;
mod tags;
mod throughput;
mod transfer;
mod update;

pub use self::{
    backup::{Backup, BackupType},
    capacity::Capacity,
    change::{Change, Pending},
    context::{Caller, Context},
    dynamo::Dynamo,
    failure::{Failure, Outcome},
    insights::{Insights, InsightsStatus},
    kinesis::{Destination, DestinationStatus},
    part::{Billing, Class, ContinuousBackups, Encryption, Policy, Recovery, TimeToLive, TimeToLiveStatus},
    replica::{IndexOverride, Replica, ReplicaOverrides, ReplicaStatus, Replication, Witness},
    request::Request,
    restore::Restore,
    settings::{Limits, Settings, Timing, Visibility},
    shape::*,
    table::{Index, IndexStatus, Table, TableStatus},
    throughput::Throughput,
    transfer::{Ending, Export, Import},
};
