//! What has to be true when everybody has stopped.

use std::time::Duration;

use crate::{
    scenario::Driver,
    slot::{Slot, TAG_KEYS, Wanted},
};

/// How long it may take, on virtual time, until all is as it should be: some of the longest backoffs.
const PATIENCE: u32 = 3_600;

impl Driver {
    /// Waits until every object says what is true of it, nothing is orphaned, and what is deleted is gone.
    ///
    /// What somebody else took away is missed at the next check only: `seen` says that there was one since.
    pub(crate) async fn settles(&self, seen: bool) -> Result<(), String> {
        let mut problem = String::new();
        for _ in 0..PATIENCE {
            match self.problem(seen) {
                None => return Ok(()),
                Some(found) => problem = found,
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Err(format!("it never settles: {problem}"))
    }

    /// What is not as it should be, beside the configuration of resources.
    fn problem(&self, seen: bool) -> Option<String> {
        let gone = |slot: &&Slot| slot.wanted.is_none();
        let lingers = self.slots.iter().filter(gone).find(|slot| self.world.object(slot).is_some());
        if let Some(slot) = lingers {
            return Some(format!("{} is still there: {}", slot.name, self.conditions(slot)));
        }
        self.slots.iter().find_map(|slot| self.problem_of(slot, seen))
    }

    /// The object that the resource of a slot says it belongs to; `Some("")` for one that says nothing.
    pub(crate) fn says(&self, slot: &Slot) -> Option<String> {
        let tags: Vec<(String, String)> = if slot.is_bucket() {
            self.world.aws.bucket(slot.resource)?.tags.into_iter().collect()
        } else {
            self.world.table(slot.resource)?.tags.into_iter().map(|tag| (tag.key, tag.value)).collect()
        };
        let tag = |key: &str| tags.iter().find(|(found, _)| found == key).map(|(_, value)| value.clone());
        Some(tag("cairn.run/owner").and_then(|_| tag("cairn.run/name")).unwrap_or_default())
    }

    /// The slot that owns the resource of a slot.
    pub(crate) fn owner(&self, slot: &Slot) -> Option<&Slot> {
        let name = self.says(slot)?;
        self.slots.iter().find(|owner| owner.name == name && owner.resource == slot.resource)
    }

    fn problem_of(&self, slot: &Slot, seen: bool) -> Option<String> {
        let (says, owner) = (self.says(slot), self.owner(slot));
        let is_owner = owner.is_some_and(|owner| owner.name == slot.name);
        match (says.as_deref(), owner) {
            (None, _) if !seen => None,
            (Some(_), Some(owner)) if !seen && !is_owner && owner.wanted.is_some() => None,
            (None, _) => {
                slot.wanted.as_ref().map(|_| format!("{} does not exist: {}", slot.resource, self.conditions(slot)))
            }
            (Some(_), Some(owner)) if owner.wanted.is_none() && !owner.kept => {
                Some(format!("{} is orphaned by {}", slot.resource, owner.name))
            }
            (Some(_), Some(_)) if is_owner => {
                let wanted = slot.wanted.as_ref()?;
                self.is_ready(slot, wanted).err()
            }
            (Some(_), Some(_)) => self.is_refused(slot),
            (Some(_), None) if !slot.seeded => Some(format!("{} belongs to nobody: {says:?}", slot.resource)),
            (Some(_), None) => self.is_by_hand(slot),
        }
    }

    /// What somebody made by hand is as it was, and not taken by an object that does not ask for it.
    fn is_by_hand(&self, slot: &Slot) -> Option<String> {
        if self.world.aws.bucket(slot.resource) != self.by_hand {
            return Some(format!("{} was changed, and is nobody's", slot.resource));
        }
        let asks = slot.wanted.as_ref().is_some_and(|wanted| wanted.annotations.contains_key("adoption-policy"));
        if asks {
            return Some(format!("{} is not adopted: {}", slot.resource, self.conditions(slot)));
        }
        self.is_refused(slot)
    }

    fn is_refused(&self, slot: &Slot) -> Option<String> {
        slot.wanted.as_ref()?;
        let honest = self.condition(slot, "Ready") == ("False".into(), "NotOwned".into())
            && self.condition(slot, "Stalled").0 == "True"
            && self.is_current(slot);
        (!honest).then(|| format!("{} does not say that it is refused: {}", slot.name, self.conditions(slot)))
    }

    fn is_ready(&self, slot: &Slot, wanted: &Wanted) -> Result<(), String> {
        let object = self.world.object(slot).ok_or_else(|| format!("{} is lost", slot.name))?;
        let asked = wanted.annotations.get("requested-at").map(String::as_str);
        let honest = self.condition(slot, "Ready") == ("True".into(), "Available".into())
            && self.condition(slot, "Stalled").0 != "True"
            && self.condition(slot, "Reconciling").0 != "True"
            && object["status"]["record"]["identity"] == slot.resource
            && (asked.is_none() || object["status"]["lastHandledReconcileAt"].as_str() == asked)
            && self.is_current(slot);
        if honest { Ok(()) } else { Err(format!("{} is not ready: {}", slot.name, self.conditions(slot))) }
    }

    fn is_current(&self, slot: &Slot) -> bool {
        let Some(object) = self.world.object(slot) else { return false };
        object["status"]["observedGeneration"] == object["metadata"]["generation"]
    }

    fn condition(&self, slot: &Slot, kind: &str) -> (String, String) {
        let object = self.world.object(slot).unwrap_or_default();
        let found = object["status"]["conditions"].as_array().into_iter().flatten().find(|found| found["type"] == kind);
        let text = |field: &str| found.and_then(|found| found[field].as_str()).unwrap_or_default().to_owned();
        (text("status"), text("reason"))
    }

    fn conditions(&self, slot: &Slot) -> String {
        let object = self.world.object(slot).unwrap_or_default();
        format!(
            "{} {} {}",
            object["metadata"]["annotations"], object["status"]["conditions"], object["status"]["record"]
        )
    }

    /// Whether AWS has what each owner declares, and nothing of what it once declared and does no longer.
    pub(crate) fn has_what_is_declared(&self) -> Result<(), String> {
        for slot in &self.slots {
            let owns = self.owner(slot).is_some_and(|owner| owner.name == slot.name);
            if let Some(wanted) = slot.wanted.as_ref().filter(|_| owns) {
                self.matches(slot, wanted)?;
            }
        }
        Ok(())
    }

    fn matches(&self, slot: &Slot, wanted: &Wanted) -> Result<(), String> {
        for (part, choice) in &wanted.parts {
            let expected = slot.choice(part, *choice).shows;
            if !self.shows(slot.is_bucket(), slot.resource, expected) {
                let found = self.world.aws.bucket(slot.resource).map(|bucket| bucket.config);
                let table = self.world.table(slot.resource).map(|table| (table.billing, table.throughput));
                return Err(format!("{}: {part} is not {expected:?}: {found:?} {table:?}", slot.resource));
            }
        }
        let loose = self.loose.contains(slot.resource);
        for part in slot.undeclared_parts(wanted).filter(|part| part.goes && !loose) {
            if part.choices.iter().any(|choice| self.shows(slot.is_bucket(), slot.resource, choice.shows)) {
                return Err(format!("{}: {} is not declared any more, and stays", slot.resource, part.name));
            }
        }
        self.matches_tags(slot, wanted, loose)
    }

    fn matches_tags(&self, slot: &Slot, wanted: &Wanted, loose: bool) -> Result<(), String> {
        let found = |key: &str| {
            if slot.is_bucket() {
                return self.world.aws.bucket(slot.resource)?.tags.get(key).cloned();
            }
            let table = self.world.table(slot.resource)?;
            table.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.clone())
        };
        for key in TAG_KEYS {
            let (found, declared) = (found(key), wanted.tags.get(key));
            let right = match declared {
                Some(declared) => found.as_deref() == Some(*declared),
                None => found.is_none() || loose,
            };
            if !right {
                return Err(format!("{}: tag {key} is {found:?} and not {declared:?}", slot.resource));
            }
        }
        Ok(())
    }
}
