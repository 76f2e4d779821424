//! The steps that bring a resource which is there in line with what is declared.

use serde_json::{Value, json};

use super::{Action, Inputs, Step, Steps, creation, order};
use crate::{
    adoption::Policy,
    leaf,
    observed::Present,
    part::{self, Change, EntryChange},
    reference,
    rules::{Effect, PartRules},
    tags::{self, TagInput, Tags},
};

pub(super) fn steps(inputs: Inputs<'_>, present: &Present, claim: bool) -> Steps {
    let mut out = Steps::default();
    if let Some(tags) = &present.tags {
        out.steps.extend(tag_steps(inputs, tags, claim));
    }
    for rules in inputs.rules.parts {
        part_step(inputs, rules, present, &mut out);
    }
    (inputs.rules.arrange)(&mut out, inputs, present);
    out.steps = order::sorted(out.steps);
    out
}

/// Under `adopt` AWS is right: nothing but the ownership is written. Under `adopt-or-create` the spec is.
pub(super) fn adopting(inputs: Inputs<'_>, present: &Present, policy: Policy) -> Steps {
    let steps = match policy {
        Policy::AdoptOrCreate => steps(inputs, present, true),
        Policy::Adopt => {
            let observed = present.tags.clone().unwrap_or_default();
            Steps { steps: claim(inputs, &observed), ..Steps::default() }
        }
    };
    Steps { adopts: Some(policy), ..steps }
}

/// What is left of a declared part without the leaves in which a difference is to be left alone.
fn heeded(inputs: Inputs<'_>, rules: &PartRules, declared: &Value) -> Option<Value> {
    let ignored: Vec<_> =
        leaf::paths(declared).into_iter().filter(|path| inputs.controls.ignores(rules.field, path)).collect();
    let mut left = declared.clone();
    for path in &ignored {
        leaf::set(&mut left, path, None);
    }
    let nothing_left = !ignored.is_empty() && leaf::paths(&left).iter().all(String::is_empty);
    (!nothing_left && !inputs.controls.ignores(rules.field, "")).then_some(left)
}

fn recorded(inputs: Inputs<'_>, field: &str) -> Vec<String> {
    let recorded = inputs.record.declared.get(field).map_or(&[][..], Vec::as_slice);
    recorded.iter().filter(|path| !inputs.controls.ignores(field, path)).cloned().collect()
}

fn claim(inputs: Inputs<'_>, observed: &Tags) -> Vec<Step> {
    tagging(inputs, observed, TagInput { declared: None, recorded: &[], observed, claim: true })
}

fn tag_steps(inputs: Inputs<'_>, observed: &Tags, claim: bool) -> Vec<Step> {
    let heeded = !inputs.controls.ignores(inputs.rules.tags, "");
    let recorded = recorded(inputs, inputs.rules.tags);
    let declared = inputs.desired.all_tags().filter(|_| heeded);
    let declared = declared.as_ref();
    let recorded = if heeded { recorded.as_slice() } else { &[] };
    tagging(inputs, observed, TagInput { declared, recorded, observed, claim })
}

fn tagging(inputs: Inputs<'_>, observed: &Tags, input: TagInput<'_>) -> Vec<Step> {
    if inputs.rules.tag.is_empty() {
        return Vec::new();
    }
    let Some(mut change) = tags::difference(input, &inputs.owner.tags()) else { return Vec::new() };
    let step = |operation, action| Step {
        field: inputs.rules.tags,
        operation,
        action,
        before: json!(observed),
        effect: Effect::Immediate,
        after: &[],
        words: None,
    };
    let mut steps = Vec::new();
    if let Some(untag) = inputs.rules.untag.filter(|_| !change.remove.is_empty()) {
        steps.push(step(untag, Action::Untag(std::mem::take(&mut change.remove))));
    }
    if !change.set.is_empty() || !change.remove.is_empty() {
        steps.push(step(inputs.rules.tag, Action::Tag(change)));
    }
    steps
}

fn part_step(inputs: Inputs<'_>, rules: &'static PartRules, present: &Present, out: &mut Steps) {
    let declared = inputs.desired.parts.get(rules.field).and_then(|declared| heeded(inputs, rules, declared));
    let declared = declared.as_ref();
    let recorded = recorded(inputs, rules.field);
    let observed = match (inputs.observed.parts.get(rules.field), present.parts.get(rules.field)) {
        (Some(Ok(observed)), _) | (None, Some(observed)) => observed.as_ref(),
        (Some(Err(failure)), _) => {
            out.unread.push((rules.field, failure.clone()));
            return;
        }
        (None, None) if inputs.observed.fresh => {
            out.steps.extend(declared.into_iter().flat_map(|declared| creation::fresh(rules, declared)));
            return;
        }
        (None, None) => return,
    };
    let observed = reference::with_recorded(inputs.rules, rules.field, observed, inputs.record);
    let observed = observed.as_ref();
    let difference = part::difference(rules, declared, &recorded, observed);
    if !rules.immutable {
        // What AWS never changes was never managed either.
        out.unmanaged.extend(difference.unmanaged.iter().map(|path| join(rules.field, path)));
    }
    if rules.immutable && difference.change != Change::Nothing {
        out.immutable.push(rules.field);
    } else {
        out.steps.extend(calls(rules, difference.change, observed));
    }
}

/// The calls that a change takes.
pub(super) fn calls(rules: &'static PartRules, change: Change, observed: Option<&Value>) -> Vec<Step> {
    let before = || observed.cloned().unwrap_or_default();
    match change {
        Change::Nothing => Vec::new(),
        Change::Put(value) => vec![step(rules, rules.put, Action::Put { value }, before())],
        Change::Clear => rules.delete.map(|delete| step(rules, delete, Action::Clear, before())).into_iter().collect(),
        Change::Entries(changes) => changes.into_iter().filter_map(|change| entry(rules, change)).collect(),
    }
}

fn entry(rules: &'static PartRules, change: EntryChange) -> Option<Step> {
    let (operation, action) = match change.after {
        Some(value) => (rules.put, Action::Put { value }),
        None => (rules.delete?, Action::ClearEntry { name: change.name }),
    };
    Some(step(rules, operation, action, change.before.unwrap_or_default()))
}

fn step(rules: &'static PartRules, operation: &'static str, action: Action, before: Value) -> Step {
    Step { field: rules.field, operation, action, before, effect: rules.effect, after: rules.after, words: None }
}

fn join(field: &str, path: &str) -> String {
    if path.is_empty() { field.into() } else { format!("{field}.{path}") }
}
