//! Asking AWS.

use std::collections::BTreeMap;

use cairn_core::{
    adoption::{Adoption, Policy},
    api::Record,
    condition::{Reason, Report},
    controls::Mode,
    failure::Failure,
    observed::{Existence, Observed, Phase, Present, Reading},
    owner::{self, Evidence, Verdict as Ownership},
    plan, record,
    rules::Naming,
};
use futures::future::join_all;

use super::{Engine, Interrupted, object::Managed, work::Work};
use crate::kind::{ManagedKind, ScopedClient};

impl<K: ManagedKind> Engine<K> {
    /// Asks AWS about what is declared now, or was when last recorded; about nothing more when the resource is
    /// another's or just made.
    pub(super) async fn observe(
        &self,
        object: &mut Managed,
        work: &mut Work<K::Client>,
        fresh: bool,
    ) -> Result<Observed, Interrupted> {
        let existence = match self.look_by_name(object, work).await? {
            Existence::Absent if !fresh => self.look_elsewhere(object, work).await?,
            existence => existence,
        };
        if existence == Existence::Absent && !fresh {
            self.no_create_in_doubt(&object.record)?;
        }
        let parts = match existence.present() {
            Some(present) if !fresh && self.is_of_interest(object, work, &existence) => {
                self.read_parts(object, work, present).await
            }
            _ => BTreeMap::new(),
        };
        Ok(Observed { existence, parts, fresh })
    }

    /// Looks at the resource whose name is known.
    async fn look_by_name(&self, object: &Managed, work: &Work<K::Client>) -> Result<Existence, Interrupted> {
        let Some(identity) = &work.identity else { return Ok(Existence::Absent) };
        let changed = object.record.digest.as_ref() != Some(&work.digest);
        let recorded = object.record.declared.contains_key(self.kind.rules().tags);
        // The platform's tags alone are no reason to ask for tags at every check.
        let tags = work.desired.tags.is_some()
            || object.record.untagged
            || (changed && (recorded || !work.desired.defaults.is_empty()));
        let existence = self.look(&work.client, identity, &object.record, tags).await;
        Ok(existence.map_err(|failure| self.unseen(work, failure))?)
    }

    /// Looks for a resource that carries the owner's tag, or that a create made which was never answered, where nothing
    /// has the name that is known, if one is.
    async fn look_elsewhere(&self, object: &mut Managed, work: &mut Work<K::Client>) -> Result<Existence, Interrupted> {
        let found = match self.kind.rules().naming {
            Naming::Named | Naming::Setting => return Ok(Existence::Absent),
            Naming::Tagged | Naming::Token => {
                let found = self.kind.find(&work.client, &work.owner).await;
                found.map_err(|failure| self.unseen(work, failure))?
            }
            Naming::Listed => {
                self.no_create_in_doubt(&object.record)?;
                self.trace(object, &work.client).await?
            }
        };
        if found.is_none() || found == work.identity {
            return Ok(Existence::Absent);
        }
        work.identity = found;
        self.look_by_name(object, work).await
    }

    fn unseen(&self, work: &Work<K::Client>, failure: Failure) -> Report {
        self.failed(Some(&work.client), work.identity.as_deref(), &[("spec", failure)])
    }

    /// Asks AWS whether the resource exists; for its tags only if they decide whose it is, or if they are wanted and
    /// AWS is not at work on it.
    pub(super) async fn look(
        &self,
        client: &K::Client,
        identity: &str,
        record: &Record,
        tags: bool,
    ) -> Result<Existence, Failure> {
        let mut existence = self.kind.locate(client, identity).await?;
        if let (Existence::Present(present), Some(_)) = (&mut existence, self.kind.rules().list_tags) {
            let decisive = Evidence::of_kind(self.kind.rules(), record, present, client.emulated()).lacks_tags();
            if decisive || (tags && present.phase == Phase::Steady) {
                present.tags = Some(self.kind.tags(client, identity).await?);
            }
        }
        Ok(existence)
    }

    /// What is found by its tag or in a list alone may be found late: after a create whose answer was lost, not finding it
    /// proves nothing for a while.
    fn no_create_in_doubt(&self, record: &Record) -> Result<(), Interrupted> {
        if record.ownership.is_some() {
            // The answer came, and whoever plans knows that a read may lag behind it.
            return Ok(());
        }
        let until = record::in_doubt_until(record).filter(|until| *until > self.parts.clock.now());
        match until.filter(|_| matches!(self.kind.rules().naming, Naming::Tagged | Naming::Listed)) {
            None => Ok(()),
            Some(at) => {
                let why = "waiting because an earlier create, whose answer was lost, may still take effect";
                Err(Interrupted::Until(Report::new(Reason::Creating, why), at))
            }
        }
    }

    /// Whose the resource is; `None` when there is none.
    fn ownership(&self, object: &Managed, work: &Work<K::Client>, existence: &Existence) -> Option<Ownership> {
        let present = existence.present()?;
        let evidence = Evidence::of_kind(self.kind.rules(), &object.record, present, work.client.emulated());
        Some(owner::decide(&work.owner, evidence))
    }

    /// Whether there is a resource, and it is this object's.
    pub(super) fn is_ours(&self, object: &Managed, work: &Work<K::Client>, existence: &Existence) -> bool {
        self.ownership(object, work, existence).is_some_and(|ownership| ownership.is_ours())
    }

    /// Whether there is any use in reading the parts of what was found.
    fn is_of_interest(&self, object: &Managed, work: &Work<K::Client>, existence: &Existence) -> bool {
        // While AWS is at work nothing can be done about a difference.
        let steady = existence.present().is_some_and(|present| present.phase == Phase::Steady);
        if !steady && object.controls.mode != Mode::ReadOnly {
            return false;
        }
        match self.ownership(object, work, existence) {
            Some(Ownership::Ours | Ownership::OursUntagged) => true,
            Some(Ownership::Unowned(_)) => matches!(work.adoption, Adoption::Asked(_)),
            Some(Ownership::Theirs(_)) => object.controls.mode == Mode::ReadOnly,
            None => false,
        }
    }

    async fn read_parts(
        &self,
        object: &Managed,
        work: &Work<K::Client>,
        present: &Present,
    ) -> BTreeMap<&'static str, Reading> {
        let all = object.record.ownership.is_none() && work.adoption == Adoption::Asked(Policy::Adopt);
        let fields = plan::fields_to_read(self.kind.rules(), &work.desired, &object.record, present, all);
        let readings = fields.into_iter().map(async |field| {
            let reading = self.kind.read(&work.client, work.name(), present, field).await;
            (field, reading)
        });
        join_all(readings).await.into_iter().collect()
    }
}
