//! One resource in one evaluation.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Seen;
use super::allowance::Allowance;
use super::render::Made;
use super::report::{Fault, ObjectName, Origin, Standing, Wait};
use super::world::{Memo, Objects, World};
use crate::program::part::Failure;
use crate::program::{Node, Program};

/// What is kept of a resource from one evaluation to the next.
#[derive(Debug, Default)]
pub(super) struct Cell {
    pub(super) include: Vec<Option<Memo<Result<bool, Failure>>>>,
    pub(super) made: Option<Memo<Result<Made, Stop>>>,
    pub(super) named: Option<Memo<Option<Vec<ObjectName>>>>,
    pub(super) ready: super::ready::Kept,
}

/// Why nothing was rendered.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stop {
    /// Something is not there that may come.
    Wait(Vec<Wait>),
    /// Something is wrong.
    Fail(Vec<Fault>),
}

/// What one resource is decided from.
pub(super) struct Turn<'t> {
    pub(super) program: &'t Program,
    pub(super) at: usize,
    pub(super) world: &'t World,
    pub(super) standings: &'t BTreeMap<usize, Standing>,
    pub(super) seen: &'t Seen,
    pub(super) allowance: &'t mut Allowance,
}

impl<'t> Turn<'t> {
    pub(super) fn node(&self) -> Option<&'t Node> {
        self.program.nodes.get(self.at)
    }

    /// What to say of expressions that failed: whether waiting may help.
    pub(super) fn stop(&self, failures: Vec<Failure>) -> Stop {
        if failures.iter().all(Failure::may_come) {
            return Stop::Wait(failures.into_iter().map(|failure| self.wait(failure)).collect());
        }
        let lasting = failures.into_iter().filter(|failure| !failure.may_come());
        Stop::Fail(lasting.map(|failure| Fault { path: failure.path, message: failure.error.message }).collect())
    }

    pub(super) fn wait(&self, failure: Failure) -> Wait {
        let root = failure.error.path.as_deref().map(|path| path.split(['.', '[']).next().unwrap_or(path));
        let of = match root {
            Some("schema") => Origin::Instance,
            Some(name) => self.program.position(name).map_or(Origin::Computed, Origin::Resource),
            None => Origin::Computed,
        };
        Wait::Path { reader: failure.path, of, path: failure.error.path, message: failure.error.message }
    }

    /// The observed object of a name.
    pub(super) fn observed(&self, name: &ObjectName) -> Option<&'t Arc<Json>> {
        self.seen.objects().iter().find(|object| super::identity::is(object, name))
    }

    /// What expressions see of objects that are known by name: all of them that are there, in order.
    pub(super) fn visible(&self, names: &[ObjectName]) -> Objects {
        let collection = self.node().is_some_and(|node| node.is_collection);
        let found: Vec<Arc<Json>> = names.iter().filter_map(|name| self.observed(name).cloned()).collect();
        (collection || !found.is_empty()).then(|| found.into())
    }
}
