//! What is to be done for an instance, decided from values alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_crds::graph::DeletionPolicy;
use cairn_graph::Program;
use cairn_graph::plan::{self, Existing, Waves};
use cairn_graph::run::{Evaluation, ObjectName};
use cairn_graph::schemas::Kind;
use kube::core::ApiResource;
use serde_json::Value as Json;

use super::body::{APPLIED, finished};
use super::children::Children;
use super::covers::{holder, is_held, missing};
use crate::hands::resource;
use crate::marks::{Marks, Owner, mark};
use crate::watches::{Child, WatchId};

/// Why an object is applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is not there.
    New,
    /// It is to be something else than before.
    Changed,
    /// Somebody changed a field of it: the first, as a path.
    Drifted(String),
}

/// An object to apply.
#[derive(Clone, Debug)]
pub(crate) struct Sending {
    pub(crate) name: ObjectName,
    pub(crate) kind: Arc<Kind>,
    pub(crate) body: Arc<Json>,
    /// The UID of the object that is there.
    pub(crate) known: Option<String>,
    /// The label that says which version made it.
    pub(crate) version: Option<(String, String)>,
    /// Equal for equal bodies.
    pub(crate) digest: String,
    pub(crate) why: Why,
}

impl Sending {
    /// The kind as requests name it.
    pub(crate) fn resource(&self) -> ApiResource {
        resource(&self.kind.gvk, &self.kind.traits.plural)
    }
}

/// What becomes of an object that is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is deleted.
    Delete,
    /// Its marks are taken off, and it is nobody's.
    Release,
}

/// An object to remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Removal {
    pub(crate) name: ObjectName,
    pub(crate) uid: String,
    pub(crate) fate: Fate,
    /// Where it is watched.
    pub(crate) watch: WatchId,
}

/// What is to be done now, all of it at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decision {
    pub(crate) applies: Vec<Sending>,
    pub(crate) removals: Vec<Removal>,
    /// Objects on their way out that are waited for.
    pub(crate) leaving: Vec<ObjectName>,
    /// Fields that another manager applied.
    pub(crate) conflicts: Vec<Conflict>,
}

/// A field that an instance wants to set, and that another manager applied. It is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    pub(crate) name: ObjectName,
    pub(crate) path: String,
    pub(crate) manager: String,
}

/// What is known of earlier attempts.
pub(crate) trait Past {
    /// Whether it is no use to apply an object of this name now.
    fn is_refused(&self, name: &ObjectName) -> bool;
    /// Whether an object of this name was another's not long ago.
    fn is_blocked(&self, name: &ObjectName) -> bool;
    /// Whether the deletion of an object was sent already.
    fn is_removed(&self, uid: &str) -> bool;
    /// Whether an object was made what it is to be, by this process and not long ago.
    fn is_sent(&self, uid: &str, digest: &str) -> bool;
    /// Whether what our manager has of an object is known to be all that it gets.
    fn is_settled(&self, uid: &str, owned: &Json) -> bool;
}

/// What the decision is made from.
pub(crate) struct Scene<'s> {
    pub(crate) marks: &'s Marks,
    pub(crate) owner: &'s Owner,
    pub(crate) program: &'s Program,
    pub(crate) evaluation: &'s Evaluation,
    pub(crate) children: &'s Children,
    pub(crate) past: &'s dyn Past,
}

impl Scene<'_> {
    /// What is to be done for an instance that stays.
    pub(crate) fn decide(&self) -> Decision {
        let (mut applies, mut conflicts) = (Vec::new(), Vec::new());
        for apply in plan::applies(self.program, self.evaluation) {
            match self.apply(&apply) {
                Some(Ok(send)) => applies.push(send),
                Some(Err(conflict)) => conflicts.push(conflict),
                None => {}
            }
        }
        if applies.iter().any(|send| matches!(send.why, Why::Drifted(_))) {
            // What others read of it is as it should be only afterwards.
            applies.retain(|send| send.why != Why::Changed);
        }
        let prune = plan::prune(self.program, self.evaluation, self.children.existing());
        let (removals, leaving) = first_wave(prune.waves, self.children, self.past);
        Decision { applies, removals, leaving, conflicts }
    }

    fn apply(&self, apply: &plan::Apply<'_>) -> Option<Result<Sending, Conflict>> {
        let name = &apply.object.name;
        let node = self.program.nodes.get(apply.node)?;
        let child = self.children.get(name);
        if self.past.is_refused(name) || child.is_none() && self.past.is_blocked(name) {
            return None;
        }
        let others = child.map(|child| child.others.as_slice()).unwrap_or_default();
        let left: Vec<_> = apply.external_fields.iter().filter(|path| is_held(path, others)).collect();
        let finished = finished(self.marks, self.owner, node.id.as_str(), apply, &left);
        let mut why = Why::New;
        if let Some(child) = child {
            let lost = missing(&child.owned, &finished.body);
            let holder = lost.as_ref().and_then(|path| holder(&child.owned, &finished.body, path, others));
            why = match (lost, holder) {
                _ if child.is_deleting => return None,
                (Some(path), Some(manager)) if child.applied.as_ref() == Some(&finished.digest) => {
                    return Some(Err(Conflict { name: name.clone(), path, manager: manager.to_owned() }));
                }
                _ if child.applied.as_ref() != Some(&finished.digest) => {
                    if !self.past.is_sent(&child.uid, &finished.digest) {
                        Why::Changed
                    } else if self.past.is_settled(&child.uid, &child.owned) {
                        return None;
                    } else {
                        // Somebody else applies in our name.
                        Why::Drifted(format!("metadata.annotations[{:?}]", self.marks.internal(APPLIED)))
                    }
                }
                (Some(path), _) if !self.past.is_settled(&child.uid, &child.owned) => Why::Drifted(path),
                _ => return None,
            };
        }
        Some(Ok(Sending {
            name: name.clone(),
            kind: Arc::clone(&node.kind),
            body: finished.body,
            known: child.map(|child| child.uid.clone()),
            version: self.version(child),
            digest: finished.digest,
            why,
        }))
    }
}

impl Scene<'_> {
    /// The version that made an object, or is about to.
    fn version(&self, child: Option<&Child>) -> Option<(String, String)> {
        let (key, ours) = self.marks.version()?;
        let Some(child) = child else { return Some((key, ours)) };
        let there = mark(&child.object, "labels", &key)?.to_owned();
        Some((key, there))
    }
}

/// What is to be removed first, of objects that all go; and those of it that are going already.
pub(crate) fn first_wave(waves: Waves, children: &Children, past: &dyn Past) -> (Vec<Removal>, Vec<ObjectName>) {
    let (mut removals, mut leaving) = (Vec::new(), Vec::new());
    for Existing { name, policy, .. } in waves.into_iter().next().unwrap_or_default() {
        let Some(child) = children.get(&name) else { continue };
        let fate = if policy == DeletionPolicy::Orphaned { Fate::Release } else { Fate::Delete };
        if past.is_removed(&child.uid) || child.is_deleting && fate == Fate::Delete {
            leaving.push(name);
        } else {
            removals.push(Removal { uid: child.uid.clone(), watch: child.watch.clone(), name, fate });
        }
    }
    (removals, leaving)
}

impl Decision {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.applies.is_empty() && self.removals.is_empty()
    }

    /// The namespaces of what is applied.
    pub(crate) fn namespaces(&self) -> BTreeSet<&str> {
        self.applies.iter().filter_map(|send| send.name.namespace.as_deref()).collect()
    }
}
