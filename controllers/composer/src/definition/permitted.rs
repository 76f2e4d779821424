//! Whether we may do what the instances of a definition need.

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
    rights::{ASK_AGAIN, message, needs},
};

impl Definer {
    /// Says what is missing and when to look again; nothing where all is permitted. A definition that is active was
    /// judged when it became so.
    pub(super) async fn forbid(
        &self,
        draft: &Draft,
        output: &Output,
        findings: &mut Findings,
    ) -> Result<Option<Verdict>, Refusal> {
        if draft.is_active() {
            return Ok(None);
        }
        let groups = &self.marks.groups;
        match self.rights.missing(needs(&draft.spec, output, &[groups.graph(), &self.instance_group])).await {
            Ok(missing) if missing.is_empty() => Ok(None),
            Ok(missing) => {
                let lacking = message(&draft.name, &groups.aggregation_label(), &missing);
                findings.stalled = true;
                self.go_on_without(draft, findings, &lacking).await;
                Ok(Some(Verdict::Settled { next: Some(later(self.clock.now(), ASK_AGAIN)) }))
            }
            Err(Refusal::NotHeld) => Err(Refusal::NotHeld),
            Err(refusal) => {
                self.fall_back(draft, findings).await;
                let why = format!("Kubernetes does not say what the operator may do: {refusal}");
                findings.kind = Point::unknown("AwaitingReconciliation", why);
                Ok(Some(Verdict::Retry { after: None }))
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
