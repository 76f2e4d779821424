//! Which paths of which variables an expression reads, and whether it makes sure first that they are there.

use std::collections::BTreeMap;
use std::fmt;

/// One step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A field, or a key that is known.
    Field(String),
    /// A position that is known.
    Index(i64),
    /// Any element, value or key.
    Any,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Any => f.write_str("[*]"),
        }
    }
}

/// A path that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Read {
    /// The variable.
    pub variable: String,
    /// The steps from it.
    pub path: Vec<Step>,
    /// Whether only presence, keys or the number of elements matter, and not what is in it.
    pub shape: bool,
    /// Whether the expression can do without: it asks `has()` first, or selects with `?`.
    pub guarded: bool,
}

impl fmt::Display for Read {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.variable)?;
        self.path.iter().try_for_each(|step| write!(f, "{step}"))
    }
}

/// A variable and steps from it, while it is being selected from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path {
    pub(crate) variable: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) guarded: bool,
    /// Whether the value is a list of some of what the path leads to, as `filter()` gives it: a position in the list
    /// is none in what was read.
    pub(crate) scattered: bool,
}

impl Path {
    /// A variable itself.
    pub(crate) fn variable(name: &str) -> Self {
        Self { variable: name.to_owned(), steps: Vec::new(), guarded: false, scattered: false }
    }

    /// A part of what the path leads to.
    pub(crate) fn then(mut self, step: Step) -> Self {
        if !std::mem::take(&mut self.scattered) {
            self.steps.push(step);
        }
        self
    }

    /// Some of the elements of the list that the path leads to.
    pub(crate) fn scatter(self) -> Self {
        Self { scattered: true, ..self.then(Step::Any) }
    }
}

/// The reads of an expression while they are collected.
#[derive(Debug, Clone, Default)]
pub struct Reads {
    found: BTreeMap<(String, Vec<Step>, bool), bool>,
    present: Vec<(String, Vec<Step>)>,
}

impl Reads {
    /// Notes a read. A path that is read with and without a guard is not guarded.
    pub(crate) fn note(&mut self, path: &Path, shape: bool) {
        let guarded = path.guarded || self.is_present(path);
        let key = (path.variable.clone(), path.steps.clone(), shape);
        self.found.entry(key).and_modify(|known| *known &= guarded).or_insert(guarded);
    }

    fn is_present(&self, path: &Path) -> bool {
        self.present.iter().any(|(variable, steps)| *variable == path.variable && path.steps.starts_with(steps))
    }

    /// Takes paths as present while something is checked; gives how many were known before.
    pub(crate) fn assume(&mut self, paths: Vec<(String, Vec<Step>)>) -> usize {
        let before = self.present.len();
        self.present.extend(paths);
        before
    }

    /// Forgets what was taken as present since.
    pub(crate) fn forget(&mut self, before: usize) {
        self.present.truncate(before);
    }

    /// The reads in the order of variables and paths.
    pub(crate) fn finish(self) -> Vec<Read> {
        let read = |((variable, path, shape), guarded)| Read { variable, path, shape, guarded };
        self.found.into_iter().map(read).collect()
    }
}
