//! Taking keys out of targets. That needs no permission of a namespace: what is taken away is ours.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Exporter, Interrupted};
use crate::{
    export::Export,
    holding::{Return, give_back},
    report::{Reason, Report},
    targets::Force,
    wish::Target,
    written::{Precondition, body},
};

impl Exporter {
    /// Takes the export's keys out of all targets, and lets it go.
    pub(super) async fn remove(&self, export: &mut Export) -> Result<(), Interrupted> {
        let finalizer = self.finalizer();
        if !export.has(&finalizer) {
            return Ok(());
        }
        for target in export.record.targets.clone() {
            self.leave(export, &Target::from(&target)).await?;
        }
        self.writer.release(&mut export.object, &finalizer).await?;
        self.memory.forget(&export.key);
        Ok(())
    }

    /// Takes the keys out of all targets but this one.
    pub(super) async fn leave_others(&self, export: &mut Export, stays: &Target) -> Result<(), Interrupted> {
        for target in export.record.targets.clone() {
            if !stays.is(&target) {
                let target = Target::from(&target);
                self.leave(export, &target).await?;
                export.forget(&target);
            }
        }
        Ok(())
    }

    async fn leave(&self, export: &Export, target: &Target) -> Result<(), Interrupted> {
        let found = self.targets.inspect(target).await?;
        let (manager, uid) = (self.manager(export), export.object.metadata.uid.as_deref().unwrap_or_default());
        let owner = match found.as_ref().map_or(Return::Nothing, |found| give_back(found, &manager, uid)) {
            Return::Nothing => return self.be_sure(export, target),
            Return::All => None,
            Return::Keys => Some(export.owner()),
        };
        let emptied = body(target, &BTreeMap::new(), owner.as_ref(), Precondition::of(found.as_ref()));
        Ok(self.apply(export, target, &emptied, Force::Never).await?)
    }

    /// Waits as long as a write whose answer was lost may still bring keys into the target.
    fn be_sure(&self, export: &Export, target: &Target) -> Result<(), Interrupted> {
        let unrecorded = export.record.digest.is_none().then(|| self.begun());
        match self.memory.doubt(&export.key, unrecorded, self.clock.now()) {
            None => Ok(()),
            Some(left) => {
                let why = "waiting because an earlier write, whose answer was lost, may still take effect";
                Err(Interrupted::Wait(Report::new(Reason::Retrying, format!("{target}: {why}")), left))
            }
        }
    }

    /// Since when nobody but this process writes.
    fn begun(&self) -> Timestamp {
        self.claim.since().map_or(self.started, |since| since.max(self.started))
    }
}
