//! Letting an object go (design §3.7): never because of an error.

use cairn_core::{
    condition::{Reason, Report},
    deletion::{self, Move, Policy},
    failure::Failure,
    observed::Existence,
};

use super::{Engine, Interrupted, object::Managed};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

const DONE: Verdict = Verdict::Settled { next: None };

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn remove(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        if !object.finalizers.contains(&self.finalizer()) {
            return Ok(DONE);
        }
        if deletion::first(&object.record, self.policy(object)?) == Move::Release {
            self.release(object).await?;
            if object.record.ownership.is_some() {
                self.tell(object, "Retained", "left the resource in AWS, as the deletion policy says");
            }
            return Ok(DONE);
        }
        self.take_away(object).await
    }

    /// The object's own annotation, or else the flag. A word that is none deletes nothing.
    fn policy(&self, object: &Managed) -> Result<Policy, Report> {
        let annotation = self.settings.groups.annotation("deletion-policy");
        let Some(said) = object.annotation(&annotation) else { return Ok(self.settings.deletion) };
        said.parse().map_err(|why| {
            Report::new(Reason::InvalidSpec, format!("annotation {annotation}: {why}; nothing was deleted"))
        })
    }

    async fn take_away(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        let Some(identity) = object.record.identity.clone() else {
            let why = "status.record names no resource, although it says that there is one; nothing was deleted";
            return Err(Report::new(Reason::InternalError, why).into());
        };
        let recorded = object.metadata.as_ref().map(|metadata| metadata.region.clone());
        let scope = self.scope(object, recorded.as_deref())?;
        let client = self.connect(object, &scope).await?;
        let mut deleted = false;
        loop {
            let existence = self.kind.locate(&client, &identity).await.map_err(report)?;
            let (owner, now) = (self.owner(&object.key), self.parts.clock.now());
            match deletion::observed(&owner, &object.record, &existence, client.emulated(), now) {
                Move::AskAgain(at) => {
                    let why = "gone from AWS; waiting because an earlier create, whose answer was lost, may still take effect";
                    self.write_status(object, &Report::new(Reason::Deleting, why)).await?;
                    return Ok(Verdict::Settled { next: Some(at) });
                }
                Move::Delete if deleted => {
                    let why = "deleted in AWS; waiting until AWS shows that it is gone";
                    return Err(Report::new(Reason::Deleting, why).into());
                }
                Move::Delete => {
                    self.delete(&client, &identity).await?;
                    deleted = true;
                }
                _ => {
                    let note = farewell(deleted, &existence);
                    self.release(object).await?;
                    self.tell(object, if deleted { "Deleted" } else { "Released" }, &note);
                    return Ok(DONE);
                }
            }
        }
    }

    async fn delete(&self, client: &K::Client, identity: &str) -> Result<(), Interrupted> {
        let outcome = self.fenced(self.kind.rules().delete, self.kind.delete(client, identity)).await?;
        Ok(outcome.map_err(report)?)
    }
}

fn report(failure: Failure) -> Report {
    Report::of_failures(&[("deletion", failure)])
}

fn farewell(deleted: bool, existence: &Existence) -> String {
    match (deleted, existence) {
        (true, _) => "deleted the resource in AWS".into(),
        (false, Existence::Absent) => "the resource was gone from AWS already".into(),
        (false, Existence::Present { .. }) => "left the resource in AWS: it is not this object's".into(),
    }
}
