//! A setting has no owner that AWS could tell: of the objects that speak for the same one the oldest is heard (design
//! §3.1), as far as this process sees them.

use cairn_core::condition::{Reason, Report};
use serde_json::{Value, json};

use super::{Engine, object::Managed};
use crate::kind::ManagedKind;

impl<K: ManagedKind> Engine<K> {
    /// The objects that go before this one wherever both speak for the same setting, the oldest first; none for kinds whose
    /// resources have owners.
    pub(super) fn elders(&self, object: &Managed) -> Vec<Managed> {
        if !self.kind.rules().is_setting() {
            return Vec::new();
        }
        let mut elders: Vec<_> = self.stored().filter(|other| !other.deleting && other.age() < object.age()).collect();
        elders.sort_by(|a, b| a.age().cmp(&b.age()));
        elders
    }

    /// What a plan depends on of the elders: who they are, and what each has been found to speak for.
    pub(super) fn elders_digest_input(elders: &[Managed]) -> Value {
        elders.iter().map(|elder| json!([elder.uid, elder.record.identity])).collect()
    }

    /// Leaves the setting to the oldest object that speaks for it.
    pub(super) async fn give_way(&self, elders: &[Managed], identity: &str) -> Result<(), Report> {
        for elder in elders {
            if self.speaks_for(elder).await.as_deref() == Some(identity) {
                let (kind, key) = (self.kind.kind().kind, &elder.key);
                let why = format!(
                    "{identity}: {kind} {key} is older and speaks for the same; nothing was changed; delete one of the two"
                );
                return Err(Report::new(Reason::NotOwned, why));
            }
        }
        Ok(())
    }

    /// What an object has been found to speak for, or would; `None` while that cannot be told. When it can, the object's
    /// status says so, and with that its juniors are looked at again.
    async fn speaks_for(&self, elder: &Managed) -> Option<String> {
        if elder.record.identity.is_some() {
            return elder.record.identity.clone();
        }
        let spec = Self::spec(&elder.spec).ok()?;
        let scope = self.scope(elder, self.kind.region(&spec)).ok()?;
        let client = self.kind.connect(&scope).await.ok()?;
        self.kind.own_name(&client, &self.owner(&elder.key)).ok()?
    }
}
