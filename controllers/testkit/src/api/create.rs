//! `create`.

use std::sync::Arc;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde_json::{Value, json};

use super::{
    failure::{Failure, Outcome},
    managed, object,
    present::Form,
    request::{Answer, Request},
    store::{self, Store},
    target::Target,
};

pub(super) fn create(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    if target.name.is_some() || (target.kind.namespaced && target.namespace.is_none()) {
        return Err(Failure::method(target));
    }
    let mut body = request.object()?;
    if object::revision(&body).is_some() {
        // The real one answers this with an unclassified error, too.
        return Err(Failure::new(500, "", "resourceVersion should not be set on objects to be created"));
    }
    name_it(store, target, &mut body)?;
    let writer = request.writer(&store.clock);
    clean(target, &mut body);
    managed::record_update(None, &mut body, &writer);
    let object = insert(store, request, body)?;
    Ok(Answer::json(201, Form::of(request).object(&object)))
}

/// Removes what only the server, or only a subresource, may set.
pub(super) fn clean(target: &Target, body: &mut Value) {
    for key in ["managedFields", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        object::set_meta(body, key, Value::Null);
    }
    if target.has_status()
        && let Some(fields) = body.as_object_mut()
    {
        fields.remove("status");
    }
}

fn name_it(store: &mut Store, target: &Target, body: &mut Value) -> Outcome<()> {
    if object::name(body).is_empty() {
        let base = object::meta_str(body, "generateName").filter(|base| !base.is_empty());
        let Some(base) = base.map(|base| base.chars().take(58).collect::<String>()) else {
            let why = "Required value: name or generateName is required";
            return Err(Failure::invalid(target, "", "metadata.name", why));
        };
        let name = format!("{base}{}", store.next_suffix());
        object::set_meta(body, "name", json!(name));
    }
    Ok(())
}

fn is_subdomain(name: &str) -> bool {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let label =
        |label: &str| !label.is_empty() && label.chars().all(good) && !label.starts_with('-') && !label.ends_with('-');
    name.len() <= 253 && name.split('.').all(label)
}

/// Stores a new object.
pub(super) fn insert(store: &mut Store, request: &Request, mut body: Value) -> Outcome<Arc<Value>> {
    let target = &request.target;
    let name = object::name(&body).to_owned();
    if !is_subdomain(&name) {
        let why = format!(
            "Invalid value: {name:?}: a lowercase RFC 1123 subdomain must consist of lower case \
            alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
        );
        return Err(Failure::invalid(target, &name, "metadata.name", &why));
    }
    check_namespace(store, target, &name)?;
    if store.get(&target.kind, target.namespace_key(), &name).is_some() {
        return Err(Failure::exists(target, &name));
    }
    let uid = store.next_uid();
    object::set_meta(&mut body, "uid", json!(uid));
    object::set_meta(&mut body, "creationTimestamp", json!(store.clock.stamp()));
    object::set_meta(&mut body, "generation", if target.kind.traits.custom { json!(1) } else { Value::Null });
    prepare(target, &mut body)?;
    if request.query.dry_run() {
        return Ok(Arc::new(body));
    }
    Ok(store.put(&target.kind, body))
}

fn check_namespace(store: &Store, target: &Target, name: &str) -> Outcome<()> {
    let Some(namespace) = &target.namespace else {
        return Ok(());
    };
    let Some(kind) = store.kinds.get("", "namespaces") else {
        return Ok(());
    };
    match store.get(kind, "", namespace) {
        None => Err(Failure::new(404, "NotFound", format!("namespaces \"{namespace}\" not found"))),
        Some(found) if object::is_deleting(found) => {
            let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
            let failure = Failure::forbidden(target, name, &why);
            let message = format!("namespace {namespace} is being terminated");
            Err(failure.cause("NamespaceTerminating", "metadata.namespace", &message))
        }
        Some(_) => Ok(()),
    }
}

/// What some built-in kinds get when they are created.
fn prepare(target: &Target, body: &mut Value) -> Outcome<()> {
    match target.kind.plural.as_str() {
        "namespaces" if target.kind.group.is_empty() => {
            body["spec"] = json!({ "finalizers": ["kubernetes"] });
            body["status"] = json!({ "phase": "Active" });
        }
        "secrets" if target.kind.group.is_empty() => encode(body),
        _ if store::is_definition(&target.kind) => establish(target, body)?,
        _ => {}
    }
    Ok(())
}

/// Moves `stringData` to where it is stored.
pub(super) fn encode(secret: &mut Value) {
    let plain = secret.as_object_mut().and_then(|fields| fields.remove("stringData"));
    let Some(Value::Object(plain)) = plain else {
        return;
    };
    for (key, value) in plain {
        let encoded = aws_smithy_types::base64::encode(value.as_str().unwrap_or_default());
        if let Some(data) = object::object_at(secret, "data") {
            data.insert(key, json!(encoded));
        }
    }
}

/// A definition is served from the moment it is stored.
fn establish(target: &Target, body: &mut Value) -> Outcome<()> {
    let parsed: Result<CustomResourceDefinition, _> = serde_json::from_value(body.clone());
    let crd = parsed.map_err(|error| Failure::bad_request(error.to_string()))?;
    let name = format!("{}.{}", crd.spec.names.plural, crd.spec.group);
    if object::name(body) != name {
        let why = format!("Invalid value: must be spec.names.plural+\".\"+spec.group: {name:?}");
        return Err(Failure::invalid(target, object::name(body), "metadata.name", &why));
    }
    let now = body["metadata"]["creationTimestamp"].clone();
    let condition = |kind: &str, reason: &str| json!({ "type": kind, "status": "True", "reason": reason, "message": "", "lastTransitionTime": now });
    body["status"] = json!({
        "acceptedNames": body["spec"]["names"],
        "storedVersions": crd.spec.versions.iter().filter(|v| v.storage).map(|v| &v.name).collect::<Vec<_>>(),
        "conditions": [condition("NamesAccepted", "NoConflicts"), condition("Established", "InitialNamesAccepted")],
    });
    Ok(())
}
