//! What is refused because of where it would be.

use serde_json::Value;

use crate::api::{
    cause::Cause,
    failure::{Failure, Outcome},
    kind::Nature,
    object,
    request::Request,
    store::Store,
    target::Target,
};

/// Refuses to create in a namespace that is not there, or on its way out.
pub(super) fn create(store: &Store, target: &Target, name: &str) -> Outcome<()> {
    let (Some(namespace), Some(kind)) = (&target.namespace, store.kinds.get("", "namespaces")) else {
        return Ok(());
    };
    match store.get(kind, "", namespace) {
        None => Err(Failure::not_found(kind, namespace)),
        Some(found) if object::is_deleting(found) => {
            let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
            let message = format!("namespace {namespace} is being terminated");
            let cause = Cause::new("NamespaceTerminating", "metadata.namespace", message);
            Err(Failure::forbidden(&target.kind, name, &why).cause(&cause))
        }
        Some(_) => Ok(()),
    }
}

/// Refuses to delete what every cluster has.
pub(super) fn delete(target: &Target, name: &str) -> Outcome<()> {
    let immortal = ["default", "kube-system", "kube-public"].contains(&name);
    if target.kind.is(Nature::Namespace) && immortal {
        return Err(Failure::forbidden(&target.kind, name, "this namespace may not be deleted"));
    }
    Ok(())
}

/// Makes the namespace that of the path, or refuses another one.
pub(super) fn place(request: &Request, object: &mut Value) -> Outcome<()> {
    let wanted = request.target.namespace_key();
    let found = object::namespace(object);
    if found == wanted {
        return Ok(());
    }
    if !found.is_empty() && !wanted.is_empty() {
        let message = "the namespace of the provided object does not match the namespace sent on the request";
        return Err(Failure::bad_request(message));
    }
    let namespace = if wanted.is_empty() { Value::Null } else { Value::from(wanted) };
    object::set_meta(object, "namespace", namespace);
    Ok(())
}

/// Refuses an object of another name than that of the path.
pub(super) fn check_name(name: &str, object: &Value) -> Outcome<()> {
    match object::name(object) {
        found if found == name => Ok(()),
        "" => {
            let message = format!("the name of the object ({name} based on URL) was undeterminable");
            Err(Failure::bad_request(message))
        }
        found => {
            let message = format!("the name of the object ({found}) does not match the name on the URL ({name})");
            Err(Failure::bad_request(message))
        }
    }
}

/// Drops owner references that are there already, and says so.
pub(super) fn dedup_owners(request: &Request, object: &mut Value) {
    let references = object::meta_list(object, "ownerReferences");
    let mut kept: Vec<Value> = Vec::new();
    for reference in references {
        if !kept.contains(reference) {
            kept.push(reference.clone());
        }
    }
    if kept.len() < references.len() {
        request.warn([format!("{} .metadata.ownerReferences contains duplicate entries", object::name(object))]);
        object::set_meta(object, "ownerReferences", Value::Array(kept));
    }
}
