//! What goes with a resource when its object is deleted, as the kind has it.

use cairn_core::{
    condition::{Reason, Report},
    observed::Present,
};

use super::{Engine, Interrupted, object::Managed};
use crate::kind::{Departure, ManagedKind};

impl<K: ManagedKind> Engine<K> {
    /// Does the next of what comes before the deletion, and waits for it; nothing where nothing is left.
    pub(super) async fn prepare(
        &self,
        object: &mut Managed,
        client: &K::Client,
        identity: &str,
        present: &Present,
    ) -> Result<(), Interrupted> {
        let spec = Self::spec(&object.spec).ok();
        let owner = self.owner(&object.key);
        let departure = Departure {
            identity,
            present,
            declared: &object.record.declared,
            owner: &owner,
            uid: &object.uid,
            like_ack: self.settings.groups.is_ack(),
        };
        let before = self.kind.before_delete(client, spec.as_ref(), departure).await;
        let Some(before) = before.map_err(|failure| self.not_deleted(client, identity, failure))? else {
            return Ok(());
        };
        object.own.extend(before.status);
        if let Some(step) = &before.step {
            let outcome = self.fenced(step.operation, self.kind.apply(client, identity, step)).await?;
            outcome.map_err(|failure| self.not_deleted(client, identity, failure))?;
        }
        Err(Interrupted::Waiting(Report::new(Reason::Deleting, before.words)))
    }

    /// Ends what outlives a resource that somebody else deleted.
    pub(super) async fn end_what_outlives(
        &self,
        object: &Managed,
        client: &K::Client,
        identity: &str,
    ) -> Result<(), Interrupted> {
        let ending = self.kind.end_what_outlives(client, identity, &object.record.declared);
        let outcome = self.fenced(self.kind.rules().delete, ending).await?;
        Ok(outcome.map_err(|failure| self.not_deleted(client, identity, failure))?)
    }
}
