//! A plan as it stands in the status of an object.

use cairn_crds::status::{PlannedStep, PublishedPlan};
use serde_json::{Value, json};

use super::{Action, Step, Steps};
use crate::reference;

/// As many steps are listed; a status has to stay small.
const MOST_STEPS: usize = 20;
/// A value is cut after so many bytes.
const LONGEST_VALUE: usize = 512;

/// The steps in a form for people; `None` when there are none.
#[must_use]
pub fn published(steps: &Steps) -> Option<PublishedPlan> {
    let all = &steps.steps;
    let more = u32::try_from(all.len().saturating_sub(MOST_STEPS)).unwrap_or(u32::MAX);
    let steps: Vec<_> = all.iter().take(MOST_STEPS).map(published_step).collect();
    (!steps.is_empty()).then_some(PublishedPlan { steps, more })
}

fn published_step(step: &Step) -> PlannedStep {
    PlannedStep {
        field: step.field.into(),
        operation: step.operation.into(),
        before: text(&step.before),
        after: text(&outcome(&step.action)),
    }
}

fn outcome(action: &Action) -> Value {
    match action {
        Action::Create { tags, parts } => json!({"tags": tags, "fields": parts}),
        Action::Tag(change) => json!(change.all),
        Action::Untag(_) | Action::Clear | Action::ClearEntry { .. } => Value::Null,
        Action::Put { value } => value.clone(),
    }
}

fn text(value: &Value) -> Option<String> {
    if value.is_null() {
        return None;
    }
    let text = reference::redacted(value).to_string();
    if text.len() <= LONGEST_VALUE {
        return Some(text);
    }
    let end = (0..=LONGEST_VALUE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    Some(format!("{}… ({} bytes)", &text[..end], text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Effect;

    fn step(value: Value) -> Step {
        Step {
            field: "part",
            operation: "PutPart",
            action: Action::Put { value },
            before: Value::Null,
            effect: Effect::Immediate,
            after: &[],
            words: None,
        }
    }

    #[test]
    fn a_plan_is_told_with_before_and_after() {
        let steps = Steps { steps: vec![step(json!({"on": true}))], ..Steps::default() };
        let told = published(&steps).unwrap();
        assert_eq!(told.steps[0].operation, "PutPart");
        assert_eq!((told.steps[0].before.as_deref(), told.steps[0].after.as_deref()), (None, Some(r#"{"on":true}"#)));
        assert_eq!(published(&Steps::default()), None);
    }

    #[test]
    fn long_plans_and_values_are_cut_and_counted() {
        let steps = Steps { steps: vec![step(json!("é".repeat(2_000))); 25], ..Steps::default() };
        let told = published(&steps).unwrap();
        assert_eq!((told.steps.len(), told.more), (20, 5));
        let after = told.steps[0].after.as_deref().unwrap();
        assert!(after.len() < 600 && after.ends_with("(4002 bytes)"), "{after}");
    }
}
