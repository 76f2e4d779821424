//! What users and others do.

use std::time::Duration;

use cairn_testkit::{Matcher, api::ApiCall, aws::AwsCall};
use fastrand::Rng;
use futures::FutureExt;
use serde_json::json;

use crate::{
    operator,
    scenario::Driver,
    slot::{Slot, TAG_KEYS, Wanted},
    spec::Shows,
};

impl Driver {
    /// Does something, and says what.
    pub(crate) async fn act(&mut self, rng: &mut Rng) -> String {
        loop {
            let slot = rng.usize(..self.slots.len());
            let done = match rng.u32(..100) {
                0..20 => self.create(slot, rng).await,
                20..36 => self.edit(slot, rng).await,
                36..42 => self.remove_part(slot, rng).await,
                42..46 => self.waver(slot, rng).await,
                46..55 => self.edit_tags(slot, rng).await,
                55..69 => self.annotate(slot, rng).await,
                69..79 => self.delete(slot).await,
                79..87 => self.drift(slot, rng),
                87..90 => Some(self.restart(rng).await),
                90..93 => self.second(),
                _ => Some(self.arm_crash(rng)),
            };
            if let Some(done) = done {
                return done;
            }
        }
    }

    /// Creates the object of a slot, unless it is there or still going.
    pub(crate) async fn create(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let slot = &mut self.slots[slot];
        if slot.wanted.is_some() || self.world.object(slot).is_some() {
            return None;
        }
        let mut wanted = Wanted::default();
        for part in &slot.parts {
            if rng.u32(..5) < 2 {
                wanted.parts.insert(part.name, rng.usize(..part.choices.len()));
            }
        }
        if rng.bool() {
            wanted.tags.insert("team", "a");
        }
        if slot.seeded && rng.bool() {
            wanted.annotations.insert("adoption-policy", "adopt-or-create".into());
        }
        self.world.create(slot, &wanted).await;
        let done = format!("create {} of {}: {:?}", slot.name, slot.resource, wanted);
        slot.wanted = Some(wanted);
        Some(done)
    }

    async fn edit(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let slot = &mut self.slots[slot];
        let mut wanted = slot.wanted.clone()?;
        let part = &slot.parts[rng.usize(..slot.parts.len())];
        let choice = rng.usize(..part.choices.len());
        wanted.parts.insert(part.name, choice);
        self.world.patch(slot, json!({"spec": part.choices[choice].patch})).await;
        let done = format!("edit {}: {} {:?}", slot.name, part.name, part.choices[choice].shows);
        slot.wanted = Some(wanted);
        Some(done)
    }

    async fn remove_part(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let part = rng.usize(..self.slots[slot].parts.len());
        self.take_out(slot, part).await
    }

    /// Takes the policy out of some bucket that has one: few other actions lead to that call.
    pub(crate) async fn take_out_a_policy(&mut self) -> Option<String> {
        let declared = |slot: &Slot| slot.wanted.as_ref().is_some_and(|wanted| wanted.parts.contains_key("policy"));
        let slot = self.slots.iter().position(declared)?;
        let part = self.slots[slot].parts.iter().position(|part| part.name == "policy")?;
        self.take_out(slot, part).await
    }

    async fn take_out(&mut self, slot: usize, part: usize) -> Option<String> {
        let slot = &mut self.slots[slot];
        let mut wanted = slot.wanted.clone()?;
        let part = &slot.parts[part];
        wanted.parts.remove(part.name)?;
        self.world.patch(slot, json!({"spec": part.without})).await;
        let done = format!("edit {}: without {}", slot.name, part.name);
        slot.wanted = Some(wanted);
        Some(done)
    }

    /// Declares something, and soon takes it back.
    async fn waver(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let slot = &self.slots[slot];
        let wanted = slot.wanted.as_ref()?;
        let part = &slot.parts[rng.usize(..slot.parts.len())];
        let choice = &part.choices[rng.usize(..part.choices.len())];
        self.world.patch(slot, json!({"spec": choice.patch})).await;
        tokio::time::sleep(Duration::from_millis(rng.u64(..2_000))).await;
        let before = wanted.parts.get(part.name).map_or(&part.without, |before| &part.choices[*before].patch);
        self.world.patch(slot, json!({"spec": before})).await;
        Some(format!("edit {} and take it back: {} {:?}", slot.name, part.name, choice.shows))
    }

    async fn edit_tags(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let slot = &mut self.slots[slot];
        let mut wanted = slot.wanted.clone()?;
        for key in TAG_KEYS {
            match rng.u32(..3) {
                0 => drop(wanted.tags.remove(key)),
                value => drop(wanted.tags.insert(key, ["", "a", "b"][value as usize])),
            }
        }
        let (field, value) = slot.tags(&wanted);
        self.world.patch(slot, json!({"spec": {field: value}})).await;
        let done = format!("edit {}: tags {:?}", slot.name, wanted.tags);
        slot.wanted = Some(wanted);
        Some(done)
    }

    async fn annotate(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let now = self.world.api.clock().now();
        let slot = &mut self.slots[slot];
        let mut wanted = slot.wanted.clone()?;
        let moment = now.to_string();
        let (key, value) = [
            ("paused", Some("true")),
            ("paused", None),
            ("mode", Some("Plan")),
            ("mode", None),
            ("read-only", Some("true")),
            ("read-only", None),
            ("deletion-policy", Some("retain")),
            ("deletion-policy", Some("delete")),
            ("ignore-field-drift", Some(if slot.is_bucket() { "spec.versioning" } else { "spec.billingMode" })),
            ("requested-at", Some(moment.as_str())),
        ][rng.usize(..10)];
        match value {
            Some(value) => drop(wanted.annotations.insert(key, value.into())),
            None => drop(wanted.annotations.remove(key)?),
        }
        self.world.annotate(slot, key, value).await;
        let done = format!("annotate {}: {key} {value:?}", slot.name);
        slot.wanted = Some(wanted);
        Some(done)
    }

    async fn delete(&mut self, slot: usize) -> Option<String> {
        let slot = &mut self.slots[slot];
        let wanted = slot.wanted.take()?;
        let said = |annotation: &str, value: &str| wanted.says(annotation, value);
        let record = self.world.object(slot).unwrap_or_default()["status"]["record"].take();
        // An object that goes before anybody looked at it leaves what one of its name left before.
        let untouched = record["ownership"].is_null() && record["intent"].is_null();
        slot.kept = (slot.kept && untouched)
            || said("deletion-policy", "retain")
            || said("read-only", "true")
            || (slot.seeded && !said("deletion-policy", "delete"));
        if slot.kept {
            self.loose.insert(slot.resource);
        }
        self.world.delete(slot).await;
        Some(format!("delete {}{}", slot.name, if slot.kept { ", AWS may keep it" } else { "" }))
    }

    /// Changes something behind everybody's back in a resource that has an owner.
    fn drift(&mut self, slot: usize, rng: &mut Rng) -> Option<String> {
        let slot = &self.slots[slot];
        self.owner(slot)?;
        let (aws, name) = (&self.world.aws, slot.resource);
        let done = match (slot.is_bucket(), rng.u32(..6)) {
            (true, 0) => {
                aws.remove_bucket(name);
                "bucket is gone"
            }
            (true, 1) => {
                let _ = aws.remove_config(name, "policy");
                "policy is gone"
            }
            (true, _) => {
                let status = if rng.bool() { "Enabled" } else { "Suspended" };
                let xml = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
                assert!(aws.set_config(name, "versioning", &xml));
                "versioning is another"
            }
            (false, 0) => {
                self.world.remove_table(name);
                "table is gone"
            }
            (false, _) => {
                let found = aws.edit_table(crate::world::REGION, name, |table| {
                    for tag in table.tags.iter_mut().filter(|tag| tag.key == "team") {
                        tag.value = "drifted".into();
                    }
                });
                assert!(found);
                "tag is another"
            }
        };
        self.world.drifts();
        Some(format!("drift of {name}: {done}"))
    }

    async fn restart(&mut self, rng: &mut Rng) -> String {
        if self.operators.is_empty() {
            return "nothing to restart".into();
        }
        let running = self.operators.remove(rng.usize(..self.operators.len()));
        let kill = rng.bool();
        let done = format!("{} {}", if kill { "kill" } else { "stop" }, running.name);
        if kill {
            running.kill();
        } else {
            running.stop().await;
        }
        tokio::time::sleep(Duration::from_secs(rng.u64(..20))).await;
        self.start();
        done
    }

    fn second(&mut self) -> Option<String> {
        (self.operators.len() < 2).then(|| format!("start a second operator: {}", self.start()))
    }

    pub(crate) fn start(&mut self) -> String {
        self.started += 1;
        let name = format!("operator-{}", self.started);
        self.operators.push(operator::start(&self.world, name.clone(), false));
        name
    }

    /// Lets the process that makes one of the next calls die right after it took effect.
    fn arm_crash(&mut self, rng: &mut Rng) -> String {
        let nth = rng.u64(1..4);
        let (crash, what) = match rng.u32(..3) {
            0 => {
                let creates = |call: &AwsCall| call.operation.starts_with("Create");
                (self.world.aws.crash_after(Matcher::when(creates)).map(drop).boxed(), "create".to_owned())
            }
            1 => {
                let writes = Matcher::when(AwsCall::is_write).nth(nth);
                (self.world.aws.crash_after(writes).map(drop).boxed(), format!("AWS write {nth}"))
            }
            _ => {
                let objects =
                    |call: &ApiCall| call.verb == "patch" && ["buckets", "tables"].contains(&call.resource.as_str());
                let (user, nth) = (std::sync::Arc::clone(&self.world.user), nth);
                let patches = move |call: &ApiCall| objects(call) && !user.load(std::sync::atomic::Ordering::SeqCst);
                let crash = self.world.api.crash_after(Matcher::when(patches).nth(nth));
                (crash.map(drop).boxed(), format!("patch {nth}"))
            }
        };
        self.crashes.push(crash);
        format!("crash after {what}")
    }

    /// Whether a resource shows something.
    pub(crate) fn shows(&self, bucket: bool, resource: &str, shows: Shows) -> bool {
        use cairn_testkit::aws::dynamodb::model::BillingMode;
        match shows {
            Shows::Document(document, text) => {
                let found = self.world.aws.bucket(resource).filter(|_| bucket);
                found.is_some_and(|bucket| bucket.config.get(document).is_some_and(|found| found.contains(text)))
            }
            Shows::Provisioned(units) => self.world.table(resource).is_some_and(|table| {
                let capacity = &table.throughput.provisioned;
                table.billing.mode == BillingMode::Provisioned && (capacity.read, capacity.write) == (units, units)
            }),
            Shows::ByRequest => {
                self.world.table(resource).is_some_and(|table| table.billing.mode == BillingMode::PayPerRequest)
            }
        }
    }
}
