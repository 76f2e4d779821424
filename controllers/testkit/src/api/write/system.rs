//! Writes of the controllers that belong to a cluster.

use std::sync::Arc;

use serde_json::Value;

use super::{delete, ground::ground};
use crate::api::{
    kind::Kind,
    managed::{self, Writer},
    object,
    store::Store,
    target::Part,
};

/// Who they are as managers of fields.
const MANAGER: &str = "kube-controller-manager";

/// Changes the metadata of an object, which may let it go.
pub(crate) fn change(store: &mut Store, kind: &Kind, before: &Arc<Value>, edit: impl FnOnce(&mut Value)) {
    let mut new = Value::clone(before);
    edit(&mut new);
    if new == **before {
        return;
    }
    if let Some(version) = kind.own_version() {
        let writer = Writer {
            manager: MANAGER.to_owned(),
            api_version: kind.api_version(&version.name),
            subresource: None,
            now: store.clock.stamp(),
        };
        managed::update(before, &mut new, &ground(kind, version, Part::Main), &writer);
    }
    if object::is_deleting(&new) && object::finalizers(&new).is_empty() && delete::may_go(kind) {
        delete::erase(store, kind, before);
        return;
    }
    let stored = store.put(kind, new);
    delete::finish_namespace(store, kind, &stored);
}
