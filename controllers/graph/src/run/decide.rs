//! What becomes of a resource: kro's order of questions.
//!
//! 1. A resource that it needs is no part of the instance: nor is it.
//! 2. A condition of its own is not met: it is no part of the instance. A condition counts when the resources that it
//!    reads are ready.
//! 3. A resource that it needs is not ready: it waits.
//! 4. Something that it reads is not there: it waits.

use super::fault::truth;
use super::identity::Claims;
use super::node::{Cell, Stop, Turn};
use super::render::Made;
use super::report::{Exclusion, Fault, ObjectName, Standing, State, Wait};
use super::world::{Memo, Objects, Variable, variable};
use crate::program::part::Failure;
use crate::program::{Node, Written};

/// Whether a resource is part of an instance.
enum Part {
    Is,
    IsNot(Exclusion),
    Open(Stop),
}

impl Turn<'_> {
    /// Decides, and tells what expressions see of the resource.
    pub(super) fn decide(&mut self, cell: &mut Cell, claims: &mut Claims) -> (Standing, Objects) {
        let Some(node) = self.node() else {
            return (Standing { state: State::Waiting(Vec::new()), identities: None }, None);
        };
        let stop = match self.is_part(node, cell) {
            Part::IsNot(why) => return (Standing { state: State::Excluded(why), identities: Some(Vec::new()) }, None),
            Part::Open(stop) => Some(stop),
            Part::Is => self.unready(node),
        };
        if let Some(stop) = stop {
            return self.stopped(node, cell, stop);
        }
        match self.make(node, cell) {
            Ok(made) => self.made(node, cell, made, claims),
            Err(stop) => self.stopped(node, cell, stop),
        }
    }

    fn is_part(&mut self, node: &Node, cell: &mut Cell) -> Part {
        let left_out =
            |at: &&usize| self.standings.get(at).is_some_and(|standing| matches!(standing.state, State::Excluded(_)));
        if let Some(at) = node.dependencies.iter().find(left_out) {
            return Part::IsNot(Exclusion::Dependency(*at));
        }
        cell.include.resize_with(node.include_when.len(), || None);
        let mut failures = Vec::new();
        let mut waits = Vec::new();
        for (written, memo) in node.include_when.iter().zip(&mut cell.include) {
            let unready = self.unready_in(written);
            if !unready.is_empty() {
                waits.extend(unready);
                continue;
            }
            match self.condition(written, memo) {
                Ok(true) => {}
                Ok(false) => {
                    let source = written.program.source().to_owned();
                    return Part::IsNot(Exclusion::Condition { path: written.path.clone(), source });
                }
                Err(failure) => failures.push(failure),
            }
        }
        match (failures.is_empty(), waits.is_empty()) {
            (true, true) => Part::Is,
            (true, false) => Part::Open(Stop::Wait(waits)),
            (false, _) => Part::Open(self.stop(failures)),
        }
    }

    /// The resources that an expression reads and that are not ready.
    fn unready_in(&self, written: &Written) -> Vec<Wait> {
        let nodes = written.program.variables().iter().filter_map(|name| match variable(self.program, name)? {
            Variable::Node(at) => Some(at),
            Variable::Instance => None,
        });
        nodes.filter(|at| !self.is_ready(*at)).map(Wait::Resource).collect()
    }

    fn is_ready(&self, node: usize) -> bool {
        self.standings.get(&node).is_some_and(|standing| standing.state.is_ready())
    }

    fn condition(
        &mut self,
        written: &Written,
        memo: &mut Option<Memo<Result<bool, Failure>>>,
    ) -> Result<bool, Failure> {
        Memo::recall(memo, self.program, written.program.reads(), self.world, || {
            let bindings = self.world.bindings(self.program, [&written.program]);
            let bound = written.program.bind(&bindings);
            let outcome = self.allowance.expression(&bound).and_then(|value| truth(&value));
            outcome.map_err(|error| Failure { path: written.path.clone(), error })
        })
    }

    fn unready(&self, node: &Node) -> Option<Stop> {
        let waits = node.dependencies.iter().filter(|at| !self.is_ready(**at));
        let waits: Vec<Wait> = waits.map(|at| Wait::Resource(*at)).collect();
        (!waits.is_empty()).then_some(Stop::Wait(waits))
    }

    /// A resource that cannot be rendered: what it would be called may be known all the same.
    fn stopped(&mut self, node: &Node, cell: &mut Cell, stop: Stop) -> (Standing, Objects) {
        let identities = self.names(node, cell);
        let objects = identities.as_deref().and_then(|names| self.visible(names));
        // A list of which nothing is known to be there is no empty list.
        let objects = objects.filter(|objects| !objects.is_empty());
        let state = match stop {
            Stop::Wait(waits) => State::Waiting(waits),
            Stop::Fail(faults) => State::Failed(faults),
        };
        (Standing { state, identities }, objects)
    }

    fn made(&mut self, node: &Node, cell: &mut Cell, made: Made, claims: &mut Claims) -> (Standing, Objects) {
        let names: Option<Vec<ObjectName>> = match &made {
            Made::Objects(objects) => Some(objects.iter().map(|object| object.name.clone()).collect()),
            Made::Reference(_) => None,
        };
        if let Some(other) = names.iter().flatten().find_map(|name| claims.take(name, self.at)) {
            let id = self.program.nodes.get(other).map_or("?", |node| node.id.as_str());
            let message = format!("found resources with conflicts: {id:?} makes the same object");
            let faults = vec![Fault { path: node.path.clone(), message }];
            return (Standing { state: State::Failed(faults), identities: names }, None);
        }
        let objects = match (&made, &names) {
            (Made::Reference(reference), _) => self.referenced(reference),
            (Made::Objects(_), names) => self.visible(names.as_deref().unwrap_or_default()),
        };
        let readiness = self.readiness(node, cell, &made, objects.as_ref());
        let state = match made {
            Made::Objects(objects) => State::Rendered { objects, readiness },
            Made::Reference(reference) => State::Reading { reference, readiness },
        };
        (Standing { state, identities: names }, objects)
    }
}
