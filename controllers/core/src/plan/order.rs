//! The order of steps, and how many of them AWS takes at once.

use super::{Step, Steps};
use crate::rules::Effect;

/// What of a plan can be carried out before AWS has to be asked again.
#[derive(Clone, Debug, PartialEq)]
pub struct Round<'a> {
    /// Steps that hold at once.
    pub immediate: Vec<&'a Step>,
    /// Then at most one that AWS works on for a while: it takes no second one meanwhile.
    pub lasting: Option<&'a Step>,
    /// Steps that have to wait for a later round.
    pub left: usize,
}

impl Steps {
    /// The next round of the steps, a creation not counted.
    #[must_use]
    pub fn round(&self) -> Round<'_> {
        let steps = if self.creates() { &self.steps[1..] } else { &self.steps[..] };
        let mut later: Vec<&'static str> = Vec::new();
        let mut round = Round { immediate: Vec::new(), lasting: None, left: 0 };
        for step in steps {
            let blocked = step.after.iter().any(|field| later.contains(field));
            match step.effect {
                Effect::Immediate if !blocked => round.immediate.push(step),
                Effect::Lasting if !blocked && round.lasting.is_none() => {
                    round.lasting = Some(step);
                    later.push(step.field);
                }
                _ => {
                    round.left += 1;
                    later.push(step.field);
                }
            }
        }
        round
    }
}

/// Sorts steps so that each stands after those it waits for, and otherwise in the order of the kind's description.
pub(super) fn sorted(mut steps: Vec<Step>) -> Vec<Step> {
    let mut sorted: Vec<Step> = Vec::with_capacity(steps.len());
    while !steps.is_empty() {
        let waits = |step: &Step| steps.iter().any(|other| step.after.contains(&other.field));
        let next = steps.iter().position(|step| !waits(step)).unwrap_or(0);
        sorted.push(steps.remove(next));
    }
    sorted
}
