//! Bringing AWS in line with an object that is to stay.

use std::collections::BTreeMap;

use cairn_core::{
    condition::{Reason, Report},
    digest,
    observed::{Existence, Observed, Reading},
    owner::{self, Evidence, Verdict as Ownership},
    plan::{self, Inputs, Plan, Steps},
    record, schedule,
    scope::{self, RegionSources, Scope, Unscoped},
};
use futures::future::join_all;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{
    Engine, Interrupted,
    object::Managed,
    work::{Done, Work},
};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn apply(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        let spec = parse::<K::Spec>(object)?;
        let scope = self.scope(object, self.kind.region(&spec))?;
        let desired = self.kind.desired(&spec).map_err(|why| Report::new(Reason::InvalidSpec, why))?;
        let digest = inputs_digest(object, &scope);
        if self.is_current(object, &digest) {
            return self.stay(object).await;
        }
        let client = self.connect(object, &scope).await?;
        let identity = self.kind.identity(&spec);
        let work = Work { client, identity, desired, owner: self.owner(&object.key), digest };
        self.converge(object, &work).await
    }

    pub(super) fn scope(&self, object: &Managed, spec: Option<&str>) -> Result<Scope, Report> {
        let sources = RegionSources {
            spec,
            annotation: object.annotation(&self.settings.groups.annotation("region")),
            namespace: None,
            default: self.settings.region.as_deref(),
            recorded: object.metadata.as_ref().map(|metadata| metadata.region.as_str()),
        };
        scope::decide_region(sources).map(Scope::own).map_err(|unscoped| match unscoped {
            Unscoped::Invalid(why) | Unscoped::NotAllowed(why) => Report::new(Reason::InvalidSpec, why),
            Unscoped::Moved(why) => Report::new(Reason::ScopeChanged, why),
            Unscoped::Unknown(why) => Report::new(Reason::Retrying, why),
        })
    }

    pub(super) async fn connect(&self, object: &Managed, scope: &Scope) -> Result<K::Client, Report> {
        let client = self.kind.connect(scope).await.map_err(|failure| Report::of_failures(&[("spec", failure)]))?;
        let recorded = object.metadata.as_ref().map(|metadata| metadata.owner_account_id.as_str());
        let current = client.metadata("").owner_account_id;
        scope::same_account(recorded, &current).map_err(|why| Report::new(Reason::ScopeChanged, why))?;
        Ok(client)
    }

    /// Whether everything that is declared was carried out, and no check has fallen due since.
    fn is_current(&self, object: &Managed, digest: &str) -> bool {
        let settled = object.is_ready() && object.record.digest.as_deref() == Some(digest);
        let Some(changed) = object.changed_at().filter(|_| settled) else { return false };
        let since = self.unseen_since(&object.key);
        !schedule::due(changed, &object.uid, self.settings.period, since, self.parts.clock.now())
    }

    /// Leaves AWS alone. The status says at most that it speaks of a newer generation.
    async fn stay(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        if object.common.observed_generation != object.generation {
            self.write_status(object, &available()).await?;
        }
        Ok(self.until_next_check(object))
    }

    fn until_next_check(&self, object: &Managed) -> Verdict {
        let now = self.parts.clock.now();
        let changed = object.changed_at().unwrap_or(now);
        Verdict::Settled { next: Some(schedule::next_check(changed, &object.uid, self.settings.period, now)) }
    }

    /// Observes, plans and executes; a creation that has to be confirmed goes round once more.
    async fn converge(&self, object: &mut Managed, work: &Work<K::Client>) -> Result<Verdict, Interrupted> {
        let mut done = Done::default();
        loop {
            let fresh = done.created;
            let observed = self.observe(object, work, fresh).await?;
            let steps = match plan::plan(self.inputs(object, work, &observed)) {
                Plan::Blocked(report) => return Err(blocked(&work.identity, &report).into()),
                Plan::Steps(steps) => steps,
            };
            if observed.existence != Existence::Absent {
                object.record = record::own(std::mem::take(&mut object.record), &work.identity);
            }
            let again = steps.observe_after_create;
            self.carry_out(object, work, &steps, &mut done).await?;
            if !again {
                return self.settle(object, work, steps, done).await;
            }
        }
    }

    fn inputs<'a>(&self, object: &'a Managed, work: &'a Work<K::Client>, observed: &'a Observed) -> Inputs<'a> {
        Inputs {
            rules: self.kind.rules(),
            desired: &work.desired,
            record: &object.record,
            observed,
            owner: &work.owner,
            emulated: work.client.emulated(),
            confirm_create: work.client.confirm_create(),
        }
    }

    /// Asks AWS about what is declared now, or was when last recorded; about nothing more when the resource is
    /// another's or just made.
    async fn observe(&self, object: &Managed, work: &Work<K::Client>, fresh: bool) -> Result<Observed, Interrupted> {
        let located = self.kind.locate(&work.client, &work.identity).await;
        let existence = located.map_err(|failure| Report::of_failures(&[("spec", failure)]))?;
        let parts = if !fresh && may_be_ours(object, work, &existence) {
            self.read_parts(object, work).await
        } else {
            BTreeMap::new()
        };
        Ok(Observed { existence, parts, fresh })
    }

    async fn read_parts(&self, object: &Managed, work: &Work<K::Client>) -> BTreeMap<&'static str, Reading> {
        let fields = plan::fields_to_read(self.kind.rules(), &work.desired, &object.record);
        let readings = fields.into_iter().map(async |field| {
            let reading = self.kind.read(&work.client, &work.identity, field).await;
            (field, reading)
        });
        join_all(readings).await.into_iter().collect()
    }

    /// Records what was done and says so.
    async fn settle(
        &self,
        object: &mut Managed,
        work: &Work<K::Client>,
        steps: Steps,
        mut done: Done,
    ) -> Result<Verdict, Interrupted> {
        done.failures.extend(steps.unread);
        object.metadata = Some(work.client.metadata(&work.identity));
        object.own = self.kind.status(&work.client, &work.identity);
        let declared = plan::declared(self.kind.rules(), &work.desired);
        let drifted = object.record.digest.as_ref() == Some(&work.digest);
        let before = std::mem::take(&mut object.record);
        if !done.failures.is_empty() {
            object.record = record::blur(before, declared);
            self.announce(object, &done, false, &[]);
            return Err(Report::of_failures(&done.failures).into());
        }
        object.record = record::settle(before, declared, work.digest.clone(), done.changed(), self.now());
        self.write_status(object, &available()).await?;
        self.announce(object, &done, drifted, &steps.unmanaged);
        Ok(self.until_next_check(object))
    }

    fn announce(&self, object: &Managed, done: &Done, drifted: bool, unmanaged: &[String]) {
        let fields = done.fields.join(", ");
        match (done.created, drifted, done.changed()) {
            (true, ..) => self.tell(object, "Created", "created the resource in AWS"),
            (false, true, true) => {
                done.fields.iter().for_each(|_| self.parts.metrics.drift(self.kind.kind().kind));
                self.tell(object, "DriftCorrected", &format!("put back what was changed in AWS: {fields}"));
            }
            (false, false, true) => self.tell(object, "Updated", &format!("updated in AWS: {fields}")),
            (false, _, false) => {}
        }
        if !unmanaged.is_empty() {
            let note = format!(
                "no longer managed, and left in AWS as it is because taking it away would lower a protection: {}; to take \
                 it away, say so in the spec",
                unmanaged.join(", ")
            );
            self.tell(object, "NoLongerManaged", &note);
        }
    }
}

fn parse<S: DeserializeOwned>(object: &Managed) -> Result<S, Report> {
    S::deserialize(&object.spec).map_err(|error| Report::new(Reason::InvalidSpec, format!("spec: {error}")))
}

fn blocked(identity: &str, report: &Report) -> Report {
    Report::new(report.reason, format!("{identity}: {}", report.message))
}

fn available() -> Report {
    Report::new(Reason::Available, "AWS has what is declared")
}

fn may_be_ours<C: ScopedClient>(object: &Managed, work: &Work<C>, existence: &Existence) -> bool {
    let Existence::Present { tags } = existence else { return false };
    let evidence = Evidence::of(&object.record, tags, work.client.emulated());
    !matches!(owner::decide(&work.owner, evidence), Ownership::Theirs(_))
}

/// Digest of everything that a plan depends on beside AWS itself.
fn inputs_digest(object: &Managed, scope: &Scope) -> String {
    digest::of(&json!({"spec": object.spec, "region": scope.region.as_str()}))
}
