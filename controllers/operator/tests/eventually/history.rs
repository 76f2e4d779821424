//! What may never happen on the way, whatever comes of it in the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use cairn_testkit::{
    api::{ApiCall, ApiServer},
    aws::AwsCall,
};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::{slot::Slot, world::World};

/// Looks on. Clones see the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct History(Arc<Mutex<Option<String>>>);

impl History {
    /// Looks at each status as soon as it is written.
    pub(crate) fn of(world: &World) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        world.api.on_call(move |call| {
            if call.verb == "patch" && call.subresource.is_some() {
                // Whoever listened is gone with the scenario.
                drop(tell.send(call.clone()));
            }
        });
        let history = Self::default();
        tokio::spawn(history.clone().look(world.api.clone(), told));
        history
    }

    async fn look(self, api: ApiServer, mut told: UnboundedReceiver<ApiCall>) {
        let mut seen: BTreeMap<String, i64> = BTreeMap::new();
        while let Some(call) = told.recv().await {
            let name = call.name.unwrap_or_default();
            let Some(object) = api.object(&call.group, &call.resource, call.namespace.as_deref(), &name) else {
                continue;
            };
            let uid = object["metadata"]["uid"].as_str().unwrap_or_default().to_owned();
            let Some(now) = object["status"]["observedGeneration"].as_i64() else { continue };
            if let Some(before) = seen.insert(uid, now).filter(|before| *before > now) {
                let why = format!("the status of {name} went back from generation {before} to {now}");
                self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
            }
        }
    }

    /// What happened since the calls to AWS were last forgotten, and to statuses ever.
    pub(crate) fn check(&self, world: &World, slots: &[Slot]) -> Result<(), String> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Two objects that name one resource may both see that it is not there, and both try.
        let alone = |name: &str| slots.iter().filter(|slot| slot.resource == name).count() == 1;
        found.or_else(|| created_unseen(&world.aws.calls(), alone)).map_or(Ok(()), Err)
    }
}

/// Before each create somebody looks whether one that was sent before took effect (design §3.1).
fn created_unseen(calls: &[AwsCall], alone: impl Fn(&str) -> bool) -> Option<String> {
    let mut sent = BTreeSet::new();
    for call in calls {
        let about = call.bucket.as_ref().or(call.table.as_ref());
        let Some(about) = about.filter(|name| alone(name)) else { continue };
        if !call.is_write() {
            sent.remove(about);
        } else if ["CreateBucket", "CreateTable"].contains(&call.operation.as_str()) && !sent.insert(about) {
            return Some(format!("{} of {about} was sent again unseen", call.operation));
        }
    }
    None
}
