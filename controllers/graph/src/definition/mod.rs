//! What a definition says, in types that cannot be wrong.

mod expression;
mod field_path;
mod instance;
mod names;
mod object;
mod resource;

use cairn_crds::Groups;
use cairn_crds::graph::DefinitionSpec;
use serde_json::Value as Json;

pub use expression::Expression;
pub use field_path::FieldPath;
pub use instance::Instance;
pub use names::{Id, RESERVED};
pub use object::{Object, Selection, Text};
pub use resource::{Iterator, Node, Source};

use crate::problem::{Problem, Problems};

/// Deeper definitions are not read: templates and statuses may be less deep, and what reads them needs a stack.
const MAX_DEPTH: usize = 200;

/// Why a definition was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is no YAML: what is wrong, and where in the text.
    #[error("not a resource graph definition: {0}")]
    Syntax(String),
    /// It has not the shape of a definition.
    #[error("not a resource graph definition: {0}")]
    Shape(Box<Problem>),
    /// It has, and breaks rules.
    #[error(transparent)]
    Rules(#[from] Problems),
}

/// What the rules of definitions depend on, beside the definition.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The group settings.
    pub groups: Groups,
    /// The group of the kinds of definitions that name none; that of the definitions where there is none.
    pub instance_group: Option<String>,
    /// The most lists that one resource may be made for each combination of; kro's flag
    /// `--rgd-max-collection-dimension-size`.
    pub max_dimensions: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { groups: Groups::default(), instance_group: None, max_dimensions: 10 }
    }
}

/// A definition that keeps every rule that needs no schema of other kinds.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The kind that it makes.
    pub instance: Instance,
    /// The resources of an instance, in the order in which they are written.
    pub nodes: Vec<Node>,
}

impl Definition {
    /// Reads the spec of a definition from YAML, or JSON.
    ///
    /// # Errors
    /// It has not the shape of a definition, with the line; or it breaks rules, with all that it breaks.
    pub fn from_yaml(text: &str, settings: &Settings) -> Result<Self, ReadError> {
        let spec = serde_saphyr::from_str(text).map_err(|error| ReadError::Syntax(error.to_string()))?;
        Ok(Self::new(spec, settings)?)
    }

    /// Reads the spec of a definition from JSON.
    ///
    /// # Errors
    /// As [`Definition::from_yaml`], with the path instead of the line.
    pub fn from_json(spec: Json, settings: &Settings) -> Result<Self, ReadError> {
        if is_deep(&spec) {
            let message = format!("this is nested too deep (at most {MAX_DEPTH} levels)");
            return Err(ReadError::Shape(Box::new(Problem::new("", message))));
        }
        let spec = serde_path_to_error::deserialize(spec).map_err(|error| {
            let path = match error.path().to_string() {
                whole if whole == "." => String::new(),
                path => path,
            };
            ReadError::Shape(Box::new(Problem::new(path, error.inner().to_string())))
        })?;
        Ok(Self::new(spec, settings)?)
    }

    /// Checks the spec of a definition.
    ///
    /// # Errors
    /// Every rule that it breaks, with the path from the spec.
    pub fn new(spec: DefinitionSpec, settings: &Settings) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let instance = instance::check(spec.schema, settings, &mut problems);
        let written: Vec<String> = spec.resources.iter().map(|resource| resource.id.clone()).collect();
        let mut nodes = Vec::new();
        for (at, resource) in spec.resources.into_iter().enumerate() {
            let path = crate::problem::index("resources", at);
            if written.iter().take(at).any(|id| *id == resource.id) {
                problems.push(Problem::new(format!("{path}.id"), format!("the id {:?} is used twice", resource.id)));
            }
            nodes.extend(resource::check(resource, &path, &written, settings, &mut problems));
        }
        match instance {
            Some(instance) => Problems::or(problems, Self { instance, nodes }),
            None => Err(Problems(problems)),
        }
    }

    /// The resource with an id.
    #[must_use]
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id.as_str() == id)
    }
}

/// Whether a value is nested deeper than definitions are read; that is found out without going down.
fn is_deep(spec: &Json) -> bool {
    let mut open = vec![(spec, 1)];
    while let Some((part, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return true;
        }
        match part {
            Json::Array(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Json::Object(fields) => open.extend(fields.values().map(|field| (field, depth + 1))),
            _ => {}
        }
    }
    false
}
