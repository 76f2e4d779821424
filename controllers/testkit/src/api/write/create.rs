//! `create`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{admit, decode, ground::ground, metadata, names, strategy::Strategy};
use crate::api::{
    failure::{Failure, Outcome},
    managed, object,
    options::Options,
    present::Form,
    request::{Answer, Request},
    store::Store,
    target::Part,
};

/// How often another name is generated when the first is taken.
const NAME_ATTEMPTS: u32 = 8;

/// Characters of a generated name that the caller decides.
const MAX_BASE: usize = 58;

pub(crate) fn create(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    if target.name.is_some() || target.part != Part::Main || (target.kind.namespaced && target.namespace.is_none()) {
        return Err(Failure::method(target));
    }
    let options = Options::of_write(&request.query, "CreateOptions")?;
    let mut new = decode::whole(request, &options)?;
    for key in ["creationTimestamp", "uid", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"] {
        object::set_meta(&mut new, key, Value::Null);
    }
    admit::place(request, &mut new)?;
    admit::dedup_owners(request, &mut new);
    own(store, request, &options, &mut new);
    admit::create(store, target, object::name(&new))?;
    // What cannot be read as a version is none.
    let versioned = matches!(super::update::revision(&new), Ok(Some(_)));
    let made = insert(store, request, &options, new, versioned)?;
    Ok(Answer::json(201, Form::of(request).object(&made)))
}

/// Notes that all of a new object is its writer's.
pub(super) fn own(store: &Store, request: &Request, options: &Options, new: &mut Value) {
    let target = &request.target;
    let ground = ground(&target.kind, &target.version, target.part);
    managed::update(&Value::Null, new, &ground, &request.writer(options, &store.clock));
}

/// Stores a new object; `versioned` is one that says which version it is, which none can be.
pub(super) fn insert(
    store: &mut Store,
    request: &Request,
    options: &Options,
    mut new: Value,
    versioned: bool,
) -> Outcome<Arc<Value>> {
    let target = &request.target;
    let strategy = Strategy { kind: &target.kind, version: &target.version, part: Part::Main };
    object::set_meta(&mut new, "creationTimestamp", json!(store.clock.stamp()));
    object::set_meta(&mut new, "uid", json!(store.next_uid()));
    object::set_meta(&mut new, "resourceVersion", Value::Null);
    let generated = generate_name(store, request, &mut new);
    strategy.prepare_create(&mut new);
    let mut causes = strategy.check_create(&new);
    if causes.is_empty() {
        causes = metadata::check(&new, target.kind.namespaced, |name, _| names::path_segment(name));
    }
    if !causes.is_empty() {
        let kind = new["kind"].as_str().unwrap_or_default().to_owned();
        return Err(Failure::invalid_of(&target.kind.group, &kind, object::name(&new), &causes));
    }
    if target.kind.nature.is_custom() {
        request.warn(metadata::finalizer_warnings(&new, None));
    }
    if versioned {
        return Err(Failure::internal("resourceVersion should not be set on objects to be created"));
    }
    let name = object::name(&new).to_owned();
    if store.get(&target.kind, object::namespace(&new), &name).is_some() {
        let failure = Failure::exists(&target.kind, &name);
        return Err(if generated { failure.retry_after(1) } else { failure });
    }
    decode::complete(&target.kind, &target.version, &mut new).map_err(Failure::internal)?;
    if options.dry_run {
        return Ok(Arc::new(new));
    }
    Ok(store.put(&target.kind, new))
}

/// Says whether the name is the server's choice.
fn generate_name(store: &mut Store, request: &Request, new: &mut Value) -> bool {
    if !object::name(new).is_empty() {
        return false;
    }
    let Some(base) = object::meta_text(new, "generateName") else {
        return false;
    };
    let base: String = base.chars().take(MAX_BASE).collect();
    let mut name = format!("{base}{}", store.next_suffix());
    for _ in 1..NAME_ATTEMPTS {
        if store.get(&request.target.kind, object::namespace(new), &name).is_none() {
            break;
        }
        name = format!("{base}{}", store.next_suffix());
    }
    object::set_meta(new, "name", json!(name));
    true
}
