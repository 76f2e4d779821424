//! `update`, and what all changes of an existing object have in common.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{admit, create, decode, delete, ground::ground, metadata, scale, strategy::Strategy};
use crate::api::{
    cause::Cause,
    failure::{Failure, Outcome},
    managed, object,
    options::Options,
    present::Form,
    request::{Answer, Request},
    schema::Path,
    store::Store,
    target::Part,
};

pub(crate) fn update(store: &mut Store, request: &Request) -> Outcome<Answer> {
    let target = &request.target;
    let name = target.required_name()?;
    let options = Options::of_write(&request.query, "UpdateOptions")?;
    if target.part == Part::Scale {
        return scale::update(store, request, &options);
    }
    let mut new = decode::whole(request, &options)?;
    admit::place(request, &mut new)?;
    admit::check_name(name, &new)?;
    admit::dedup_owners(request, &mut new);
    let Some(before) = store.get(&target.kind, target.namespace_key(), name).cloned() else {
        return create_by_update(store, request, &options, new, name);
    };
    check_uid(request, &before, &new)?;
    let ground = ground(&target.kind, &target.version, target.part);
    managed::update(&before, &mut new, &ground, &request.writer(&options, &store.clock));
    let after = replace(store, request, &options, &before, new)?;
    Ok(Answer::json(200, Form::of(request).object(&after)))
}

fn create_by_update(
    store: &mut Store,
    request: &Request,
    options: &Options,
    mut new: Value,
    name: &str,
) -> Outcome<Answer> {
    let target = &request.target;
    if !target.kind.nature.creates_on_update() || target.part != Part::Main {
        return Err(Failure::not_found(&target.kind, name));
    }
    create::own(store, request, options, &mut new);
    admit::create(store, target, name)?;
    let made = create::insert(store, request, options, new, false)?;
    Ok(Answer::json(201, Form::of(request).object(&made)))
}

/// Refuses an object that was meant for another one of the same name.
fn check_uid(request: &Request, before: &Value, new: &Value) -> Outcome<()> {
    let (asked, live) = (object::uid(new), object::uid(before));
    if asked.is_empty() || asked == live {
        return Ok(());
    }
    let why = format!("Precondition failed: UID in precondition: {asked}, UID in object meta: {live}");
    Err(Failure::conflict(&request.target.kind, object::name(before), &why))
}

/// The resource version that an object asks for; none, empty and `0` all ask for none.
pub(super) fn revision(object: &Value) -> Outcome<Option<u64>> {
    let Some(text) = object::meta_text(object, "resourceVersion") else {
        return Ok(None);
    };
    let parsed: Result<u64, _> = text.parse();
    let number = parsed.map_err(|_| Failure::internal(format!("parsing {text:?}: invalid syntax")))?;
    Ok(Some(number).filter(|number| *number > 0))
}

/// Makes `before` what `new` says, as far as the part allows. The managers are settled already.
pub(super) fn replace(
    store: &mut Store,
    request: &Request,
    options: &Options,
    before: &Arc<Value>,
    mut new: Value,
) -> Outcome<Arc<Value>> {
    let target = &request.target;
    let name = object::name(before);
    check_revision(request, before, &new)?;
    object::copy_meta(&mut new, before, "resourceVersion");
    object::copy_meta(&mut new, before, "generation");
    let strategy = Strategy { kind: &target.kind, version: &target.version, part: target.part };
    strategy.prepare_update(&mut new, before);
    keep(&mut new, before);
    let causes = strategy.check_update(&new, before);
    if !causes.is_empty() {
        let kind = new["kind"].as_str().unwrap_or_default().to_owned();
        return Err(Failure::invalid_of(&target.kind.group, &kind, name, &causes));
    }
    if target.kind.nature.is_custom() && target.part != Part::Status {
        request.warn(metadata::finalizer_warnings(&new, Some(before)));
    }
    decode::complete(&target.kind, &target.version, &mut new).map_err(Failure::internal)?;
    if only_times_differ(&new, before) {
        new = Value::clone(before);
    }
    // The version that was asked for is how it is answered, not how it is stored.
    object::copy_field(&mut new, before, "apiVersion");
    let finished = object::is_deleting(before) && object::finalizers(&new).is_empty();
    if finished && delete::may_go(&target.kind) {
        if !options.dry_run {
            delete::erase(store, &target.kind, before);
        }
        return Ok(Arc::new(new));
    }
    if new == **before {
        return Ok(Arc::clone(before));
    }
    if options.dry_run {
        return Ok(Arc::new(new));
    }
    let stored = store.put(&target.kind, new);
    delete::finish_namespace(store, &target.kind, &stored);
    Ok(stored)
}

fn check_revision(request: &Request, before: &Value, new: &Value) -> Outcome<()> {
    let (kind, name) = (&request.target.kind, object::name(before));
    match (revision(new)?, revision(before)?) {
        (None, _) if kind.nature.updates_unconditionally() => Ok(()),
        (None, _) => {
            let path = Path::of("metadata.resourceVersion");
            let cause = Cause::invalid(&path, &json!(0), "must be specified for an update");
            Err(Failure::invalid_of(&kind.group, &kind.plural, name, &[cause]))
        }
        (asked, live) if asked == live => Ok(()),
        _ => Err(Failure::modified(kind, name)),
    }
}

/// Restores what a client may leave out, or cannot take away.
fn keep(new: &mut Value, before: &Value) {
    if object::uid(new).is_empty() {
        object::copy_meta(new, before, "uid");
    }
    object::copy_meta(new, before, "creationTimestamp");
    if object::is_deleting(before) {
        object::copy_meta(new, before, "deletionTimestamp");
    }
    if new["metadata"].get("deletionGracePeriodSeconds").is_none() {
        object::copy_meta(new, before, "deletionGracePeriodSeconds");
    }
}

/// Whether nothing changed but when managers wrote.
fn only_times_differ(new: &Value, before: &Value) -> bool {
    let timeless = |object: &Value| {
        let mut entries = object::meta_list(object, "managedFields").to_vec();
        for entry in entries.iter_mut().filter_map(Value::as_object_mut) {
            entry.remove("time");
        }
        entries
    };
    managed::same_but_managers(new, before) && timeless(new) == timeless(before)
}
