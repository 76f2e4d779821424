//! Creating and finding again what AWS only lists (design §3.1, *listed*).

use std::collections::HashSet;

use cairn_core::{
    api::{Listing, Ownership},
    condition::{Reason, Report},
    listed::{self, Listed, Place, Trace},
    record,
};
use jiff::Timestamp;

use super::{Engine, Interrupted, births::Site, object::Managed, work::Work};
use crate::{
    key::ObjectKey,
    kind::{ManagedKind, ScopedClient},
};

/// As many ids are named where nothing tells which of them an object made.
const MOST_NAMED: usize = 5;

impl<K: ManagedKind> Engine<K> {
    /// What there is before a create, at the place to which the create then has the right alone.
    pub(super) async fn list_before(&self, object: &Managed, work: &Work<K::Client>) -> Result<Listing, Interrupted> {
        let Some(place) = &work.place else {
            let why = "the kind does not say where AWS lists what it makes; this is a defect of Cairn";
            return Err(Report::new(Reason::InternalError, why).into());
        };
        let listed = self.list(object, &work.client, place).await?;
        Ok(listed::before(place, &listed))
    }

    /// Looks for what a create made that was never answered and can no longer take effect; `None` for nothing.
    pub(super) async fn trace(&self, object: &mut Managed, client: &K::Client) -> Result<Option<String>, Interrupted> {
        let unanswered = record::is_unanswered(&object.record);
        let listing = object.record.intent.as_ref().and_then(|intent| intent.listing.clone());
        let Some(listing) = listing.filter(|_| unanswered) else { return Ok(None) };
        let place = Place::of(&listing);
        let listed = self.list(object, client, &place).await?;
        let (site, others) = (site(client, &place), self.identities_of_others(object));
        let taken = |id: &str| others.contains(id) || self.births.is_taken(&site, id, &object.key);
        match listed::trace(&listing, &listed, taken) {
            Trace::Nothing => Ok(None),
            Trace::One(id) => {
                self.births.end(&site, &object.key, Some(&id), self.parts.clock.now());
                let record = std::mem::take(&mut object.record);
                object.record = record::own(record, &id, None, Ownership::Created);
                Ok(Some(id))
            }
            Trace::Several(ids) => {
                self.births.end(&site, &object.key, None, self.parts.clock.now());
                Err(self.several(&ids).into())
            }
        }
    }

    /// The create that is intended may take effect as long as the record says, and keeps others back for that time.
    pub(super) fn hold_birth(&self, object: &Managed, client: &K::Client) {
        if let (Some(site), Some(until)) = (intended(object, client), record::in_doubt_until(&object.record)) {
            self.births.hold(&site, &object.key, until);
        }
    }

    /// The create that was intended is over: it made this.
    pub(super) fn end_birth(&self, object: &Managed, client: &K::Client, made: Option<&str>) {
        if let Some(site) = intended(object, client) {
            self.births.end(&site, &object.key, made, self.parts.clock.now());
        }
    }

    /// Asks AWS for all at a place, when no create of another object there may still take effect; and keeps others from
    /// beginning one.
    async fn list(&self, object: &Managed, client: &K::Client, place: &Place) -> Result<Vec<Listed>, Interrupted> {
        let (site, now) = (site(client, place), self.parts.clock.now());
        let since = self.parts.claim.since().unwrap_or(self.started);
        self.births.learn(since, || self.begun());
        let until = record::no_effect_after(now);
        self.births.begin(&site, &object.key, until, now).map_err(|(other, until)| self.in_turn(&other, until))?;
        let listed = self.kind.list(client, place).await;
        listed.map_err(|failure| {
            self.births.end(&site, &object.key, None, now);
            self.failed(Some(client), None, &[("spec", failure)]).into()
        })
    }

    /// The creates that the records of objects speak of and that may still take effect.
    fn begun(&self) -> Vec<(Site, ObjectKey, Timestamp)> {
        let now = self.parts.clock.now();
        let begun = self.stored().filter_map(|object| {
            let until = record::in_doubt_until(&object.record).filter(|until| *until > now)?;
            let place = Place::of(object.record.intent.as_ref()?.listing.as_ref()?);
            let metadata = object.metadata?;
            let site = Site { account: metadata.owner_account_id, region: metadata.region, place };
            record::is_unanswered(&object.record).then_some((site, object.key, until))
        });
        begun.collect()
    }

    /// What other objects have, as far as their records say.
    fn identities_of_others(&self, object: &Managed) -> HashSet<String> {
        self.stored().filter(|other| other.key != object.key).filter_map(|other| other.record.identity).collect()
    }

    fn in_turn(&self, other: &ObjectKey, until: Timestamp) -> Interrupted {
        let why = format!(
            "waiting for {} {other}, which is making one of the same name: AWS could not tell the two apart",
            self.kind.kind().kind
        );
        Interrupted::Until(Report::new(Reason::Creating, why), until)
    }

    fn several(&self, ids: &[String]) -> Report {
        let (annotation, key) = (|key| self.settings.groups.annotation(key), self.kind.rules().identifiers.first());
        let named = ids.iter().take(MOST_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = ids.len().saturating_sub(MOST_NAMED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let why = format!(
            "a {} was not answered, and AWS lists several that it may have made and that no other object has: \
             {named}{more}; nothing was created or deleted; give the object the annotations {}: adopt-or-create and {}: \
             '{{\"{}\": \"…\"}}' with the one that it shall have; one that is being deleted leaves them all in AWS with {}: \
             retain",
            self.kind.rules().create,
            annotation("adoption-policy"),
            annotation("adoption-fields"),
            key.copied().unwrap_or_default(),
            annotation("deletion-policy"),
        );
        Report::new(Reason::NotOwned, why)
    }
}

/// Where AWS lists what the object intends to make.
fn intended<C: ScopedClient>(object: &Managed, client: &C) -> Option<Site> {
    let listing = object.record.intent.as_ref()?.listing.as_ref()?;
    Some(site(client, &Place::of(listing)))
}

fn site<C: ScopedClient>(client: &C, place: &Place) -> Site {
    let metadata = client.metadata(None);
    Site { account: metadata.owner_account_id, region: metadata.region, place: place.clone() }
}
