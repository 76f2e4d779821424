//! Ownership after a create, PUT or PATCH.

use serde_json::Value;

use super::{Entry, Ground, Managers, Operation, Writer, unowned};
use crate::api::{object, typed};

/// How many entries of updates are kept apart.
const MAX_UPDATERS: usize = 10;

/// Records in `new` who owns what, now that `writer` made it of `live`: what changed is the writer's and nobody else's.
///
/// `live` is null for a create.
pub(crate) fn update(live: &Value, new: &mut Value, ground: &Ground<'_>, writer: &Writer) {
    let managers = Managers::brought(live, new, writer.subresource.is_some());
    object::set_meta(new, "managedFields", Value::Null);
    // Whoever forgot the managers of an object that exists gets no new ones before somebody applies.
    if managers.0.is_empty() && !live.is_null() {
        return;
    }
    owners(managers, live, new, ground, writer).write(new);
}

/// Who owns what in `new`.
pub(super) fn owners(
    mut managers: Managers,
    live: &Value,
    new: &Value,
    ground: &Ground<'_>,
    writer: &Writer,
) -> Managers {
    let live = if live.is_null() { ground.blank.clone() } else { without_managers(live) };
    let changes = typed::compare(&live, new, ground.schema).without(&ground.ignored);
    let written = changes.modified.union(&changes.added);
    managers.lose(&written, &changes.removed, |_| false);
    let mine = written.difference(&unowned());
    if !mine.is_empty() {
        match managers.0.iter_mut().find(|entry| entry.is_of(writer, Operation::Update)) {
            Some(entry) => {
                entry.set = entry.set.union(&mine);
                entry.time = Some(writer.now.clone());
            }
            None => managers.0.push(Entry::new(writer, Operation::Update, mine, Some(writer.now.clone()))),
        }
    }
    cap(&mut managers);
    managers
}

/// `object` as it is compared: who owns it is no part of it.
pub(super) fn without_managers(object: &Value) -> Value {
    let mut bare = object.clone();
    object::set_meta(&mut bare, "managedFields", Value::Null);
    bare
}

/// Makes one entry of the oldest ones when there are too many.
fn cap(managers: &mut Managers) {
    let age = |entry: &Entry| (entry.time.clone().unwrap_or_default(), entry.manager.clone());
    let (mut updaters, rest): (Vec<Entry>, Vec<Entry>) =
        managers.0.drain(..).partition(|entry| entry.operation == Operation::Update);
    updaters.sort_by_cached_key(age);
    while updaters.len() > MAX_UPDATERS {
        let oldest = updaters.remove(0);
        let Some(bucket) = updaters.iter_mut().find(|entry| entry.api_version == oldest.api_version) else {
            updaters.push(oldest);
            break;
        };
        bucket.set = bucket.set.union(&oldest.set);
        "ancient-changes".clone_into(&mut bucket.manager);
        bucket.subresource = None;
    }
    managers.0 = rest.into_iter().chain(updaters).collect();
}
