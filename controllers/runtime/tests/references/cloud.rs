//! An AWS service in memory that gives its resources ids.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use cairn_core::{
    failure::{Failure, classify},
    listed::Listed,
    tags::Tags,
};
use cairn_testkit::Process;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::time::Instant;

/// A service; clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cloud(Arc<Mutex<State>>);

#[derive(Debug, Default)]
pub(crate) struct State {
    resources: BTreeMap<String, Resource>,
    /// By token: the id that was given for it, and what was asked for.
    tokens: BTreeMap<String, (String, Value)>,
    made: usize,
    calls: Vec<String>,
    faults: Vec<(usize, String, Fault)>,
    lag: Duration,
    /// When the clock of the service began, and how far it is from everybody else's.
    began: Option<Instant>,
    skew: SignedDuration,
}

#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) kind: &'static str,
    pub(crate) tags: Tags,
    pub(crate) fields: BTreeMap<String, Value>,
    created: Timestamp,
    shown_at: Instant,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The process dies, and the call is never sent.
    CrashBefore,
    /// The call takes effect, and the process dies.
    CrashAfter,
    /// The call takes effect, and the answer is lost.
    Lost,
    /// The answer is lost, and the call takes effect so much later.
    Late(Duration),
    /// AWS refuses it with this code.
    Refused(&'static str),
}

impl Cloud {
    /// Applies `fault` to the `nth` call, counted from one, of those whose operation begins with `operation`.
    pub(crate) fn fail(&self, operation: &str, nth: usize, fault: Fault) {
        self.0.lock().unwrap().faults.push((nth, operation.into(), fault));
    }

    /// New resources are shown so much later.
    pub(crate) fn lag(&self, lag: Duration) {
        self.0.lock().unwrap().lag = lag;
    }

    /// The clock of the service is so far from everybody else's.
    pub(crate) fn skew(&self, skew: SignedDuration) {
        self.0.lock().unwrap().skew = skew;
    }

    pub(crate) fn calls(&self) -> Vec<String> {
        self.0.lock().unwrap().calls.clone()
    }

    pub(crate) fn mutations(&self) -> Vec<String> {
        self.calls().into_iter().filter(|call| !["Find", "List", "Describe"].contains(&call.as_str())).collect()
    }

    pub(crate) fn forget_calls(&self) {
        self.0.lock().unwrap().calls.clear();
    }

    pub(crate) fn resources(&self, kind: &str) -> Vec<(String, Resource)> {
        let state = self.0.lock().unwrap();
        state.resources.iter().filter(|(_, found)| found.kind == kind).map(|(id, r)| (id.clone(), r.clone())).collect()
    }

    /// The one resource of a kind.
    pub(crate) fn only(&self, kind: &str) -> (String, Resource) {
        let mut all = self.resources(kind);
        assert_eq!(all.len(), 1, "{all:#?}; calls: {:?}", self.calls());
        all.remove(0)
    }

    /// Takes a resource away behind everybody's back.
    pub(crate) fn lose(&self, id: &str) {
        assert!(self.0.lock().unwrap().resources.remove(id).is_some());
    }

    /// Makes a resource behind everybody's back.
    pub(crate) fn put(&self, kind: &'static str) -> String {
        self.0.lock().unwrap().make(kind, Tags::new(), BTreeMap::new())
    }

    /// One call of `process`.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        process: &Process,
        operation: &str,
        effect: impl FnOnce(&mut State) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        alive(process).await;
        let fault = self.0.lock().unwrap().draw(operation);
        match fault {
            None => effect(&mut self.0.lock().unwrap()),
            Some(Fault::CrashBefore) => {
                process.kill();
                std::future::pending().await
            }
            Some(Fault::CrashAfter) => {
                let _unseen = effect(&mut self.0.lock().unwrap());
                process.kill();
                std::future::pending().await
            }
            Some(Fault::Lost) => {
                let _unseen = effect(&mut self.0.lock().unwrap());
                Err(lost(operation))
            }
            Some(Fault::Late(by)) => {
                let cloud = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(by).await;
                    let _unseen = effect(&mut cloud.0.lock().unwrap());
                });
                Err(lost(operation))
            }
            Some(Fault::Refused(code)) => Err(refused(operation, code, "a fault of the test")),
        }
    }
}

impl State {
    fn draw(&mut self, operation: &str) -> Option<Fault> {
        self.calls.push(operation.to_owned());
        for (left, prefix, _) in &mut self.faults {
            if operation.starts_with(prefix.as_str()) {
                *left -= 1;
            }
        }
        let hit = self.faults.iter().position(|(left, ..)| *left == 0)?;
        Some(self.faults.remove(hit).2)
    }

    pub(crate) fn make(&mut self, kind: &'static str, tags: Tags, fields: BTreeMap<String, Value>) -> String {
        self.made += 1;
        let created = self.now();
        let (id, shown_at) = (format!("{}-{}", kind.to_lowercase(), self.made), Instant::now() + self.lag);
        self.resources.insert(id.clone(), Resource { kind, tags, fields, created, shown_at });
        id
    }

    /// As [`State::make`], once for each token.
    pub(crate) fn make_once(
        &mut self,
        token: &str,
        kind: &'static str,
        tags: Tags,
        fields: BTreeMap<String, Value>,
    ) -> Result<String, Failure> {
        let asked = json!({"tags": tags, "fields": fields});
        match self.tokens.get(token) {
            Some((id, before)) if *before == asked => Ok(id.clone()),
            Some(_) => Err(refused("Create", "IdempotentParameterMismatchException", "the parameters differ")),
            None => {
                let id = self.make(kind, tags, fields);
                self.tokens.insert(token.into(), (id.clone(), asked));
                Ok(id)
            }
        }
    }

    /// The resource, if there is one and it is shown already.
    pub(crate) fn shown(&self, id: &str) -> Option<&Resource> {
        self.resources.get(id).filter(|resource| resource.shown_at <= Instant::now())
    }

    fn now(&mut self) -> Timestamp {
        let began = *self.began.get_or_insert_with(Instant::now);
        let noon = Timestamp::from_second(1_800_000_000).unwrap();
        noon + SignedDuration::try_from(began.elapsed()).unwrap() + self.skew
    }

    /// The resources of a kind that are shown already, as a list has them.
    pub(crate) fn listed(&self, kind: &str) -> Vec<Listed> {
        let shown = self.resources.iter().filter(|(id, found)| found.kind == kind && self.shown(id).is_some());
        shown.map(|(id, found)| Listed { id: id.clone(), created: found.created }).collect()
    }

    /// The id of the resource with that tag.
    pub(crate) fn tagged(&self, kind: &str, key: &str, value: &str) -> Option<String> {
        let mut shown = self.resources.iter().filter(|(id, _)| self.shown(id).is_some());
        let carries = |resource: &Resource| resource.tags.get(key).is_some_and(|found| found == value);
        shown.find(|(_, found)| found.kind == kind && carries(found)).map(|(id, _)| id.clone())
    }

    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Resource)) -> Result<(), Failure> {
        match self.resources.get_mut(id) {
            Some(resource) => {
                change(resource);
                Ok(())
            }
            None => Err(refused("Modify", "ResourceNotFoundException", "no such resource")),
        }
    }

    pub(crate) fn delete(&mut self, id: &str) -> Result<(), Failure> {
        match self.resources.remove(id) {
            Some(_) => Ok(()),
            None => Err(refused("Delete", "ResourceNotFoundException", "no such resource")),
        }
    }
}

async fn alive(process: &Process) {
    tokio::task::yield_now().await;
    if process.is_dead() {
        std::future::pending::<()>().await;
    }
}

pub(crate) fn refused(operation: &str, code: &str, message: &str) -> Failure {
    Failure {
        operation: operation.into(),
        code: code.into(),
        message: message.into(),
        request_id: None,
        class: classify(code, Some(400)),
        ambiguous: false,
    }
}

fn lost(operation: &str) -> Failure {
    Failure { ambiguous: true, ..refused(operation, "InternalError", "the answer was lost") }
}
