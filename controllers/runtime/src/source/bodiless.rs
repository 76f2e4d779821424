//! Metadata alone, in the form of whole objects.

use kube::core::{DynamicObject, PartialObjectMeta};
use kube_runtime::watcher::Event;

pub(super) fn event(event: Event<PartialObjectMeta<DynamicObject>>) -> Event<DynamicObject> {
    match event {
        Event::Init => Event::Init,
        Event::InitDone => Event::InitDone,
        Event::InitApply(object) => Event::InitApply(without_body(object)),
        Event::Apply(object) => Event::Apply(without_body(object)),
        Event::Delete(object) => Event::Delete(without_body(object)),
    }
}

fn without_body(object: PartialObjectMeta<DynamicObject>) -> DynamicObject {
    DynamicObject {
        types: object.types,
        metadata: object.metadata,
        data: serde_json::Value::Object(serde_json::Map::new()),
    }
}
