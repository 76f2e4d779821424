//! Finding what is to be deleted, for kinds to whose resources AWS gives an id.

use std::collections::BTreeMap;

use cairn_core::{
    api::Ownership,
    condition::{Reason, Report},
    failure::Failure,
    observed::{Existence, Observed},
    plan::{self, Plan, Step},
    record,
    rules::Naming,
};

use super::{Engine, Interrupted, object::Managed, remove::in_doubt, work::Work};
use crate::kind::ManagedKind;

impl<K: ManagedKind> Engine<K> {
    /// The resource that goes with the object; `None` when there is none. One whose create was never answered has to be
    /// found first.
    pub(super) async fn identity_to_delete(
        &self,
        object: &mut Managed,
        client: &K::Client,
    ) -> Result<Option<String>, Interrupted> {
        if let Some(identity) = object.record.identity.clone() {
            return Ok(Some(identity));
        }
        if let Some(found) =
            self.kind.find(client, &self.owner(&object.key)).await.map_err(|failure| self.untraced(client, failure))?
        {
            return Ok(Some(found));
        }
        match (self.kind.rules().naming, record::in_doubt_until(&object.record)) {
            (Naming::Named | Naming::Setting, _) => {
                let why = "status.record names no resource, although it says that there is one; nothing was deleted";
                Err(Report::new(Reason::InternalError, why).into())
            }
            (Naming::Tagged | Naming::Token | Naming::Listed, Some(until)) if until > self.parts.clock.now() => {
                Err(in_doubt(until))
            }
            (Naming::Token, _) if object.record.intent.is_some() => self.make_again(object, client).await.map(Some),
            (Naming::Listed, _) => {
                let found = self.trace(object, client).await?;
                self.end_birth(object, client, None);
                Ok(found)
            }
            (Naming::Tagged | Naming::Token, _) => Ok(None),
        }
    }

    /// Sends the creating call once more with the same token: it makes nothing new, and tells the id of what there is.
    async fn make_again(&self, object: &mut Managed, client: &K::Client) -> Result<String, Interrupted> {
        let resolved = self.resolve(object).map_err(before_deletion)?;
        let spec = Self::spec(&resolved.spec)?;
        let mut work = self.equip(self.work(object, &spec, resolved, String::new())?, client.clone()).await?;
        let create = self.creation(object, &work)?;
        self.open(object, &mut work, std::slice::from_ref(&create)).await.map_err(before_deletion)?;
        let created = self.make(object, &work, &create).await?.map_err(|failure| self.untraced(client, failure))?;
        let record = std::mem::take(&mut object.record);
        object.record = record::own(record, &created.identity, created.incarnation.as_deref(), Ownership::Created);
        Ok(created.identity)
    }

    fn untraced(&self, client: &K::Client, failure: Failure) -> Report {
        self.failed(Some(client), None, &[("deletion", failure)])
    }

    fn creation(&self, object: &Managed, work: &Work<K::Client>) -> Result<Step, Report> {
        let nothing = Observed { existence: Existence::Absent, parts: BTreeMap::new(), fresh: false };
        match plan::plan(self.inputs(object, work, &nothing)) {
            Plan::Blocked(report) | Plan::Wait(report) => Err(report),
            Plan::Steps(steps) => steps.steps.into_iter().next().ok_or_else(|| {
                Report::new(Reason::InternalError, "no step creates the resource; this is a defect of Cairn")
            }),
        }
    }
}

/// What is said when the creating call cannot be sent again.
fn before_deletion(interrupted: Interrupted) -> Interrupted {
    match interrupted {
        Interrupted::Until(Report { reason, message }, at) => {
            let why = format!(
                "nothing was deleted: an earlier create was not answered, and what it made is found by sending it again, \
                 which waits: {message}; set deletion-policy to retain to leave in AWS whatever it made"
            );
            Interrupted::Until(Report::new(reason, why), at)
        }
        other => other,
    }
}
