//! Owners and dependents: small families, of which somebody is deleted, and what is left of them then.

use cairn_testkit::api::ApiServer;
use serde_json::{Value, json};

use super::{Generator, NAMESPACES, Spot};
use crate::{
    script::{Action, Class, Request, request},
    things::{THINGS, Thing},
};

/// So many families.
const FAMILIES: usize = 16;

const HOLD: &str = "conformance.example.org/hold";

/// A member of a family, and the step that made it.
#[derive(Clone, Debug)]
struct Member {
    spot: Spot,
    step: usize,
}

impl Generator {
    /// Plans one family; none when there were enough.
    pub(super) fn collect_garbage(&mut self, _: &ApiServer) {
        if self.garbage > FAMILIES {
            return;
        }
        let members = self.family();
        let victims = 1 + self.rng.below(2);
        let mut left = members.clone();
        for _ in 0..victims {
            let victim = self.rng.pick(&left);
            // What the collector does depends on whom it knows by then.
            self.planned.push_back((None, Action::AwaitCollector));
            self.planned.push_back((None, Action::Settle));
            let delete = self.delete_member(&victim);
            self.plan(Class::DeletePropagation, delete);
            self.planned.push_back((None, Action::Settle));
            left.retain(|member| member.step != victim.step);
        }
        self.look_at(&members);
        self.let_go(&members);
    }

    fn plan(&mut self, class: Class, request: Request) {
        self.planned.push_back((Some(class), Action::Send(request)));
    }

    /// The step that the request will have that is planned next.
    fn coming(&self) -> usize {
        self.step + self.planned.len()
    }

    fn family(&mut self) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        let size = 3 + self.rng.below(5);
        for index in 0..size {
            let thing = self.rng.pick(&THINGS);
            let mut spot = self.spot_of(thing);
            spot.name = format!("f{}-{index}", self.garbage);
            let references = self.references(&members, index);
            let mut metadata = json!({ "name": spot.name });
            if !references.is_empty() {
                metadata["ownerReferences"] = json!(references);
            }
            if self.rng.percent(20) {
                metadata["finalizers"] = json!([HOLD]);
            }
            let content = if thing == Thing::Planet { json!({ "spec": { "mass": 1 } }) } else { json!({}) };
            let step = self.coming();
            let create = request("POST", spot.collection()).json(thing.object(&metadata, content));
            self.plan(Class::Owners, create);
            members.push(Member { spot, step });
        }
        if self.rng.percent(40) {
            self.join(&members);
        }
        members
    }

    /// One more tie, which may close a circle.
    fn join(&mut self, members: &[Member]) {
        let (child, owner) = (self.rng.pick(members), self.rng.pick(members));
        if child.step != owner.step {
            let patch = json!({ "metadata": { "ownerReferences": [self.reference(&owner)] } });
            let patch = request("PATCH", child.spot.path()).media("application/merge-patch+json").json(patch);
            self.plan(Class::Owners, patch);
        }
    }

    fn references(&mut self, members: &[Member], index: usize) -> Vec<Value> {
        let mut references = Vec::new();
        for member in members.iter().rev() {
            if self.rng.percent(if references.is_empty() { 55 } else { 15 }) {
                references.push(self.reference(member));
            }
        }
        if index > 0 && self.rng.percent(8) {
            references.push(stranger(&self.rng));
        }
        references
    }

    fn reference(&mut self, owner: &Member) -> Value {
        let thing = owner.spot.thing;
        let mut reference = json!({
            "apiVersion": thing.api_version(), "kind": thing.kind(), "name": owner.spot.name,
            "uid": format!("{{{{uid:{}}}}}", owner.step),
        });
        if self.rng.percent(60) {
            reference["blockOwnerDeletion"] = json!(self.rng.percent(85));
        }
        // The right UID under a wrong name is nobody.
        if self.rng.percent(4) {
            reference["name"] = json!("misnamed");
        }
        reference
    }

    fn delete_member(&mut self, member: &Member) -> Request {
        let delete = request("DELETE", member.spot.path());
        match self.rng.below(9) {
            0..=2 => delete.with("propagationPolicy", "Foreground"),
            3 | 4 => delete.with("propagationPolicy", "Orphan"),
            5 => delete.with("propagationPolicy", "Background"),
            6 => delete.with("orphanDependents", if self.rng.percent(50) { "true" } else { "false" }),
            7 => delete.json(json!({
                "kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Foreground",
                "preconditions": { "uid": format!("{{{{uid:{}}}}}", member.step) },
            })),
            _ => delete,
        }
    }

    fn look_at(&mut self, members: &[Member]) {
        for member in members {
            self.plan(Class::Get, request("GET", member.spot.path()));
        }
    }

    /// Takes away what still holds anybody, and looks again.
    fn let_go(&mut self, members: &[Member]) {
        for member in members {
            let patch = json!({ "metadata": { "finalizers": null } });
            let patch = request("PATCH", member.spot.path()).media("application/merge-patch+json").json(patch);
            self.plan(Class::Finalizers, patch);
            self.planned.push_back((None, Action::Settle));
        }
        for thing in [Thing::ConfigMap, Thing::Gadget, Thing::Planet] {
            self.plan(Class::List, request("GET", thing.collection(NAMESPACES[0])));
        }
    }
}

/// An owner that is not there: of a kind that is served, or of one that nobody knows.
fn stranger(rng: &crate::rng::Rng) -> Value {
    let (version, kind) = rng.pick(&[
        ("v1", "ConfigMap"),
        ("conformance.example.org/v1", "Planet"),
        ("nobody.example.org/v1", "Nothing"),
    ]);
    json!({ "apiVersion": version, "kind": kind, "name": "stranger", "uid": "ffffffff-0000-4000-8000-0000000000ff" })
}
