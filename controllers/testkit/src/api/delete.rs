//! `delete` and `deletecollection`, finalizers, and namespaces that go.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    failure::{Failure, Outcome},
    kind::Kind,
    object,
    present::Form,
    read,
    request::{Answer, Request},
    selector::Selector,
    store::Store,
};

pub(super) fn delete(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    if target.subresource.is_some() {
        return Err(Failure::method(target));
    }
    let name = target.required_name()?;
    let options = options(request)?;
    let found = store.get(&target.kind, target.namespace_key(), name);
    let before = found.cloned().ok_or_else(|| Failure::not_found(target, name))?;
    check_preconditions(request, &before, &options)?;
    if request.query.dry_run() {
        return Ok(Answer::json(200, Form::of(request).object(&before)));
    }
    Ok(match remove(store, &target.kind, &before) {
        Some(object) => Answer::json(200, Form::of(request).object(&object)),
        None => Answer::json(200, success(request, &before)),
    })
}

pub(super) fn delete_collection(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let selector = Selector::new(&request.target, &request.query)?;
    options(request)?;
    let items = read::select(store.current().1, request, &selector);
    if !request.query.dry_run() {
        for item in &items {
            remove(store, &request.target.kind, item);
        }
    }
    let form = Form::of(request);
    let metadata = json!({ "resourceVersion": store.revision().to_string() });
    let shown: Vec<Value> = items.iter().map(|item| form.item(item)).collect();
    Ok(Answer::json(200, form.list(&metadata, &shown)))
}

fn success(request: &Request, object: &Value) -> Value {
    let kind = &request.target.kind;
    json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": {
            "name": object::name(object), "group": kind.group, "kind": kind.plural,
            "uid": object::meta_str(object, "uid"),
        },
    })
}

fn options(request: &Request) -> Outcome<Value> {
    let options = if request.body.is_empty() { json!({}) } else { request.json()? };
    let policy = options["propagationPolicy"].as_str().or(request.query.get("propagationPolicy"));
    match policy {
        None | Some("Background") => Ok(options),
        Some(other) => Err(Failure::unsupported(&format!("propagationPolicy={other}"))),
    }
}

fn check_preconditions(request: &Request, live: &Value, options: &Value) -> Outcome<()> {
    for (key, label) in [("uid", "UID"), ("resourceVersion", "ResourceVersion")] {
        let asked = options["preconditions"][key].as_str();
        let found = object::meta_str(live, key).unwrap_or_default();
        if let Some(asked) = asked.filter(|asked| *asked != found) {
            let why = format!("Precondition failed: {label} in precondition: {asked}, {label} in object meta: {found}");
            return Err(Failure::conflict(&request.target, object::name(live), &why));
        }
    }
    Ok(())
}

/// Deletes an object; what is left of it waits for its finalizers.
pub(super) fn remove(store: &mut Store, kind: &Kind, object: &Value) -> Option<Arc<Value>> {
    let finalized = object::finalizers(object).is_empty();
    if finalized && !is_namespace(kind) {
        erase(store, kind, object.clone());
        return None;
    }
    let left = if object::is_deleting(object) { Arc::new(object.clone()) } else { mark(store, kind, object) };
    if is_namespace(kind) {
        empty(store, object::name(object));
        return store.get(kind, "", object::name(object)).cloned();
    }
    Some(left)
}

fn mark(store: &mut Store, kind: &Kind, object: &Value) -> Arc<Value> {
    let mut marked = object.clone();
    object::set_meta(&mut marked, "deletionTimestamp", json!(store.clock.stamp()));
    object::set_meta(&mut marked, "deletionGracePeriodSeconds", json!(0));
    if let Some(generation) = object["metadata"]["generation"].as_u64() {
        object::set_meta(&mut marked, "generation", json!(generation + 1));
    }
    if is_namespace(kind) {
        marked["status"] = json!({ "phase": "Terminating" });
    }
    store.put(kind, marked)
}

/// Stores a changed object, or lets it go when its last finalizer went.
pub(super) fn settle(store: &mut Store, kind: &Kind, object: Value) -> Arc<Value> {
    if !object::is_deleting(&object) || !object::finalizers(&object).is_empty() {
        return store.put(kind, object);
    }
    if is_namespace(kind) {
        let stored = store.put(kind, object);
        finish(store, object::name(&stored));
        return stored;
    }
    erase(store, kind, object)
}

fn erase(store: &mut Store, kind: &Kind, object: Value) -> Arc<Value> {
    let gone = store.erase(kind, object);
    if let Some(namespace) = object::meta_str(&gone, "namespace") {
        finish(store, namespace);
    }
    gone
}

fn is_namespace(kind: &Kind) -> bool {
    kind.group.is_empty() && kind.plural == "namespaces"
}

/// Deletes everything in a namespace, as its controller would.
fn empty(store: &mut Store, namespace: &str) {
    for (kind, object) in store.contents(namespace) {
        remove(store, &kind, &object);
    }
    finish(store, namespace);
}

/// Removes a namespace that is going, once nothing is in it.
fn finish(store: &mut Store, namespace: &str) {
    let Some(kind) = store.kinds.get("", "namespaces").cloned() else {
        return;
    };
    let Some(object) = store.get(&kind, "", namespace).cloned() else {
        return;
    };
    let going = object::is_deleting(&object) && object::finalizers(&object).is_empty();
    if going && store.contents(namespace).is_empty() {
        store.erase(&kind, Value::clone(&object));
    }
}
