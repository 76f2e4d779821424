//! What is to be done for an instance, as values: what is applied, what is removed, and in which order.
//!
//! Objects to apply need no order among themselves: a resource is rendered only when what it needs is ready.

use std::collections::BTreeMap;

use cairn_crds::graph::DeletionPolicy;

use crate::definition::FieldPath;
use crate::program::Program;
use crate::run::{Evaluation, ObjectName, Rendered, Standing, State};

/// An object to apply.
#[derive(Debug, Clone, Copy)]
pub struct Apply<'e> {
    /// The position of its resource.
    pub node: usize,
    /// The object.
    pub object: &'e Rendered,
    /// When it is deleted, among the objects of the instance: the higher, the earlier. It is kept with the object, so
    /// that it can be deleted without the program.
    pub rank: usize,
    /// What becomes of it when it is no longer part of the instance. It is kept with the object too.
    pub policy: DeletionPolicy,
    /// The fields that are left to others once they own them.
    pub external_fields: &'e [FieldPath],
}

/// Every object to apply, in the order in which the resources depend on each other.
#[must_use]
pub fn applies<'e>(program: &'e Program, evaluation: &'e Evaluation) -> Vec<Apply<'e>> {
    let mut found = Vec::new();
    for at in &program.order.sequence {
        let (Some(node), Some(standing)) = (program.nodes.get(*at), evaluation.nodes.get(*at)) else { continue };
        let State::Rendered { objects, .. } = &standing.state else { continue };
        let rank = program.order.rank(*at);
        found.extend(objects.iter().map(|object| Apply {
            node: *at,
            object,
            rank,
            policy: node.deletion_policy,
            external_fields: &node.external_fields,
        }));
    }
    found
}

/// An object that an instance applied before, and what is kept with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// What it is known by.
    pub name: ObjectName,
    /// The id of the resource that it was made for.
    pub node: String,
    /// As of [`Apply::rank`].
    pub rank: usize,
    /// As of [`Apply::policy`].
    pub policy: DeletionPolicy,
}

/// Objects that are removed together: those of a wave when all of the waves before are gone.
///
/// An object whose policy is [`DeletionPolicy::Orphaned`] is not deleted but released: what marks it as the instance's
/// is taken off.
pub type Waves = Vec<Vec<Existing>>;

/// What becomes of the objects of an instance that are there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prune {
    /// Those that are no longer part of it.
    pub waves: Waves,
    /// Those of which that cannot be told yet, each with the position of a resource that may still be made of it.
    pub open: Vec<(Existing, usize)>,
}

/// Finds the objects of an instance that are no longer part of it.
///
/// An object stays while it may still be wanted: its resource has not been rendered, or another of the same kind has
/// not, whose objects have no names yet.
#[must_use]
pub fn prune(program: &Program, evaluation: &Evaluation, existing: Vec<Existing>) -> Prune {
    let mut surplus = Vec::new();
    let mut open = Vec::new();
    for object in existing {
        let wanted = |standing: &Standing| standing.identities.iter().flatten().any(|name| name.is(&object.name));
        if evaluation.nodes.iter().any(wanted) {
            continue;
        }
        match evaluation.nodes.iter().enumerate().position(|(at, standing)| may_want(program, at, standing, &object)) {
            Some(node) => open.push((object, node)),
            None => surplus.push(object),
        }
    }
    Prune { waves: deletion(surplus), open }
}

/// Whether a resource whose objects have no names yet may be made of an object.
fn may_want(program: &Program, node: usize, standing: &Standing, object: &Existing) -> bool {
    let kind = program.nodes.get(node).map(|node| &node.kind.gvk);
    let same = kind.is_some_and(|kind| kind.group == object.name.kind.group && kind.kind == object.name.kind.kind);
    let undecided = matches!(standing.state, State::Waiting(_) | State::Failed(_));
    let external = program.nodes.get(node).is_some_and(crate::program::Node::is_external);
    undecided && !external && standing.identities.is_none() && same
}

/// The order in which objects are deleted, with all else of the instance or alone.
#[must_use]
pub fn deletion(existing: Vec<Existing>) -> Waves {
    let mut waves: BTreeMap<std::cmp::Reverse<usize>, Vec<Existing>> = BTreeMap::new();
    for object in existing {
        waves.entry(std::cmp::Reverse(object.rank)).or_default().push(object);
    }
    waves.into_values().collect()
}
