//! From what a definition says to a program, with the kinds that the cluster serves.

use std::collections::BTreeSet;

use cairn_graph::definition::{Node, ReadError};
use cairn_graph::program::Bounds;
use cairn_graph::schemas::Gvk;
use cairn_graph::{Compiled, Definition, MissingKind, Output, Problem, compile};
use serde_json::Value as Json;

use super::{Definer, status::Point};
use crate::catalog::CatalogError;

/// Why there is no program.
#[derive(Debug)]
pub(super) enum Failure {
    /// The definition is wrong: only an edit helps.
    Invalid(String),
    /// Kinds are not served yet.
    Missing(Vec<MissingKind>),
    /// The cluster cannot be asked.
    Unknown(CatalogError),
}

impl Definer {
    /// Compiles a definition, and remembers which groups it waits for.
    pub(super) async fn compile(&self, name: &str, spec: &Json) -> Result<Box<Output>, Failure> {
        let definition = Definition::from_json(spec.clone(), &self.settings).map_err(invalid)?;
        let kinds: BTreeSet<Gvk> = definition.nodes.iter().map(Node::gvk).collect();
        // Before the cluster is asked, so that no change is missed.
        self.wants.add(name, kinds.iter().map(|kind| kind.group.clone()));
        let schemas = self.catalog.kinds(&kinds).await.map_err(Failure::Unknown)?;
        match compile(definition, &schemas, &self.settings, Bounds::default()) {
            Ok(Compiled::Program(output)) => Ok(output),
            Ok(Compiled::Waiting { missing, .. }) => Err(Failure::Missing(missing)),
            Err(problems) => Err(Failure::Invalid(problems.to_string())),
        }
    }
}

fn invalid(error: ReadError) -> Failure {
    Failure::Invalid(match error {
        ReadError::Syntax(message) => message,
        ReadError::Shape(problem) => problem.to_string(),
        ReadError::Rules(problems) => problems.to_string(),
    })
}

impl Failure {
    /// As `GraphAccepted` says it.
    pub(super) fn point(&self) -> Point {
        const REASON: &str = "InvalidResourceGraph";
        match self {
            Self::Invalid(message) => Point::no(REASON, message),
            Self::Missing(missing) => {
                let words: Vec<String> = missing.iter().map(absent).collect();
                Point::no(REASON, format!("{}; it goes on by itself when that is installed", words.join("; ")))
            }
            Self::Unknown(error) => Point::unknown("AwaitingReconciliation", error.to_string()),
        }
    }
}

fn absent(missing: &MissingKind) -> String {
    let elsewhere: Vec<String> = missing.elsewhere.iter().map(ToString::to_string).collect();
    let problem = Problem::new(missing.path.clone(), format!("the kind {} is not served", missing.kind));
    let problem = if elsewhere.is_empty() { problem } else { problem.expected(elsewhere.join(" or ")) };
    problem.to_string()
}

/// A program's warnings, after what is said of it anyway.
pub(super) fn accepted(output: &Output) -> Point {
    let mut message = "resource graph and schema are valid".to_owned();
    for warning in &output.warnings {
        message.push_str("; ");
        message.push_str(&warning.to_string());
    }
    Point::yes("Valid", message)
}
