//! The object as it is sent: what the definition renders, with the marks by which it is found and judged again.

use std::sync::Arc;

use cairn_crds::graph::DeletionPolicy;
use cairn_graph::definition::FieldPath;
use cairn_graph::plan::Apply;
use cairn_runtime::digest;
use serde_json::{Map, Value as Json};

use crate::marks::{MANAGED_BY, Marks, Owner};

/// The annotation by which an object says what of it was applied.
pub(crate) const APPLIED: &str = "applied";
/// The annotation that says when an object is deleted among those of its instance.
pub(crate) const ORDER: &str = "apply-order";
/// The annotation that says what becomes of an object that is no longer wanted.
pub(crate) const POLICY: &str = "deletion-policy";

/// An object to send.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finished {
    /// The whole object, with the digest among its annotations.
    pub(crate) body: Arc<Json>,
    /// Equal for equal bodies.
    pub(crate) digest: String,
}

/// Marks a rendered object as the owner's; `node` is the id of its resource.
///
/// Fields of `left` are another's by now, and are left out.
pub(crate) fn finished(marks: &Marks, owner: &Owner, node: &str, apply: &Apply<'_>, left: &[&FieldPath]) -> Finished {
    let mut body = Json::clone(&apply.object.body);
    for path in left {
        path.remove(&mut body);
    }
    let mut fields = take_all(body);
    let mut metadata = take(&mut fields, "metadata");
    let mut labels = take(&mut metadata, "labels");
    labels.extend(owner.labels(marks).into_iter().map(|(key, value)| (key, Json::from(value))));
    labels.insert(marks.key("node-id"), node.into());
    labels.entry(MANAGED_BY).or_insert_with(|| marks.tool().into());
    if let Some((at, size)) = apply.object.place {
        labels.insert(marks.key("collection-index"), at.to_string().into());
        labels.insert(marks.key("collection-size"), size.to_string().into());
    }
    let mut annotations = take(&mut metadata, "annotations");
    annotations.insert(marks.internal(ORDER), apply.rank.to_string().into());
    if apply.policy == DeletionPolicy::Orphaned {
        annotations.insert(marks.internal(POLICY), "Orphaned".into());
    }
    metadata.insert("labels".into(), labels.into());
    metadata.insert("annotations".into(), annotations.into());
    fields.insert("metadata".into(), metadata.into());
    let mut body = Json::Object(fields);
    let digest = digest::of(&body);
    body["metadata"]["annotations"][marks.internal(APPLIED)] = digest.clone().into();
    Finished { body: Arc::new(body), digest }
}

fn take_all(body: Json) -> Map<String, Json> {
    match body {
        Json::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// Takes out a field that is an object; an empty one where there is none.
fn take(fields: &mut Map<String, Json>, name: &str) -> Map<String, Json> {
    fields.remove(name).map(take_all).unwrap_or_default()
}
