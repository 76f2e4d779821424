//! `patch` in its three forms.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{
    apply, create,
    failure::{Failure, Outcome},
    object,
    present::Form,
    request::{Answer, Request},
    store::Store,
    update::{self, Ownership},
};

pub(super) fn patch(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    target.check_subresource()?;
    let name = target.required_name()?;
    let before = store.get(&target.kind, target.namespace_key(), name).cloned();
    if request.content_type() == "application/apply-patch+yaml" {
        return apply_patch(store, request, before, name);
    }
    let before = before.ok_or_else(|| Failure::not_found(target, name))?;
    let candidate = patched(request, &before)?;
    request.check_shape(&candidate)?;
    let after = update::replace(store, request, &before, candidate, Ownership::ByChange)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

fn patched(request: &Request, before: &Value) -> Outcome<Value> {
    let body = request.json()?;
    let mut candidate = Form::of_stored(request).object(before);
    match request.content_type() {
        "application/merge-patch+json" => json_patch::merge(&mut candidate, &body),
        "application/json-patch+json" => json_patch_with(&mut candidate, body)?,
        "application/strategic-merge-patch+json" if !request.target.kind.traits.custom => {
            return Err(Failure::unsupported("strategic merge patches"));
        }
        other => return Err(Failure::media_type(other)),
    }
    Ok(candidate)
}

fn json_patch_with(candidate: &mut Value, body: Value) -> Outcome<()> {
    let patch: json_patch::Patch =
        serde_json::from_value(body).map_err(|error| Failure::bad_request(error.to_string()))?;
    json_patch::patch(candidate, &patch).map_err(|error| {
        let message = format!("the server rejected our request due to an error in our request: {error}");
        Failure::new(422, "Invalid", message)
    })
}

fn apply_patch(store: &mut Store, request: &Request, before: Option<Arc<Value>>, name: &str) -> Outcome<Answer> {
    let target = &request.target;
    if request.query.get("fieldManager").is_none() {
        let message = "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for \
            apply patch";
        return Err(Failure::new(422, "Invalid", message));
    }
    let body = apply_body(request)?;
    let writer = request.writer(&store.clock);
    let Some(before) = before else {
        return apply_new(store, request, &body, name);
    };
    let live = Form::of_stored(request).object(&before);
    let mut candidate = apply::apply(target, &live, &body, &writer, request.query.flag("force"))?;
    for key in ["uid", "resourceVersion"] {
        object::copy_meta(&mut candidate, &body, key);
    }
    let after = update::replace(store, request, &before, candidate, Ownership::Given)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

fn apply_new(store: &mut Store, request: &Request, body: &Value, name: &str) -> Outcome<Answer> {
    let target = &request.target;
    if target.subresource.is_some() {
        return Err(Failure::not_found(target, name));
    }
    if let Some(uid) = object::meta_str(body, "uid").filter(|uid| !uid.is_empty()) {
        let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        return Err(Failure::conflict(target, name, &why));
    }
    let created = apply::create(body, &request.writer(&store.clock));
    let object = create::insert(store, request, created)?;
    Ok(Answer::json(201, Form::of(request).object(&object)))
}

/// The configuration that is applied, without what this subresource leaves alone.
fn apply_body(request: &Request) -> Outcome<Value> {
    let mut body = request.object().map_err(|failure| {
        if request.json().is_ok() { failure } else { Failure::unsupported("apply bodies in YAML") }
    })?;
    if body["metadata"].get("managedFields").is_some_and(|list| *list != json!([]) && !list.is_null()) {
        return Err(Failure::bad_request("metadata.managedFields must be nil"));
    }
    object::set_meta(&mut body, "managedFields", Value::Null);
    if request.target.is_status() {
        return Ok(only_status(&body));
    }
    if request.target.has_status()
        && let Some(fields) = body.as_object_mut()
    {
        fields.remove("status");
    }
    Ok(body)
}

fn only_status(body: &Value) -> Value {
    let mut reduced = json!({ "apiVersion": body["apiVersion"], "kind": body["kind"], "metadata": {} });
    for key in ["name", "namespace", "uid", "resourceVersion"] {
        object::copy_meta(&mut reduced, body, key);
    }
    object::copy_field(&mut reduced, body, "status");
    reduced
}
