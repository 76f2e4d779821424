//! Kinds of Amazon S3 Control, group `s3control.<suffix>`.

mod access_point;
mod account_public_access_block;

pub use access_point::*;
pub use account_public_access_block::*;
