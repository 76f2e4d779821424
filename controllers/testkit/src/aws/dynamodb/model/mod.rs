//! DynamoDB as values.
//!
//! [`Dynamo`] is everything there is; [`Dynamo::handle`] takes it, a [`Request`] and the time to what there is then and
//! an answer or a [`Failure`]. A [`Table`] alone does the same for its own operations: [`Table::create`],
//! [`Table::update`], [`Table::delete`] and so on, with [`Table::at`] for the time that passes. Nothing here reads a
//! clock or does I/O. What takes time is in [`Table::pending`] with the time of its end.
//!
//! The rules are those of the API reference, of the API model that AWS's SDKs are made from, and of the developer
//! guide. Where AWS documents that it refuses and not how, the words are this model's own. Where it documents nothing,
//! the model does what is harder for a client:
//!
//! - a change of class, of encryption or of replicas is the only one in its request, and one that changes nothing is
//!   refused;
//! - a table is `ACTIVE` again while an index of it is filled or deleted, or a replica of it comes or goes, and refuses
//!   then what would touch that;
//! - tags and policies are refused while a table is created or deleted, and listed in small pages;
//! - continuous backups come a moment after the table;
//! - an import that fails leaves its table, empty;
//! - of a global table, one member changes only while all others are `ACTIVE`.
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
