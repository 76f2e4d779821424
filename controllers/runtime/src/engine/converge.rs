//! Bringing AWS in line with an object: observe, plan, carry out, record.

use cairn_core::{
    api::Ownership,
    condition::{Reason, Report},
    observed::{Existence, Observed},
    plan::{self, Inputs, Plan, Steps},
    record,
};

use jiff::{SignedDuration, Timestamp};

use super::{
    Engine, Interrupted,
    apply::available,
    memory::Progress,
    object::Managed,
    work::{Done, Postponed, Work},
};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

/// How long at most nobody looks at a resource for which a step has to wait.
const LOOK_MEANWHILE: SignedDuration = SignedDuration::from_hours(1);

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
        object.record = if self.kind.rules().is_setting() {
            record::speak(record, work.name())
        } else {
            record::own(record, work.name(), present.incarnation.as_deref(), how)
        };
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
        if self.is_ours(object, work, &observed.existence) {
            self.keep(object, work, observed);
        }
        match report.reason {
            Reason::Updating => {
                let words = Progress::tell(self.memory.progress(&object.key), &report.message);
                about(work, &Report::new(Reason::Updating, words))
            }
            _ => about(work, report),
        }
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
        done.failures.extend(steps.unread.iter().cloned());
        self.show_resource(object, work, observed);
        let declared = plan::declared(self.kind.rules(), &work.desired);
        let drifted = object.record.digest.as_ref() == Some(&work.digest);
        let before = std::mem::take(&mut object.record);
        if let Some(unfinished) = self.unfinished(object, work, &done, &steps) {
            let failed = |field: &str| done.failures.iter().any(|(failed, _)| *failed == field);
            let finished = |field: &str| done.fields.contains(&field) && !failed(field);
            object.record = record::know_some_secrets(record::blur(before, declared), &work.sealed, finished);
            self.announce(object, &done, drifted, &[]);
            return Err(unfinished);
        }
        let settled = record::settle(before, declared, work.digest.clone(), done.changed(), self.now());
        object.record = record::know_secrets(settled, &work.sealed);
        self.write_final_status(object, &available()).await?;
        self.announce(object, &done, drifted, &steps.unmanaged);
        Ok(self.until_next_check(object))
    }

    /// Why a round that was carried out is not the end.
    fn unfinished(&self, object: &Managed, work: &Work<K::Client>, done: &Done, steps: &Steps) -> Option<Interrupted> {
        let updating = |words: &str| {
            let words = Progress::tell(self.memory.progress(&object.key), words);
            Interrupted::Waiting(about(work, &Report::new(Reason::Updating, words)))
        };
        if !done.failures.is_empty() {
            let report = self.failed(Some(&work.client), work.identity.as_deref(), &done.failures);
            let waiting = done.under_way.is_some();
            return Some(if waiting { Interrupted::Waiting(report) } else { report.into() });
        }
        if done.created && done.under_way.is_some() {
            return Some(Interrupted::Waiting(Report::new(Reason::Creating, "AWS is creating the resource")));
        }
        if let Some(words) = &done.under_way {
            return Some(updating(words));
        }
        if !steps.awaited.is_empty() {
            let words: Vec<_> = steps.awaited.iter().map(|awaited| awaited.words.as_str()).collect();
            return Some(updating(&words.join(", ")));
        }
        if !steps.immutable.is_empty() {
            return Some(immutable(&steps.immutable).into());
        }
        self.too_early(&done.postponed)
    }

    /// Steps that have to wait for a time that AWS named. Everything else is looked at now and then meanwhile.
    fn too_early(&self, postponed: &[Postponed]) -> Option<Interrupted> {
        let first = postponed.iter().map(|postponed| postponed.until).min()?;
        let tell = |Postponed { field, until, why }: &Postponed| format!("{field} waits until {until}: {why}");
        let told: Vec<_> = postponed.iter().map(tell).collect();
        let look = self.parts.clock.now().saturating_add(LOOK_MEANWHILE).unwrap_or(Timestamp::MAX);
        Some(Interrupted::Until(Report::new(Reason::Updating, told.join("; ")), first.min(look)))
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

fn immutable(fields: &[&str]) -> Report {
    let fields = fields.join(", ");
    let why = format!("AWS does not change {fields} once the resource exists; set it back, or create another object");
    Report::new(Reason::Immutable, why)
}

fn about<C>(work: &Work<C>, report: &Report) -> Report {
    match &work.identity {
        Some(identity) => Report::new(report.reason, format!("{identity}: {}", report.message)),
        None => report.clone(),
    }
}
