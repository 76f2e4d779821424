//! What an instance says before anything is made for it: that it must not go before its resources, whose it is, and
//! of which kinds they are. With that, what it has can be found without the definition.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::subject::Subject;
use crate::marks::{GROUP_KINDS, Marks, NAMESPACES, SET_ID, TOOLING};

/// Where the resources of an instance are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// Their kinds, as `Kind.group`.
    pub(crate) kinds: BTreeSet<String>,
    /// Their namespaces, but the instance's own.
    pub(crate) namespaces: BTreeSet<String>,
}

impl Inventory {
    /// What an instance says.
    pub(crate) fn written(subject: &Subject) -> Self {
        let list = |key: &str| {
            let text = subject.annotation(key).unwrap_or_default();
            text.split(',').filter(|part| !part.is_empty()).map(str::to_owned).collect()
        };
        Self { kinds: list(GROUP_KINDS), namespaces: list(NAMESPACES) }
    }

    /// Both together.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        self.kinds.extend(other.kinds.iter().cloned());
        self.namespaces.extend(other.namespaces.iter().cloned());
        self
    }

    /// The annotations that say so.
    pub(crate) fn annotations(&self, marks: &Marks, set: &str) -> BTreeMap<String, String> {
        let join = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        let (kinds, namespaces) = (join(&self.kinds), join(&self.namespaces));
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{set}\0{kinds}\0{namespaces}")));
        BTreeMap::from([
            (TOOLING.to_owned(), format!("{}/v1", marks.tool())),
            (GROUP_KINDS.to_owned(), kinds),
            (NAMESPACES.to_owned(), namespaces),
            (marks.internal("applyset-inventory-hash"), format!("sha256:{hash}")),
        ])
    }
}

/// An apply of an instance's metadata.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    pub(crate) manager: String,
    pub(crate) body: Json,
}

/// The applies that are missing for an instance to say what it must; `definition` is name and UID of its definition.
///
/// Under kro's names there are two managers, as kro has them, and otherwise one.
pub(crate) fn missing(marks: &Marks, subject: &Subject, definition: (&str, &str), inventory: &Inventory) -> Vec<Claim> {
    let set = subject.owner.set();
    let mut labels = marks.of_definition(definition.0, definition.1);
    let annotations = inventory.annotations(marks, &set);
    let label = BTreeMap::from([(SET_ID.to_owned(), set)]);
    let metadata = &subject.object.metadata;
    let labels_there = |wanted: &BTreeMap<String, String>| is_within(wanted, metadata.labels.as_ref());
    let mut written = labels.clone();
    written.extend(version(marks, metadata.labels.as_ref()));
    let held = subject.has_finalizer(&marks.finalizer());
    let described = labels_there(&label) && is_within(&annotations, metadata.annotations.as_ref());
    let mut claims = Vec::new();
    let finalizers = json!([marks.finalizer()]);
    if marks.groups.is_kro() {
        if !held || !labels_there(&labels) {
            let body = body(subject, json!({"labels": written, "finalizers": finalizers}));
            claims.push(Claim { manager: marks.labeller(), body });
        }
        if !described {
            let body = body(subject, json!({"labels": label, "annotations": annotations}));
            claims.push(Claim { manager: marks.parent(), body });
        }
    } else if !held || !described || !labels_there(&labels) {
        labels.extend(label);
        let body = body(subject, json!({"labels": labels, "annotations": annotations, "finalizers": finalizers}));
        claims.push(Claim { manager: marks.labeller(), body });
    }
    claims
}

/// The version that first looked after an instance.
fn version(marks: &Marks, there: Option<&BTreeMap<String, String>>) -> Option<(String, String)> {
    let (key, ours) = marks.version()?;
    let known = there.and_then(|labels| labels.get(&key)).cloned();
    Some((key, known.unwrap_or(ours)))
}

/// The patch that takes back what [`missing`] applied, with the finalizer; none where nothing is left of it.
pub(crate) fn taken_back(marks: &Marks, subject: &Subject) -> Option<Json> {
    let metadata = &subject.object.metadata;
    let there = |map: Option<&BTreeMap<String, String>>, keys: Vec<String>| -> Map<String, Json> {
        let kept = keys.into_iter().filter(|key| map.is_some_and(|map| map.contains_key(key)));
        kept.map(|key| (key, Json::Null)).collect()
    };
    let mut labels: Vec<String> = marks.of_definition("", "").into_keys().collect();
    labels.push(SET_ID.to_owned());
    labels.extend(marks.version().map(|(key, _)| key));
    let labels = there(metadata.labels.as_ref(), labels);
    let annotations = Inventory::default().annotations(marks, "").into_keys().collect();
    let annotations = there(metadata.annotations.as_ref(), annotations);
    let finalizer = marks.finalizer();
    if labels.is_empty() && annotations.is_empty() && !subject.has_finalizer(&finalizer) {
        return None;
    }
    let others: Vec<&String> = metadata.finalizers.iter().flatten().filter(|held| **held != finalizer).collect();
    Some(json!({"metadata": {
        "uid": subject.owner.uid,
        "resourceVersion": metadata.resource_version,
        "labels": labels,
        "annotations": annotations,
        "finalizers": others,
    }}))
}

/// With the UID nothing is created where the instance is gone.
fn body(subject: &Subject, mut metadata: Json) -> Json {
    let owner = &subject.owner;
    metadata["name"] = owner.name.clone().into();
    metadata["uid"] = owner.uid.clone().into();
    if let Some(namespace) = &owner.namespace {
        metadata["namespace"] = namespace.clone().into();
    }
    json!({"apiVersion": owner.kind.api_version(), "kind": owner.kind.kind, "metadata": metadata})
}

fn is_within(wanted: &BTreeMap<String, String>, there: Option<&BTreeMap<String, String>>) -> bool {
    let there = |key: &String| there.and_then(|there| there.get(key));
    // Which tool it was is of no matter.
    wanted.iter().all(|(key, value)| there(key).is_some_and(|found| found == value || key == TOOLING))
}
