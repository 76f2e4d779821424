//! Carrying out a plan: dependent steps one after another, all others together, each failure for itself.

use cairn_core::{
    adoption::Policy,
    api::{Ownership, Record},
    condition::{Reason, Report},
    digest,
    failure::{Class, Failure},
    plan::{self, Action, Round, Step, Steps},
    record,
    reference::Secrets,
    rules::Naming,
};
use futures::{StreamExt, stream::FuturesUnordered};

use super::{
    Engine, Interrupted,
    object::Managed,
    work::{Done, Postponed, Work},
};
use crate::kind::{Created, Creation, ManagedKind, ScopedClient};

impl<K: ManagedKind> Engine<K> {
    /// Carries out a creation, if the plan begins with one, and then one round of the other steps.
    pub(super) async fn carry_out(
        &self,
        object: &mut Managed,
        work: &mut Work<K::Client>,
        steps: &Steps,
        done: &mut Done,
    ) -> Result<(), Interrupted> {
        if steps.steps.is_empty() {
            return Ok(());
        }
        self.open(object, work, &steps.steps).await?;
        self.hold(object).await?;
        if !steps.creates() && steps.adopts != Some(Policy::Adopt) {
            self.foresee(object, work).await?;
        }
        self.memory.act(&object.key);
        if let (true, Some(create)) = (steps.creates(), steps.steps.first()) {
            self.create(object, work, create).await?;
            done.created = true;
            if self.kind.rules().asynchronous {
                done.under_way = Some("creating the resource".into());
                self.memory.begin(&object.key, self.parts.clock.now(), 0);
            }
            if steps.observe_after_create {
                return Ok(());
            }
        }
        let round = steps.round();
        self.run_all(work, &round.immediate, done).await?;
        self.start_one(object, work, &round, done).await
    }

    /// Remembers what was never declared before, ahead of the calls that may leave it in AWS: the process may die before
    /// it can say what they did, and the user may take it back meanwhile.
    async fn foresee(&self, object: &mut Managed, work: &Work<K::Client>) -> Result<(), kube::Error> {
        let declared = plan::declared(self.kind.rules(), &work.desired);
        let Some(record) = record::foresee(&object.record, declared, &work.sealed) else { return Ok(()) };
        object.record = record;
        if object.common.observed_generation.is_none() {
            // A status without conditions passes for that of a resource that is as it should be.
            return self.write_status(object, &Report::new(Reason::Updating, "changing the resource in AWS")).await;
        }
        self.write_record(object).await
    }

    /// Sends the first lasting step that AWS takes. One that it refuses keeps no other back.
    async fn start_one(
        &self,
        object: &Managed,
        work: &Work<K::Client>,
        round: &Round<'_>,
        done: &mut Done,
    ) -> Result<(), Interrupted> {
        for step in &round.lasting {
            let now = self.parts.clock.now();
            if let Some(postponed) = self.memory.postponed(&object.key, step.field, now) {
                done.postponed.push(postponed);
                continue;
            }
            let outcome = match predecessor_failed(step, done) {
                Some(failure) => Err(failure),
                None => self.mutate(work, step).await?,
            };
            let Err(failure) = outcome else {
                done.did(step.field);
                done.under_way = Some(step.in_words());
                self.memory.begin(&object.key, now, round.left);
                return Ok(());
            };
            // It may have taken effect, or the next would fare no better.
            let last = failure.ambiguous || failure.class.passes_by_itself();
            self.note(object, step.field, failure, done);
            if last {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Keeps a failure, or the time at which AWS says that the step may come.
    fn note(&self, object: &Managed, field: &'static str, failure: Failure, done: &mut Done) {
        match self.kind.again_at(&failure).filter(|until| *until > self.parts.clock.now()) {
            Some(until) if !failure.ambiguous => {
                let postponed = Postponed { field, until, why: failure.to_string() };
                self.memory.postpone(&object.key, postponed.clone());
                done.postponed.push(postponed);
            }
            _ => done.failures.push((field, failure)),
        }
    }

    /// Writes the intent, creates, and keeps what the answer says.
    async fn create(&self, object: &mut Managed, work: &mut Work<K::Client>, step: &Step) -> Result<(), Interrupted> {
        let (naming, unanswered) = (self.kind.rules().naming, record::is_unanswered(&object.record));
        if naming != Naming::Named {
            // What had that id is gone, and AWS gives the next one another.
            work.identity = None;
        }
        let named = work.identity.as_deref();
        object.record = match naming {
            Naming::Token => record::intend_again(&object.record, self.now()),
            Naming::Listed => record::intend_among(&object.record, self.list_before(object, work).await?, self.now()),
            Naming::Named | Naming::Tagged | Naming::Setting => record::intend(&object.record, named, self.now()),
        };
        object.record.untagged = plan::creates_untagged(self.kind.rules(), step);
        let declared = plan::declared(self.kind.rules(), &work.desired);
        object.record = record::blur(std::mem::take(&mut object.record), declared);
        object.metadata = Some(work.client.metadata(named));
        self.hold_birth(object, &work.client);
        let told = self.write_status(object, &Report::new(Reason::Creating, "creating the resource in AWS")).await;
        told.inspect_err(|_| self.end_birth(object, &work.client, None))?;
        match self.make(object, work, step).await? {
            Ok(created) => {
                self.end_birth(object, &work.client, Some(&created.identity));
                self.created(object, work, created);
                let included =
                    |field: &str| matches!(&step.action, Action::Create { parts, .. } if parts.contains_key(field));
                let record = std::mem::take(&mut object.record);
                object.record = record::know_some_secrets(record, &work.sealed, included);
                Ok(())
            }
            Err(failure) => {
                // What is only listed has no name that could be taken: AWS is busy, and made nothing.
                let busy = naming == Naming::Listed && failure.class == Class::Conflict && !failure.ambiguous;
                if !failure.ambiguous {
                    self.end_birth(object, &work.client, None);
                }
                let record = std::mem::take(&mut object.record);
                if failure.ambiguous {
                    object.record = record::doubt(record, self.now());
                    self.hold_birth(object, &work.client);
                } else if failure.class == Class::Conflict && !busy {
                    // Something of that name is there after all, and only a read can tell whose.
                    object.record = record;
                } else if naming == Naming::Token && unanswered {
                    // This call made nothing. An earlier one with the same token may have.
                    object.record = record;
                } else {
                    object.record = record::give_up_intent(record, self.parts.clock.now());
                    if !record::is_doubtful(&object.record, self.parts.clock.now()) {
                        // There is no resource, so nothing binds the object to this region and account.
                        object.metadata = None;
                    }
                }
                let report = self.failed(Some(&work.client), work.identity.as_deref(), &[(step.field, failure)]);
                Err(if busy { Interrupted::Waiting(report) } else { report.into() })
            }
        }
    }

    /// Sends the creating call.
    pub(super) async fn make(
        &self,
        object: &Managed,
        work: &Work<K::Client>,
        step: &Step,
    ) -> Result<Result<Created, Failure>, Interrupted> {
        let Action::Create { tags, parts } = &step.action else {
            let why = "a plan creates by a step that creates nothing; this is a defect of Cairn, please report it";
            return Err(Report::new(Reason::InternalError, why).into());
        };
        let token = token(object, &work.owner.tag());
        let (identity, secrets) = (work.identity.as_deref(), &work.secrets);
        let creation = Creation { identity, token: &token, uid: &object.uid, tags, parts, secrets };
        let made = self.fenced(step.operation, self.kind.create(&work.client, creation)).await?;
        Ok(made.map_err(|failure| scrubbed(failure, secrets)))
    }

    fn created(&self, object: &mut Managed, work: &mut Work<K::Client>, created: Created) {
        let record = std::mem::take(&mut object.record);
        let (name, incarnation) = (created.identity.as_str(), created.incarnation.as_deref());
        object.record = if work.client.confirm_create() {
            Record { identity: Some(name.into()), ..record }
        } else if self.kind.rules().asynchronous || self.kind.rules().naming != Naming::Named {
            // What AWS gave an id may be shown late as well.
            record::made(record, name, incarnation)
        } else {
            record::own(record, name, incarnation, Ownership::Created)
        };
        object.metadata = Some(work.client.metadata(Some(created.identity.as_str())));
        work.identity = Some(created.identity);
    }

    /// Runs steps as soon as those that they wait for are done. One whose predecessor failed is not tried.
    async fn run_all(&self, work: &Work<K::Client>, steps: &[&Step], done: &mut Done) -> Result<(), Interrupted> {
        let mut unfinished: Vec<&'static str> = steps.iter().map(|step| step.field).collect();
        let mut waiting: Vec<&Step> = steps.to_vec();
        let mut running = FuturesUnordered::new();
        loop {
            let ready = |step: &&Step| !step.after.iter().any(|field| unfinished.contains(field));
            for step in waiting.extract_if(.., |step| ready(step)) {
                let stopped = predecessor_failed(step, done);
                running.push(async move {
                    let outcome = match stopped {
                        Some(failure) => Ok(Err(failure)),
                        None => self.mutate(work, step).await,
                    };
                    (step.field, outcome)
                });
            }
            let Some((field, outcome)) = running.next().await else { return Ok(()) };
            if let Some(finished) = unfinished.iter().position(|other| *other == field) {
                unfinished.remove(finished);
            }
            match outcome? {
                Ok(()) => done.did(field),
                Err(failure) => done.failures.push((field, failure)),
            }
        }
    }

    async fn mutate(&self, work: &Work<K::Client>, step: &Step) -> Result<Result<(), Failure>, Interrupted> {
        let call = self.kind.apply_with(&work.client, work.name(), step, &work.secrets);
        Ok(self.fenced(step.operation, call).await?.map_err(|failure| scrubbed(failure, &work.secrets)))
    }

    /// Sends one mutation, if the claim covers all the time that it may take, and gives it up at the end of that time.
    pub(super) async fn fenced<T>(
        &self,
        operation: &str,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Result<T, Failure>, Interrupted> {
        self.permits()?;
        let outcome = tokio::time::timeout(self.settings.mutation_timeout, call).await;
        Ok(outcome.unwrap_or_else(|_| Err(given_up(operation))))
    }
}

/// The idempotency token of the resource that an object intends to make. It is the same after a crash, and another for
/// the next resource that the same object makes.
fn token(object: &Managed, owner: &str) -> String {
    let intended = object.record.intent.as_ref().map(|intent| intent.absent_at.to_string()).unwrap_or_default();
    digest::of_parts(&[owner, &object.uid, &intended])
}

/// A failure may repeat what was sent.
fn scrubbed(failure: Failure, secrets: &Secrets) -> Failure {
    Failure { message: secrets.scrubbed(&failure.message), ..failure }
}

/// A call that was given up may have taken effect.
fn given_up(operation: &str) -> Failure {
    Failure {
        operation: operation.into(),
        code: "Timeout".into(),
        message: "no answer in time".into(),
        request_id: None,
        class: Class::Unreachable,
        ambiguous: true,
    }
}

fn predecessor_failed(step: &Step, done: &Done) -> Option<Failure> {
    let (field, failure) = done.failures.iter().find(|(field, _)| step.after.contains(field))?;
    let message = format!("it waits for {field}, which failed");
    Some(Failure { operation: step.operation.into(), message, ambiguous: false, ..failure.clone() })
}
