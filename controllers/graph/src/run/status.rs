//! The fields of the status that a definition names.

use cairn_cel::FaultKind;
use serde_json::{Map, Value as Json};

use super::allowance::Allowance;
use super::report::Fault;
use super::world::{Memo, World};
use crate::program::Program;
use crate::program::part::{Part, Slot};

/// What is kept of one text of the status.
#[derive(Debug, Default)]
pub(super) struct Leaf(Option<Memo<Value>>);

/// What a text gives.
#[derive(Debug, Clone)]
enum Value {
    Is(Json),
    /// It is left out, or what it reads is not there yet.
    None,
    Fails(Fault),
}

/// The fields of the status that have a value, and why others will not have one without a change.
///
/// A field whose value is not known is absent, and so is an object without fields, or a list of which an element is not
/// known: positions in it would not be those of the definition.
pub(super) fn evaluate(
    program: &Program,
    world: &World,
    leaves: &mut Vec<Leaf>,
    allowance: &mut Allowance,
) -> (Map<String, Json>, Vec<Fault>) {
    let mut walk = Walk { program, world, leaves, allowance, next: 0, faults: Vec::new() };
    let mut out = Map::new();
    for (name, part) in &program.status {
        out.extend(walk.part(part).map(|value| (name.clone(), value)));
    }
    (out, walk.faults)
}

struct Walk<'w> {
    program: &'w Program,
    world: &'w World,
    leaves: &'w mut Vec<Leaf>,
    allowance: &'w mut Allowance,
    next: usize,
    faults: Vec<Fault>,
}

impl Walk<'_> {
    fn part(&mut self, part: &Part) -> Option<Json> {
        match part {
            Part::Fixed(value) => Some(value.clone()),
            Part::Text(slot) => match self.text(slot) {
                Value::Is(value) => Some(value),
                Value::None => None,
                Value::Fails(fault) => {
                    self.faults.push(fault);
                    None
                }
            },
            Part::Object(parts) => {
                let mut out = Map::new();
                for (name, part) in parts {
                    out.extend(self.part(part).map(|value| (name.clone(), value)));
                }
                (!out.is_empty()).then_some(Json::Object(out))
            }
            Part::List(parts) => {
                // Every part is visited, so that each keeps its place among the leaves.
                let found: Vec<Option<Json>> = parts.iter().map(|part| self.part(part)).collect();
                found.into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
            }
        }
    }

    fn text(&mut self, slot: &Slot) -> Value {
        let at = self.next;
        self.next += 1;
        if self.leaves.len() <= at {
            self.leaves.resize_with(at + 1, Leaf::default);
        }
        let (program, world) = (self.program, self.world);
        let mut kept = self.leaves.get_mut(at).map(std::mem::take).unwrap_or_default();
        let value = Memo::recall(&mut kept.0, program, &slot.reads, world, || self.compute(slot));
        self.leaves.splice(at..=at, [kept]);
        value
    }

    fn compute(&mut self, slot: &Slot) -> Value {
        let bindings = self.world.bindings(self.program, slot.template.programs());
        match self.allowance.text(&slot.template, &bindings) {
            // The API server drops a null that the schema does not allow, and no field of the status allows it.
            Ok(None | Some(Json::Null)) => Value::None,
            Ok(Some(value)) => Value::Is(value),
            Err(error) if matches!(error.kind, FaultKind::Absent | FaultKind::Unbound) => Value::None,
            Err(error) => Value::Fails(Fault { path: slot.path.clone(), message: error.message }),
        }
    }
}
