//! Whether we may do what the instances of a definition need.

use std::ops::ControlFlow;

use cairn_graph::Output;
use cairn_runtime::worker::Verdict;

use super::{
    Definer,
    draft::Draft,
    later,
    status::{Findings, Point},
};
use crate::{
    hands::Refusal,
    rights::{self, ASK_AGAIN, Lack, needs},
};

/// What is said of a definition that is in force.
const RUNNING: &str = "controller is running";

impl Definer {
    /// What is to be said of a definition of which all is permitted; else says what is missing, and gives when to look
    /// again. A definition that is active was judged when it became so; who asks has it judged anew.
    pub(super) async fn permit(
        &self,
        draft: &Draft,
        output: &Output,
        findings: &mut Findings,
    ) -> Result<ControlFlow<Verdict, String>, Refusal> {
        if draft.is_requested(&self.marks) {
            self.rights.forget();
        } else if draft.is_active() {
            return Ok(ControlFlow::Continue(draft.message("ControllerReady").unwrap_or(RUNNING).to_owned()));
        }
        let groups = &self.marks.groups;
        match self.rights.lacking(needs(&draft.spec, output, &[groups.graph(), &self.instance_group])).await {
            Ok(Lack { missing, partly }) if missing.is_empty() => {
                let more = rights::partly(&partly).map(|words| format!("; {words}")).unwrap_or_default();
                Ok(ControlFlow::Continue(format!("{RUNNING}{more}")))
            }
            Ok(Lack { missing, .. }) => {
                let lacking = rights::message(&draft.name, &groups.aggregation_label(), &missing);
                findings.stalled = true;
                self.go_on_without(draft, findings, &lacking).await;
                Ok(ControlFlow::Break(Verdict::Settled { next: Some(later(self.clock.now(), ASK_AGAIN)) }))
            }
            Err(Refusal::NotHeld) => Err(Refusal::NotHeld),
            Err(refusal) => {
                self.fall_back(draft, findings).await;
                let why = format!("Kubernetes does not say what the operator may do: {refusal}");
                findings.kind = Point::unknown("AwaitingReconciliation", why);
                Ok(ControlFlow::Break(Verdict::Retry { after: None }))
            }
        }
    }

    /// The last good revision goes on, and the reason is told before that.
    async fn go_on_without(&self, draft: &Draft, findings: &mut Findings, why: &str) {
        self.fall_back(draft, findings).await;
        let goes_on = findings.controller.status == "True";
        let more = if goes_on { format!("{}; ", findings.controller.message) } else { String::new() };
        findings.controller = Point::no("FailedToStart", format!("{more}{why}"));
    }
}
