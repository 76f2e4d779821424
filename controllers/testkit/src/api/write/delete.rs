//! `delete` and `deletecollection`, finalizers, and namespaces that go.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::{Value, json};

use super::admit;
use crate::api::{
    body,
    failure::{Failure, Outcome},
    kind::{Kind, Nature},
    object,
    options::{DeleteOptions, Propagation},
    present::Form,
    read,
    request::{Answer, Request},
    store::Store,
    target::Part,
};

/// The finalizer of what lets its dependents be.
pub(crate) const ORPHAN: &str = "orphan";

/// The finalizer of what goes after its dependents.
pub(crate) const FOREGROUND: &str = "foregroundDeletion";

pub(crate) fn delete(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    if target.part != Part::Main {
        return Err(Failure::method(target));
    }
    let name = target.required_name()?;
    let options = options(request)?;
    let found = store.get(&target.kind, target.namespace_key(), name);
    let before = found.cloned().ok_or_else(|| Failure::not_found(&target.kind, name))?;
    admit::delete(target, name)?;
    check_preconditions(&target.kind, &before, &options)?;
    Ok(match remove(store, &target.kind, &before, &options) {
        Some(left) => {
            let accepted = options.orphan_dependents == Some(false);
            Answer::json(if accepted { 202 } else { 200 }, Form::of(request).object(&left))
        }
        None => Answer::json(200, success(&target.kind, &before)),
    })
}

pub(crate) fn delete_collection(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    if target.kind.is(Nature::Namespace) || target.part != Part::Main {
        return Err(Failure::method(target));
    }
    let page = read::page(store, request)?;
    let options = options(request)?;
    for item in &page.items {
        check_preconditions(&target.kind, item, &options)?;
        remove(store, &target.kind, item, &options);
    }
    Ok(Answer::json(200, page.show(&Form::of(request))))
}

fn options(request: &Request) -> Outcome<DeleteOptions> {
    let body = if request.body.is_empty() {
        Value::Null
    } else {
        body::json(&request.body).map_err(Failure::bad_request)?.value
    };
    DeleteOptions::read(&request.query, &body)
}

fn success(kind: &Kind, object: &Value) -> Value {
    let mut details = json!({ "name": object::name(object), "kind": kind.plural, "uid": object::uid(object) });
    if !kind.group.is_empty() {
        details["group"] = json!(kind.group);
    }
    json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details })
}

fn check_preconditions(kind: &Kind, live: &Value, options: &DeleteOptions) -> Outcome<()> {
    for (key, asked) in [("uid", &options.uid), ("resourceVersion", &options.resource_version)] {
        let found = object::meta_str(live, key).unwrap_or_default();
        if let Some(asked) = asked.as_deref().filter(|asked| *asked != found) {
            let why = format!("the {key} in the precondition ({asked}) does not match that in record ({found})");
            return Err(Failure::precondition(kind, object::name(live), &why));
        }
    }
    Ok(())
}

/// Deletes an object, unless that is only tried; gives what is left of it and waits for its finalizers.
pub(crate) fn remove(
    store: &mut Store,
    kind: &Kind,
    before: &Arc<Value>,
    options: &DeleteOptions,
) -> Option<Arc<Value>> {
    let finalizers = finalizers(before, options);
    if finalizers.is_empty() && may_go(kind) {
        if !options.dry_run {
            erase(store, kind, before);
        }
        return None;
    }
    let mut marked = Value::clone(before);
    let asked: BTreeSet<&str> = finalizers.iter().map(String::as_str).collect();
    if asked != object::finalizers(before).into_iter().collect() {
        object::set_finalizers(&mut marked, &finalizers);
    }
    mark(store, kind, &mut marked);
    if options.dry_run {
        return Some(Arc::new(marked));
    }
    let left = if marked == **before { Arc::clone(before) } else { store.put(kind, marked) };
    if kind.is(Nature::Namespace) {
        empty(store, object::name(&left));
    }
    Some(left)
}

/// The finalizers of an object that is deleted so: the garbage collector's are as was asked, or else as they were.
fn finalizers(object: &Value, options: &DeleteOptions) -> Vec<String> {
    let old = object::finalizers(object);
    let first = old.iter().find(|finalizer| matches!(**finalizer, ORPHAN | FOREGROUND));
    let (orphan, foreground) = match (options.orphan_dependents, options.propagation) {
        (Some(orphan), _) => (orphan, false),
        (None, Some(propagation)) => (propagation == Propagation::Orphan, propagation == Propagation::Foreground),
        (None, None) => (first == Some(&ORPHAN), first == Some(&FOREGROUND)),
    };
    let mut new: Vec<String> =
        old.iter().filter(|finalizer| !matches!(**finalizer, ORPHAN | FOREGROUND)).map(|f| (*f).to_owned()).collect();
    new.extend(orphan.then(|| ORPHAN.to_owned()));
    new.extend(foreground.then(|| FOREGROUND.to_owned()));
    new
}

fn mark(store: &Store, kind: &Kind, object: &mut Value) {
    if !object::is_deleting(object) {
        let generation = object::generation(object);
        if generation > 0 {
            object::set_meta(object, "generation", json!(generation + 1));
        }
        object::set_meta(object, "deletionTimestamp", json!(store.clock.stamp()));
    }
    object::set_meta(object, "deletionGracePeriodSeconds", json!(0));
    if kind.is(Nature::Namespace) {
        object["status"] = json!({ "phase": "Terminating" });
    }
}

/// Whether an object without finalizers goes at once.
pub(crate) fn may_go(kind: &Kind) -> bool {
    !kind.is(Nature::Namespace)
}

/// Removes an object.
pub(crate) fn erase(store: &mut Store, kind: &Kind, object: &Arc<Value>) {
    store.erase(kind, object);
    finish(store, object::namespace(object));
}

/// Lets a namespace go that has lost its last finalizer, and has nothing in it.
pub(crate) fn finish_namespace(store: &mut Store, kind: &Kind, object: &Value) {
    if kind.is(Nature::Namespace) {
        finish(store, object::name(object));
    }
}

/// Deletes everything in a namespace, as its controller would.
fn empty(store: &mut Store, namespace: &str) {
    let background = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    for (kind, object) in store.contents(namespace) {
        remove(store, &kind, &object, &background);
    }
    finish(store, namespace);
}

fn finish(store: &mut Store, namespace: &str) {
    let Some(kind) = store.kinds.get("", "namespaces").cloned() else {
        return;
    };
    let Some(object) = store.get(&kind, "", namespace).cloned() else {
        return;
    };
    let going = object::is_deleting(&object) && object::finalizers(&object).is_empty();
    if going && store.contents(namespace).is_empty() {
        store.erase(&kind, &object);
    }
}
