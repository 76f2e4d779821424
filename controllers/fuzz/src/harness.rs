//! Makes inputs and runs targets on them, without an instrumented compiler.
//!
//! What an input reaches is told by what came of it: an input with a new outcome is kept and changed again.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::Target;
use crate::mutate::{Random, mutated};

/// So many inputs are kept beside the seeds.
const MAX_KEPT: usize = 20_000;

/// How long a target is run.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// So many inputs.
    Count(u64),
    /// So long.
    Passed(Duration),
}

/// What a run of a target did.
#[derive(Debug, Clone)]
pub struct Report {
    /// How many inputs were run.
    pub inputs: u64,
    /// How many different outcomes there were.
    pub outcomes: usize,
    /// The longest that an input took.
    pub slowest: Duration,
    /// The input that took so long.
    pub slow: Vec<u8>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} inputs, {} outcomes, slowest {:?}", self.inputs, self.outcomes, self.slowest)
    }
}

/// Runs a target on its seeds and on inputs that are made of them. `before` sees each input before it is run: where a
/// target dies, that was the last.
pub fn run(target: Target, seeds: &[Vec<u8>], seed: u64, until: Until, mut before: impl FnMut(&[u8])) -> Report {
    let mut random = Random::new(seed);
    let mut kept = if seeds.is_empty() { vec![Vec::new()] } else { seeds.to_vec() };
    let mut outcomes = BTreeSet::new();
    let mut report = Report { inputs: 0, outcomes: 0, slowest: Duration::ZERO, slow: Vec::new() };
    let start = Instant::now();
    let more = |inputs: u64| match until {
        Until::Count(count) => inputs < count,
        Until::Passed(time) => start.elapsed() < time,
    };
    let mut fresh = seeds.to_vec();
    while more(report.inputs) {
        let input = fresh.pop().unwrap_or_else(|| {
            let parent = random.of(&kept).cloned().unwrap_or_default();
            let other = random.of(&kept).cloned().unwrap_or_default();
            mutated(&mut random, &parent, &other)
        });
        before(&input);
        let begun = Instant::now();
        let outcome = (target.run)(&input);
        let took = begun.elapsed();
        report.inputs += 1;
        if took > report.slowest {
            (report.slowest, report.slow) = (took, input.clone());
        }
        if outcomes.insert(outcome) && kept.len() < MAX_KEPT + seeds.len() {
            kept.push(input);
        }
    }
    Report { outcomes: outcomes.len(), ..report }
}

/// Where the corpora are.
#[must_use]
pub fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

/// The seeds of a target, in the order of their names.
///
/// # Errors
/// They cannot be read.
pub fn seeds(target: Target) -> std::io::Result<Vec<Vec<u8>>> {
    let folder = std::fs::read_dir(corpora().join(target.name))?;
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    files.iter().map(std::fs::read).collect()
}
