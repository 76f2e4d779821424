//! What each operation does to everything there is.

mod backup;
mod export;
mod import;
mod insights;
mod kinesis;
mod policy;
mod restore;
mod setting;
mod table;
mod tagging;

use serde_json::Value;

use super::{context::Context, dynamo::Dynamo, failure::Outcome};

/// An operation, given its request.
pub(super) trait Operation {
    /// Does it, and answers in the JSON of the wire.
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value>;
}
