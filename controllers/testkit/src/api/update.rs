//! `update`, and what all changes of an existing object have in common.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    create, delete,
    failure::{Failure, Outcome},
    managed, object,
    present::Form,
    request::{Answer, Request},
    store::Store,
    target::Target,
};

/// What no client can change.
const KEPT: [&str; 8] = [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "generation",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
];

pub(super) fn update(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    target.check_subresource()?;
    let name = target.required_name()?;
    let body = request.object()?;
    let Some(before) = store.get(&target.kind, target.namespace_key(), name).cloned() else {
        return create_by_update(store, request, body, name);
    };
    if !target.kind.traits.unconditional_update && object::revision(&body).is_none() {
        let why = "Invalid value: 0: must be specified for an update";
        return Err(Failure::invalid(target, name, "metadata.resourceVersion", why));
    }
    let after = replace(store, request, &before, body, Ownership::ByChange)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

fn create_by_update(store: &mut Store, request: &Request, mut body: Value, name: &str) -> Outcome<Answer> {
    let target = &request.target;
    if !target.kind.traits.create_on_update || target.subresource.is_some() {
        return Err(Failure::not_found(target, name));
    }
    let writer = request.writer(&store.clock);
    create::clean(target, &mut body);
    managed::record_update(None, &mut body, &writer);
    let object = create::insert(store, request, body)?;
    Ok(Answer::json(201, Form::of(request).object(&object)))
}

/// How the managers of the changed fields are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ownership {
    /// What changed belongs to the writer.
    ByChange,
    /// The candidate says so already.
    Given,
}

/// Makes `before` what `candidate` says, as far as the subresource allows.
pub(super) fn replace(
    store: &mut Store,
    request: &Request,
    before: &Arc<Value>,
    candidate: Value,
    ownership: Ownership,
) -> Outcome<Arc<Value>> {
    let target = &request.target;
    check_preconditions(target, before, &candidate)?;
    let mut after = combine(target, before, candidate);
    check_finalizers(target, before, &after)?;
    if !target.is_status() && target.kind.traits.custom && !object::same_spec(before, &after) {
        let generation = before["metadata"]["generation"].as_u64().unwrap_or_default();
        object::set_meta(&mut after, "generation", json!(generation + 1));
    }
    let unchanged = same_but_managers(before, &after);
    if ownership == Ownership::ByChange && !unchanged {
        managed::record_update(Some(before), &mut after, &request.writer(&store.clock));
    }
    if unchanged && (ownership == Ownership::ByChange || managed::read(before) == managed::read(&after)) {
        return Ok(Arc::clone(before));
    }
    if request.query.dry_run() {
        return Ok(Arc::new(after));
    }
    Ok(delete::settle(store, &target.kind, after))
}

/// Takes from `candidate` what a write to this subresource may change.
fn combine(target: &Target, before: &Value, candidate: Value) -> Value {
    let mut after = candidate;
    if target.is_status() {
        let mut whole = before.clone();
        object::copy_field(&mut whole, &after, "status");
        object::copy_meta(&mut whole, &after, "managedFields");
        after = whole;
    } else if target.has_status() {
        object::copy_field(&mut after, before, "status");
    }
    for key in KEPT {
        object::copy_meta(&mut after, before, key);
    }
    // Nobody can tell the type of a stored object from the version it was last written in.
    object::copy_field(&mut after, before, "apiVersion");
    if target.kind.plural == "secrets" && target.kind.group.is_empty() {
        create::encode(&mut after);
    }
    after
}

fn same_but_managers(before: &Value, after: &Value) -> bool {
    let mut after = after.clone();
    object::copy_meta(&mut after, before, "managedFields");
    after == *before
}

fn check_preconditions(target: &Target, before: &Value, candidate: &Value) -> Outcome<()> {
    let name = object::name(before);
    let live = object::meta_str(before, "uid").unwrap_or_default();
    let asked = object::meta_str(candidate, "uid").filter(|uid| !uid.is_empty());
    if let Some(asked) = asked.filter(|asked| *asked != live) {
        let why = format!("Precondition failed: UID in precondition: {asked}, UID in object meta: {live}");
        return Err(Failure::conflict(target, name, &why));
    }
    match object::revision(candidate) {
        Some(asked) if Some(asked) != object::revision(before) => Err(Failure::modified(target, name)),
        _ => Ok(()),
    }
}

fn check_finalizers(target: &Target, before: &Value, after: &Value) -> Outcome<()> {
    if !object::is_deleting(before) {
        return Ok(());
    }
    let old = object::finalizers(before);
    let added: Vec<&str> = object::finalizers(after).into_iter().filter(|new| !old.contains(new)).collect();
    if added.is_empty() {
        return Ok(());
    }
    let why = format!(
        "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers {added:?}"
    );
    Err(Failure::invalid(target, object::name(before), "metadata.finalizers", &why))
}
