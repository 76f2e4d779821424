//! Both fakes, through the real clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod api_apply;
mod api_delete;
mod api_faults;
mod api_objects;
mod api_read;
mod api_watch;
mod dynamodb;
mod s3_buckets;
mod s3_faults;
mod s3_settings;
mod s3_versions;
mod sts;
mod support;
