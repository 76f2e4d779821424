//! The conditions that the author of a definition makes.

use std::collections::BTreeSet;

use cairn_cel::Program;

use crate::definition::Expression;
use crate::problem::Problem;

/// Refuses a type of condition that is made twice (kro's rule), as far as types are constants.
pub(super) fn repeated(written: &[Expression], programs: &[Program], problems: &mut Vec<Problem>) {
    if written.len() != programs.len() {
        return;
    }
    let mut seen = BTreeSet::new();
    for (expression, program) in written.iter().zip(programs) {
        // One expression may make the same in branches of which one is taken.
        let made: BTreeSet<&String> = program.checked().conditions.iter().flatten().collect();
        for name in made {
            if !seen.insert(name) {
                let message = format!("condition type {name:?} is declared by more than one conditions entry");
                problems.push(Problem::new(&expression.path, message).at(expression.span));
            }
        }
    }
}
