//! Hosts of S3.

use super::super::regions::partition;

/// Host of the oldest region, and of every bucket when nothing else is known.
pub(super) const GLOBAL: &str = "s3.amazonaws.com";

/// Host of the S3 endpoint of a region.
pub(super) fn host(region: &str) -> String {
    let suffix = if partition(region) == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("s3.{region}.{suffix}")
}
