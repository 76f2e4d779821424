//! What the instance itself must not be.

use super::Findings;
use crate::definition::Definition;
use crate::problem::{Problem, field};

/// A definition that makes instances of its own kind would never come to an end, and never start either: its kind is
/// served only after it compiled.
pub(super) fn instance(definition: &Definition, findings: &mut Findings) {
    let own = definition.instance.gvk();
    for node in &definition.nodes {
        if node.object().is_some() && node.gvk() == own {
            let message = format!("{own} is the kind that this definition makes: it cannot be made of itself");
            findings.problems.push(Problem::new(field(&field(&node.path, "template"), "kind"), message));
        }
    }
}
