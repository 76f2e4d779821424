//! Validation of `ConfigMaps` and `Secrets`.

use serde_json::Value;

use super::names;
use crate::api::{cause::Cause, kind::Nature, schema::Path};

/// Bytes of all values.
const MAX_SIZE: usize = 1 << 20;

/// What is wrong with the data.
pub(super) fn check(object: &Value, nature: Nature) -> Vec<Cause> {
    let (mut causes, mut size) = (Vec::new(), 0);
    for bag in ["data", "binaryData"] {
        for (key, value) in object[bag].as_object().into_iter().flatten() {
            let path = Path::of(bag).key(key);
            let name = Value::from(key.as_str());
            causes.extend(names::config_key(key).iter().map(|why| Cause::invalid(&path, &name, why)));
            if bag == "data" && object["binaryData"].get(key).is_some() {
                causes.push(Cause::invalid(&path, &name, "duplicate of key present in binaryData"));
            }
            let text = value.as_str().unwrap_or_default();
            let encoded = bag == "binaryData" || nature == Nature::Secret;
            size += if encoded { text.len() / 4 * 3 } else { text.len() };
        }
    }
    if size > MAX_SIZE {
        let field = if nature == Nature::Secret { "data" } else { "" };
        causes.push(Cause::too_long(&Path::of(field), MAX_SIZE as u64));
    }
    causes
}

/// What is wrong with a change.
pub(super) fn check_change(new: &Value, old: &Value, nature: Nature) -> Vec<Cause> {
    let mut causes = Vec::new();
    if nature == Nature::Secret && new.get("type") != old.get("type") {
        causes.push(Cause::invalid(&Path::of("type"), &new["type"], "field is immutable"));
    }
    if old["immutable"] == true {
        let kept = new["immutable"] == true;
        let changed = |bag: &str| new.get(bag) != old.get(bag);
        for (field, broken) in [("immutable", !kept), ("data", changed("data")), ("binaryData", changed("binaryData"))]
        {
            if broken {
                causes.push(Cause::forbidden(&Path::of(field), "field is immutable when `immutable` is set"));
            }
        }
    }
    causes.extend(check(new, nature));
    causes
}
