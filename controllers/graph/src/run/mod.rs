//! An instance, evaluated: what is to be applied, what each resource waits for, and what the status says.
//!
//! The result is a function of program, instance and what is observed. A [`Run`] keeps what it computed, with what
//! that was computed from; evaluated again, it evaluates only expressions that read what has changed.

mod allowance;
mod change;
mod conditions;
mod decide;
mod fault;
mod identity;
mod node;
mod ready;
mod render;
mod report;
mod selector;
mod status;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

pub(crate) use allowance::Allowance;
pub use conditions::{Condition, Entry, merge};
pub use report::{
    Evaluation, Exclusion, Fault, ObjectName, Origin, Readiness, Reference, Rendered, Standing, State, Unready, Wait,
};

use crate::program::Program;
use node::Cell;
use status::Leaf;
use world::World;

/// What is observed of a resource.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Seen {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// These objects are there, and no others.
    Objects(Vec<Arc<Json>>),
}

impl Seen {
    /// One object.
    #[must_use]
    pub fn one(object: Json) -> Self {
        Self::Objects(vec![Arc::new(object)])
    }

    fn objects(&self) -> &[Arc<Json>] {
        match self {
            Self::Unknown => &[],
            Self::Objects(objects) => objects,
        }
    }
}

/// An instance that is evaluated again and again.
#[derive(Debug)]
pub struct Run {
    program: Arc<Program>,
    seen: Vec<Seen>,
    world: World,
    cells: Vec<Cell>,
    leaves: Vec<Leaf>,
    conditions: conditions::Entries,
    evaluations: u64,
}

impl Run {
    /// An instance of which no resource is observed yet.
    #[must_use]
    pub fn new(program: Arc<Program>, instance: &Json) -> Self {
        let count = program.nodes.len();
        Self {
            seen: vec![Seen::Unknown; count],
            world: World::new(visible(instance), count),
            cells: std::iter::repeat_with(Cell::default).take(count).collect(),
            leaves: Vec::new(),
            conditions: conditions::Entries::default(),
            evaluations: 0,
            program,
        }
    }

    /// The instance has changed.
    pub fn set_instance(&mut self, instance: &Json) {
        self.world.instance = visible(instance);
    }

    /// What is observed of a resource has changed; the resource by its position.
    pub fn observe(&mut self, node: usize, seen: Seen) {
        if let Some(known) = self.seen.get_mut(node) {
            *known = seen;
        }
    }

    /// How many expressions and texts were evaluated so far.
    #[must_use]
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }

    /// Evaluates the instance: only what reads something that has changed.
    pub fn evaluate(&mut self) -> Evaluation {
        let program = Arc::clone(&self.program);
        let mut allowance = Allowance::new(program.bounds);
        let mut standings: BTreeMap<usize, Standing> = BTreeMap::new();
        let mut claimed = identity::Claims::default();
        for at in &program.order.sequence {
            let (Some(cell), Some(seen)) = (self.cells.get_mut(*at), self.seen.get(*at)) else { continue };
            let mut turn = node::Turn {
                program: &program,
                at: *at,
                world: &self.world,
                standings: &standings,
                seen,
                allowance: &mut allowance,
            };
            let (standing, objects) = turn.decide(cell, &mut claimed);
            standings.insert(*at, standing);
            self.world.nodes.get_mut(*at).into_iter().for_each(|known| known.clone_from(&objects));
        }
        let (status, faults) = status::evaluate(&program, &self.world, &mut self.leaves, &mut allowance);
        self.evaluations += allowance.evaluations();
        Evaluation { nodes: standings.into_values().collect(), status, faults }
    }

    /// The conditions that the definition makes, of the instance as it was evaluated last; `built_in` are those that
    /// the operator makes, which they may read.
    pub fn conditions(&mut self, built_in: &[Condition]) -> Vec<Entry> {
        let mut allowance = Allowance::new(self.program.bounds);
        let entries = self.conditions.evaluate(&self.program, &self.world, built_in, &mut allowance);
        self.evaluations += allowance.evaluations();
        entries
    }
}

/// Evaluates an instance once; what is observed comes in the order of the definition's resources.
#[must_use]
pub fn evaluate(program: &Arc<Program>, instance: &Json, seen: Vec<Seen>) -> Evaluation {
    let mut run = Run::new(Arc::clone(program), instance);
    seen.into_iter().enumerate().for_each(|(at, seen)| run.observe(at, seen));
    run.evaluate()
}

/// The instance as expressions see it: its status is made from what they give.
fn visible(instance: &Json) -> Arc<Json> {
    let mut instance = instance.clone();
    if let Json::Object(fields) = &mut instance {
        fields.remove("status");
    }
    Arc::new(instance)
}
