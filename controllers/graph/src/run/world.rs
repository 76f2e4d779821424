//! What expressions see: the instance, and what is observed of each resource.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_cel::check::Read;
use cairn_cel::{Bindings, Program as Expression};
use serde_json::Value as Json;

use super::change;
use crate::program::Program;

/// The objects that a variable stands for: one, or the elements of a list in order. Nothing while it has no value.
pub(super) type Objects = Option<Arc<[Arc<Json>]>>;

/// A variable: the instance, or a resource by its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variable {
    Instance,
    Node(usize),
}

/// The values of all variables.
#[derive(Debug)]
pub(super) struct World {
    pub(super) instance: Arc<Json>,
    pub(super) nodes: Vec<Objects>,
}

impl World {
    pub(super) fn new(instance: Arc<Json>, nodes: usize) -> Self {
        Self { instance, nodes: vec![None; nodes] }
    }

    /// The values of every variable that programs use.
    pub(super) fn bindings<'w>(
        &'w self,
        program: &'w Program,
        expressions: impl IntoIterator<Item = &'w Expression>,
    ) -> Bindings<'w> {
        let names: BTreeSet<&str> =
            expressions.into_iter().flat_map(Expression::variables).map(String::as_str).collect();
        names.into_iter().fold(Bindings::new(), |bindings, name| match variable(program, name) {
            Some(Variable::Instance) => bindings.with(name, &self.instance),
            Some(Variable::Node(at)) => match (program.nodes.get(at), self.nodes.get(at)) {
                (Some(node), Some(Some(objects))) => bind(bindings, name, objects, node.is_collection),
                _ => bindings,
            },
            None => bindings,
        })
    }

    fn objects(&self, variable: Variable) -> Objects {
        match variable {
            Variable::Instance => Some(Arc::from([Arc::clone(&self.instance)])),
            Variable::Node(at) => self.nodes.get(at).cloned().flatten(),
        }
    }
}

/// Gives a variable the objects that it stands for: one, or the elements of a list.
pub(super) fn bind<'w>(bindings: Bindings<'w>, name: &'w str, objects: &'w [Arc<Json>], list: bool) -> Bindings<'w> {
    match objects.first() {
        _ if list => bindings.with_items(name, objects.iter().map(|object| &**object).collect()),
        Some(object) => bindings.with(name, object),
        None => bindings,
    }
}

/// The variable that a name stands for, if it is none of an iterator.
pub(super) fn variable(program: &Program, name: &str) -> Option<Variable> {
    if name == "schema" { Some(Variable::Instance) } else { program.position(name).map(Variable::Node) }
}

/// A value that was computed, with what it was computed from.
#[derive(Debug)]
pub(super) struct Memo<T> {
    inputs: Vec<(Variable, Objects)>,
    value: T,
}

impl<T: Clone> Memo<T> {
    /// The value that is kept if it would be the same now, else a new one, which is kept.
    pub(super) fn recall(
        kept: &mut Option<Self>,
        program: &Program,
        reads: &[Read],
        world: &World,
        compute: impl FnOnce() -> T,
    ) -> T {
        if let Some(memo) = kept
            && memo.holds(program, reads, world)
        {
            return memo.value.clone();
        }
        let value = compute();
        let names: BTreeSet<&str> = reads.iter().map(|read| read.variable.as_str()).collect();
        let variables = names.into_iter().filter_map(|name| variable(program, name));
        let inputs = variables.map(|variable| (variable, world.objects(variable))).collect();
        *kept = Some(Self { inputs, value: value.clone() });
        value
    }

    /// Whether the value would be the same now. If so, it is kept as one of now.
    fn holds(&mut self, program: &Program, reads: &[Read], world: &World) -> bool {
        for (known, before) in &mut self.inputs {
            let now = world.objects(*known);
            let list =
                matches!(known, Variable::Node(at) if program.nodes.get(*at).is_some_and(|node| node.is_collection));
            let mut of = reads.iter().filter(|read| variable(program, &read.variable) == Some(*known));
            if !of.all(|read| change::same(before.as_deref(), now.as_deref(), list, read)) {
                return false;
            }
            *before = now;
        }
        true
    }
}
