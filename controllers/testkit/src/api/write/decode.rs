//! From the body of a request to an object of its kind.

use serde_json::Value;

use super::strategy;
use crate::api::{
    body::{self, Document},
    failure::{Failure, Outcome},
    kind::{Kind, Nature, Version},
    object,
    options::{FieldValidation, Options},
    request::Request,
    schema::{self, Path},
};

/// The object that a create or update brings.
///
/// # Errors
/// What is no object of this kind.
pub(super) fn whole(request: &Request, options: &Options) -> Outcome<Value> {
    let name = &request.target.kind.name;
    let media_type = request.content_type();
    let parsed = match media_type {
        "" | "application/json" => body::json(&request.body),
        "application/yaml" => body::yaml(&request.body),
        other => return Err(Failure::media_type(other)),
    };
    let parsed = parsed.map_err(|error| unrecognized(name, &error))?;
    let mut object = parsed.value;
    if !object.is_object() {
        return Err(unrecognized(name, "json parse error: not an object"));
    }
    let strange = finish(request, &mut object).map_err(|error| unrecognized(name, &error))?;
    judge(request, options, parsed.repeated, strange)
        .map_err(|told| unrecognized(name, &format!("strict decoding error: {told}")))?;
    check_version(request, &object)?;
    Ok(object)
}

/// Makes what a patch gave an object of the kind.
///
/// # Errors
/// What is no object of this kind any more.
pub(super) fn patched(request: &Request, options: &Options, patched: Document) -> Outcome<Value> {
    let mut object = patched.value;
    let invalid = |told: String| {
        let cause = crate::api::cause::Cause::invalid(&Path::of("patch"), &Value::Null, &told);
        Failure::invalid_of("", "", "", &[cause])
    };
    let strange = finish(request, &mut object).map_err(invalid)?;
    judge(request, options, patched.repeated, strange)
        .map_err(|told| invalid(format!("strict decoding error: {told}")))?;
    Ok(object)
}

fn unrecognized(name: &str, error: &str) -> Failure {
    Failure::bad_request(format!("the object provided is unrecognized (must be of type {name}): {error}"))
}

/// Drops, tells or refuses what was unknown or repeated.
fn judge(request: &Request, options: &Options, repeated: Vec<String>, unknown: Vec<String>) -> Result<(), String> {
    let repeated = repeated.into_iter().map(|path| format!("duplicate field \"{path}\""));
    let told: Vec<String> =
        repeated.chain(unknown.into_iter().map(|path| format!("unknown field \"{path}\""))).collect();
    match options.validation {
        FieldValidation::Strict if !told.is_empty() => Err(told.join(", ")),
        FieldValidation::Warn => {
            request.warn(told);
            Ok(())
        }
        FieldValidation::Strict | FieldValidation::Ignore => Ok(()),
    }
}

fn finish(request: &Request, object: &mut Value) -> Result<Vec<String>, String> {
    let target = &request.target;
    name_type(&target.kind, &target.api_version(), object)?;
    complete(&target.kind, &target.version, object)
}

/// Built-in objects need not say what they are.
fn name_type(kind: &Kind, api_version: &str, object: &mut Value) -> Result<(), String> {
    for (key, own) in [("apiVersion", api_version), ("kind", &kind.name)] {
        match object.get(key) {
            Some(Value::String(text)) if !text.is_empty() => {}
            None | Some(Value::Null | Value::String(_)) if !kind.nature.is_custom() => object[key] = Value::from(own),
            None | Some(Value::Null) if key == "apiVersion" => {}
            None | Some(Value::Null) => return Err("Object 'Kind' is missing".to_owned()),
            Some(_) => return Err(format!("couldn't get version/kind; {key} is not a string")),
        }
    }
    let own = object["kind"] == kind.name.as_str() && object["apiVersion"] == api_version;
    if !kind.nature.is_custom() && !own {
        return Err(format!(
            "{} in version {} cannot be handled as a {}",
            object["kind"], object["apiVersion"], kind.name
        ));
    }
    Ok(())
}

fn check_version(request: &Request, object: &Value) -> Outcome<()> {
    let (found, expected) = (object["apiVersion"].as_str().unwrap_or_default(), request.target.api_version());
    if found == expected {
        return Ok(());
    }
    let message = format!("the API version in the data ({found}) does not match the expected API version ({expected})");
    Err(Failure::bad_request(message))
}

/// Completes what an apply gave. What it emptied is judged as it is: the rest of it comes when it is stored.
///
/// # Errors
/// What cannot be decoded.
pub(super) fn after_apply(kind: &Kind, version: &Version, object: &mut Value) -> Result<(), String> {
    if kind.nature.is_custom() {
        schema::default(object, &version.structure);
        return Ok(());
    }
    complete(kind, version, object).map(drop)
}

/// Makes an object what it is as one of its kind: pruned, completed, in one form. Gives what was unknown.
///
/// # Errors
/// What cannot be decoded.
pub(crate) fn complete(kind: &Kind, version: &Version, object: &mut Value) -> Result<Vec<String>, String> {
    let mut unknown = Vec::new();
    if kind.nature.is_custom() {
        if let Some(metadata) = object.get_mut("metadata") {
            let root = Path::of("metadata");
            if !metadata.is_object() && !metadata.is_null() {
                return Err("json: cannot unmarshal metadata into Go value of type v1.ObjectMeta".to_owned());
            }
            schema::conform(metadata, schema::object_meta(), &root, &mut unknown)?;
        }
        unknown.extend(schema::prune(object, &version.structure));
        let metadata = object.get("metadata").cloned();
        schema::drop_nulls(object, Some(&version.structure));
        if let Some(metadata) = metadata {
            object["metadata"] = metadata;
        }
        schema::default(object, &version.structure);
        return Ok(unknown);
    }
    schema::conform(object, &version.schema, &Path::root(), &mut unknown)?;
    if kind.is(Nature::Secret) {
        strategy::encode(object);
    }
    if kind.is(Nature::Namespace) && !object::name(object).is_empty() {
        let name = Value::from(object::name(object));
        object["metadata"]["labels"]["kubernetes.io/metadata.name"] = name;
    }
    if kind.is(Nature::Secret) {
        schema::default(object, &version.schema);
    }
    unknown.sort();
    Ok(unknown)
}
