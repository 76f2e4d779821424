//! Finding what one object refers to.

use cairn_core::{
    api::{Groups, Kind, REFERENCE_GRANT},
    grant::{CrossNamespace, Referent, Referrer},
    reference::{Lookup, Sealed, SecretKey, Taken, Target, Why, take},
};
use serde_json::Value;

use super::{
    Shared,
    wanted::{Progress, Watched},
};
use crate::{key::ObjectKey, source::Scope, store::Store};

/// Looks from one object at what it refers to.
pub(super) struct From<'a> {
    pub(super) shared: &'a Shared,
    pub(super) kind: &'static Kind,
    pub(super) key: &'a ObjectKey,
}

/// What is known of the objects of a kind in one group.
enum Objects {
    Listed(Store),
    NotListed,
    NotServed,
    NotReadable(String),
}

impl Lookup for From<'_> {
    fn value(&self, target: &Target, takes: &str) -> Result<Taken, Why> {
        self.check_watched(&target.namespace)?;
        let groups = self.groups(target)?;
        let (mut served, mut trouble) = (false, None);
        for group in &groups {
            match self.objects(target, group) {
                Objects::NotListed => return Err(Why::NotListed),
                Objects::NotServed => {}
                Objects::NotReadable(why) => trouble = trouble.or(Some(why)),
                Objects::Listed(store) => {
                    served = true;
                    if let Some(stored) = store.get(&ObjectKey::new(&target.namespace, &target.name)) {
                        let object: Value = stored.parse().map_err(|error| Why::NotReadable(error.to_string()))?;
                        return take(&object, takes);
                    }
                }
            }
        }
        Err(match trouble {
            _ if served => Why::Missing,
            Some(why) => Why::NotReadable(why),
            None => Why::MissingKind { groups },
        })
    }

    fn secret(&self, secret: &SecretKey) -> Result<Sealed, Why> {
        if !self.shared.settings.secrets {
            return Err(Why::SecretsDisabled);
        }
        self.check_watched(&secret.namespace)?;
        let referent = Referent { group: "", kind: "Secret", namespace: &secret.namespace, name: &secret.name };
        if !self.permitted(referent)? {
            return Err(not_granted(&secret.namespace));
        }
        let store = match self.watched(&Watched::Secrets) {
            Objects::Listed(store) => store,
            Objects::NotListed => return Err(Why::NotListed),
            Objects::NotServed => return Err(Why::Missing),
            Objects::NotReadable(why) => return Err(Why::NotReadable(why)),
        };
        let stored = store.get(&ObjectKey::new(&secret.namespace, &secret.name)).ok_or(Why::Missing)?;
        Ok(Sealed::new(secret.clone(), stored.uid(), &stored.resource_version().to_string()))
    }
}

impl From<'_> {
    fn check_watched(&self, namespace: &str) -> Result<(), Why> {
        match &self.shared.settings.scope {
            Scope::Namespaces(watched) if watched.iter().all(|watched| watched != namespace) => Err(Why::NotWatched),
            _ => Ok(()),
        }
    }

    /// The groups in which the object may be, in this order: ours, and then ACK's. A group counts only if the object may
    /// be reached there, so that nobody learns what there is where he may not look.
    fn groups(&self, target: &Target) -> Result<Vec<String>, Why> {
        let own = self.shared.settings.groups.service(target.service);
        let acks = format!("{}.{}", target.service, Groups::ACK_SUFFIX);
        let mut groups = Vec::new();
        for group in if own == acks { vec![own] } else { vec![own, acks] } {
            let (namespace, name) = (target.namespace.as_str(), target.name.as_str());
            if self.permitted(Referent { group: &group, kind: target.kind, namespace, name })? {
                groups.push(group);
            }
        }
        if groups.is_empty() { Err(not_granted(&target.namespace)) } else { Ok(groups) }
    }

    fn permitted(&self, to: Referent<'_>) -> Result<bool, Why> {
        let shared = self.shared;
        if *to.namespace == *self.key.namespace || shared.settings.cross_namespace == CrossNamespace::Free {
            return Ok(true);
        }
        match self.watched(&Watched::Grants) {
            Objects::Listed(_) => {}
            Objects::NotListed => return Err(Why::NotListed),
            Objects::NotServed => return Ok(false),
            Objects::NotReadable(why) => return Err(Why::NotReadable(why)),
        }
        let group = self.kind.group(&shared.settings.groups);
        let from = Referrer { group: &group, kind: self.kind.kind, namespace: &self.key.namespace };
        Ok(shared.grants.permits(from, to))
    }

    fn objects(&self, target: &Target, group: &str) -> Objects {
        let kind = (target.service, target.kind);
        let ours = self.shared.settings.groups.service(target.service) == *group;
        match self.shared.served().into_iter().find(|served| ours && served.name == kind) {
            Some(served) if served.ready.is_ready() => Objects::Listed(served.store),
            Some(_) => Objects::NotListed,
            None => self.watched(&Watched::Kind { group: group.to_owned(), kind }),
        }
    }

    fn watched(&self, watched: &Watched) -> Objects {
        match self.shared.wanted.ask(watched) {
            (store, Progress::Running(ready)) if ready.is_ready() => Objects::Listed(store),
            (_, Progress::Running(_) | Progress::Starting) => Objects::NotListed,
            (_, Progress::Absent) => Objects::NotServed,
            (_, Progress::Refused(why)) => Objects::NotReadable(why),
        }
    }
}

fn not_granted(namespace: &str) -> Why {
    Why::NotGranted { namespace: namespace.to_owned(), kind: REFERENCE_GRANT.kind }
}
