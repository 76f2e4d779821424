//! Doing what was decided: everything at once.

use futures::future::join_all;
use kube::api::DynamicObject;
use serde_json::{Value as Json, json};

use super::body::APPLIED;
use super::covers::covers;
use super::decide::{Decision, Fate, Past as _, Removal, Sending, Why};
use super::notes::Notes;
use super::report::Trouble;
use super::subject::Subject;
use super::{Conductor, Interrupted};
use crate::graph::Serving;
use crate::hands::Refusal;
use crate::marks::{PART_OF, SET_ID};
use crate::watches::{Extent, WatchId, Whose, reduce};

/// The API server answers with a conflict where an object is there, and creates it where it is not (tried on 1.35).
const ONLY_NEW: &str = "1";

/// What came of one apply.
enum Sent {
    Done,
    /// The object changed meanwhile, in a way that will be told.
    Moved,
    /// It is another's.
    Taken(String),
    Refused(Refusal),
}

impl Conductor {
    /// Does everything at once; gives what was refused.
    pub(super) async fn carry_out(
        &self,
        subject: &Subject,
        serving: &Serving,
        decision: Decision,
        notes: &mut Notes,
    ) -> Result<Vec<Trouble>, Interrupted> {
        let applies = join_all(decision.applies.iter().map(|sending| self.send(subject, serving, sending)));
        let (outcomes, removed) = futures::join!(applies, self.remove_all(&decision.removals));
        let mut troubles = removed?;
        for removal in &decision.removals {
            notes.removed(&removal.uid);
        }
        let mut moved = false;
        for (sending, (outcome, answer)) in decision.applies.iter().zip(outcomes) {
            self.note(sending, &outcome, answer.as_ref(), notes);
            match outcome {
                Sent::Done | Sent::Taken(_) => {}
                Sent::Moved => moved = true,
                Sent::Refused(Refusal::NotHeld) => return Err(Interrupted::NotHeld),
                Sent::Refused(refusal) => {
                    let why = refusal.to_string();
                    troubles.push(Trouble { object: sending.name.clone(), why, is_block: false });
                }
            }
        }
        if moved { Err(Interrupted::Changed) } else { Ok(troubles) }
    }

    fn note(&self, sending: &Sending, outcome: &Sent, answer: Option<&DynamicObject>, notes: &mut Notes) {
        match outcome {
            Sent::Taken(why) => notes.block(&sending.name, why.clone()),
            Sent::Refused(_) => notes.refuse(&sending.name),
            Sent::Moved => {}
            Sent::Done => notes.unblock(&sending.name),
        }
        if matches!(outcome, Sent::Done) && matches!(sending.why, Why::Drifted(_)) {
            notes.mended(&sending.name);
            self.metrics.drift(&sending.kind.gvk.kind);
        }
        let known = answer.and_then(|answer| answer.metadata.uid.as_deref());
        if let Some(uid) = known.filter(|_| self.marks.groups.is_kro()) {
            notes.sent(uid, &sending.digest);
        }
        // Fields that the API server writes in another way would look like drift for ever.
        if let Some(answer) = answer {
            let mut answer = answer.clone();
            reduce(&mut answer, &self.marks.manager(), Extent::Marks);
            let owned = crate::watches::owned(&answer);
            let uid = answer.metadata.uid.as_deref().unwrap_or_default();
            if !covers(&owned, &sending.body) && !notes.is_settled(uid, &owned) {
                notes.settled(uid, &owned);
            }
        }
    }

    async fn send(&self, subject: &Subject, serving: &Serving, sending: &Sending) -> (Sent, Option<DynamicObject>) {
        let id = watch(serving, sending);
        let mut body = Json::clone(&sending.body);
        if let Some((key, version)) = &sending.version {
            body["metadata"]["labels"][key] = version.clone().into();
        }
        match &sending.known {
            Some(uid) => body["metadata"]["uid"] = uid.clone().into(),
            None => body["metadata"]["resourceVersion"] = ONLY_NEW.into(),
        }
        let resource = sending.resource();
        match self.hands.apply(&resource, &sending.name, &self.marks.manager(), &body).await {
            Ok(answer) => {
                self.hub.accept(&id, answer.clone());
                (Sent::Done, Some(answer))
            }
            Err(Refusal::Conflict(_)) if sending.known.is_none() => (self.there(subject, &id, sending).await, None),
            Err(Refusal::Conflict(_)) => (Sent::Moved, None),
            Err(refusal) => (Sent::Refused(refusal), None),
        }
    }

    /// An object was there that was not expected: made before a crash, or another's.
    async fn there(&self, subject: &Subject, id: &WatchId, sending: &Sending) -> Sent {
        let found = match self.hands.read(&sending.resource(), &sending.name).await {
            Ok(Some(found)) => found,
            // It has gone meanwhile.
            Ok(None) => return Sent::Moved,
            Err(refusal) => return Sent::Refused(refusal),
        };
        let set = subject.owner.set();
        let label = |key: &str| found.metadata.labels.as_ref().and_then(|labels| labels.get(key));
        let owned = self.marks.key("owned");
        match label(PART_OF) {
            Some(part) if *part == set => {
                self.hub.accept(id, found);
                Sent::Done
            }
            Some(part) => {
                Sent::Taken(format!("{} belongs to ApplySet {part:?}, not to this instance ({set:?})", sending.name))
            }
            None => Sent::Taken(format!(
                "{} exists and is not this instance's{}; to hand it over, label it {owned}=true and {PART_OF}={set}",
                sending.name,
                label(SET_ID).map(|_| " but an instance itself").unwrap_or_default(),
            )),
        }
    }

    /// Removes objects, all at once; gives what was refused.
    pub(super) async fn remove_all(&self, removals: &[Removal]) -> Result<Vec<Trouble>, Interrupted> {
        let outcomes = join_all(removals.iter().map(|removal| self.remove_one(removal))).await;
        let mut troubles = Vec::new();
        for (removal, outcome) in removals.iter().zip(outcomes) {
            match outcome {
                // Whether it is gone or another has its name: the watch tells.
                Ok(()) | Err(Refusal::NotFound(_) | Refusal::Conflict(_)) => {}
                Err(Refusal::NotHeld) => return Err(Interrupted::NotHeld),
                Err(refusal) => troubles.push(Trouble {
                    object: removal.name.clone(),
                    why: format!("it cannot be removed: {refusal}"),
                    is_block: false,
                }),
            }
        }
        Ok(troubles)
    }

    async fn remove_one(&self, removal: &Removal) -> Result<(), Refusal> {
        let resource = removal.watch.resource();
        match removal.fate {
            Fate::Delete => {
                let left = self.hands.delete(&resource, &removal.name, &removal.uid).await?;
                if let Some(left) = left {
                    self.hub.accept(&removal.watch, left);
                }
            }
            Fate::Release => {
                let patch = self.without_marks(&removal.uid);
                self.hands.merge(&resource, &removal.name, &self.marks.manager(), &patch).await?;
            }
        }
        Ok(())
    }

    /// The patch that makes an object nobody's.
    fn without_marks(&self, uid: &str) -> Json {
        let label = |name: &str| (self.marks.key(name), Json::Null);
        let names = ["owned", "instance-id", "instance-name", "instance-namespace", "instance-group"];
        let more = ["instance-version", "instance-kind", "node-id", "collection-index", "collection-size"];
        let mut labels: serde_json::Map<String, Json> = names.iter().chain(&more).map(|name| label(name)).collect();
        labels.insert(PART_OF.into(), Json::Null);
        labels.insert(crate::marks::MANAGED_BY.into(), Json::Null);
        let annotations = [APPLIED, super::body::ORDER, super::body::POLICY];
        let annotations: serde_json::Map<String, Json> =
            annotations.iter().map(|name| (self.marks.internal(name), Json::Null)).collect();
        json!({"metadata": {"uid": uid, "labels": labels, "annotations": annotations}})
    }
}

/// Where an object is watched.
fn watch(serving: &Serving, sending: &Sending) -> WatchId {
    let own =
        || WatchId { kind: sending.kind.gvk.clone(), plural: sending.kind.traits.plural.clone(), of: Whose::Owned };
    serving.watch_of(&sending.kind.gvk).cloned().unwrap_or_else(own)
}
