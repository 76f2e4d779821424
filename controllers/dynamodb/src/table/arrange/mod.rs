//! From what differs to the calls of `UpdateTable`: which members go together in one, which call comes before which, and
//! what has no place in any.

mod capacity;
mod indexes;
pub(super) mod replicas;
mod scaling;
pub(super) mod strong;

use cairn_core::{
    observed::{Desired, Present},
    plan::{Action, Inputs, Step, Steps},
};
use serde_json::{Value, json};

use super::{
    UPDATE,
    parts::{self, global_indexes, index_insights, kinesis, stream_in_turn, time_to_live_in_turn},
};

/// Turns each step of `UpdateTable` into a document with the members of the request.
///
/// What is done sooner comes sooner: indexes, which may take hours, come last, and those that go before those that come.
/// Replicas that go come before everything, and those that come after everything. Where they agree at once, AWS takes no
/// time to live as long as they are there.
pub(super) fn arrange(steps: &mut Steps, inputs: Inputs<'_>, present: &Present) {
    let desired = inputs.desired;
    scaling::arrange(steps, inputs, present);
    let of_replica = |step: &Step| step.after.contains(&parts::replicas::FIELD);
    let (of_replicas, others) = split(std::mem::take(&mut steps.steps), of_replica);
    let (updates, apart) = split(others, |step| step.operation == UPDATE);
    let (replicas, updates) = split(updates, |step| replicas::FIELDS.contains(&step.field));
    let replicas = replicas::sort(replicas, desired, present);
    let (indexes, updates) = split(updates, |step| step.field == global_indexes::FIELD);
    let indexes = indexes::sort(indexes, desired, present);
    let leaves_strong = strong::is(present) && !replicas.going.is_empty();
    let apart = apart.into_iter().filter(|step| !(leaves_strong && step.field == parts::TIME_TO_LIVE)).collect();
    steps.steps = set_apart(apart, !indexes.awaited.is_empty(), desired);
    let (capacity, settings) = split(updates, |step| capacity::FIELDS.contains(&step.field));
    if replicas.awaited.is_empty() {
        let settings = settings.into_iter().filter(|step| !replicas::need(step, desired, present));
        steps.steps.extend(of_replicas);
        let going = scaling::going_after(parts::scaling::OF_REPLICAS, steps, replicas.going);
        steps.steps.extend(going);
        steps.steps.extend(settings.map(|step| as_document(stream_in_turn(step))));
        steps.steps.extend(capacity::joined(capacity, indexes.changed, present));
        let going = scaling::going_after(parts::scaling::FIELD, steps, indexes.going);
        steps.steps.extend(going);
        steps.steps.extend(indexes.coming);
        if indexes.awaited.is_empty() {
            // AWS takes no replica of a table that is paid for by capacity before its writes are scaled.
            let after_scaling = |step| Step { after: &[parts::scaling::FIELD], ..step };
            steps.steps.extend(replicas.coming.into_iter().map(after_scaling));
        }
    }
    steps.awaited.extend(indexes.awaited.into_iter().chain(replicas.awaited));
    steps.unread.extend(replicas.failed);
    steps.immutable.extend(replicas.immutable.then_some(parts::consistency::FIELD));
    steps.immutable.extend(indexes.immutable.then_some(global_indexes::FIELD));
}

/// Steps with calls of their own. Of an index that is on its way DynamoDB tells nobody's keys yet. A mode of insights
/// means that there are some, so that its call turns them on, and nothing turns them off.
fn set_apart(steps: Vec<Step>, indexing: bool, desired: &Desired) -> Vec<Step> {
    let moded = steps.iter().any(|step| step.field == parts::INSIGHTS_MODE);
    let mode_declared = desired.parts.contains_key(parts::INSIGHTS_MODE);
    let needless = |step: &Step| match step.field {
        parts::INSIGHTS if value(step).is_some_and(parts::is_insights_on) => moded,
        parts::INSIGHTS => mode_declared,
        field => field == index_insights::FIELD && indexing,
    };
    let declared = |step: &Step| desired.parts.get(step.field);
    let steps = steps.into_iter().filter(|step| !needless(step));
    kinesis::in_turn(steps.map(|step| time_to_live_in_turn(declared(&step), step)).collect())
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

/// The step that sends this document, with words of its own.
fn with_words(step: &Step, document: Value, words: String) -> Step {
    let before = json!({step.field: step.before});
    Step { action: Action::Put { value: document }, before, words: Some(words), ..step.clone() }
}
