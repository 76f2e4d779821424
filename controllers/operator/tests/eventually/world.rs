//! A cluster and an AWS account in which a scenario happens.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use cairn_crds::{Groups, KINDS};
use cairn_testkit::{
    api::ApiServer,
    aws::{
        Aws, BucketSeed,
        dynamodb::model::{Caller, Table},
    },
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    Api,
    api::{DeleteParams, DynamicObject, Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};

use crate::{
    defect::{Defect, Lists},
    fault::flag,
    slot::{Slot, Wanted},
};

pub(crate) const REGION: &str = "eu-west-1";
/// The definitions are the same for all scenarios.
static DEFINITIONS: LazyLock<Vec<CustomResourceDefinition>> =
    LazyLock::new(|| KINDS.iter().map(|kind| kind.definition(&Groups::default()).unwrap()).collect());

const ACCOUNT: &str = "111122223333";

/// What is outside of the operators.
pub(crate) struct World {
    pub(crate) api: ApiServer,
    pub(crate) aws: Aws,
    pub(crate) groups: Groups,
    /// What operators do wrong.
    pub(crate) defect: Option<Defect>,
    /// What a cache holds, of which an operator with a defect may be fond.
    pub(crate) lists: Lists,
    /// A user makes a request just now.
    pub(crate) user: Arc<AtomicBool>,
    /// What was sent may take effect after what was sent later.
    pub(crate) late: AtomicBool,
    /// Somebody changed something behind everybody's back.
    pub(crate) drifted: AtomicBool,
}

impl World {
    pub(crate) fn new(defect: Option<Defect>) -> Self {
        let (api, aws, groups) = (ApiServer::new(), Aws::new(), Groups::default());
        for definition in &*DEFINITIONS {
            api.install(definition).unwrap();
        }
        aws.put_bucket(&BucketSeed::new("bucket-by-hand").region(REGION).tag("theirs", "1"));
        aws.dynamodb(|dynamo, _| {
            let limits = &mut dynamo.settings_mut().limits;
            (limits.decreases, limits.on_demand_switches) = (usize::MAX, usize::MAX);
        });
        let (lists, user) = (Lists::default(), flag());
        Self { api, aws, groups, defect, lists, user, late: false.into(), drifted: false.into() }
    }

    fn named(&self, slot: &Slot) -> Api<DynamicObject> {
        let resource = cairn_runtime::engine::resource(slot.kind, &self.groups);
        Api::namespaced_with(self.api.client(), "default", &resource)
    }

    /// What a user asks of the API server meets no faults.
    async fn as_user<T>(&self, request: impl Future<Output = T>) -> T {
        self.user.store(true, Ordering::SeqCst);
        let answer = request.await;
        self.user.store(false, Ordering::SeqCst);
        answer
    }

    pub(crate) fn annotations(&self, wanted: &Wanted) -> Value {
        let named = wanted.annotations.iter().map(|(key, value)| (self.groups.annotation(key), json!(value)));
        Value::Object(named.collect())
    }

    pub(crate) async fn create(&self, slot: &Slot, wanted: &Wanted) {
        let object = json!({
            "apiVersion": format!("{}/{}", slot.kind.group(&self.groups), cairn_crds::VERSION),
            "kind": slot.kind.kind,
            "metadata": {"name": slot.name, "namespace": "default", "annotations": self.annotations(wanted)},
            "spec": slot.spec(wanted),
        });
        let object = serde_json::from_value(object).unwrap();
        self.as_user(self.named(slot).create(&PostParams::default(), &object)).await.unwrap();
    }

    /// Merges a patch into the object.
    pub(crate) async fn patch(&self, slot: &Slot, patch: Value) {
        let (api, params) = (self.named(slot), PatchParams::default());
        self.as_user(api.patch(slot.name, &params, &Patch::Merge(patch))).await.unwrap();
    }

    pub(crate) async fn annotate(&self, slot: &Slot, annotation: &str, value: Option<&str>) {
        let key = self.groups.annotation(annotation);
        self.patch(slot, json!({"metadata": {"annotations": {key: value}}})).await;
    }

    /// Takes annotations away. An object that is being deleted may be gone before that.
    pub(crate) async fn lift(&self, slot: &Slot, annotations: &[&str]) {
        let Some(object) = self.object(slot) else { return };
        let lifted: BTreeMap<_, _> = annotations.iter().map(|key| (self.groups.annotation(key), Value::Null)).collect();
        let (api, params) = (self.named(slot), PatchParams::default());
        let patch = Patch::Merge(json!({"metadata": {"annotations": lifted}}));
        let outcome = self.as_user(api.patch(slot.name, &params, &patch)).await;
        assert!(outcome.is_ok() || object["metadata"].get("deletionTimestamp").is_some(), "{outcome:?}");
    }

    pub(crate) async fn delete(&self, slot: &Slot) {
        let api = self.named(slot);
        self.as_user(api.delete(slot.name, &DeleteParams::default())).await.unwrap();
    }

    pub(crate) fn object(&self, slot: &Slot) -> Option<Value> {
        self.api.object(&slot.kind.group(&self.groups), slot.kind.plural, Some("default"), slot.name)
    }

    pub(crate) fn table(&self, name: &str) -> Option<Table> {
        self.aws.table(REGION, name)
    }

    pub(crate) fn remove_table(&self, name: &str) {
        self.aws.dynamodb(|dynamo, _| dynamo.remove(&Caller::new(ACCOUNT, REGION), name));
    }

    /// Notes that AWS was changed by somebody else.
    pub(crate) fn drifts(&self) {
        self.drifted.store(true, Ordering::SeqCst);
    }

    /// Whether something may differ from what was declared although each write was right when it was sent.
    pub(crate) fn may_differ(&self) -> bool {
        self.late.load(Ordering::SeqCst) || self.drifted.load(Ordering::SeqCst)
    }
}
