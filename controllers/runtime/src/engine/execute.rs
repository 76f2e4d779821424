//! Carrying out a plan: dependent steps one after another, all others together, each failure for itself.

use cairn_core::{
    condition::{Reason, Report},
    failure::{Class, Failure},
    plan::{Step, Steps},
    record,
};
use futures::{StreamExt, stream::FuturesUnordered};

use super::{
    Engine, Interrupted,
    object::Managed,
    work::{Done, Work},
};
use crate::kind::{ManagedKind, ScopedClient};

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn carry_out(
        &self,
        object: &mut Managed,
        work: &Work<K::Client>,
        steps: &Steps,
        done: &mut Done,
    ) -> Result<(), Interrupted> {
        if steps.steps.is_empty() {
            return Ok(());
        }
        self.hold(object).await?;
        let mut rest = steps.steps.as_slice();
        if let (true, Some((create, others))) = (steps.creates(), steps.steps.split_first()) {
            self.create(object, work, create).await?;
            done.created = true;
            rest = others;
            if steps.observe_after_create {
                return Ok(());
            }
            object.record = record::own(std::mem::take(&mut object.record), &work.identity);
        }
        self.run_all(work, rest, done).await
    }

    /// Writes the intent, creates, and keeps what the answer says.
    async fn create(&self, object: &mut Managed, work: &Work<K::Client>, step: &Step) -> Result<(), Interrupted> {
        object.record = record::intend(&object.record, &work.identity, self.now());
        object.metadata = Some(work.client.metadata(&work.identity));
        self.write_status(object, &Report::new(Reason::Creating, "creating the resource in AWS")).await?;
        match self.mutate(work, step).await? {
            Ok(()) => Ok(()),
            Err(failure) => {
                let record = std::mem::take(&mut object.record);
                if failure.ambiguous {
                    object.record = record::doubt(record, self.now());
                } else {
                    // There is no resource, so nothing binds the object to this region and account.
                    object.record = record::give_up_intent(record);
                    object.metadata = None;
                }
                Err(Report::of_failures(&[(step.field, failure)]).into())
            }
        }
    }

    /// Runs steps as soon as those that they wait for are done. One whose predecessor failed is not tried.
    async fn run_all(&self, work: &Work<K::Client>, steps: &[Step], done: &mut Done) -> Result<(), Interrupted> {
        let mut unfinished: Vec<&'static str> = steps.iter().map(|step| step.field).collect();
        let mut waiting: Vec<&Step> = steps.iter().collect();
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
            unfinished.retain(|other| *other != field);
            match outcome? {
                Ok(()) => done.fields.push(field),
                Err(failure) => done.failures.push((field, failure)),
            }
        }
    }

    async fn mutate(&self, work: &Work<K::Client>, step: &Step) -> Result<Result<(), Failure>, Interrupted> {
        self.fenced(step.operation, self.kind.apply(&work.client, &work.identity, step)).await
    }

    /// Sends one mutation, if the claim covers all the time that it may take, and gives it up at the end of that time.
    pub(super) async fn fenced(
        &self,
        operation: &str,
        call: impl Future<Output = Result<(), Failure>>,
    ) -> Result<Result<(), Failure>, Interrupted> {
        self.permits()?;
        let outcome = tokio::time::timeout(self.settings.mutation_timeout, call).await;
        Ok(outcome.unwrap_or_else(|_| Err(given_up(operation))))
    }
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
