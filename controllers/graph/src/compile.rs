//! From a definition to a program, given the kinds that are served.

use std::collections::BTreeMap;

use cairn_cel::Type;

use crate::check::{Findings, MissingKind, kinds, rules, templates, types};
use crate::crd::{InstanceKind, status};
use crate::definition::{Definition, Settings};
use crate::graph::Graph;
use crate::problem::{Problem, Problems};
use crate::program::{Bounds, Program, build};
use crate::schemas::Schemas;

/// What comes of a definition without problems.
#[derive(Debug)]
pub enum Compiled {
    /// A program, and the kind of its instances.
    Program(Box<Output>),
    /// Kinds that it names are not served: it compiles when they are.
    Waiting {
        /// Which; never empty.
        missing: Vec<MissingKind>,
        /// What is doubtful so far.
        warnings: Vec<Problem>,
    },
}

/// A compiled definition.
#[derive(Debug)]
pub struct Output {
    /// The program.
    pub program: Program,
    /// The kind of its instances.
    pub kind: InstanceKind,
    /// What is doubtful, and not refused.
    pub warnings: Vec<Problem>,
}

/// Compiles a definition against the kinds that are served.
///
/// # Errors
/// Everything that is wrong with it, as far as it can be told from the kinds that are known.
pub fn compile(
    definition: Definition,
    schemas: &dyn Schemas,
    settings: &Settings,
    bounds: Bounds,
) -> Result<Compiled, Problems> {
    let kinds = kinds(&definition, schemas);
    let mut findings = Findings { problems: Vec::new(), warnings: definition.instance.spec.warnings.clone() };
    let fields = templates(&definition, &kinds.found, &mut findings);
    let mut graph = match Graph::new(&definition, &types(&definition, &kinds.found, fields)) {
        Ok(graph) => graph,
        Err(found) => {
            findings.problems.extend(found.0);
            return Err(Problems(sorted(findings.problems, &definition)));
        }
    };
    findings.warnings.append(&mut graph.warnings);
    rules(&definition, &kinds.found, &graph, &mut findings);
    let kind = instance(&definition, &graph, settings, &mut findings);
    if !findings.problems.is_empty() {
        return Err(Problems(sorted(findings.problems, &definition)));
    }
    let warnings = sorted(findings.warnings, &definition);
    let program = build(definition, kinds.found, graph, bounds);
    Ok(match program {
        Some(program) => Compiled::Program(Box::new(Output { program, kind, warnings })),
        None => Compiled::Waiting { missing: kinds.missing, warnings },
    })
}

/// The kind of the instances, with the types of its status.
fn instance(definition: &Definition, graph: &Graph, settings: &Settings, findings: &mut Findings) -> InstanceKind {
    let instance = &definition.instance;
    let paths = instance.status_texts.iter().map(|text| text.path.as_str());
    let types: BTreeMap<&str, &Type> = paths.zip(graph.status.iter().map(cairn_cel::template::Template::ty)).collect();
    let status = status::fields(&instance.status, &types, &mut findings.problems);
    InstanceKind::new(instance, status, &settings.groups, &mut findings.warnings)
}

/// Problems in the order of the definition: the schema first, then resource by resource.
fn sorted(mut problems: Vec<Problem>, definition: &Definition) -> Vec<Problem> {
    let place = |problem: &Problem| {
        let within =
            |path: &str| problem.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        definition.nodes.iter().position(|node| within(&node.path)).map_or(0, |at| at + 1)
    };
    problems.sort_by_key(place);
    problems
}
