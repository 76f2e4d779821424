//! Bringing AWS in line with an object: observe, plan, carry out, record.

use cairn_core::{
    api::Ownership,
    condition::{Reason, Report},
    observed::{Existence, Observed},
    plan::{self, Inputs, Plan, Steps},
    record,
};

use super::{
    Engine, Interrupted,
    apply::available,
    object::Managed,
    work::{Done, Work},
};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

impl<K: ManagedKind> Engine<K> {
    /// Observes, plans and executes; a creation that has to be confirmed goes round once more.
    pub(super) async fn converge(
        &self,
        object: &mut Managed,
        work: &mut Work<K::Client>,
    ) -> Result<Verdict, Interrupted> {
        let mut done = Done::default();
        loop {
            let observed = self.observe(object, work, done.created).await?;
            let plan = plan::plan(self.inputs(object, work, &observed));
            if let Some(hold) = object.controls.hold(self.parts.clock.now()) {
                return self.show(object, work, &observed, plan, hold).await;
            }
            let steps = match plan {
                Plan::Blocked(report) => return Err(self.stop(object, work, &observed, &report).into()),
                Plan::Wait(report) => {
                    return Err(Interrupted::Waiting(self.stop(object, work, &observed, &report)));
                }
                Plan::Steps(steps) => steps,
            };
            if let Some(policy) = steps.adopts {
                return self.adopt(object, work, &observed, steps, policy).await;
            }
            self.keep(object, work, &observed);
            let again = steps.observe_after_create;
            self.carry_out(object, work, &steps, &mut done).await?;
            if !again {
                return self.settle(object, work, &observed, steps, done).await;
            }
        }
    }

    pub(super) fn inputs<'a>(
        &self,
        object: &'a Managed,
        work: &'a Work<K::Client>,
        observed: &'a Observed,
    ) -> Inputs<'a> {
        Inputs {
            rules: self.kind.rules(),
            desired: &work.desired,
            record: &object.record,
            observed,
            owner: &work.owner,
            adoption: &work.adoption,
            controls: &object.controls,
            emulated: work.client.emulated(),
            confirm_create: work.client.confirm_create(),
            now: self.parts.clock.now(),
        }
    }

    /// Keeps what a reading tells of a resource that is ours.
    pub(super) fn keep(&self, object: &mut Managed, work: &Work<K::Client>, observed: &Observed) {
        let Existence::Present(present) = &observed.existence else { return };
        let how = if object.controls.adopted { Ownership::Adopted } else { Ownership::Created };
        let record = std::mem::take(&mut object.record);
        object.record = record::own(record, work.name(), present.incarnation.as_deref(), how);
        self.show_resource(object, work, observed);
    }

    /// Says on the object where the resource is, and what AWS tells of it.
    pub(super) fn show_resource(&self, object: &mut Managed, work: &Work<K::Client>, observed: &Observed) {
        object.metadata = Some(work.client.metadata(work.identity.as_deref()));
        object.own = self.kind.status(&work.client, work.name());
        if let Existence::Present(present) = &observed.existence {
            object.own.extend(present.status.clone());
        }
    }

    /// What is said when nothing can be done now. What AWS tells of a resource that is ours is kept all the same.
    fn stop(&self, object: &mut Managed, work: &Work<K::Client>, observed: &Observed, report: &Report) -> Report {
        if Self::is_ours(object, work, &observed.existence) {
            self.keep(object, work, observed);
        }
        about(work, report)
    }

    /// Records what was done and says so.
    pub(super) async fn settle(
        &self,
        object: &mut Managed,
        work: &Work<K::Client>,
        observed: &Observed,
        steps: Steps,
        mut done: Done,
    ) -> Result<Verdict, Interrupted> {
        done.failures.extend(steps.unread);
        self.show_resource(object, work, observed);
        let declared = plan::declared(self.kind.rules(), &work.desired);
        let drifted = object.record.digest.as_ref() == Some(&work.digest);
        let before = std::mem::take(&mut object.record);
        if !done.failures.is_empty() || done.under_way.is_some() || !steps.immutable.is_empty() {
            object.record = record::blur(before, declared);
            self.announce(object, &done, drifted, &[]);
            return Err(self.unfinished(work, &done, &steps.immutable));
        }
        object.record = record::settle(before, declared, work.digest.clone(), done.changed(), self.now());
        self.write_final_status(object, &available()).await?;
        self.announce(object, &done, drifted, &steps.unmanaged);
        Ok(self.until_next_check(object))
    }

    /// Why a round that was carried out is not the end.
    fn unfinished(&self, work: &Work<K::Client>, done: &Done, immutable: &[&str]) -> Interrupted {
        if !done.failures.is_empty() {
            return self.failed(Some(&work.client), work.identity.as_deref(), &done.failures).into();
        }
        if !immutable.is_empty() {
            let fields = immutable.join(", ");
            let why =
                format!("AWS does not change {fields} once the resource exists; set it back, or create another object");
            return Report::new(Reason::Immutable, why).into();
        }
        if done.created {
            return Interrupted::Waiting(Report::new(Reason::Creating, "AWS is creating the resource"));
        }
        let field = done.under_way.unwrap_or("spec");
        let more = if done.left == 0 { String::new() } else { format!("; {} more to do after it", done.left) };
        Interrupted::Waiting(Report::new(Reason::Updating, format!("AWS is working on {field}{more}")))
    }

    pub(super) fn announce(&self, object: &Managed, done: &Done, drifted: bool, unmanaged: &[String]) {
        let fields = done.fields.join(", ");
        match (done.created, done.adopted, drifted, done.changed()) {
            (true, ..) => self.tell(object, "Created", "created the resource in AWS"),
            (_, true, ..) => self.tell(object, "Adopted", "took over the resource that was in AWS"),
            (_, _, true, true) => {
                done.fields.iter().for_each(|_| self.parts.metrics.drift(self.kind.kind().kind));
                self.tell(object, "DriftCorrected", &format!("put back what was changed in AWS: {fields}"));
            }
            (_, _, false, true) => self.tell(object, "Updated", &format!("updated in AWS: {fields}")),
            (_, _, _, false) => {}
        }
        if !unmanaged.is_empty() {
            let note = format!(
                "no longer managed; AWS keeps what it has, because a new resource has less of it or nothing: {}; to change \
                 it, say so in the spec",
                unmanaged.join(", ")
            );
            self.tell(object, "NoLongerManaged", &note);
        }
    }
}

fn about<C>(work: &Work<C>, report: &Report) -> Report {
    match &work.identity {
        Some(identity) => Report::new(report.reason, format!("{identity}: {}", report.message)),
        None => report.clone(),
    }
}
