//! What a person sees while something works.

use std::{
    io::{Write, stderr},
    time::Instant,
};

/// Lines on standard error, each with the time since the start.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    started: Instant,
    every_step: bool,
}

impl Progress {
    /// Shows every step.
    #[must_use]
    pub fn every_step() -> Self {
        Self { started: Instant::now(), every_step: true }
    }

    /// Shows only what takes long, as suits a test run. It goes past the capture of tests: somebody who waits for
    /// minutes shall see for what.
    #[must_use]
    pub fn quiet() -> Self {
        Self { started: Instant::now(), every_step: false }
    }

    /// One step is done, or one short step begins.
    pub fn step(&self, text: &str) {
        if self.every_step {
            self.line(text);
        }
    }

    /// Something begins that takes long.
    pub fn long(&self, text: &str) {
        self.line(text);
    }

    /// Something that takes long goes on.
    pub fn beat(&self, lines: usize, latest: &str) {
        let latest: String = latest.chars().take(90).collect();
        match lines {
            0 => self.line("  … nothing said yet"),
            lines => self.line(&format!("  … {lines} lines of output, now: {latest}")),
        }
    }

    fn line(&self, text: &str) {
        // Nobody can be told that standard error does not work.
        writeln!(stderr(), "[{:7.1} s] {text}", self.started.elapsed().as_secs_f64()).ok();
    }
}
