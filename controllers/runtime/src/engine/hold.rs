//! Objects for which nothing is to be done in AWS: the plan is shown instead of carried out.

use cairn_core::{
    condition::{Reason, Report},
    controls::Hold,
    observed::{Existence, Observed},
    plan::{self, Plan, Steps},
    record,
};

use super::{Engine, Interrupted, apply::available, object::Managed, work::Work};
use crate::{kind::ManagedKind, worker::Verdict};

impl<K: ManagedKind> Engine<K> {
    /// Publishes what would be done, and does nothing.
    pub(super) async fn show(
        &self,
        object: &mut Managed,
        work: &Work<K::Client>,
        observed: &Observed,
        plan: Plan,
        hold: Hold,
    ) -> Result<Verdict, Interrupted> {
        if hold == Hold::ReadOnly || self.is_ours(object, work, &observed.existence) {
            self.show_resource(object, work, observed);
        }
        let report = match (plan, hold) {
            (_, Hold::ReadOnly) => self.read_only(object, work, observed)?,
            (Plan::Blocked(report) | Plan::Wait(report), _) => return Err(report.into()),
            (Plan::Steps(steps), _) => held(object, &steps, hold),
        };
        object.record = record::show(std::mem::take(&mut object.record), work.digest.clone(), self.now());
        self.write_final_status(object, &report).await?;
        Ok(self.until_next_check(object))
    }

    /// What would differ if the object were in charge. It need not be its own resource.
    fn read_only(
        &self,
        object: &mut Managed,
        work: &Work<K::Client>,
        observed: &Observed,
    ) -> Result<Report, Interrupted> {
        let Existence::Present(present) = &observed.existence else {
            let why = format!("{}: there is no such resource to read", work.name());
            return Err(Report::new(Reason::NotFound, why).into());
        };
        let steps = plan::differences(self.inputs(object, work, observed), present);
        Ok(held(object, &steps, Hold::ReadOnly))
    }
}

/// Puts the steps into the object's status, and says how it stands.
fn held(object: &mut Managed, steps: &Steps, hold: Hold) -> Report {
    object.plan = plan::published(steps);
    let word = match hold {
        Hold::ReadOnly => "read-only",
        Hold::Plan => "only planning",
        Hold::Paused => "paused",
    };
    let fields: Vec<_> = steps.steps.iter().map(|step| step.operation).collect();
    match (fields.is_empty(), hold) {
        (true, _) => Report::new(Reason::Available, format!("{}; {word}", available().message)),
        (false, Hold::ReadOnly) => {
            let why = format!("{word}; AWS has something else than the spec, see status.plan: {}", fields.join(", "));
            Report::new(Reason::Available, why)
        }
        (false, Hold::Plan) => Report::new(Reason::Planned, format!("{word}; to be done: {}", fields.join(", "))),
        (false, Hold::Paused) => Report::new(Reason::Paused, format!("{word}; to be done: {}", fields.join(", "))),
    }
}
