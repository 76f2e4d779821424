//! What depends on what: read from the expressions.
//!
//! An expression of a resource makes it depend on every resource that it names, also behind `?.` and in branches that
//! are not taken: so kro has it. Every expression is compiled once, here; [`Types`] says how much the checker knows.

mod attempt;
mod compile;
mod conditions;
pub mod order;
mod visible;

use std::collections::{BTreeMap, BTreeSet};

use cairn_cel::template::Template;
use cairn_cel::{Program, Type};

pub use visible::Usage;

use crate::definition::{Definition, Node};
use crate::problem::{Problem, Problems};
use compile::Compiler;
use order::{Cycle, Order, order};

/// What is known of the variables of expressions; what is not named is `dyn`.
#[derive(Debug, Clone)]
pub struct Types {
    /// The type of `schema`: the instance without its status.
    pub instance: Type,
    /// The type of one object of each resource, by id; collections are lists of it.
    pub nodes: BTreeMap<String, Type>,
    /// The types of the fields that texts fill, by the path of the text; a field that is not named takes anything.
    pub fields: BTreeMap<String, Type>,
    /// The resources that are others' objects, by id: what their schema says against an expression is a warning.
    pub loose: BTreeSet<String>,
}

impl Default for Types {
    fn default() -> Self {
        Self { instance: Type::Dyn, nodes: BTreeMap::new(), fields: BTreeMap::new(), loose: BTreeSet::new() }
    }
}

/// The compiled expressions of a resource.
#[derive(Debug, Clone, Default)]
pub struct Programs {
    /// The texts of its template or reference, in the order of [`Node::texts`].
    pub texts: Vec<Template>,
    /// When it is ready.
    pub ready_when: Vec<Program>,
    /// Whether it is part of an instance.
    pub include_when: Vec<Program>,
    /// The lists it is made for each combination of.
    pub for_each: Vec<Program>,
}

/// The resources of a definition with their expressions, their dependencies and their order.
#[derive(Debug, Clone)]
pub struct Graph {
    /// The compiled expressions of each resource, in the order of the definition.
    pub programs: Vec<Programs>,
    /// The compiled texts of the status.
    pub status: Vec<Template>,
    /// The compiled conditions of the author.
    pub conditions: Vec<Program>,
    /// The positions of the resources that each resource needs.
    pub dependencies: Vec<BTreeSet<usize>>,
    /// The order in which they are created; they are deleted in reverse.
    pub order: Order,
    /// What is doubtful, and not refused.
    pub warnings: Vec<Problem>,
}

impl Graph {
    /// Compiles every expression of a definition, and orders its resources.
    ///
    /// # Errors
    /// Every expression that does not compile, names what it may not, or has a type that does not serve; resources
    /// that depend on each other in a circle.
    pub fn new(definition: &Definition, types: &Types) -> Result<Self, Problems> {
        let mut compiler = Compiler::new(definition, types);
        let nodes: Vec<(Programs, BTreeSet<usize>)> = definition.nodes.iter().map(|node| compiler.node(node)).collect();
        let status = compiler.texts(&definition.instance.status_texts, None, Usage::Status, &mut BTreeSet::new());
        let written = &definition.instance.conditions;
        let conditions = compiler.expressions(written, None, Usage::Conditions, &mut BTreeSet::new());
        let mut problems = compiler.problems;
        conditions::repeated(written, &conditions, &mut problems);
        let (programs, dependencies): (Vec<_>, Vec<_>) = nodes.into_iter().unzip();
        let order = order(&dependencies).unwrap_or_else(|cycle| {
            problems.push(circle(&cycle, &definition.nodes));
            Order::default()
        });
        Problems::or(problems, Self { programs, status, conditions, dependencies, order, warnings: compiler.warnings })
    }

    /// The positions of the resources that read a resource, directly.
    pub fn dependents(&self, node: usize) -> impl Iterator<Item = usize> {
        let reads = move |(at, needed): (usize, &BTreeSet<usize>)| needed.contains(&node).then_some(at);
        self.dependencies.iter().enumerate().filter_map(reads)
    }
}

fn circle(cycle: &Cycle, nodes: &[Node]) -> Problem {
    let found: Vec<&Node> = cycle.0.iter().filter_map(|at| nodes.get(*at)).collect();
    let walk: Vec<&str> = found.iter().chain(found.first()).map(|node| node.id.as_str()).collect();
    let path = found.first().map(|node| node.path.clone()).unwrap_or_default();
    Problem::new(path, format!("resources depend on each other in a circle: {}", walk.join(" -> ")))
}
