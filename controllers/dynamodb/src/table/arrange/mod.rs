//! From what differs to the calls of `UpdateTable`: which members go together in one, which call comes before which, and
//! what has no place in any.

mod capacity;
mod indexes;

use cairn_core::{
    observed::{Desired, Present},
    plan::{Action, Step, Steps},
};
use serde_json::{Value, json};

use self::indexes::Sorted;
use super::{
    UPDATE,
    parts::{global_indexes, stream_in_turn, time_to_live_in_turn},
};

/// Turns each step of `UpdateTable` into a document with the members of the request.
///
/// What is done sooner comes sooner: indexes, which may take hours, come last, and those that go before those that come.
pub(super) fn arrange(steps: &mut Steps, desired: &Desired, present: &Present) {
    let (updates, apart) = split(std::mem::take(&mut steps.steps), |step| step.operation == UPDATE);
    let (indexes, updates) = split(updates, |step| step.field == global_indexes::FIELD);
    let (capacity, settings) = split(updates, |step| capacity::FIELDS.contains(&step.field));
    let sorted = indexes::sort(indexes, desired, present);
    let declared = |step: &Step| desired.parts.get(step.field);
    steps.steps = apart.into_iter().map(|step| time_to_live_in_turn(declared(&step), step)).collect();
    steps.steps.extend(settings.into_iter().map(|step| as_document(stream_in_turn(step))));
    steps.steps.extend(capacity::joined(capacity, sorted.changed, present));
    let Sorted { steps: indexes, awaited, immutable, .. } = sorted;
    steps.steps.extend(indexes);
    steps.awaited.extend(awaited);
    steps.immutable.extend(immutable.then_some(global_indexes::FIELD));
}

fn split(steps: Vec<Step>, wanted: impl Fn(&Step) -> bool) -> (Vec<Step>, Vec<Step>) {
    steps.into_iter().partition(wanted)
}

fn value(step: &Step) -> Option<&Value> {
    match &step.action {
        Action::Put { value } => Some(value),
        _ => None,
    }
}

fn as_document(step: Step) -> Step {
    let members = json!({step.field: value(&step)});
    let before = json!({step.field: step.before});
    Step { action: Action::Put { value: members }, before, ..step }
}
