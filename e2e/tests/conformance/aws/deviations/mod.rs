//! Where moto and the testkit's AWS may differ, with what says that the testkit is right. Nothing else may differ.

mod copies;
mod dynamodb;
mod s3;
mod s3control;

use serde_json::{Map, Value};

use super::script::{Ask, Step};

/// One thing that is different on purpose.
pub(crate) struct Deviation {
    pub(crate) name: &'static str,
    /// Where it is written what AWS does.
    pub(crate) source: &'static str,
    /// Makes both answers the same where this is all that is different in them; says whether it applies.
    pub(crate) forgive: fn(&Step, ours: &mut Value, theirs: &mut Value) -> bool,
}

/// The closed table.
pub(crate) fn all() -> impl Iterator<Item = &'static Deviation> {
    s3::ROWS.iter().chain(s3control::ROWS).chain(dynamodb::ROWS).chain(copies::ROWS)
}

/// Whether the request is to one bucket, and about one part of it where `part` is not empty.
fn is_about(step: &Step, bucket: &str, part: &str) -> bool {
    let Ask::S3 { path, .. } = &step.ask else { return false };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    path.trim_start_matches('/') == bucket && (part.is_empty() || query == part)
}

/// The testkit refuses something of one of these operations with one of these codes, and moto either does it or breaks
/// over it; another refusal of moto's is not forgiven.
fn unchecked(step: &Step, operations: &[&str], codes: &[&str], ours: &Value, theirs: &mut Value) -> bool {
    let refused = ours["code"].as_str().is_some_and(|code| codes.contains(&code));
    let applies = operations.contains(&step.operation) && refused && theirs["code"].is_null();
    if applies {
        *theirs = ours.clone();
    }
    applies
}

/// Both refuse, with these codes.
fn other_code(codes: (&str, &str), ours: &Value, theirs: &mut Value) -> bool {
    let applies = ours["code"] == codes.0 && theirs["code"] == codes.1;
    if applies {
        *theirs = ours.clone();
    }
    applies
}

/// Takes fields of these names out of `full` where `lacking` has none; says whether there were any.
fn leave_out(full: &mut Value, lacking: &Value, names: &[&str]) -> bool {
    match (full, lacking) {
        (Value::Object(full), Value::Object(lacking)) => {
            let lacks = |name: &str| names.contains(&name) && !lacking.contains_key(name);
            let before = full.len();
            full.retain(|name, _| !lacks(name));
            let below = full.iter_mut().map(|(name, value)| leave_out(value, field(lacking, name), names));
            // All of them, not only up to the first.
            below.fold(false, |any, here| any | here) | (full.len() < before)
        }
        (Value::Array(full), Value::Array(lacking)) => {
            let below = full.iter_mut().zip(lacking).map(|(full, lacking)| leave_out(full, lacking, names));
            below.fold(false, |any, here| any | here)
        }
        _ => false,
    }
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> &'a Value {
    fields.get(name).unwrap_or(&Value::Null)
}
