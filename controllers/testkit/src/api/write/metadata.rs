//! Validation of metadata. It is done by several layers of the API server, and each layer that finds a fault names it.

use serde_json::Value;

use super::names;
use crate::api::{cause::Cause, object, schema::Path};

/// How the API server checks names of a kind: what is wrong with it, for a whole name or for the start of one.
pub(super) type NameCheck = fn(&str, bool) -> Vec<String>;

/// Bytes of all annotations.
const MAX_ANNOTATIONS: usize = 256 << 10;

fn meta() -> Path {
    Path::of("metadata")
}

fn at(field: &str) -> Path {
    meta().field(field)
}

/// What is wrong with metadata by itself.
pub(super) fn check(object: &Value, namespaced: bool, name_check: NameCheck) -> Vec<Cause> {
    let mut causes = Vec::new();
    let invalid = |field: &str, value: &str, why: Vec<String>| {
        why.into_iter().map(move |why| Cause::invalid(&at(field), &value.into(), &why)).collect::<Vec<_>>()
    };
    if let Some(base) = object::meta_text(object, "generateName") {
        causes.extend(invalid("generateName", base, name_check(base, true)));
    }
    match object::meta_text(object, "name") {
        None => causes.push(Cause::required(&at("name"), "name or generateName is required")),
        Some(name) => causes.extend(invalid("name", name, name_check(name, false))),
    }
    let namespace = object::namespace(object);
    if namespaced {
        causes.extend(invalid("namespace", namespace, names::label(namespace, false)));
    } else if !namespace.is_empty() {
        causes.push(Cause::forbidden(&at("namespace"), "not allowed on this type"));
    }
    causes.extend(common(object));
    causes.extend(finalizers(object));
    causes
}

/// What is wrong with the parts that are checked at every write.
fn common(object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for (key, value) in texts(object, "labels") {
        let why = names::qualified(key).into_iter();
        causes.extend(why.map(|why| Cause::invalid(&at("labels"), &key.into(), &why)));
        let why = names::label_value(value).into_iter();
        causes.extend(why.map(|why| Cause::invalid(&at("labels"), &value.into(), &why)));
    }
    let mut size = 0;
    for (key, value) in texts(object, "annotations") {
        let why = names::qualified(&key.to_lowercase()).into_iter();
        causes.extend(why.map(|why| Cause::invalid(&at("annotations"), &key.into(), &why)));
        size += key.len() + value.len();
    }
    if size > MAX_ANNOTATIONS {
        causes.push(Cause::too_long(&at("annotations"), MAX_ANNOTATIONS as u64));
    }
    causes.extend(owners(object));
    causes
}

fn texts<'a>(object: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let map = object.get("metadata").and_then(|meta| meta.get(key)?.as_object());
    map.into_iter().flatten().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

fn owners(object: &Value) -> Vec<Cause> {
    let (mut causes, mut controllers) = (Vec::new(), 0);
    let path = at("ownerReferences");
    for reference in object::meta_list(object, "ownerReferences") {
        let text = |key: &str| reference[key].as_str().unwrap_or_default();
        let version = text("apiVersion").rsplit('/').next().unwrap_or_default();
        for (key, value) in
            [("apiVersion", version), ("kind", text("kind")), ("name", text("name")), ("uid", text("uid"))]
        {
            if value.is_empty() {
                causes.push(Cause::invalid(&path.field(key), &"".into(), "must not be empty"));
            }
        }
        if text("apiVersion") == "v1" && text("kind") == "Event" {
            causes.push(Cause::invalid(&path, reference, "/v1, Kind=Event is disallowed from being an owner"));
        }
        if reference["controller"] == true {
            controllers += 1;
            if controllers > 1 {
                let why = "Only one reference can have Controller set to true";
                causes.push(Cause::invalid(&path, reference, why));
            }
        }
    }
    causes
}

fn finalizers(object: &Value) -> Vec<Cause> {
    let (path, list) = (at("finalizers"), object::finalizers(object));
    let wrong = |finalizer: &&str| {
        let value = Value::from(*finalizer);
        let path = &path;
        names::qualified(finalizer).into_iter().map(move |why| Cause::invalid(path, &value, &why)).collect::<Vec<_>>()
    };
    let mut causes: Vec<Cause> = list.iter().flat_map(wrong).collect();
    if list.contains(&"orphan") && list.contains(&"foregroundDeletion") {
        let why = "finalizer orphan and foregroundDeletion cannot be both set";
        causes.push(Cause::invalid(&path, &Value::Null, why));
    }
    causes
}

/// Finalizers of built-in kinds must be those of Kubernetes, or have a domain.
pub(super) fn check_plain_finalizers(object: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    for (index, finalizer) in object::finalizers(object).into_iter().enumerate() {
        let (path, value) = (at("finalizers").index(index), Value::from(finalizer));
        causes.extend(names::qualified(finalizer).iter().map(|why| Cause::invalid(&path, &value, why)));
        if is_plain(finalizer) {
            let why = "name is neither a standard finalizer name nor is it fully qualified";
            causes.push(Cause::invalid(&path, &value, why));
        }
    }
    causes
}

fn is_plain(finalizer: &str) -> bool {
    !finalizer.contains('/') && !matches!(finalizer, "orphan" | "foregroundDeletion" | "kubernetes")
}

/// What the server says about new finalizers of custom resources.
pub(super) fn finalizer_warnings(object: &Value, before: Option<&Value>) -> Vec<String> {
    let old = before.map(object::finalizers).unwrap_or_default();
    let mut warnings = Vec::new();
    for finalizer in object::finalizers(object).into_iter().filter(|finalizer| !old.contains(finalizer)) {
        let path = at("finalizers");
        warnings.extend(names::qualified(finalizer).iter().map(|why| format!("{path}: {finalizer:?}: {why}")));
        if is_plain(finalizer) {
            let advice = if finalizer.contains('.') { " including a path (/)" } else { "" };
            warnings.push(format!(
                "{path}: {finalizer:?}: prefer a domain-qualified finalizer name{advice} to avoid accidental conflicts \
                with other finalizer writers"
            ));
        }
    }
    warnings
}

/// What is wrong with a change of metadata.
pub(super) fn check_change(new: &Value, old: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    if object::is_deleting(old) {
        let before = object::finalizers(old);
        let added: Vec<&str> = object::finalizers(new).into_iter().filter(|new| !before.contains(new)).collect();
        if !added.is_empty() {
            let why = format!(
                "no new finalizers can be added if the object is being deleted, found new finalizers {added:?}"
            );
            causes.push(Cause::forbidden(&at("finalizers"), &why));
        }
    }
    if object::meta_text(new, "resourceVersion").is_none() {
        causes.push(Cause::invalid(&at("resourceVersion"), &"".into(), "must be specified for an update"));
    }
    if object::generation(new) < object::generation(old) {
        causes.push(Cause::invalid(&at("generation"), &object::generation(new).into(), "must not be decremented"));
    }
    for key in ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"] {
        let value = |object: &Value| object["metadata"][key].clone();
        if value(new) != value(old) {
            causes.push(Cause::invalid(&at(key), &value(new), "field is immutable"));
        }
    }
    causes.extend(common(new));
    causes
}
