//! What a program reads of the objects that are observed.

use std::collections::BTreeSet;

use cairn_cel::Program as Expression;
use cairn_cel::check::{Read, Step};
use serde_json::{Map, Value as Json};

use super::{Node, Program, Source};

/// The reads of expressions, each once, in the order of variables and paths.
pub(super) fn all<'p>(programs: impl IntoIterator<Item = &'p Expression>) -> Vec<Read> {
    let found: BTreeSet<&Read> = programs.into_iter().flat_map(Expression::reads).collect();
    found.into_iter().cloned().collect()
}

impl Node {
    /// The expressions of its template or reference.
    pub(crate) fn source_programs(&self) -> Vec<&Expression> {
        match &self.source {
            Source::Template(part) => part.programs(),
            Source::Named { name, namespace } => {
                namespace.iter().chain([name]).flat_map(super::Part::programs).collect()
            }
            Source::Selected { labels, requirements, namespace } => {
                let labels = labels.iter().map(|(_, part)| part);
                let values = requirements.iter().flat_map(|(_, values)| values);
                labels.chain(values).chain(namespace).flat_map(super::Part::programs).collect()
            }
        }
    }
}

/// The paths of a resource that anything reads; the variable is the resource's own.
pub(super) fn of(program: &Program, node: usize) -> Vec<Read> {
    let Some(own) = program.nodes.get(node) else { return Vec::new() };
    let mut found: BTreeSet<Read> = BTreeSet::new();
    for node in &program.nodes {
        found.extend(node.reads.iter().filter(|read| read.variable == own.id.as_str()).cloned());
    }
    let status = program.status.iter().flat_map(|(_, part)| part.programs());
    let others = program.conditions.iter().chain(&own.ready_when).map(|written| &written.program);
    for read in status.chain(others).flat_map(Expression::reads) {
        if read.variable == own.id.as_str() {
            found.insert(read.clone());
        } else if read.variable == "each" {
            let path = std::iter::once(Step::Any).chain(read.path.iter().cloned()).collect();
            found.insert(Read { variable: own.id.to_string(), path, ..read.clone() });
        }
    }
    found.into_iter().collect()
}

/// Whether a read is of metadata alone; those of a collection begin with a step into its list.
pub(super) fn is_of_metadata(read: &Read) -> bool {
    let first = read.path.iter().find_map(|step| match step {
        Step::Field(name) => Some(name),
        _ => None,
    });
    first.is_some_and(|name| name == "metadata")
}

/// What is left of an object when only what is read of it is kept, and what it is known by. Expressions give the same
/// for it as for the whole object.
///
/// `reads` are those of [`Program::reads_of`]; `element` is whether the variable is a list of which this is one.
#[must_use]
pub fn project(object: &Json, reads: &[Read], element: bool) -> Json {
    let mut out = Map::new();
    for name in ["apiVersion", "kind"] {
        out.extend(object.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let mut out = Json::Object(out);
    for name in ["name", "namespace", "uid", "deletionTimestamp"] {
        keep(object, &mut out, &[Step::Field("metadata".to_owned()), Step::Field(name.to_owned())]);
    }
    for read in reads {
        let path = if element { read.path.get(1..) } else { Some(read.path.as_slice()) };
        keep(object, &mut out, path.unwrap_or_default());
    }
    out
}

/// Copies the part at a path; from a step into a list on, the list is kept whole: its positions count.
fn keep(from: &Json, to: &mut Json, path: &[Step]) {
    match (path, from, &mut *to) {
        ([Step::Field(name), rest @ ..], Json::Object(fields), Json::Object(kept)) => {
            let Some(value) = fields.get(name) else { return };
            let empty = if value.is_object() && !rest.is_empty() { Json::Object(Map::new()) } else { Json::Null };
            keep(value, kept.entry(name.clone()).or_insert(empty), rest);
        }
        _ => to.clone_from(from),
    }
}
