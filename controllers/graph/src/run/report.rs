//! What an evaluation gives, and how it is said.

use std::fmt;
use std::sync::Arc;

use cairn_crds::graph::Requirement;
use serde_json::{Map, Value as Json};

use crate::program::Program;
use crate::schemas::Gvk;

/// An object by what it is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// Group, version and kind.
    pub kind: Gvk,
    /// The namespace; nothing for an object of the cluster.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectName {
    /// Whether both are one object; the version that it is asked for in does not count.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    /// Whether an observed object is this one. An object that does not say its kind is taken at its name.
    #[must_use]
    pub fn names(&self, object: &Json) -> bool {
        super::identity::is(object, self)
    }

    pub(crate) fn key(&self) -> (&str, &str, Option<&str>, &str) {
        (&self.kind.group, &self.kind.kind, self.namespace.as_deref(), &self.name)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.kind.kind)?;
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

/// An object that is to be applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// What it is known by.
    pub name: ObjectName,
    /// The whole object, with its namespace.
    pub body: Arc<Json>,
    /// Its position in a collection, and the size of that.
    pub place: Option<(usize, usize)>,
}

/// Which objects of others are to be observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// One.
    Named(ObjectName),
    /// Any number, by their labels.
    Selected {
        /// Group, version and kind.
        kind: Gvk,
        /// The namespace; nothing for all of them, or for a kind of the cluster.
        namespace: Option<String>,
        /// Labels and their values.
        labels: Vec<(String, String)>,
        /// Requirements.
        requirements: Vec<Requirement>,
    },
}

/// What is decided about a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// What becomes of it.
    pub state: State,
    /// What its objects are known by, as far as that can be told; nothing while it cannot.
    pub identities: Option<Vec<ObjectName>>,
}

/// What becomes of a resource.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It is no part of this instance.
    Excluded(Exclusion),
    /// It cannot be rendered yet.
    Waiting(Vec<Wait>),
    /// It cannot be rendered, and waiting does not help.
    Failed(Vec<Fault>),
    /// Its objects are to be applied.
    Rendered {
        /// The objects, in the order in which expressions see them.
        objects: Arc<[Rendered]>,
        /// Whether those that need it may go on.
        readiness: Readiness,
    },
    /// Objects of others are to be observed.
    Reading {
        /// Which.
        reference: Reference,
        /// Whether those that need it may go on.
        readiness: Readiness,
    },
}

impl State {
    /// Whether those that need the resource may go on.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        matches!(
            self,
            Self::Rendered { readiness: Readiness::Ready, .. } | Self::Reading { readiness: Readiness::Ready, .. }
        )
    }
}

/// Why a resource is no part of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exclusion {
    /// A condition is not met: where it is written, and the expression.
    Condition {
        /// Its path in the definition.
        path: String,
        /// The expression.
        source: String,
    },
    /// A resource that it needs is no part of it; by position.
    Dependency(usize),
}

/// What a resource waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// Another resource must be ready first; by position.
    Resource(usize),
    /// An expression reads what is not there.
    Path {
        /// Where the expression is written.
        reader: String,
        /// Whose it is that is read.
        of: Origin,
        /// What is read, for example `db.status.endpoint`, if that can be told.
        path: Option<String>,
        /// What the evaluation says.
        message: String,
    },
}

/// Whose something is that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The instance's.
    Instance,
    /// A resource's, by position.
    Resource(usize),
    /// That cannot be told: it was computed.
    Computed,
}

/// What is wrong, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A path in the definition.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Whether those that need a resource may go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    /// They may.
    Ready,
    /// They may not: every reason.
    NotReady(Vec<Unready>),
}

/// Why a resource is not ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unready {
    /// It is not known yet whether there are such objects.
    Unknown,
    /// An object is not there.
    Absent(ObjectName),
    /// An object is being deleted.
    Terminating(ObjectName),
    /// A condition of readiness is not met.
    Condition {
        /// Where it is written.
        path: String,
        /// The expression.
        source: String,
        /// The object, where each has its own answer.
        object: Option<ObjectName>,
        /// Why there is no answer, if there is none.
        message: Option<String>,
    },
}

/// What an evaluation of an instance gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What is decided about each resource, in the order of the definition.
    pub nodes: Vec<Standing>,
    /// The fields of the status that the definition names, as far as they have a value.
    pub status: Map<String, Json>,
    /// Why fields of the status will not have one without a change.
    pub faults: Vec<Fault>,
}

impl Evaluation {
    /// Whether every resource that is part of the instance is ready.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.nodes.iter().all(|node| node.state.is_ready() || matches!(node.state, State::Excluded(_)))
    }

    /// What stands in the way of a resource, in words; nothing when it is ready or no part of the instance.
    #[must_use]
    pub fn explain(&self, program: &Program, node: usize) -> Vec<String> {
        let Some(standing) = self.nodes.get(node) else { return Vec::new() };
        match &standing.state {
            State::Excluded(_) => Vec::new(),
            State::Waiting(waits) => waits.iter().map(|wait| wait.words(program)).collect(),
            State::Failed(faults) => faults.iter().map(ToString::to_string).collect(),
            State::Rendered { readiness, .. } | State::Reading { readiness, .. } => match readiness {
                Readiness::Ready => Vec::new(),
                Readiness::NotReady(reasons) => reasons.iter().map(ToString::to_string).collect(),
            },
        }
    }
}

impl Wait {
    fn words(&self, program: &Program) -> String {
        match self {
            Self::Resource(node) => {
                let name = program.nodes.get(*node).map_or("?", |node| node.id.as_str());
                format!("waits for {name:?} to be ready")
            }
            Self::Path { reader, of: Origin::Instance, path: Some(path), .. } => {
                format!("waits for {path}, which the instance does not set; {reader} reads it")
            }
            Self::Path { reader, path: Some(path), message, .. } => {
                format!("waits for {path} ({message}); {reader} reads it")
            }
            Self::Path { reader, path: None, message, .. } => format!("waits in {reader}: {message}"),
        }
    }
}

impl fmt::Display for Unready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("it is not known yet whether there is such an object"),
            Self::Absent(object) => write!(f, "{object} is not there"),
            Self::Terminating(object) => write!(f, "{object} is being deleted"),
            Self::Condition { path, source, object, message } => {
                if let Some(object) = object {
                    write!(f, "{object}: ")?;
                }
                write!(f, "{path} is not met: {}", source.trim())?;
                message.iter().try_for_each(|message| write!(f, " ({message})"))
            }
        }
    }
}

impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Condition { path, source } => write!(f, "{path} is not met: {}", source.trim()),
            Self::Dependency(_) => f.write_str("a resource that it needs is no part of the instance"),
        }
    }
}
