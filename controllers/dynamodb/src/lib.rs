//! Amazon DynamoDB: what its kinds mean. Everything that is the same for every kind is the engine's.

mod client;
mod failure;
pub mod table;
mod wire;

pub use client::DynamoDb;
pub use table::TableKind;
