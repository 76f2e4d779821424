//! `patch` in its three forms.

use std::sync::Arc;

use json_patch::{AddOperation, PatchOperation, jsonptr::PointerBuf};
use serde_json::Value;

use super::{admit, create, decode, ground::ground, scale, update};
use crate::api::{
    body::{self, Document},
    failure::{Failure, Outcome},
    managed::{self, Applied},
    object,
    options::{FieldValidation, Options},
    present::Form,
    request::{Answer, Request},
    store::Store,
    target::Part,
};

/// Operations of one JSON patch.
const MAX_OPERATIONS: usize = 10_000;

/// The sorts of patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Json,
    Merge,
    Apply,
}

pub(crate) fn patch(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let sort = sort(request)?;
    let target = &request.target;
    let name = target.required_name()?;
    let options = Options::of_patch(&request.query, sort == Sort::Apply)?;
    if target.part == Part::Scale {
        return scale::patch(store, request, &options, |live| match sort {
            Sort::Apply => Ok(None),
            Sort::Json | Sort::Merge => patched(request, live, sort).map(Some),
        });
    }
    let before = store.get(&target.kind, target.namespace_key(), name).cloned();
    if sort == Sort::Apply {
        return apply(store, request, &options, before, name);
    }
    let before = before.ok_or_else(|| Failure::not_found(&target.kind, name))?;
    let document = patched(request, &Form::of_stored(request).object(&before), sort)?;
    let mut new = decode::patched(request, &options, document)?;
    let ground = ground(&target.kind, &target.version, target.part);
    managed::update(&before, &mut new, &ground, &request.writer(&options, &store.clock));
    admit::place(request, &mut new)?;
    admit::check_name(name, &new)?;
    admit::dedup_owners(request, &mut new);
    let after = update::replace(store, request, &options, &before, new)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

fn sort(request: &Request) -> Outcome<Sort> {
    match request.content_type() {
        "application/json-patch+json" => Ok(Sort::Json),
        "application/merge-patch+json" => Ok(Sort::Merge),
        "application/apply-patch+yaml" => Ok(Sort::Apply),
        "application/strategic-merge-patch+json" if !request.target.kind.nature.is_custom() => {
            Err(Failure::unsupported("strategic merge patches"))
        }
        other => Err(Failure::media_type(other)),
    }
}

/// What a patch makes of an object.
fn patched(request: &Request, live: &Value, sort: Sort) -> Outcome<Document> {
    let decoding = |error: String| Failure::bad_request(format!("error decoding patch: {error}"));
    let patch = body::json(&request.body).map_err(decoding)?;
    let mut value = live.clone();
    if sort == Sort::Merge {
        if !patch.value.is_object() {
            return Err(decoding("json: cannot unmarshal into Go value of type map".to_owned()));
        }
        json_patch::merge(&mut value, &patch.value);
        return Ok(Document { value, repeated: patch.repeated });
    }
    let operations = patch.value.as_array().ok_or_else(|| decoding("it is no list of operations".to_owned()))?;
    if operations.len() > MAX_OPERATIONS {
        let message = format!("The allowed maximum operations in a JSON patch is {MAX_OPERATIONS}");
        return Err(Failure::new(413, "RequestEntityTooLarge", message));
    }
    if operations.iter().any(|operation| !operation.is_object()) {
        return Err(decoding("an operation is no object".to_owned()));
    }
    let operations: json_patch::Patch =
        serde_json::from_value(patch.value.clone()).map_err(|_| Failure::unprocessable())?;
    operations.iter().try_for_each(|operation| change(&mut value, operation)).map_err(|_| Failure::unprocessable())?;
    Ok(Document { value, repeated: Vec::new() })
}

/// Does one operation of a JSON patch. Where the standard demands that something is there, the API server is content
/// with an object that could hold it.
fn change(value: &mut Value, operation: &PatchOperation) -> Result<(), json_patch::PatchError> {
    let absent = |at: &PointerBuf| {
        let held = at.parent().and_then(|parent| parent.resolve(value).ok()).is_some_and(Value::is_object);
        held && at.resolve(value).is_err()
    };
    let add = |path: &PointerBuf, value: Value| PatchOperation::Add(AddOperation { path: path.clone(), value });
    let lenient = match operation {
        PatchOperation::Replace(replace) if absent(&replace.path) => add(&replace.path, replace.value.clone()),
        PatchOperation::Copy(copy) if absent(&copy.from) => add(&copy.path, Value::Null),
        PatchOperation::Test(test) if absent(&test.path) && test.value.is_null() => return Ok(()),
        other => other.clone(),
    };
    json_patch::patch(value, &[lenient])
}

fn apply(
    store: &mut Store,
    request: &Request,
    options: &Options,
    before: Option<Arc<Value>>,
    name: &str,
) -> Outcome<Answer> {
    let target = &request.target;
    if before.is_none() && target.part != Part::Main {
        return Err(Failure::not_found(&target.kind, name));
    }
    let live = before.as_ref().map_or(Value::Null, |before| Form::of_stored(request).object(before));
    let mut new = applied(store, request, options, &live)?;
    // What nobody may change is still what was asked for: it is judged with the rest.
    if before.is_none() && !object::uid(&new).is_empty() {
        let uid = object::uid(&new);
        let why = format!("uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        return Err(Failure::conflict(&target.kind, name, &why));
    }
    admit::place(request, &mut new)?;
    admit::check_name(name, &new)?;
    admit::dedup_owners(request, &mut new);
    let Some(before) = before else {
        update::revision(&new)?;
        admit::create(store, target, name)?;
        let made = create::insert(store, request, options, new, false)?;
        return Ok(Answer::json(201, Form::of(request).object(&made)));
    };
    let after = update::replace(store, request, options, &before, new)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

/// The configuration that an apply brings.
pub(super) fn configuration(request: &Request, api_version: &str, kind: &str) -> Outcome<Document> {
    let decoding = |error: String| Failure::bad_request(format!("error decoding YAML: {error}"));
    let document = body::yaml(&request.body).map_err(decoding)?;
    let config = document.value;
    if !config.is_object() {
        return Err(decoding("it is no object".to_owned()));
    }
    if config["apiVersion"] != api_version || config["kind"] != kind {
        let message = format!("invalid object type: {}, Kind={}", config["apiVersion"], config["kind"]);
        return Err(Failure::bad_request(message));
    }
    Ok(Document { value: config, repeated: document.repeated })
}

/// Tells or refuses what was there more than once; anything else that is wrong comes first.
pub(super) fn judge_repeated(request: &Request, options: &Options, repeated: &[String]) -> Outcome<()> {
    let repeated: Vec<String> = repeated.iter().map(|path| format!("key {path:?} already set in map")).collect();
    match options.validation {
        FieldValidation::Strict if !repeated.is_empty() => {
            Err(Failure::bad_request(format!("error strict decoding YAML: {}", repeated.join(", "))))
        }
        FieldValidation::Warn => {
            request.warn(repeated);
            Ok(())
        }
        FieldValidation::Strict | FieldValidation::Ignore => Ok(()),
    }
}

fn applied(store: &Store, request: &Request, options: &Options, live: &Value) -> Outcome<Value> {
    let target = &request.target;
    let Document { value: config, repeated } = configuration(request, &target.api_version(), &target.kind.name)?;
    let ground = ground(&target.kind, &target.version, target.part);
    let writer = request.writer(options, &store.clock);
    let applied = Applied { live, config: &config, ground: &ground, writer: &writer, force: options.force };
    let mut new = managed::apply(&applied)?;
    judge_repeated(request, options, &repeated)?;
    decode::after_apply(&target.kind, &target.version, &mut new).map_err(Failure::internal)?;
    Ok(new)
}
