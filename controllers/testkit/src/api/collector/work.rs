//! What the collector does.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    Task,
    decide::{Owner, Verdict, blocks, judge, references},
    waits_for_dependents,
};
use crate::api::{
    kind::Kind,
    object,
    options::{DeleteOptions, Propagation},
    store::{Place, Store},
    write::{
        delete::{self, FOREGROUND, ORPHAN},
        system,
    },
};

/// Why it cannot be said what has become of an owner.
enum Unclear {
    /// Nobody serves its kind, for now.
    Kind,
    /// It would be in a namespace, and its dependent is in none.
    Scope,
}

pub(super) fn work(store: &mut Store, task: Task) {
    match task {
        Task::Look(place) => look(store, &place),
        Task::LookAtDependents(uid) => {
            for place in store.dependents(&uid) {
                look(store, &place);
            }
        }
        Task::LookAtOwner(uid) => look_at_owner(store, &uid),
        Task::Orphan(place) => orphan(store, &place),
    }
}

/// An owner is found through those that name it, or named it: the object itself tells where it is.
fn look_at_owner(store: &mut Store, uid: &str) {
    if let Some(place) = store.place_of(uid) {
        look(store, &place);
    }
}

fn look(store: &mut Store, place: &Place) {
    let Some((kind, item)) = store.at(place) else {
        return;
    };
    if waits_for_dependents(&item) {
        release(store, &kind, &item);
        return;
    }
    if object::is_deleting(&item) {
        return;
    }
    let owners = match owners(store, &kind, &item) {
        Ok(owners) => owners,
        Err(Unclear::Kind) => {
            store.garbage.stuck.insert(place.clone());
            return;
        }
        Err(Unclear::Scope) => return,
    };
    let dependents: Vec<Value> = dependents(store, &item).iter().map(|(_, object)| Value::clone(object)).collect();
    match judge(&item, &owners, &dependents) {
        Verdict::Stay => {}
        Verdict::Disown(uids) => system::change(store, &kind, &item, |item| {
            retain_owners(item, |uid| !uids.contains(uid));
        }),
        Verdict::Delete(propagation) => delete(store, &kind, &item, propagation),
        Verdict::DeleteForeground { unblock } => {
            if unblock {
                system::change(store, &kind, &item, unblock_owners);
            }
            if let Some((kind, item)) = store.at(place) {
                delete(store, &kind, &item, Propagation::Foreground);
            }
        }
    }
}

/// Lets an owner go that waited, once nothing keeps it; until then, sees to it that what keeps it goes.
fn release(store: &mut Store, kind: &Kind, item: &Arc<Value>) {
    let uid = object::uid(item).to_owned();
    let blocking = store.dependents(&uid).into_iter().filter_map(|place| Some((store.at(&place)?.1, place)));
    let blocking: Vec<(Arc<Value>, Place)> = blocking.filter(|(dependent, _)| blocks(dependent, &uid)).collect();
    if blocking.is_empty() {
        system::change(store, kind, item, |item| drop_finalizer(item, FOREGROUND));
        return;
    }
    for (_, place) in blocking.into_iter().filter(|(dependent, _)| !waits_for_dependents(dependent)) {
        look(store, &place);
    }
}

fn orphan(store: &mut Store, place: &Place) {
    let Some((kind, owner)) = store.at(place) else {
        return;
    };
    let uid = object::uid(&owner).to_owned();
    for (kind, dependent) in dependents(store, &owner) {
        system::change(store, &kind, &dependent, |dependent| retain_owners(dependent, |other| other != uid));
    }
    system::change(store, &kind, &owner, |owner| drop_finalizer(owner, ORPHAN));
}

fn delete(store: &mut Store, kind: &Kind, item: &Arc<Value>, propagation: Propagation) {
    let options = DeleteOptions { propagation: Some(propagation), ..DeleteOptions::default() };
    delete::remove(store, kind, item, &options);
}

fn dependents(store: &Store, owner: &Value) -> Vec<(Arc<Kind>, Arc<Value>)> {
    store.dependents(object::uid(owner)).iter().filter_map(|place| store.at(place)).collect()
}

fn owners(store: &Store, kind: &Kind, item: &Value) -> Result<Vec<(String, Owner)>, Unclear> {
    references(item).map(|reference| owner(store, kind, item, reference)).collect()
}

/// Looks an owner up where the dependent is: the UID must be that of the object there.
fn owner(store: &Store, kind: &Kind, item: &Value, reference: &Value) -> Result<(String, Owner), Unclear> {
    let text = |key: &str| reference[key].as_str().unwrap_or_default();
    let owner_kind = store.kinds.of_object(text("apiVersion"), text("kind")).ok_or(Unclear::Kind)?;
    if owner_kind.namespaced && !kind.namespaced {
        return Err(Unclear::Scope);
    }
    let namespace = if owner_kind.namespaced { object::namespace(item) } else { "" };
    let found = store.get(owner_kind, namespace, text("name"));
    let fate = match found.filter(|owner| object::uid(owner) == text("uid")) {
        None => Owner::Dangling,
        Some(owner) if waits_for_dependents(owner) => Owner::Waiting,
        Some(_) => Owner::Solid,
    };
    Ok((text("uid").to_owned(), fate))
}

fn retain_owners(item: &mut Value, keep: impl Fn(&str) -> bool) {
    let kept: Vec<Value> =
        references(item).filter(|reference| reference["uid"].as_str().is_none_or(&keep)).cloned().collect();
    object::set_meta(item, "ownerReferences", if kept.is_empty() { Value::Null } else { Value::Array(kept) });
}

fn unblock_owners(item: &mut Value) {
    let references: Vec<Value> = references(item)
        .map(|reference| {
            let mut reference = reference.clone();
            reference["blockOwnerDeletion"] = json!(false);
            reference
        })
        .collect();
    object::set_meta(item, "ownerReferences", Value::Array(references));
}

fn drop_finalizer(item: &mut Value, finalizer: &str) {
    let kept = object::finalizers(item).into_iter().filter(|other| *other != finalizer);
    let kept: Vec<String> = kept.map(str::to_owned).collect();
    object::set_finalizers(item, &kept);
}
