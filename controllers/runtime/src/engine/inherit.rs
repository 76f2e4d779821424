//! Objects that ACK managed go on under Cairn (design §3.3, rule b): ACK's finalizer, together with the place in AWS that
//! its status names, is evidence of ownership, because only a controller writes either.

use cairn_core::{api::Ownership, record};

use super::{Engine, Interrupted, object::Managed};
use crate::kind::{ManagedKind, ScopedClient};

impl<K: ManagedKind> Engine<K> {
    /// Records what ACK left, where Cairn has not recorded anything itself.
    pub(super) async fn inherit(&self, object: &mut Managed) -> Result<(), Interrupted> {
        let left_by_ack = self.settings.groups.is_ack() && object.finalizers.contains(&self.finalizer());
        let Some(left) = object.metadata.clone().filter(|_| left_by_ack && record::is_blank(&object.record)) else {
            return Ok(());
        };
        let spec = Self::spec(&object.spec)?;
        let scope = self.scope(object, self.kind.region(&spec).or(Some(left.region.as_str())))?;
        let client = self.connect(object, &scope).await?;
        let Some(identity) = self.kind.left_by_ack(&spec, left.arn.as_deref()) else { return Ok(()) };
        let place = client.metadata(Some(&identity));
        if place.arn == left.arn && place.owner_account_id == left.owner_account_id && place.region == left.region {
            let how = if object.controls.adopted { Ownership::Adopted } else { Ownership::Created };
            object.record = record::own(std::mem::take(&mut object.record), &identity, None, how);
        }
        Ok(())
    }
}
