//! Letting an object go (design §3.7): never because of an error.

use cairn_core::{
    api::Ownership,
    condition::{Reason, Report},
    controls::Mode,
    deletion::{self, Move, Policy},
    failure::{Class, Failure},
    observed::Existence,
    record,
};
use jiff::{SignedDuration, Timestamp};

use super::{Engine, Interrupted, object::Managed};
use crate::{
    kind::{ManagedKind, ScopedClient},
    worker::Verdict,
};

/// As many pages of what is in a resource are deleted in one turn, so that others have theirs.
const PAGES: usize = 20;

/// How long a watch is given to bring what has become of an object that is not there any more.
const CATCH_UP: SignedDuration = SignedDuration::from_secs(1);

const DONE: Verdict = Verdict::Settled { next: None };

impl<K: ManagedKind> Engine<K> {
    pub(super) async fn remove(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        if !object.finalizers.contains(&self.finalizer()) {
            return Ok(DONE);
        }
        if deletion::first(&object.record, self.policy(object)) == Move::Release {
            self.release(object).await?;
            if object.record.ownership.is_some() {
                self.tell(object, "Retained", "left the resource in AWS, as the deletion policy says");
            }
            return Ok(DONE);
        }
        if let Some(report) = self.kept_back(object) {
            return Err(report.into());
        }
        self.take_away(object).await
    }

    /// What becomes of the resource. Whoever only reads leaves it alone, and some are nobody's to delete.
    pub(super) fn policy(&self, object: &Managed) -> Policy {
        if object.controls.mode == Mode::ReadOnly || self.kind.rules().delete.is_empty() {
            return Policy::Retain;
        }
        let said = deletion::Said {
            object: object.controls.deletion,
            namespace: object.controls.namespace_deletion,
            flag: self.settings.deletion,
        };
        deletion::policy(said, object.record.ownership, self.settings.groups.is_ack())
    }

    /// Why nothing is deleted although the object is.
    fn kept_back(&self, object: &Managed) -> Option<Report> {
        if let Some(by) = object.controls.protection {
            let annotation = self.settings.groups.annotation("deletion-protection");
            let why = format!(
                "the annotation {annotation} on the {} protects the resource; nothing was deleted; take the annotation \
                 away to delete it, or set deletion-policy to retain to leave it in AWS",
                by.as_str()
            );
            return Some(Report::new(Reason::Protected, why));
        }
        (object.controls.mode == Mode::Plan).then(|| {
            let why = format!(
                "only planning; to be done: {}; set mode to Manage to do it, or deletion-policy to retain to leave the \
                 resource in AWS",
                self.kind.rules().delete
            );
            Report::new(Reason::Planned, why)
        })
    }

    async fn take_away(&self, object: &mut Managed) -> Result<Verdict, Interrupted> {
        let recorded = object.metadata.as_ref().map(|metadata| metadata.region.clone());
        let scope = self.scope(object, recorded.as_deref())?;
        let client = self.connect(object, &scope).await?;
        let Some(identity) = self.identity_to_delete(object, &client).await? else {
            return self.part(object, "Released", "there was no resource in AWS").await;
        };
        let mut deleted = false;
        loop {
            let existence = self.look(&client, &identity, &object.record, true).await;
            let existence = existence.map_err(|failure| self.not_deleted(&client, &identity, failure))?;
            let (owner, now) = (self.owner(&object.key), self.parts.clock.now());
            let next = deletion::observed(&owner, &object.record, &existence, client.emulated(), now);
            if let (Some(present), Move::Delete | Move::Wait(_)) = (existence.present(), next) {
                let record = std::mem::take(&mut object.record);
                object.record = record::own(record, &identity, present.incarnation.as_deref(), Ownership::Created);
            }
            match next {
                Move::AskAgain(at) => return Err(in_doubt(at)),
                Move::Wait(why) => return Err(Interrupted::Waiting(Report::new(Reason::Deleting, why))),
                Move::Delete if deleted => {
                    let why = "deleted in AWS; waiting until AWS shows that it is gone";
                    return Err(Interrupted::Waiting(Report::new(Reason::Deleting, why)));
                }
                Move::Delete => {
                    if !self.is_there(object).await? {
                        return Err(Interrupted::NotBefore(now.saturating_add(CATCH_UP).unwrap_or(now)));
                    }
                    if let Some(present) = existence.present() {
                        self.prepare(object, &client, &identity, present).await?;
                    }
                    self.delete(object, &client, &identity).await?;
                    deleted = true;
                }
                Move::Release | Move::Observe | Move::Done => {
                    let deleted = deleted || object.says(Reason::Deleting);
                    if !deleted && matches!(existence, Existence::Absent) {
                        self.end_what_outlives(object, &client, &identity).await?;
                    }
                    let (reason, note) = farewell(deleted, &existence);
                    return self.part(object, reason, note).await;
                }
            }
        }
    }

    async fn delete(&self, object: &Managed, client: &K::Client, identity: &str) -> Result<(), Interrupted> {
        let outcome = self.fenced(self.kind.rules().delete, self.kind.delete(client, identity)).await?;
        match outcome {
            Err(failure) if failure.class == Class::NotEmpty && self.empties(object) => {
                self.empty(client, identity).await
            }
            outcome => Ok(outcome.map_err(|failure| self.not_deleted(client, identity, failure))?),
        }
    }

    /// Whether the object asks for its resource to be emptied. One that says nothing that can be understood does not.
    fn empties(&self, object: &Managed) -> bool {
        Self::spec(&object.spec).is_ok_and(|spec| self.kind.empties(&spec))
    }

    /// Deletes what is in the resource, as much as goes into one turn; the deletion itself comes with the next.
    async fn empty(&self, client: &K::Client, identity: &str) -> Result<(), Interrupted> {
        let mut gone = 0_u64;
        for _ in 0..PAGES {
            let outcome = self.fenced(self.kind.rules().delete, self.kind.empty(client, identity)).await?;
            match outcome.map_err(|failure| self.not_deleted(client, identity, failure))? {
                Some(more) => gone = gone.saturating_add(more),
                None => break,
            }
        }
        let why = format!("emptying the resource before it is deleted: {gone} items are gone in this turn");
        Err(Interrupted::Waiting(Report::new(Reason::Deleting, why)))
    }

    pub(super) fn not_deleted(&self, client: &K::Client, identity: &str, failure: Failure) -> Report {
        self.failed(Some(client), Some(identity), &[("deletion", failure)])
    }

    async fn part(&self, object: &mut Managed, reason: &str, note: &str) -> Result<Verdict, Interrupted> {
        self.release(object).await?;
        self.tell(object, reason, note);
        Ok(DONE)
    }
}

pub(super) fn in_doubt(until: Timestamp) -> Interrupted {
    let why = "gone from AWS; waiting because an earlier create, whose answer was lost, may still take effect";
    Interrupted::Until(Report::new(Reason::Deleting, why), until)
}

fn farewell(deleted: bool, existence: &Existence) -> (&'static str, &'static str) {
    match (deleted, existence) {
        (_, Existence::Present(_)) => ("Released", "left the resource in AWS: it is not this object's"),
        (true, Existence::Absent) => ("Deleted", "deleted the resource in AWS"),
        (false, Existence::Absent) => ("Released", "the resource was gone from AWS already"),
    }
}
