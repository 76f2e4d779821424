//! Which changes break an instance as it is.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Change, Whom};
use crate::openapi::{Cursor, Definitions, Finding, NoHoles, fill, validate};
use crate::problem::{Step, steps};

/// The changes that break an instance; `schema` is the new one.
pub(super) fn by<'c>(schema: &Json, changes: impl Iterator<Item = &'c Change>, instance: &Json) -> Vec<&'c Change> {
    let definitions = Definitions::new();
    let cursor = Cursor::new(schema, &definitions);
    let mut now = instance.clone();
    fill(cursor, &mut now);
    let mut violated = BTreeSet::new();
    for finding in validate(cursor, &now, "", &mut NoHoles) {
        if let Finding::Wrong(problem) = finding {
            violated.insert(plain(&problem.path));
        }
    }
    let breaks = |change: &&Change| match change.whom {
        Whom::Nobody | Whom::WhoReads => false,
        Whom::Everybody => true,
        Whom::WhoSets => sets(instance, &change.path),
        Whom::WhoLacks => lacks(&now, &change.path),
        Whom::WhoViolates => violated.iter().any(|path| *path == change.path || is_within(path, &change.path)),
    };
    changes.filter(breaks).collect()
}

/// Whether a path is that of an element of a list: what is wrong with a list is told of its elements.
fn is_within(path: &str, list: &str) -> bool {
    path.strip_prefix(list) == Some("[*]")
}

/// A path with `[*]` for every position.
fn plain(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let (before, after) = rest.split_at_checked(open).unwrap_or((rest, ""));
        out.push_str(before);
        let end = after.find(']').map_or(after.len(), |end| end + 1);
        let (index, tail) = after.split_at_checked(end).unwrap_or((after, ""));
        let position = index.trim_matches(['[', ']']);
        out.push_str(if position.bytes().all(|b| b.is_ascii_digit()) { "[*]" } else { index });
        rest = tail;
    }
    out + rest
}

/// The values at a path.
fn values<'j>(object: &'j Json, steps: &[Step]) -> Vec<&'j Json> {
    steps.iter().fold(vec![object], |parents, step| {
        let parts = parents.into_iter().flat_map(|parent| match (step, parent) {
            (Step::Any, Json::Array(items)) => items.iter().collect::<Vec<_>>(),
            (Step::Any, Json::Object(fields)) => fields.values().collect(),
            (Step::Name(name), parent) => parent.get(name).into_iter().collect(),
            (Step::Index(at), parent) => parent.get(at).into_iter().collect(),
            (Step::Any, _) => Vec::new(),
        });
        parts.collect()
    })
}

/// Whether a path is there anywhere.
fn sets(object: &Json, path: &str) -> bool {
    steps(path).is_some_and(|steps| !values(object, &steps).is_empty())
}

/// Whether somewhere the parent of a path is there, and the path is not.
fn lacks(object: &Json, path: &str) -> bool {
    let Some(steps) = steps(path) else { return false };
    let Some((Step::Name(last), outer)) = steps.split_last() else { return false };
    values(object, outer).iter().any(|parent| parent.is_object() && parent.get(last).is_none())
}
