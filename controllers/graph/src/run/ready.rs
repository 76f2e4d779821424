//! Whether those that need a resource may go on.

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_cel::Bindings;
use serde_json::Value as Json;

use super::fault::truth;
use super::node::{Cell, Turn};
use super::render::Made;
use super::report::{ObjectName, Readiness, Reference, Unready};
use super::world::{Objects, bind};
use super::{Seen, change};
use crate::program::{Node, Written};

/// The answer of a condition of readiness: yes, no, or why there is none.
type Answer = Result<bool, String>;

/// What is kept of the answers, each with the objects that it is about.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Of conditions about the whole, by their position.
    whole: BTreeMap<usize, (Objects, Answer)>,
    /// Of conditions about each object, by their position and the object's name.
    each: BTreeMap<(usize, ObjectName), (Objects, Answer)>,
}

/// What a condition is asked about: the resource as expressions see it, and one object of it.
#[derive(Clone, Copy)]
struct Subject<'s> {
    objects: &'s [Arc<Json>],
    each: Option<&'s Json>,
}

impl Turn<'_> {
    /// Whether a resource is ready; `objects` is what expressions see of it.
    pub(super) fn readiness(
        &mut self,
        node: &Node,
        cell: &mut Cell,
        made: &Made,
        objects: Option<&Arc<[Arc<Json>]>>,
    ) -> Readiness {
        let mut reasons = self.missing(made);
        let objects = objects.filter(|_| reasons.is_empty()).cloned().unwrap_or_default();
        // An empty collection is ready whatever its conditions say, as in kro; a selection asks them all the same.
        let selected = matches!(made, Made::Reference(Reference::Selected { .. }));
        if reasons.is_empty() && (selected || !objects.is_empty()) {
            for (at, written) in node.ready_when.iter().enumerate() {
                let each = written.program.variables().iter().any(|name| name == "each");
                match made {
                    Made::Objects(own) if each => {
                        let names = own.iter().map(|object| &object.name);
                        let pairs: Vec<_> = names.zip(objects.iter()).collect();
                        self.ask_each((at, written), &mut cell.ready, &pairs, &objects, &mut reasons);
                    }
                    _ => self.ask((at, written), &mut cell.ready, &objects, &mut reasons),
                }
            }
        }
        if reasons.is_empty() { Readiness::Ready } else { Readiness::NotReady(reasons) }
    }

    /// The objects that are not there, or are going.
    fn missing(&self, made: &Made) -> Vec<Unready> {
        let there = |name: &ObjectName| match self.observed(name) {
            None => Some(Unready::Absent(name.clone())),
            Some(object) if going(object) => Some(Unready::Terminating(name.clone())),
            Some(_) => None,
        };
        match made {
            Made::Objects(objects) => objects.iter().filter_map(|object| there(&object.name)).collect(),
            Made::Reference(_) if *self.seen == Seen::Unknown => vec![Unready::Unknown],
            Made::Reference(Reference::Named(name)) => there(name).into_iter().collect(),
            Made::Reference(Reference::Selected { .. }) => Vec::new(),
        }
    }

    /// A condition about the resource as a whole.
    fn ask(
        &mut self,
        (at, written): (usize, &Written),
        kept: &mut Kept,
        objects: &Arc<[Arc<Json>]>,
        reasons: &mut Vec<Unready>,
    ) {
        let list = self.node().is_some_and(|node| node.is_collection);
        let holds = |before: &Objects| {
            written.program.reads().iter().all(|read| change::same(before.as_deref(), Some(objects), list, read))
        };
        let known = kept.whole.remove(&at).filter(|(before, _)| holds(before));
        let answer = match known {
            Some((_, answer)) => answer,
            None => self.answer(written, Subject { objects, each: None }),
        };
        kept.whole.insert(at, (Some(Arc::clone(objects)), answer.clone()));
        reasons.extend(unmet(written, None, answer));
    }

    /// A condition about each object.
    fn ask_each(
        &mut self,
        (at, written): (usize, &Written),
        kept: &mut Kept,
        pairs: &[(&ObjectName, &Arc<Json>)],
        objects: &[Arc<Json>],
        reasons: &mut Vec<Unready>,
    ) {
        let alone = written.program.variables().iter().all(|name| name == "each");
        let mut answers = Vec::new();
        for (name, object) in pairs {
            let key = (at, (*name).clone());
            let now = std::slice::from_ref(*object);
            let same = |read| change::same(kept_objects(kept, &key), Some(now), false, read);
            let holds = alone && kept.each.contains_key(&key) && written.program.reads().iter().all(same);
            let known = kept.each.remove(&key).filter(|_| holds);
            let answer = match known {
                Some((_, answer)) => answer,
                None => self.answer(written, Subject { objects, each: Some(object) }),
            };
            answers.push((key, (Some(Arc::from([Arc::clone(object)])), answer.clone())));
            reasons.extend(unmet(written, Some((*name).clone()), answer));
        }
        kept.each.retain(|(condition, _), _| *condition != at);
        kept.each.extend(answers);
    }

    fn answer(&mut self, written: &Written, subject: Subject<'_>) -> Answer {
        let node = self.node();
        let mut bindings = Bindings::new();
        if let Some(node) = node {
            bindings = bind(bindings, node.id.as_str(), subject.objects, node.is_collection);
        }
        if let Some(each) = subject.each {
            bindings = bindings.with("each", each);
        }
        let bound = written.program.bind(&bindings);
        let answer = self.allowance.expression(&bound).and_then(|value| truth(&value));
        answer.map_err(|error| error.message)
    }
}

fn kept_objects<'k>(kept: &'k Kept, key: &(usize, ObjectName)) -> Option<&'k [Arc<Json>]> {
    kept.each.get(key).and_then(|(objects, _)| objects.as_deref())
}

fn unmet(written: &Written, object: Option<ObjectName>, answer: Answer) -> Option<Unready> {
    let message = match answer {
        Ok(true) => return None,
        Ok(false) => None,
        Err(message) => Some(message),
    };
    let source = written.source().to_owned();
    Some(Unready::Condition { path: written.path.clone(), source, object, message })
}

/// Whether an object is being deleted.
fn going(object: &Json) -> bool {
    object.get("metadata").and_then(|metadata| metadata.get("deletionTimestamp")).is_some_and(|time| !time.is_null())
}
