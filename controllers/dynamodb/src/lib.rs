//! Amazon DynamoDB: what its kinds mean. Everything that is the same for every kind is the engine's.

pub mod backup;
mod client;
pub mod export;
mod failure;
pub mod table;
mod wire;

pub use backup::BackupKind;
pub use client::DynamoDb;
pub use export::TableExportKind;
pub use table::TableKind;
