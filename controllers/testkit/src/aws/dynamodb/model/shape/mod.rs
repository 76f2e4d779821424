//! The shapes of requests, closed: a member that is not here is refused by name.
//!
//! Members are named and typed as in the API reference, and required where they are required there.

mod backup;
mod insights;
mod key;
mod kinesis;
mod policy;
mod replica;
mod scaling;
mod setting;
mod table;
mod throughput;
mod time;
mod transfer;

pub use self::{
    backup::*, insights::*, key::*, kinesis::*, policy::*, replica::*, scaling::*, setting::*, table::*, throughput::*,
    time::*, transfer::*,
};
