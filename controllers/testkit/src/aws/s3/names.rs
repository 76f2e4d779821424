//! Names of buckets.

use super::directory;

const PREFIXES: [&str; 4] = ["xn--", "sthree-", "amzn-s3-demo-", "aws-s3-"];
const SUFFIXES: [&str; 4] = ["-s3alias", "--ol-s3", ".mrap", "--table-s3"];

/// Whether a new bucket may have this name.
pub(super) fn is_valid(name: &str) -> bool {
    let outer = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|c| outer(c) || c == '-' || c == '.')
        && name.starts_with(outer)
        && name.ends_with(outer)
        && !name.contains("..")
        && name.parse::<std::net::Ipv4Addr>().is_err()
        && !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && (!name.ends_with("--x-s3") || directory::zone(name).is_some())
        && !SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}
