//! Digests of inputs: equal inputs give equal digests, on every machine and in every version.

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The first 128 bits of the SHA-256 of `value` in canonical form (keys sorted, no white space), in hexadecimal.
#[must_use]
pub fn of(value: &Value) -> String {
    let mut text = String::new();
    canonical(value, &mut text);
    hex(&Sha256::digest(text.as_bytes())[..16])
}

/// The first 128 bits of the SHA-256 of the parts, each preceded by its length so that no two lists collide.
#[must_use]
pub fn of_parts(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex(&hasher.finalize()[..16])
}

/// A number that is spread evenly over `u64` for the same text everywhere.
#[must_use]
pub fn spread(text: &str) -> u64 {
    let hash = Sha256::digest(text.as_bytes());
    hash[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `serde_json` keeps keys sorted only while no crate of the build enables `preserve_order`; a digest that is stored in
/// etcd must not depend on that.
fn canonical(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| key.as_str());
            delimited(out, '{', '}', entries, |(key, value), out| {
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                canonical(value, out);
            });
        }
        Value::Array(items) => delimited(out, '[', ']', items, canonical),
        scalar => out.push_str(&scalar.to_string()),
    }
}

fn delimited<T>(
    out: &mut String,
    open: char,
    close: char,
    items: impl IntoIterator<Item = T>,
    write: impl Fn(T, &mut String),
) {
    out.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(close);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_values_have_equal_digests_whatever_the_order_of_keys() {
        let a: Value = serde_json::from_str(r#"{"a":1,"b":{"x":[1,2],"y":null}}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{"b":{"y":null,"x":[1,2]},"a":1}"#).unwrap();
        assert_eq!(of(&a), of(&b));
        assert_eq!(of(&a).len(), 32);
    }

    #[test]
    fn different_values_have_different_digests() {
        let values = [
            json!({}),
            json!([]),
            json!(null),
            json!("null"),
            json!({"a": 1}),
            json!({"a": "1"}),
            json!([1, 2]),
            json!([2, 1]),
        ];
        let mut digests: Vec<_> = values.iter().map(of).collect();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), values.len());
    }

    #[test]
    fn the_digest_never_changes_between_versions() {
        assert_eq!(of(&json!({"name": "b", "n": 1})), "be3e75c8be5c05055636402e3135ec2c");
        assert_eq!(of_parts(&["a", "bc"]), "3fafa1cf2f19a7c1129beb20cf0983f7");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(of_parts(&["ab", "c"]), of_parts(&["a", "bc"]));
        assert_ne!(of_parts(&["a", ""]), of_parts(&["a"]));
    }
}
