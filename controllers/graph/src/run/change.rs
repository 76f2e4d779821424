//! Whether a change of an object touches what an expression reads of it.

use std::sync::Arc;

use cairn_cel::check::{Read, Step};
use serde_json::Value as Json;

/// Whether a read gives the same before and now; `list` is whether the variable is the list of the objects.
pub(super) fn same(before: Option<&[Arc<Json>]>, now: Option<&[Arc<Json>]>, list: bool, read: &Read) -> bool {
    let (Some(before), Some(now)) = (before, now) else { return before.is_none() && now.is_none() };
    let equal = |(a, b): (&Arc<Json>, &Arc<Json>), path: &[Step]| Arc::ptr_eq(a, b) || at(a, b, path, read.shape);
    if !list {
        return match (before.first(), now.first()) {
            (Some(a), Some(b)) => equal((a, b), &read.path),
            (a, b) => a.is_none() && b.is_none(),
        };
    }
    match read.path.split_first() {
        None if read.shape => before.len() == now.len(),
        Some((Step::Index(position), rest)) => match (element(before, *position), element(now, *position)) {
            (Some(a), Some(b)) => equal((a, b), rest),
            (a, b) => a.is_none() && b.is_none(),
        },
        path => {
            let rest = path.map(|(_, rest)| rest).unwrap_or_default();
            before.len() == now.len() && before.iter().zip(now).all(|pair| equal(pair, rest))
        }
    }
}

/// Whether two values are the same where a path leads, or end before it in the same way.
fn at(a: &Json, b: &Json, path: &[Step], shape: bool) -> bool {
    let Some((step, rest)) = path.split_first() else { return if shape { alike(a, b) } else { a == b } };
    match (step, a, b) {
        (Step::Field(name), Json::Object(x), Json::Object(y)) => both(x.get(name), y.get(name), rest, shape),
        (Step::Index(position), Json::Array(x), Json::Array(y)) => {
            both(element(x, *position), element(y, *position), rest, shape)
        }
        (Step::Any, Json::Array(x), Json::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(a, b)| at(a, b, rest, shape))
        }
        (Step::Any, Json::Object(x), Json::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(name, a)| y.get(name).is_some_and(|b| at(a, b, rest, shape)))
        }
        _ => a == b,
    }
}

fn element<T>(items: &[T], position: i64) -> Option<&T> {
    items.get(usize::try_from(position).ok()?)
}

fn both(a: Option<&Json>, b: Option<&Json>, rest: &[Step], shape: bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => at(a, b, rest, shape),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Whether two values have the same type and the same keys, or as many elements.
fn alike(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(x), Json::Array(y)) => x.len() == y.len(),
        (Json::Object(x), Json::Object(y)) => x.len() == y.len() && x.keys().all(|name| y.contains_key(name)),
        (Json::Array(_) | Json::Object(_), _) | (_, Json::Array(_) | Json::Object(_)) => false,
        (a, b) => a.is_null() == b.is_null(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(path: &[Step], shape: bool) -> Read {
        Read { variable: "x".to_owned(), path: path.to_vec(), shape, guarded: false }
    }

    fn field(name: &str) -> Step {
        Step::Field(name.to_owned())
    }

    #[test]
    fn only_what_is_read_counts() {
        let a = [Arc::new(json!({"s": {"x": 1, "y": 2, "l": [{"t": 1, "u": 1}]}}))];
        let b = [Arc::new(json!({"s": {"x": 1, "y": 3, "l": [{"t": 1, "u": 2}]}}))];
        let rows: &[(&[Step], bool, bool)] = &[
            (&[field("s"), field("x")], false, true),
            (&[field("s"), field("y")], false, false),
            (&[field("s"), field("y")], true, true),
            (&[field("s"), field("z"), field("q")], false, true),
            (&[field("s"), field("l"), Step::Any, field("t")], false, true),
            (&[field("s"), field("l"), Step::Any, field("u")], false, false),
            (&[field("s"), field("l"), Step::Index(0), field("t")], false, true),
            (&[field("s"), field("l"), Step::Index(1), field("t")], false, true),
            (&[field("s"), field("l")], true, true),
            (&[field("s"), field("l"), field("t")], false, false),
            (&[field("s"), Step::Any], true, true),
            (&[field("s")], false, false),
            (&[], false, false),
        ];
        for (path, shape, expected) in rows {
            assert_eq!(same(Some(&a), Some(&b), false, &read(path, *shape)), *expected, "{path:?}");
        }
        let path = [field("s")];
        assert!(!same(None, Some(&b), false, &read(&path, false)));
        assert!(same(None, None, false, &read(&path, false)));
    }

    #[test]
    fn a_list_of_objects_is_one_variable() {
        let one = |n: i32, m: i32| Arc::new(json!({"n": n, "m": m}));
        let (a, b, longer) = ([one(1, 1), one(2, 2)], [one(1, 1), one(2, 3)], [one(1, 1), one(2, 2), one(3, 3)]);
        let any = |name: &str| read(&[Step::Any, field(name)], false);
        assert!(same(Some(&a), Some(&b), true, &any("n")));
        assert!(!same(Some(&a), Some(&b), true, &any("m")));
        assert!(same(Some(&a), Some(&b), true, &read(&[], true)));
        assert!(!same(Some(&a), Some(&longer), true, &read(&[], true)));
        assert!(!same(Some(&a), Some(&b), true, &read(&[], false)));
        assert!(same(Some(&a), Some(&longer), true, &read(&[Step::Index(0), field("m")], false)));
        assert!(!same(Some(&a), Some(&longer), true, &read(&[Step::Index(2), field("m")], false)));
    }
}
