//! A compiled definition: immutable, shareable, and independent of what it was compiled from.

mod build;
pub(crate) mod part;
mod reads;

use std::collections::BTreeMap;
use std::sync::Arc;

use cairn_cel::check::Read;
use cairn_cel::{Limits, Program as Expression};
use cairn_crds::graph::{DeletionPolicy, Requirement, Scope};

pub(crate) use build::build;
pub(crate) use part::Part;
pub use reads::project;

use crate::definition::{FieldPath, Id};
use crate::graph::order::Order;
use crate::schemas::{Gvk, Kind};

/// What an evaluation may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The limits of one expression, or of one text with all its expressions.
    pub expression: Limits,
    /// The cost of everything that one evaluation runs.
    pub total: u64,
    /// The most objects that one resource may be made of; kro's flag `--rgd-max-collection-size`.
    pub collection: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { expression: Limits::default(), total: 100_000_000, collection: 1000 }
    }
}

/// A compiled definition.
#[derive(Debug)]
pub struct Program {
    /// The kind of its instances.
    pub gvk: Gvk,
    /// Whether instances live in a namespace.
    pub scope: Scope,
    /// The resources, in the order of the definition.
    pub nodes: Vec<Node>,
    /// The order in which they are applied and deleted.
    pub order: Order,
    /// What an evaluation may cost.
    pub bounds: Bounds,
    pub(crate) status: Vec<(String, Part)>,
    pub(crate) conditions: Vec<Written>,
}

/// A compiled resource.
#[derive(Debug)]
pub struct Node {
    /// Its name in expressions.
    pub id: Id,
    /// Its path in the definition.
    pub path: String,
    /// The kind of its objects.
    pub kind: Arc<Kind>,
    /// Whether expressions see it as a list.
    pub is_collection: bool,
    /// The positions of the resources that it needs.
    pub dependencies: Vec<usize>,
    /// Which paths of which resources and of the instance (`schema`) its expressions read, those of `readyWhen` left
    /// out, which read itself.
    pub reads: Vec<Read>,
    /// What becomes of its objects when they are no longer part of an instance.
    pub deletion_policy: DeletionPolicy,
    /// The fields that are left to others once they own them.
    pub external_fields: Vec<FieldPath>,
    /// The reads that what is rendered depends on.
    pub(crate) template_reads: Vec<Read>,
    pub(crate) include_when: Vec<Written>,
    pub(crate) for_each: Vec<(String, Written)>,
    pub(crate) ready_when: Vec<Written>,
    pub(crate) source: Source,
}

/// Where the objects of a resource come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// They are applied.
    Template(Part),
    /// One object of another.
    Named { name: Part, namespace: Option<Part> },
    /// Objects of others, by their labels.
    Selected { labels: Vec<(String, Part)>, requirements: Vec<(Requirement, Vec<Part>)>, namespace: Option<Part> },
}

/// A compiled expression, and where it is written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) program: Expression,
}

impl Program {
    /// The position of the resource with an id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.id.as_str() == id)
    }

    /// The digest of each kind that the program was compiled with, by the kind's name.
    #[must_use]
    pub fn digests(&self) -> BTreeMap<String, String> {
        self.nodes.iter().map(|node| (node.kind.gvk.to_string(), node.kind.digest())).collect()
    }

    /// Every path of a resource that anything reads: conditions of readiness, other resources, the status. Of an object
    /// whose paths are not among them, nothing but its being there matters.
    #[must_use]
    pub fn reads_of(&self, node: usize) -> Vec<Read> {
        reads::of(self, node)
    }

    /// Whether anything reads more of a resource than its metadata.
    #[must_use]
    pub fn reads_body_of(&self, node: usize) -> bool {
        self.reads_of(node).iter().any(|read| !reads::is_of_metadata(read))
    }
}

impl Node {
    /// Whether its objects are another's, and only read.
    #[must_use]
    pub fn is_external(&self) -> bool {
        !matches!(self.source, Source::Template(_))
    }
}
