//! The engine with a kind whose code misbehaves: a defect hurts the object that it meets, and no other.

// Helpers of tests may fail loudly, as tests do.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use cairn_core::{
    adoption::Allowed,
    api::{AckResourceMetadata, Groups, Home, IAM_ROLE_SELECTOR, Kind, Reach},
    default_tags::DefaultTags,
    deletion::Policy,
    failure::Failure,
    grant::CrossNamespace,
    observed::{Desired, Existence, Present, Reading},
    plan::Step,
    rules::{Gone, KindRules, Naming},
    schedule::Period,
    scope::Scope as AwsScope,
    tags::Tags,
};
use cairn_runtime::{
    claim::Claim,
    clock::Clock,
    engine::{Engine, EngineParts, EngineSettings, resource},
    events::{Events, Reporter},
    kind::{Created, Creation, ManagedKind, ScopedClient},
    metrics::Metrics,
    queue::{Backoff, Queue},
    references::{ReferenceSettings, References},
    source::{Scope, Source},
    store::Store,
    surroundings::{Surroundings, SurroundingsSettings},
    worker::{Controller, Limits},
};
use cairn_testkit::api::ApiServer;
use kube::{
    Api,
    api::{DynamicObject, PostParams},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

static THING: Kind = Kind {
    home: Home::Service("test"),
    reach: Reach::Namespaced,
    kind: "Thing",
    plural: "things",
    description: "A thing.",
    columns: &[],
    spec: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
    status: || json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}),
};

static RULES: KindRules = KindRules {
    service: "test",
    kind: "Thing",
    naming: Naming::Named,
    identifiers: &["name"],
    locate: "GetThing",
    tags: "tags",
    tag: "TagThing",
    untag: None,
    list_tags: None,
    create: "CreateThing",
    delete: "DeleteThing",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: KindRules::AS_THEY_ARE,
    parts: &[],
    references: &[],
    secrets: &[],
    permissions: &[],
    resources: &[],
};

#[derive(Deserialize)]
struct Spec {
    name: String,
}

/// Things in memory. One called `panics` panics, one called `hangs` never answers.
#[derive(Clone, Default)]
struct Things(Arc<Mutex<BTreeMap<String, BTreeMap<String, String>>>>);

impl ScopedClient for Things {
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata {
        let (arn, region) = (identity.map(|name| format!("arn:aws:test:::{name}")), "eu-west-1".to_owned());
        AckResourceMetadata { arn, owner_account_id: "111122223333".into(), region, partition: None }
    }

    fn emulated(&self) -> bool {
        false
    }

    fn confirm_create(&self) -> bool {
        false
    }
}

impl ManagedKind for Things {
    type Spec = Spec;
    type Client = Self;

    fn kind(&self) -> &'static Kind {
        &THING
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn identity(&self, spec: &Spec) -> Option<String> {
        Some(spec.name.clone())
    }

    fn desired(&self, _: &Spec) -> Result<Desired, String> {
        Ok(Desired::default())
    }

    fn tags_as_declared(&self, tags: &Tags) -> Value {
        json!(tags)
    }

    async fn connect(&self, _: &AwsScope) -> Result<Self, Failure> {
        Ok(self.clone())
    }

    async fn locate(&self, _: &Self, identity: &str) -> Result<Existence, Failure> {
        let tags = self.0.lock().unwrap().get(identity).cloned();
        Ok(tags.map_or(Existence::Absent, |tags| Existence::Present(Present::tagged(tags))))
    }

    async fn read(&self, _: &Self, _: &str, _: &Present, _: &'static str) -> Reading {
        Ok(None)
    }

    async fn create(&self, _: &Self, creation: Creation<'_>) -> Result<Created, Failure> {
        let identity = creation.identity.unwrap();
        self.0.lock().unwrap().insert(identity.into(), creation.tags.clone());
        match identity {
            "panics" => panic!("a defect"),
            "hangs" => std::future::pending().await,
            _ => Ok(Created { identity: identity.into(), incarnation: None }),
        }
    }

    async fn apply(&self, _: &Self, _: &str, _: &Step) -> Result<(), Failure> {
        Ok(())
    }

    async fn delete(&self, _: &Self, identity: &str) -> Result<(), Failure> {
        self.0.lock().unwrap().remove(identity);
        Ok(())
    }
}

struct World {
    api: ApiServer,
    metrics: Metrics,
}

impl World {
    fn start() -> Self {
        let (api, metrics) = (ApiServer::new(), Metrics::new());
        api.install(&THING.definition(&Groups::default()).unwrap()).unwrap();
        let (store, queue, clock) = (Store::new(), Queue::new(Backoff::seeded(1)), Clock::simulated(api.clock().now()));
        let reporter = Reporter { controller: "cairn.run/test".into(), instance: "test".into() };
        let (events, _) = Events::new(api.client(), &reporter, clock.clone(), metrics.clone());
        let settings = EngineSettings {
            groups: Groups::default(),
            cluster: "cluster-1".into(),
            region: Some("eu-west-1".into()),
            deletion: Policy::Delete,
            adoption: Allowed::Everywhere,
            tags: DefaultTags::default(),
            version: "test".into(),
            paused: false,
            period: Period::Growing,
            mutation_timeout: Duration::from_mins(5),
            deadline: Duration::from_secs(10),
        };
        let around = SurroundingsSettings {
            groups: Groups::default(),
            namespaces: Vec::new(),
            own_namespace: "default".into(),
            labels: BTreeSet::new(),
        };
        api.install(&IAM_ROLE_SELECTOR.definition(&Groups::default()).unwrap()).unwrap();
        let (surroundings, watch) = Surroundings::new(&around, api.client(), &metrics);
        surroundings.feed(&store, &queue);
        tokio::spawn(watch.run(CancellationToken::new()));
        let followed = ReferenceSettings {
            groups: Groups::default(),
            scope: Scope::All,
            cross_namespace: CrossNamespace::ByGrant,
            secrets: false,
        };
        let (references, _) = References::new(followed, api.client(), metrics.clone());
        let parts = EngineParts {
            client: api.client(),
            store: store.clone(),
            surroundings: surroundings.clone(),
            references,
            claim: Claim::unfenced(None),
            events,
            metrics: metrics.clone(),
            clock: clock.clone(),
        };
        let engine = Engine::new(Things::default(), settings, parts);
        let resource = resource(&THING, &Groups::default());
        let source = Source::new(api.client(), resource, Scope::All, store.clone(), metrics.clone()).feed(&queue);
        let limits = Limits { max_concurrent: 2, ..Limits::default() };
        let controller =
            Controller::new("Thing", store, queue, engine, limits, clock, metrics.clone()).after(source.ready());
        tokio::spawn(source.run(CancellationToken::new()));
        tokio::spawn(async move { controller.run(CancellationToken::new()).await });
        Self { api, metrics }
    }

    async fn create(&self, name: &str) {
        let things: Api<DynamicObject> =
            Api::namespaced_with(self.api.client(), "default", &resource(&THING, &Groups::default()));
        let object = json!({
            "apiVersion": "test.aws.cairn.run/v1alpha1", "kind": "Thing",
            "metadata": {"name": name, "namespace": "default"}, "spec": {"name": name},
        });
        things.create(&PostParams::default(), &serde_json::from_value(object).unwrap()).await.unwrap();
    }

    async fn until(&self, name: &str, reason: &str) -> Value {
        let look = async {
            loop {
                let object = self.api.object("test.aws.cairn.run", "things", Some("default"), name).unwrap();
                if object["status"]["conditions"][0]["reason"] == reason {
                    return object;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(10), look).await.unwrap_or_else(|_| panic!("{name} never {reason}"))
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_on_its_object_and_hurts_no_other() {
    let world = World::start();
    world.create("panics").await;
    let object = world.until("panics", "InternalError").await;
    assert!(object["status"]["record"]["intent"].is_object(), "what was known stays known: {}", object["status"]);
    for n in 0..10 {
        world.create(&format!("works-{n}")).await;
        world.until(&format!("works-{n}"), "Available").await;
    }
    // The thing was made before the panic. The next try finds it by its tags and makes no second one.
    world.until("panics", "Available").await;
    assert!(!world.metrics.encode().contains("outcome=\"panic\""), "the worker itself never sees the panic");
}

#[tokio::test(start_paused = true)]
async fn a_reconcile_that_hangs_is_given_up_at_the_deadline() {
    let world = World::start();
    world.create("hangs").await;
    let object = world.until("hangs", "InternalError").await;
    assert!(object["status"]["conditions"][0]["message"].as_str().unwrap().contains("took too long"));
    world.create("works").await;
    world.until("works", "Available").await;
    world.until("hangs", "Available").await;
}
