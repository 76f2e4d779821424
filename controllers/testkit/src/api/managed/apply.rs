//! Server-side apply.

use serde_json::Value;

use super::{
    Entry, Ground, Managers, Operation, Writer, unowned,
    update::{owners, without_managers},
};
use crate::api::{
    cause::Cause,
    failure::{Failure, Outcome},
    fields::{Set, show},
    object,
    schema::Schema,
    typed,
};

/// Whom the fields of an object belong to that nobody applied to before.
const BEFORE: &str = "before-first-apply";

/// What is applied, to what, and by whom.
#[derive(Debug)]
pub(crate) struct Applied<'a> {
    /// The object as it is; null when there is none.
    pub(crate) live: &'a Value,
    /// What the writer wants.
    pub(crate) config: &'a Value,
    pub(crate) ground: &'a Ground<'a>,
    pub(crate) writer: &'a Writer,
    /// Whether fields are taken from others.
    pub(crate) force: bool,
}

/// The object after an apply, with its managers, and before defaults.
///
/// # Errors
/// A configuration that does not fit the schema, and conflicts with other managers.
pub(crate) fn apply(applied: &Applied<'_>) -> Outcome<Value> {
    let Applied { config, ground, writer, .. } = *applied;
    let schema = ground.schema;
    if config["metadata"].get("managedFields").is_some_and(|list| !list.is_null()) {
        return Err(Failure::bad_request("metadata.managedFields must be nil"));
    }
    typed::verify(config, schema)
        .map_err(|error| Failure::internal(format!("failed to create typed patch object: {error}")))?;
    let live = if applied.live.is_null() { ground.blank.clone() } else { without_managers(applied.live) };
    let mut managers = Managers::read(applied.live);
    if managers.0.is_empty() && !applied.live.is_null() {
        let before = Writer { manager: BEFORE.to_owned(), ..writer.clone() };
        managers = owners(managers, &Value::Null, &live, ground, &before);
    }
    let merged = typed::merge(Some(&live), Some(config), schema).unwrap_or_default();
    let last = managers.of(writer, Operation::Apply).cloned();
    let wanted = typed::owned(config, schema).without_trees(&ground.ignored);
    let time = last.as_ref().and_then(|entry| entry.time.clone());
    managers.0.retain(|entry| !entry.is_of(writer, Operation::Apply));
    managers.0.push(Entry::new(writer, Operation::Apply, wanted, time));
    let mut after = match last.filter(|last| !last.set.is_empty()) {
        Some(last) => prune(&merged, &managers, &last.set, schema),
        None => merged,
    };
    settle(applied, &mut managers, &live, &after)?;
    let changed = after != live;
    if let Some(mine) = managers.0.iter_mut().find(|entry| entry.is_of(writer, Operation::Apply)) {
        mine.set = mine.set.difference(&unowned());
        if changed {
            mine.time = Some(writer.now.clone());
        }
    }
    managers.write(&mut after);
    Ok(after)
}

/// Removes what the applier wanted last time and wants no more, unless somebody else has it.
fn prune(merged: &Value, managers: &Managers, last: &Set, schema: &Schema) -> Value {
    let full = |set: &Set| set.with_declared(schema);
    let all = full(&typed::owned(merged, schema));
    let last = full(last);
    let pruned = typed::remove(merged, &last, schema);
    // What is below a field that went, and belongs to another, comes back.
    let everybody = managers.0.iter().fold(Set::default(), |all, entry| all.union(&entry.set));
    let kept = full(&typed::owned(&pruned, schema)).union(&full(&everybody));
    let pruned = typed::remove(merged, &all.difference(&kept), schema);
    // And so does what the applier never had.
    let kept = full(&typed::owned(&pruned, schema));
    typed::remove(merged, &all.difference(&kept).intersection(&last), schema)
}

/// Takes from the others what changed, or says who minds.
fn settle(applied: &Applied<'_>, managers: &mut Managers, live: &Value, after: &Value) -> Outcome<()> {
    let changes = typed::compare(live, after, applied.ground.schema).without(&applied.ground.ignored);
    let written = changes.modified.union(&changes.added);
    let mine = |entry: &Entry| entry.is_of(applied.writer, Operation::Apply);
    if !applied.force {
        let lost = |entry: &Entry| {
            let paths = entry.set.intersection(&written).paths();
            let why = format!("conflict with {:?}", entry.manager);
            paths.into_iter().map(move |path| Cause::new("FieldManagerConflict", show(&path), why.clone()))
        };
        let causes: Vec<Cause> = managers.0.iter().filter(|entry| !mine(entry)).flat_map(lost).collect();
        if !causes.is_empty() {
            return Err(Failure::apply_conflict(&causes));
        }
    }
    managers.lose(&written, &changes.removed, mine);
    Ok(())
}

/// Whether two objects are the same but for who owns what.
pub(crate) fn same_but_managers(a: &Value, b: &Value) -> bool {
    let mut b = b.clone();
    object::copy_meta(&mut b, a, "managedFields");
    *a == b
}
