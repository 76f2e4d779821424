//! Bounds of values, and patterns.

use serde_json::Value as Json;

use super::Whom;

/// The keywords of bounds, and whether a greater number is the tighter one.
const BOUNDS: [(&str, bool); 8] = [
    ("minimum", true),
    ("maximum", false),
    ("minLength", true),
    ("maxLength", false),
    ("minItems", true),
    ("maxItems", false),
    ("minProperties", true),
    ("maxProperties", false),
];

/// What changes of bounds and patterns, and whom it breaks.
pub(super) fn changes(old: &Json, new: &Json) -> Vec<(String, Whom)> {
    let mut found = Vec::new();
    for (name, greater) in BOUNDS {
        let bound = |schema: &Json| schema.get(name).and_then(Json::as_f64);
        match (bound(old), bound(new)) {
            (None, Some(now)) => found.push((format!("{name} {now} comes"), Whom::WhoViolates)),
            (Some(_), None) => found.push((format!("{name} goes"), Whom::Nobody)),
            (Some(before), Some(now)) if before.total_cmp(&now).is_ne() => {
                let tighter = (now > before) == greater;
                let whom = if tighter { Whom::WhoViolates } else { Whom::Nobody };
                found.push((format!("{name} changes from {before} to {now}"), whom));
            }
            _ => {}
        }
    }
    let pattern = |schema: &Json| schema.get("pattern").and_then(Json::as_str).map(str::to_owned);
    match (pattern(old), pattern(new)) {
        (None, Some(now)) => found.push((format!("the pattern {now:?} comes"), Whom::WhoViolates)),
        (Some(_), None) => found.push(("the pattern goes".to_owned(), Whom::Nobody)),
        (Some(before), Some(now)) if before != now => {
            found.push((format!("the pattern changes from {before:?} to {now:?}"), Whom::WhoViolates));
        }
        _ => {}
    }
    found
}
