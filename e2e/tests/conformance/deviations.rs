//! Where the testkit may differ from Kubernetes, and why. Nothing else may differ.

use serde_json::Value;

use crate::script::{Action, Step};

/// One thing that is different on purpose.
pub(crate) struct Deviation {
    pub(crate) name: &'static str,
    pub(crate) reason: &'static str,
    /// Makes both answers the same where this is all that is different in them; says whether it applies.
    pub(crate) forgive: fn(&Step, testkit: &mut Value, real: &mut Value) -> bool,
}

/// The closed table.
pub(crate) const DEVIATIONS: &[Deviation] = &[];

/// The request of a step, if it is one.
#[expect(dead_code, reason = "for rows to come")]
pub(crate) fn request(step: &Step) -> Option<&crate::script::Request> {
    match &step.action {
        Action::Send(request) | Action::SendTogether(request) | Action::Open(request) => Some(request),
        _ => None,
    }
}
