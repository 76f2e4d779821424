//! Every target on its corpus, on inputs made of it, and on inputs that were trouble once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_fuzz::harness::{Until, run, seeds};
use cairn_fuzz::{TARGETS, Target};

/// Always the same inputs: what fails once fails each time.
const SEED: u64 = 20_260_101;

fn bounded(name: &str, inputs: u64, outcomes: usize) {
    let target: Target = TARGETS.into_iter().find(|target| target.name == name).unwrap();
    let seeds = seeds(target).unwrap();
    assert!(seeds.len() >= 20, "{name} has {} seeds", seeds.len());
    let report = run(target, &seeds, SEED, Until::Count(inputs), |_| {});
    assert_eq!(report.inputs, inputs);
    assert!(report.outcomes >= outcomes, "{name} reaches little: {report}");
}

#[test]
fn parser() {
    bounded("parser", 20_000, 60);
}

#[test]
fn checker() {
    bounded("checker", 10_000, 80);
}

#[test]
fn evaluator() {
    bounded("evaluator", 10_000, 50);
}

#[test]
fn simple_schema() {
    bounded("simple_schema", 5_000, 60);
}

#[test]
fn compiler() {
    bounded("compiler", 1_000, 60);
}
