//! Kinds of Amazon DynamoDB, group `dynamodb.<suffix>`.

mod index;
mod replica;
mod settings;
mod status;
mod table;

pub use index::*;
pub use replica::*;
pub use settings::*;
pub use status::*;
pub use table::*;
