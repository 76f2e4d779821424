//! The steps that make a resource which is not there.

use serde_json::Value;

use super::{Action, Inputs, Step, Steps, order};
use crate::{
    part,
    rules::{Birth, Effect, KindRules, Naming, PartRules},
};

pub(super) fn steps(inputs: Inputs<'_>) -> Steps {
    let mut tags = inputs.desired.at_creation.clone();
    tags.extend(inputs.desired.all_tags().unwrap_or_default());
    tags.extend(inputs.owner.tags());
    let included = declared(inputs).filter(|(rules, _)| rules.birth.is_with_creation());
    let create = Step {
        field: "spec",
        operation: inputs.rules.create,
        action: Action::Create { tags, parts: included.map(|(rules, value)| (rules.field, value.clone())).collect() },
        before: Value::Null,
        effect: if inputs.rules.asynchronous { Effect::Lasting } else { Effect::Immediate },
        after: &[],
        words: None,
    };
    let mut steps = vec![create];
    // What has just been given an id may be shown late, and takes no other call before that.
    let look = inputs.confirm_create || (inputs.rules.naming != Naming::Named && !inputs.rules.asynchronous);
    // Whatever has to be looked at first is compared when it is seen.
    if !look && !inputs.rules.asynchronous {
        let apart = declared(inputs).filter(|(rules, _)| !rules.birth.is_with_creation());
        steps.extend(apart.flat_map(|(rules, declared)| fresh(rules, declared)));
    }
    Steps { steps: order::sorted(steps), observe_after_create: look, ..Steps::default() }
}

/// Whether the creating call that a step stands for takes no tags.
#[must_use]
pub fn creates_untagged(rules: &'static KindRules, step: &Step) -> bool {
    let Action::Create { parts, .. } = &step.action else { return false };
    rules.parts.iter().any(|part| part.birth == Birth::Origin && parts.contains_key(part.field))
}

fn declared(inputs: Inputs<'_>) -> impl Iterator<Item = (&'static PartRules, &Value)> {
    inputs.rules.parts.iter().filter_map(move |rules| Some((rules, inputs.desired.parts.get(rules.field)?)))
}

/// What is declared is always written to a new resource, also where AWS's documentation says that a new one has it:
/// what an endpoint really gives is known only after a read, and the write costs no more than that. The exception is
/// what AWS refuses to be told.
pub(super) fn fresh(rules: &'static PartRules, declared: &Value) -> Vec<Step> {
    let new = (rules.on_new)();
    let never_same = PartRules { same: |_, _| false, ..*rules };
    let compared = if rules.birth == Birth::Differing { *rules } else { never_same };
    let difference = part::difference(&compared, Some(declared), &[], new.as_ref());
    super::update::calls(rules, difference.change, None)
}
