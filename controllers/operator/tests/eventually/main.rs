//! Whatever users, AWS and Kubernetes do, in whatever order: when they stop, AWS has what is declared, and then nothing
//! is written any more.
//!
//! Each seed is a scenario of its own. `CAIRN_SEED=7` replays one; `CAIRN_SEEDS` and `CAIRN_SECONDS` bound a longer run,
//! whose first seed is drawn from the clock unless `CAIRN_FIRST_SEED` names it.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod action;
mod check;
mod coverage;
mod defect;
mod fault;
mod history;
mod operator;
mod quiet;
mod scenario;
mod seeds;
mod slot;
mod spec;
mod world;

use crate::{
    coverage::Coverage,
    defect::Defect,
    seeds::{Range, Run},
};

/// How many seeds are tried where nobody asks for more.
const FEW: u64 = 24;

#[test]
fn what_is_declared_comes_to_be_and_then_all_is_quiet() {
    let coverage = Coverage::default();
    let run = Run::over(&Range::of_environment(FEW), None, &coverage);
    coverage.print();
    run.print();
    if let Some(failure) = run.failure {
        panic!("{failure}");
    }
    assert!(coverage.hardly_hit().is_empty(), "hardly ever hit: {:?}", coverage.hardly_hit());
}

/// A simulation that finds nothing may be blind: it finds what is planted. A long run plants everything.
#[test]
fn planted_defects_are_found() {
    let planted = if Range::is_long() { &Defect::ALL[..] } else { &Defect::PLAIN[..] };
    for defect in planted.iter().copied() {
        let run = Run::over(&Range::of_defects(), Some(defect), &Coverage::default());
        let found = run.failure.unwrap_or_else(|| panic!("{defect:?} was not found in {} seeds", run.seeds));
        print_found(defect, run.seeds, &found);
    }
}

#[expect(clippy::print_stdout, reason = "the run says how soon each was found")]
fn print_found(defect: Defect, seeds: u64, found: &seeds::Failure) {
    println!("{defect:?} was found after {seeds} seeds: {}", found.why.lines().next().unwrap_or_default());
}
