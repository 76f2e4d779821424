//! The order of steps, and how many of them AWS takes at once.

use super::{Step, Steps};
use crate::rules::Effect;

/// What of a plan can be carried out before AWS has to be asked again.
#[derive(Clone, Debug, PartialEq)]
pub struct Round<'a> {
    /// Steps that hold at once.
    pub immediate: Vec<&'a Step>,
    /// Then the first of these that AWS takes. It works on that for a while, and takes no second one meanwhile.
    pub lasting: Vec<&'a Step>,
    /// How many steps are left for later rounds then.
    pub left: usize,
}

impl Steps {
    /// The next round of the steps, a creation not counted.
    #[must_use]
    pub fn round(&self) -> Round<'_> {
        let steps = if self.creates() { &self.steps[1..] } else { &self.steps[..] };
        let mut later: Vec<&'static str> = Vec::new();
        let mut round = Round { immediate: Vec::new(), lasting: Vec::new(), left: 0 };
        for step in steps {
            let blocked = step.after.iter().any(|field| later.contains(field));
            match step.effect {
                Effect::Immediate if !blocked => round.immediate.push(step),
                Effect::Lasting if !blocked => {
                    round.lasting.push(step);
                    later.push(step.field);
                }
                _ => later.push(step.field),
            }
        }
        round.left = later.len().saturating_sub(1);
        round
    }
}

/// Sorts steps so that each stands after those it waits for, and otherwise in the order of the kind's description. Steps
/// of one field stay in their order.
pub(super) fn sorted(mut steps: Vec<Step>) -> Vec<Step> {
    let mut sorted: Vec<Step> = Vec::with_capacity(steps.len());
    while !steps.is_empty() {
        let waits =
            |step: &Step| steps.iter().any(|other| other.field != step.field && step.after.contains(&other.field));
        let next = steps.iter().position(|step| !waits(step)).unwrap_or(0);
        sorted.push(steps.remove(next));
    }
    sorted
}
