//! Amazon S3: what its kinds mean. Everything that is the same for every kind is the engine's.

pub mod bucket;
mod client;
mod wire;
mod zone;

pub use bucket::BucketKind;
pub use client::S3;
