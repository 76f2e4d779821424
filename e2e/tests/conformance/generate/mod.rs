//! The script: what might be asked next, given what there is.

mod bad;
mod garbage;
mod reads;
mod watches;
mod writes;

use std::collections::BTreeMap;

use cairn_testkit::api::ApiServer;
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    rng::Rng,
    script::{Action, Body, Class, Request, request},
    things::{THINGS, Thing},
};

/// So many steps are random, before the watches and the garbage.
const RANDOM_STEPS: usize = 2_300;

/// How many live watches run at once, more or less.
const LIVE: usize = 24;

/// Names of objects: few, so that the same is met again.
const NAMES: [&str; 7] = ["n0", "n1", "n2", "n3", "n4", "n5", "n.6"];

/// The namespaces of the script.
pub(crate) const NAMESPACES: [&str; 2] = ["conformance", "conformance-b"];

/// How often a class comes, of so many in all.
const WEIGHTS: [(Class, usize); 25] = [
    (Class::Create, 12),
    (Class::CreateGenerated, 2),
    (Class::Get, 6),
    (Class::GetMetadata, 2),
    (Class::List, 2),
    (Class::ListSelected, 4),
    (Class::ListPaged, 3),
    (Class::ListVersion, 3),
    (Class::Update, 12),
    (Class::MergePatch, 14),
    (Class::JsonPatch, 5),
    (Class::Apply, 24),
    (Class::ApplyForced, 9),
    (Class::Status, 6),
    (Class::StatusApply, 4),
    (Class::Scale, 5),
    (Class::Finalizers, 8),
    (Class::Delete, 9),
    (Class::DeletePrecondition, 3),
    (Class::DeleteCollection, 2),
    (Class::DryRun, 5),
    (Class::Strict, 3),
    (Class::Bad, 12),
    (Class::DeletePropagation, 2),
    (Class::Owners, 2),
];

/// A step to come.
pub(crate) type Next = (Option<Class>, Action);

/// Makes one step after the other.
pub(crate) struct Generator {
    rng: Rng,
    step: usize,
    /// The steps whose answers hold an object, newest last.
    seen: BTreeMap<(Thing, String, String), Vec<usize>>,
    /// Steps whose answers hold a resource version of an object of this kind.
    moments: Vec<(Thing, usize)>,
    /// Steps whose answers are parts of lists, with the request for the next part.
    pages: Vec<(usize, Request)>,
    /// Steps whose answers are objects with names that the server chose.
    generated: Vec<(Thing, usize)>,
    live: Vec<usize>,
    planned: std::collections::VecDeque<Next>,
    garbage: usize,
    /// Rows of bad requests that did not come yet.
    bad_rows: Vec<usize>,
}

/// An object of a name in a place.
#[derive(Clone, Debug)]
struct Spot {
    thing: Thing,
    namespace: String,
    name: String,
}

impl Spot {
    fn collection(&self) -> String {
        self.thing.collection(&self.namespace)
    }

    fn path(&self) -> String {
        format!("{}/{}", self.collection(), self.name)
    }

    fn key(&self) -> (Thing, String, String) {
        (self.thing, self.namespace.clone(), self.name.clone())
    }

    fn object(&self, mut metadata: Value, content: Value) -> Value {
        metadata["name"] = json!(self.name);
        self.thing.object(&metadata, content)
    }
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            step: 0,
            seen: BTreeMap::new(),
            moments: Vec::new(),
            pages: Vec::new(),
            generated: Vec::new(),
            live: Vec::new(),
            planned: std::collections::VecDeque::new(),
            garbage: 0,
            bad_rows: Vec::new(),
        }
    }

    /// The next step; none at the end.
    pub(crate) fn next(&mut self, server: &ApiServer) -> Option<Next> {
        if let Some(planned) = self.planned.pop_front() {
            return Some(planned);
        }
        if self.step < RANDOM_STEPS {
            return Some(self.random(server));
        }
        self.finish(server)
    }

    /// Takes notice of the answer to the last step.
    pub(crate) fn learn(&mut self, class: Option<Class>, action: &Action, answer: &Answer) {
        let step = self.step;
        self.step += 1;
        if let Action::Open(_) = action {
            self.live.push(step);
        }
        if let (Action::Send(request), Some(Class::ListPaged)) = (action, class)
            && answer.body["metadata"]["continue"].as_str().is_some_and(|token| !token.is_empty())
        {
            self.pages.push((step, request.clone()));
        }
        let Some(object) = answer.object() else { return };
        let thing = THINGS.into_iter().find(|thing| object["kind"] == thing.kind());
        let Some(thing) = thing else { return };
        let dry_run = matches!(action, Action::Send(request) if request.query.iter().any(|(key, _)| key == "dryRun"));
        if dry_run || object["metadata"]["resourceVersion"].is_null() {
            return;
        }
        let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
        if text("generateName").is_empty() {
            self.seen.entry((thing, text("namespace"), text("name"))).or_default().push(step);
        } else {
            self.generated.push((thing, step));
        }
        self.moments.push((thing, step));
    }

    fn random(&mut self, server: &ApiServer) -> Next {
        if self.step % (RANDOM_STEPS / LIVE) == 5 {
            return self.open_watch();
        }
        let total: usize = WEIGHTS.iter().map(|(_, weight)| weight).sum();
        let mut at = self.rng.below(total);
        let class = WEIGHTS.iter().find(|(_, weight)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        });
        let class = class.unwrap().0;
        let request = self.of_class(class, server);
        (Some(class), Action::Send(request))
    }

    fn of_class(&mut self, class: Class, server: &ApiServer) -> Request {
        match class {
            Class::Get | Class::GetMetadata => self.get(class == Class::GetMetadata),
            Class::List | Class::ListSelected | Class::ListPaged | Class::ListVersion => self.list(class),
            Class::Bad => self.bad(),
            Class::DryRun => self.dry_run(server),
            Class::Strict => self.strict(server),
            _ => self.write(class, server),
        }
    }

    fn spot(&mut self) -> Spot {
        let thing = self.rng.pick(&THINGS);
        self.spot_of(thing)
    }

    fn spot_of(&mut self, thing: Thing) -> Spot {
        let second = usize::from(self.rng.percent(15));
        let namespace = if thing.namespaced() { NAMESPACES[second] } else { "" };
        Spot { thing, namespace: namespace.to_owned(), name: self.rng.pick(&NAMES).to_owned() }
    }

    /// A spot where something is, most of the time.
    fn taken_spot(&mut self, server: &ApiServer) -> Spot {
        for _ in 0..6 {
            let spot = self.spot();
            if is_there(server, &spot) {
                return spot;
            }
        }
        self.spot()
    }

    fn taken_spot_of(&mut self, thing: Thing, server: &ApiServer) -> Spot {
        for _ in 0..6 {
            let spot = self.spot_of(thing);
            if is_there(server, &spot) {
                return spot;
            }
        }
        self.spot_of(thing)
    }

    /// The step that answered with this object last, or with an older state of it.
    fn known(&mut self, spot: &Spot, stale: usize) -> Option<usize> {
        let steps = self.seen.get(&spot.key())?.clone();
        if self.rng.percent(stale) { Some(self.rng.pick(&steps)) } else { steps.last().copied() }
    }

    /// Whether something is to be wrong with a request.
    fn bad_luck(&mut self) -> bool {
        self.rng.percent(12)
    }
}

/// A `PUT` of what a step answered with, edited.
fn put_edited(path: String, step: usize, edit: Value) -> Request {
    request("PUT", path).body(Body::Edited { step, edit })
}

fn is_there(server: &ApiServer, spot: &Spot) -> bool {
    let namespace = Some(spot.namespace.as_str()).filter(|namespace| !namespace.is_empty());
    server.object(spot.thing.group(), spot.thing.plural(), namespace, &spot.name).is_some()
}
