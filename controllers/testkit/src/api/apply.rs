//! Server-side apply, for objects whose lists have one owner each.

use serde_json::{Value, json};

use super::{
    failure::{Failure, Outcome},
    fields::{self, FieldPath, FieldSet},
    managed::{self, Entry, Writer},
    object,
    target::Target,
};

/// Lists that the API merges item by item whatever the schema says.
const ASSOCIATIVE: [&[&str]; 3] =
    [&["metadata", "finalizers"], &["metadata", "ownerReferences"], &["status", "conditions"]];

/// What applying `body` over `live` gives.
pub(super) fn apply(target: &Target, live: &Value, body: &Value, writer: &Writer, force: bool) -> Outcome<Value> {
    let mut entries = managed::read(live);
    let mine = entries.iter().position(|entry| entry.is_of(writer, "Apply"));
    let owned = mine.map(|at| entries[at].set.clone()).unwrap_or_default();
    let wanted = fields::leaves(body);
    check_lists(live, body, &owned, &wanted)?;
    check_conflicts(target, live, body, &entries, writer, force)?;

    let mut after = live.clone();
    for path in owned.difference(&wanted) {
        let shared = entries.iter().any(|entry| !entry.is_of(writer, "Apply") && entry.set.contains(path));
        if !shared && !wanted.iter().any(|other| other.starts_with(path)) {
            fields::remove(&mut after, path);
        }
    }
    for path in &wanted {
        take(&mut entries, live, body, path, writer);
        fields::set(&mut after, path, fields::get(body, path).cloned().unwrap_or(Value::Null));
    }
    record(&mut entries, writer, wanted);
    managed::write(&mut after, &entries);
    Ok(after)
}

/// What applying `body` where there is nothing gives.
pub(super) fn create(body: &Value, writer: &Writer) -> Value {
    let mut after = body.clone();
    managed::write(&mut after, &[Entry::new(writer, "Apply", fields::leaves(body))]);
    after
}

fn record(entries: &mut Vec<Entry>, writer: &Writer, wanted: FieldSet) {
    match entries.iter_mut().find(|entry| entry.is_of(writer, "Apply")) {
        // The time of an unchanged entry stays, or every apply would be a write.
        Some(entry) if entry.set == wanted => {}
        Some(entry) => *entry = Entry::new(writer, "Apply", wanted),
        None => entries.push(Entry::new(writer, "Apply", wanted)),
    }
}

/// Takes `path` away from the managers whose value for it is replaced.
fn take(entries: &mut [Entry], live: &Value, body: &Value, path: &FieldPath, writer: &Writer) {
    if fields::get(live, path) == fields::get(body, path) {
        return;
    }
    for entry in entries.iter_mut().filter(|entry| !entry.is_of(writer, "Apply")) {
        entry.set.remove(path);
    }
}

fn check_conflicts(
    target: &Target,
    live: &Value,
    body: &Value,
    entries: &[Entry],
    writer: &Writer,
    force: bool,
) -> Outcome<()> {
    if force {
        return Ok(());
    }
    let differs = |path: &&FieldPath| fields::get(body, path).is_some_and(|new| fields::get(live, path) != Some(new));
    let others = entries.iter().filter(|entry| !entry.is_of(writer, "Apply"));
    let conflicts: Vec<(&Entry, &FieldPath)> =
        others.flat_map(|entry| entry.set.iter().filter(differs).map(move |path| (entry, path))).collect();
    if conflicts.is_empty() {
        return Ok(());
    }
    let count = conflicts.len();
    let plural = if count == 1 { "" } else { "s" };
    let message = format!("Apply failed with {count} conflict{plural}");
    let mut failure = Failure::conflict(target, object::name(live), &message);
    for (entry, path) in conflicts {
        let why = format!("conflict with {:?}", entry.manager);
        failure = failure.cause("FieldManagerConflict", &format!(".{}", path.join(".")), &why);
    }
    Err(failure)
}

/// Refuses to guess where a list would have to be merged with items of another manager.
fn check_lists(live: &Value, body: &Value, owned: &FieldSet, wanted: &FieldSet) -> Outcome<()> {
    let is_list =
        |path: &&FieldPath| ASSOCIATIVE.iter().any(|list| path.iter().map(String::as_str).eq(list.iter().copied()));
    for path in wanted.iter().filter(is_list) {
        let absent = json!([]);
        let before = fields::get(live, path).unwrap_or(&absent);
        let mine = owned.contains(path) || before == &absent || Some(before) == fields::get(body, path);
        if !mine {
            let what = format!("merging items of different managers in .{}", path.join("."));
            return Err(Failure::unsupported(&what));
        }
    }
    Ok(())
}
