//! Amazon S3 Control: what its kinds mean. Everything that is the same for every kind is the engine's.

pub mod access_point;
pub mod account;
mod client;
mod host;
mod wire;

pub use access_point::AccessPointKind;
pub use account::AccountPublicAccessBlockKind;
pub use client::S3Control;
