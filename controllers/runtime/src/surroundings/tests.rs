use std::{collections::BTreeMap, time::Duration};

use cairn_core::{
    api::IAM_ROLE_SELECTOR,
    scope::{Role, RoleArn},
};
use cairn_testkit::{
    Fault,
    api::{ApiCall, ApiServer},
};
use k8s_openapi::api::core::v1::{ConfigMap, Namespace as KubeNamespace};
use kube::{
    Api,
    api::{DeleteParams, Patch, PatchParams},
    core::DynamicObject,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{engine::resource, queue::Backoff};

const ROLE: &str = "arn:aws:iam::444455556666:role/a";
const OTHER_ROLE: &str = "arn:aws:iam::444455556666:role/b";
const OWNER: &str = "aws.cairn.run/owner-account-id";
const OPERATORS: &str = "cairn-system";

/// A cluster with the namespaces team-a and team-b, one object in each, and what is known of it.
struct Rig {
    api: ApiServer,
    surroundings: Surroundings,
    queue: Queue,
    shutdown: CancellationToken,
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

fn server() -> ApiServer {
    let api = ApiServer::new();
    api.install(&IAM_ROLE_SELECTOR.definition(&Groups::default()).unwrap()).unwrap();
    for namespace in ["team-a", "team-b", OPERATORS] {
        api.namespace(namespace);
    }
    api
}

fn object(namespace: &str) -> DynamicObject {
    let meta =
        json!({"namespace": namespace, "name": "logs", "uid": namespace, "resourceVersion": "1", "generation": 1});
    serde_json::from_value(json!({"metadata": meta, "spec": {}})).unwrap()
}

impl Rig {
    fn start(api: ApiServer, namespaces: &[&str]) -> Self {
        let settings = SurroundingsSettings {
            groups: Groups::default(),
            namespaces: namespaces.iter().map(ToString::to_string).collect(),
            own_namespace: OPERATORS.into(),
            labels: BTreeSet::from(["cost-center".to_owned()]),
        };
        let (surroundings, watch) = Surroundings::new(&settings, api.client(), &Metrics::new());
        let (store, queue, shutdown) = (Store::new(), Queue::new(Backoff::seeded(1)), CancellationToken::new());
        for namespace in ["team-a", "team-b"] {
            store.apply(object(namespace)).unwrap();
        }
        surroundings.feed(&store, &queue);
        tokio::spawn(watch.run(shutdown.clone()));
        Self { api, surroundings, queue, shutdown }
    }

    async fn ready(api: ApiServer, namespaces: &[&str]) -> Self {
        let rig = Self::start(api, namespaces);
        for (_, ready) in rig.surroundings.ready() {
            ready.wait().await;
        }
        rig
    }

    fn decide(&self, namespace: &str) -> Result<Scope, Unscoped> {
        let none = BTreeMap::new();
        let subject = Subject {
            // Any kind will do.
            kind: &IAM_ROLE_SELECTOR,
            namespace,
            name: "logs",
            labels: &none,
            annotations: &none,
            region: None,
            recorded: None,
        };
        let groups = Groups::default();
        let operator = OperatorScope { groups: &groups, region: Some("eu-west-1"), account: Some("111122223333") };
        self.surroundings.decide(&subject, &operator)
    }

    /// The role for objects of a namespace.
    fn role(&self, namespace: &str) -> Option<String> {
        self.decide(namespace).unwrap().role.map(|role| role.arn.to_string())
    }

    fn is_unknown(&self, namespace: &str) -> bool {
        matches!(self.decide(namespace), Err(Unscoped::Unknown(_)))
    }

    /// The namespaces whose objects were queued since the last call.
    async fn queued(&self) -> Vec<String> {
        let mut namespaces = Vec::new();
        while let Ok(ticket) = tokio::time::timeout(Duration::from_secs(3), self.queue.next()).await {
            assert_eq!(ticket.cause(), Priority::Dependency);
            namespaces.push(ticket.key().namespace.to_string());
            ticket.settle(None);
        }
        namespaces.sort();
        namespaces
    }

    async fn patch_namespace(&self, name: &str, patch: Value) {
        let api: Api<KubeNamespace> = Api::all(self.api.client());
        api.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
    }

    async fn label(&self, namespace: &str, label: &str, value: &str) {
        self.patch_namespace(namespace, json!({"metadata": {"labels": {label: value}}})).await;
    }

    async fn annotate(&self, namespace: &str, annotation: &str, value: &str) {
        self.patch_namespace(namespace, json!({"metadata": {"annotations": {annotation: value}}})).await;
    }

    async fn put_selector(&self, name: &str, spec: Value) {
        let body = json!({"apiVersion": "aws.cairn.run/v1alpha1", "kind": "IAMRoleSelector",
                          "metadata": {"name": name}, "spec": spec});
        self.selectors().patch(name, &PatchParams::apply("test").force(), &Patch::Apply(body)).await.unwrap();
    }

    fn selectors(&self) -> Api<DynamicObject> {
        Api::all_with(self.api.client(), &resource(&IAM_ROLE_SELECTOR, &Groups::default()))
    }

    async fn put_map(&self, name: &str, data: Value) {
        let api: Api<ConfigMap> = Api::namespaced(self.api.client(), OPERATORS);
        let body = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data});
        api.patch(name, &PatchParams::apply("test").force(), &Patch::Apply(body)).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_decided_before_everything_is_listed() {
    for missing in ["namespaces", "iamroleselectors", "configmaps"] {
        let api = server();
        let guard = api.fail_while(move |call: &ApiCall| call.resource == missing, Fault::Status(403));
        let rig = Rig::start(api, &[]);
        tokio::time::sleep(Duration::from_mins(5)).await;
        assert!(rig.is_unknown("team-a"), "without {missing}: {:?}", rig.decide("team-a"));
        assert_eq!(rig.surroundings.namespace("team-a") == Known::NotYet, missing == "namespaces");
        assert_eq!(rig.surroundings.roles().is_none(), missing != "namespaces");
        let ready: Vec<_> = rig.surroundings.ready().iter().map(|(_, ready)| ready.is_ready()).collect();
        assert_eq!(ready.iter().filter(|ready| !**ready).count(), 1);
        drop(guard);
        for (_, ready) in rig.surroundings.ready() {
            ready.wait().await;
        }
        assert_eq!(rig.role("team-a"), None);
        assert_eq!(rig.queued().await, [""; 0], "what was there is no change");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_namespace_only_labels_and_our_annotations_are_kept() {
    let rig = Rig::ready(server(), &[]).await;
    rig.annotate("team-a", "aws.cairn.run/default-region", "us-west-2").await;
    rig.annotate("team-a", "example.org/anything", "else").await;
    assert_eq!(rig.queued().await, ["team-a"]);
    let Known::Present(namespace) = rig.surroundings.namespace("team-a") else { panic!("unknown") };
    assert_eq!(namespace.annotations.keys().collect::<Vec<_>>(), ["aws.cairn.run/default-region"]);
    assert_eq!(namespace.labels["kubernetes.io/metadata.name"], "team-a");
    assert_eq!(rig.decide("team-a").unwrap().region.as_str(), "us-west-2");
    assert_eq!(rig.decide("team-b").unwrap().region.as_str(), "eu-west-1");
}

#[tokio::test(start_paused = true)]
async fn only_changes_that_a_reconcile_depends_on_are_told() {
    let rig = Rig::ready(server(), &[]).await;
    rig.label("team-a", "unused", "x").await;
    rig.annotate("team-a", "example.org/unused", "x").await;
    assert_eq!(rig.queued().await, [""; 0]);
    rig.label("team-a", "cost-center", "7").await;
    assert_eq!(rig.queued().await, ["team-a"], "a setting looks at that label");
    rig.annotate("team-b", "s3.aws.cairn.run/deletion-policy", "retain").await;
    assert_eq!(rig.queued().await, ["team-b"]);

    let by_label = json!({"arn": ROLE, "namespaceSelector": {"labelSelector": {"matchLabels": {"tier": "gold"}}}});
    rig.put_selector("gold", by_label).await;
    assert_eq!(rig.queued().await, [""; 0], "it is for no namespace yet");
    rig.label("team-b", "tier", "gold").await;
    assert_eq!(rig.queued().await, ["team-b"]);
    assert_eq!((rig.role("team-a"), rig.role("team-b")), (None, Some(ROLE.into())));
    rig.label("team-b", "tier", "silver").await;
    assert_eq!(rig.queued().await, ["team-b"]);
    assert_eq!(rig.role("team-b"), None);
}

#[tokio::test(start_paused = true)]
async fn a_change_of_a_selector_concerns_the_namespaces_that_it_is_for_or_was() {
    let rig = Rig::ready(server(), &[]).await;
    let named = |names: &[&str]| json!({"arn": ROLE, "namespaceSelector": {"names": names}});
    rig.put_selector("one", named(&["team-a"])).await;
    assert_eq!(rig.queued().await, ["team-a"]);
    rig.selectors()
        .patch("one", &PatchParams::default(), &Patch::Merge(json!({"metadata": {"labels": {"x": "y"}}})))
        .await
        .unwrap();
    assert_eq!(rig.queued().await, [""; 0], "its own labels mean nothing");
    rig.put_selector("one", named(&["team-b"])).await;
    assert_eq!(rig.queued().await, ["team-a", "team-b"]);
    assert_eq!((rig.role("team-a"), rig.role("team-b")), (None, Some(ROLE.into())));
    rig.put_selector("all", json!({"arn": OTHER_ROLE, "priority": 1})).await;
    assert_eq!(rig.queued().await, ["team-a", "team-b"]);
    assert_eq!(rig.role("team-b"), Some(OTHER_ROLE.into()));
    rig.selectors().delete("all", &DeleteParams::default()).await.unwrap();
    assert_eq!(rig.queued().await, ["team-a", "team-b"]);
    assert_eq!(rig.role("team-b"), Some(ROLE.into()));
}

#[tokio::test(start_paused = true)]
async fn the_map_of_accounts_concerns_the_namespaces_of_the_accounts_that_changed() {
    let api = server();
    let rig = Rig::ready(api, &[]).await;
    rig.annotate("team-a", OWNER, "444455556666").await;
    assert_eq!(rig.queued().await, ["team-a"]);
    let Err(Unscoped::NotAllowed(why)) = rig.decide("team-a") else { panic!("allowed") };
    assert!(why.contains("cairn-system/ack-role-account-map"), "{why}");
    rig.put_map("another", json!({"444455556666": OTHER_ROLE})).await;
    assert_eq!(rig.queued().await, [""; 0], "another ConfigMap is none of our business");
    rig.put_map(ACCOUNT_MAP, json!({"444455556666": ROLE, "777788889999": "x"})).await;
    assert_eq!(rig.queued().await, ["team-a"]);
    let mapped = rig.decide("team-a").unwrap().role.unwrap();
    assert_eq!(mapped, Role::plain(RoleArn::parse(ROLE).unwrap()));
    rig.put_map(ACCOUNT_MAP, json!({"444455556666": ROLE, "777788889999": "y"})).await;
    assert_eq!(rig.queued().await, [""; 0]);
    let maps: Api<ConfigMap> = Api::namespaced(rig.api.client(), OPERATORS);
    maps.delete(ACCOUNT_MAP, &DeleteParams::default()).await.unwrap();
    assert_eq!(rig.queued().await, ["team-a"]);
    assert!(matches!(rig.decide("team-a"), Err(Unscoped::NotAllowed(_))));
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_is_not_known_keeps_its_objects_waiting_until_it_is() {
    let api = ApiServer::new();
    api.install(&IAM_ROLE_SELECTOR.definition(&Groups::default()).unwrap()).unwrap();
    let rig = Rig::ready(api, &[]).await;
    assert_eq!(rig.surroundings.namespace("team-a"), Known::Absent);
    assert!(rig.is_unknown("team-a"));
    rig.api.namespace("team-a");
    assert_eq!(rig.queued().await, ["team-a"]);
    assert_eq!(rig.role("team-a"), None);
}

#[tokio::test(start_paused = true)]
async fn what_was_missed_is_found_by_the_next_list() {
    let rig = Rig::ready(server(), &[]).await;
    rig.put_selector("gone", json!({"arn": ROLE, "namespaceSelector": {"names": ["team-b"]}})).await;
    assert_eq!(rig.queued().await, ["team-b"]);
    rig.api.freeze_watches();
    rig.selectors().delete("gone", &DeleteParams::default()).await.unwrap();
    rig.annotate("team-a", "aws.cairn.run/default-region", "us-west-2").await;
    rig.api.compact();
    rig.api.break_watches();
    rig.api.thaw_watches();
    assert_eq!(rig.queued().await, ["team-a", "team-b"]);
    assert_eq!(rig.role("team-b"), None);
    assert_eq!(rig.decide("team-a").unwrap().region.as_str(), "us-west-2");
}

#[tokio::test(start_paused = true)]
async fn in_the_whole_cluster_a_start_costs_a_list_and_a_watch_of_each() {
    let rig = Rig::ready(server(), &[]).await;
    rig.queued().await;
    let mut calls: Vec<_> = rig.api.calls().iter().map(|call| format!("{} {}", call.verb, call.resource)).collect();
    calls.sort();
    let expected = [
        "list configmaps",
        "list iamroleselectors",
        "list namespaces",
        "watch configmaps",
        "watch iamroleselectors",
        "watch namespaces",
    ];
    assert_eq!(calls, expected);
}

#[tokio::test(start_paused = true)]
async fn single_namespaces_are_read_again_and_again_and_nothing_else() {
    let rig = Rig::ready(server(), &["team-a", "nowhere"]).await;
    assert_eq!(rig.role("team-a"), None);
    assert_eq!(rig.surroundings.namespace("nowhere"), Known::Absent);
    assert!(rig.is_unknown("team-b"), "it is not ours to read");
    assert_eq!(rig.surroundings.roles().as_deref(), Some(&Roles::NotOffered));
    rig.put_selector("all", json!({"arn": ROLE})).await;
    assert_eq!(rig.role("team-a"), None);
    rig.annotate("team-a", "aws.cairn.run/default-region", "us-west-2").await;
    rig.api.clear_calls();
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert_eq!(rig.queued().await, ["team-a"]);
    assert_eq!(rig.decide("team-a").unwrap().region.as_str(), "us-west-2");
    let read_only = |call: &ApiCall| (call.verb.as_str(), call.resource.as_str()) == ("get", "namespaces");
    assert!(rig.api.calls().iter().all(read_only), "{:?}", rig.api.calls());
    rig.annotate("team-a", OWNER, "444455556666").await;
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert!(matches!(rig.decide("team-a"), Err(Unscoped::NotAllowed(why)) if why.contains("--watch-namespace")));
}

#[tokio::test(start_paused = true)]
async fn a_namespace_that_cannot_be_read_is_not_taken_for_absent_and_keeps_what_was_known() {
    let api = server();
    let guard = api.fail_while(|call: &ApiCall| call.resource == "namespaces", Fault::Status(403));
    let rig = Rig::start(api, &["team-a"]);
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(rig.surroundings.namespace("team-a"), Known::NotYet);
    assert!(rig.is_unknown("team-a"));
    drop(guard);
    for (_, ready) in rig.surroundings.ready() {
        ready.wait().await;
    }
    assert_eq!(rig.role("team-a"), None);
    let _guard = rig.api.fail_while(|call: &ApiCall| call.resource == "namespaces", Fault::Status(500));
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!(rig.role("team-a"), None, "no answer is no news");
}
