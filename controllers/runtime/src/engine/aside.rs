//! Standing aside for another controller that manages the object, too.

use cairn_core::{
    condition::{Reason, Report},
    others::{self, Situation, Verdict},
    record,
};

use super::{Engine, Interrupted, object::Managed};
use crate::kind::ManagedKind;

impl<K: ManagedKind> Engine<K> {
    /// Lets a reconcile go on only where nobody else has written since Cairn did. From then on it takes somebody who
    /// asks for it.
    pub(super) fn stand_aside(&self, object: &mut Managed) -> Result<(), Interrupted> {
        if object.deleting && !object.finalizers.contains(&self.finalizer()) {
            return Ok(());
        }
        let edited = object.generation != object.common.observed_generation;
        let situation = Situation {
            found: &object.others,
            known: &object.record.others,
            aside: object.says(Reason::OtherController),
            asked: edited || !object.is_answered(),
            now: self.parts.clock.now(),
        };
        match others::decide(situation) {
            Verdict::GoOn => Ok(()),
            Verdict::NotBefore(at) => Err(Interrupted::NotBefore(at)),
            Verdict::StandAside(managers) => {
                object.record = record::beside(std::mem::take(&mut object.record), &object.others);
                let annotation = self.settings.groups.annotation("requested-at");
                let message = others::message(&managers, &annotation);
                Err(Report::new(Reason::OtherController, message).into())
            }
            Verdict::StayAside => {
                let said = object.said().unwrap_or_else(|| Report::new(Reason::OtherController, String::new()));
                Err(said.into())
            }
        }
    }
}
