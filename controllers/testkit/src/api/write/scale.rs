//! The `scale` subresource: a view of the replicas of an object.
//!
//! Managers fare as the API server lets them for custom resources, in 1.35 at least. A scale makes nobody a manager
//! where there is none; where there is one, whoever scales is the only one afterwards. A scale that does not say its
//! version leaves none. And an apply that would change anything fails.

use serde_json::{Value, json};

use super::{admit, patch, update};
use crate::api::{
    body::{self, Document},
    cause::Cause,
    failure::{Failure, Outcome},
    fields::{Element, Set},
    kind::ScalePaths,
    managed::{self, Applied, Entry, Ground, Managers, Writer},
    object,
    options::Options,
    request::{Answer, Request},
    schema::{self, Path},
    store::Store,
};

const API_VERSION: &str = "autoscaling/v1";
const MAX_REPLICAS: i64 = 2_147_483_647;

/// What a patch finds where an object says nothing of replicas.
const UNKNOWN: i64 = -2_147_483_648;

pub(crate) fn get(request: &Request, object: &Value) -> Outcome<Answer> {
    let paths = paths(request)?;
    if object::get(object, &paths.spec).is_none() {
        let message = format!("the spec replicas field {:?} does not exist", paths.spec.join("."));
        let failure = Failure::new(500, "InternalError", format!("Internal error occurred: {message}"));
        return Err(failure.cause(&Cause::new("", "", message)));
    }
    Ok(Answer::json(200, show(paths, object)))
}

fn paths(request: &Request) -> Outcome<&ScalePaths> {
    request.target.version.scale.as_ref().ok_or_else(|| Failure::method(&request.target))
}

fn show(paths: &ScalePaths, object: &Value) -> Value {
    let number = |path: &[String]| object::get(object, path).and_then(Value::as_i64).unwrap_or_default();
    let mut scale = json!({ "apiVersion": API_VERSION, "kind": "Scale", "metadata": {}, "spec": {} });
    for key in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
        object::copy_meta(&mut scale, object, key);
    }
    if number(&paths.spec) != 0 {
        scale["spec"]["replicas"] = json!(number(&paths.spec));
    }
    scale["status"] = json!({ "replicas": number(&paths.status) });
    let selector = paths.selector.as_ref().and_then(|path| object::get(object, path)?.as_str());
    if let Some(selector) = selector.filter(|selector| !selector.is_empty()) {
        scale["status"]["selector"] = json!(selector);
    }
    scale
}

pub(super) fn update(store: &mut Store, request: &Request, options: &Options) -> Outcome<Answer> {
    let refused = |error: String| Failure::bad_request(format!("the object provided is unrecognized: {error}"));
    let mut new = body::json(&request.body).map_err(refused)?.value;
    let version = conform(&mut new).map_err(refused)?;
    admit::place(request, &mut new)?;
    admit::check_name(request.target.required_name()?, &new)?;
    change(store, request, options, |live, ground, writer| {
        let asked = object::uid(&new);
        if !asked.is_empty() && asked != object::uid(live) {
            return Err(Failure::conflict(&request.target.kind, object::name(live), "Precondition failed: UID"));
        }
        manage(version, live, &mut new, ground, writer);
        Ok(new)
    })
}

/// `patched` gives what a patch makes of the view, and none for an apply.
pub(super) fn patch(
    store: &mut Store,
    request: &Request,
    options: &Options,
    patched: impl FnOnce(&Value) -> Outcome<Option<Document>>,
) -> Outcome<Answer> {
    change(store, request, options, |live, ground, writer| {
        let mut new = match patched(live)? {
            Some(document) => {
                let mut new = document.value;
                let version = conform(&mut new).map_err(|error| {
                    let cause = Cause::invalid(&Path::of("patch"), &Value::Null, &error);
                    Failure::invalid_of("", "", "", &[cause])
                })?;
                manage(version, live, &mut new, ground, writer);
                new
            }
            None => applied(request, options, live, ground, writer)?,
        };
        admit::place(request, &mut new)?;
        admit::check_name(request.target.required_name()?, &new)?;
        Ok(new)
    })
}

/// What an apply gives: as the API server cannot convert it, nothing may come of it but what is there.
fn applied(request: &Request, options: &Options, live: &Value, ground: &Ground<'_>, writer: &Writer) -> Outcome<Value> {
    let Document { value: config, repeated } = patch::configuration(request, API_VERSION, "Scale")?;
    let inconvertible = || Failure::internal("request to convert CR to an invalid group/version: autoscaling/v1");
    if Managers::read(live).0.is_empty() {
        return Err(inconvertible());
    }
    let new = managed::apply(&Applied { live, config: &config, ground, writer, force: options.force })?;
    if !managed::same_but_managers(&new, live) {
        return Err(inconvertible());
    }
    patch::judge_repeated(request, options, &repeated)?;
    Ok(new)
}

/// Whether a scale says its version.
#[derive(Clone, Copy)]
enum Versioned {
    Yes,
    No,
}

/// The API server cannot convert what does not say its version, and then forgets all managers.
fn manage(version: Versioned, live: &Value, new: &mut Value, ground: &Ground<'_>, writer: &Writer) {
    match version {
        Versioned::Yes => managed::update(live, new, ground, writer),
        Versioned::No => Managers(Vec::new()).write(new),
    }
}

fn conform(scale: &mut Value) -> Result<Versioned, String> {
    let version = match scale.get("apiVersion").and_then(Value::as_str) {
        None | Some("") => Versioned::No,
        Some(_) => Versioned::Yes,
    };
    for (key, own) in [("apiVersion", API_VERSION), ("kind", "Scale")] {
        match scale.get(key).and_then(Value::as_str) {
            None | Some("") if scale.is_object() => scale[key] = json!(own),
            Some(found) if found == own => {}
            found => return Err(format!("{key} {found:?} cannot be handled as a Scale")),
        }
    }
    schema::conform(scale, &schema::scale(), &Path::root(), &mut Vec::new())?;
    Ok(version)
}

/// Changes the object as its view is changed.
fn change(
    store: &mut Store,
    request: &Request,
    options: &Options,
    edit: impl FnOnce(&Value, &Ground<'_>, &Writer) -> Outcome<Value>,
) -> Outcome<Answer> {
    let (target, paths) = (&request.target, paths(request)?);
    let name = target.required_name()?;
    let found = store.get(&target.kind, target.namespace_key(), name);
    let before = found.cloned().ok_or_else(|| Failure::not_found(&target.kind, name))?;
    let schema = schema::scale();
    let blank = json!({ "apiVersion": API_VERSION, "kind": "Scale", "metadata": {}, "spec": {}, "status": {} });
    let ground = Ground { schema: &schema, ignored: Set::default(), blank: &blank };
    let writer = Writer { api_version: API_VERSION.to_owned(), ..request.writer(options, &store.clock) };
    let mut live = show(paths, &before);
    if object::get(&before, &paths.spec).is_none() {
        live["spec"]["replicas"] = json!(UNKNOWN);
    }
    show_owners(paths, &before, &mut live);
    let view = edit(&live, &ground, &writer)?;
    let replicas = view["spec"]["replicas"].as_i64().unwrap_or_default();
    if replicas == UNKNOWN {
        let message = format!("the spec replicas field {:?} cannot be empty", paths.spec.join("."));
        return Err(Failure::bad_request(message));
    }
    let mut new = Value::clone(&before);
    object::set(&mut new, &paths.spec, json!(replicas));
    if object::meta_text(&view, "resourceVersion").is_some() {
        object::copy_meta(&mut new, &view, "resourceVersion");
    }
    take_owners(paths, &before, &view, &mut new, &target.api_version());
    let after = update::replace(store, request, options, &before, new)?;
    Ok(Answer::json(200, show(paths, &after)))
}

fn replicas(paths: &ScalePaths) -> (Vec<Element>, Set) {
    let path: Vec<Element> = paths.spec.iter().cloned().map(Element::Field).collect();
    let mut set = Set::default();
    set.insert(&path);
    (path, set)
}

/// Shows who owns the replicas.
fn show_owners(paths: &ScalePaths, object: &Value, view: &mut Value) {
    let (path, _) = replicas(paths);
    let in_view = Set::of(&[&["spec", "replicas"]]);
    let owners = Managers::read(object).0.into_iter().filter(|entry| entry.set.contains(&path));
    let shown = owners.map(|entry| Entry { set: in_view.clone(), api_version: API_VERSION.to_owned(), ..entry });
    Managers(shown.collect()).write(view);
}

/// Takes over who owns the replicas now. Those who updated are not recognized, as they are shown in another version:
/// they own the replicas once more, and apart from the rest.
fn take_owners(paths: &ScalePaths, before: &Value, view: &Value, new: &mut Value, api_version: &str) {
    let (path, replicas) = replicas(paths);
    let (mut parent, shown) = (Managers::read(before).0, Managers::read(view).0);
    let had: Vec<Entry> = parent.iter().filter(|entry| entry.set.contains(&path)).cloned().collect();
    for entry in &mut parent {
        if !shown.iter().any(|kept| kept.is_same(entry)) {
            entry.set = entry.set.difference(&replicas);
        }
    }
    for entry in shown.into_iter().filter(|entry| !had.iter().any(|old| old.is_same(entry))) {
        // The time of the view is not taken over.
        parent.push(Entry { set: replicas.clone(), api_version: api_version.to_owned(), time: None, ..entry });
    }
    Managers(parent).write(new);
}

/// What is wrong with the numbers that scaling goes by.
pub(super) fn check_paths(paths: &ScalePaths, object: &Value, with_spec: bool) -> Vec<Cause> {
    let mut causes = Vec::new();
    let numbers = [(&paths.spec, with_spec), (&paths.status, true)];
    for (path, _) in numbers.into_iter().filter(|(_, looked_at)| *looked_at) {
        let at = Path::of(&format!(".{}", path.join(".")));
        match object::get(object, path) {
            None => {}
            Some(value) => match value.as_i64() {
                None => causes.push(Cause::invalid(&at, value, "accessor error: expected int64")),
                Some(number) if number < 0 => {
                    causes.push(Cause::invalid(&at, value, "should be a non-negative integer"));
                }
                Some(number) if number > MAX_REPLICAS => {
                    causes.push(Cause::invalid(&at, value, &format!("should be less than or equal to {MAX_REPLICAS}")));
                }
                Some(_) => {}
            },
        }
    }
    let selector = paths.selector.as_ref().and_then(|path| Some((path, object::get(object, path)?)));
    if let Some((path, value)) = selector.filter(|(_, value)| !value.is_string()) {
        let at = Path::of(&format!(".{}", path.join(".")));
        causes.push(Cause::invalid(&at, value, "accessor error: expected string"));
    }
    causes
}
