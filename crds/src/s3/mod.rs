//! Kinds of Amazon S3, group `s3.<suffix>`.

mod bucket;

pub use bucket::*;
