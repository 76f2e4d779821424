//! Kinds of Amazon DynamoDB, group `dynamodb.<suffix>`.

mod backup;
mod capacity;
mod import;
mod index;
mod key;
mod replica;
mod scaling;
mod settings;
mod status;
mod table;
mod table_export;

pub use backup::*;
pub use capacity::*;
pub use import::*;
pub use index::*;
pub use key::*;
pub use replica::*;
pub use scaling::*;
pub use settings::*;
pub use status::*;
pub use table::*;
pub use table_export::*;
