//! Kinds of Amazon DynamoDB, group `dynamodb.<suffix>`.

mod status;
mod table;

pub use status::*;
pub use table::*;
