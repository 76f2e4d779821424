//! Names of general purpose buckets.

const PREFIXES: [&str; 4] = ["xn--", "sthree-", "amzn-s3-demo-", "aws-s3-"];
const SUFFIXES: [&str; 5] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

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
        && !SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}
