//! What the operator says of itself: log lines and metrics.

use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use cairn::{cli::LogFormat, logging};
use cairn_testkit::aws::{AwsCall, RoleSeed};
use kube::{Api, api::PostParams};
use serde_json::{Value, json};
use tracing::{
    Dispatch,
    subscriber::{DefaultGuard, NoSubscriber},
};
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{SECRET_KEY, World, pass};

/// While there is one subscriber alone, a line that another thread, which has none, comes by first is off for good.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

/// Where lines are kept.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Paper {
    /// Takes down what this thread logs.
    fn note(&self, level: &str, format: LogFormat) -> DefaultGuard {
        LazyLock::force(&SECOND);
        tracing::subscriber::set_default(logging::subscriber(level, format, self.clone()).unwrap())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Paper {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn the_lines_of_a_reconcile_name_its_object_its_number_and_aws_request() {
    let paper = Paper::default();
    let _guard = paper.note("cairn=debug,cairn_runtime=debug", LogFormat::Json);
    let world = World::quiet();
    let _operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a", "versioning": {"status": "Enabled"}})).await;
    world.until_ready("photos").await;
    world.create("others", json!({"name": "others-of-a"})).await;
    world.until_ready("others").await;
    let lines = paper.lines();
    let calls: Vec<_> = lines.iter().filter(|line| line["message"] == "AWS was called").collect();
    assert!(calls.iter().any(|line| line["operation"] == "CreateBucket"), "{}", paper.text());
    let mut numbers = BTreeSet::new();
    for line in calls {
        let span = &line["span"];
        assert!(span["name"] == "reconcile" && span["kind"] == "Bucket", "{line}");
        assert!(["default/photos", "default/others"].iter().any(|object| span["object"] == *object), "{line}");
        assert!(span["aws_request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
        numbers.insert((span["object"].to_string(), span["reconcile"].as_u64().unwrap()));
    }
    let of_each: BTreeSet<_> = numbers.iter().map(|(_, number)| number).collect();
    assert!(of_each.len() == numbers.len() && numbers.len() >= 2, "a number is of one reconcile: {numbers:?}");
}

/// Everything there is to say is said, by the SDK as well, with a role that is assumed and with refusals.
#[tokio::test(start_paused = true)]
async fn no_credential_is_ever_shown() {
    for format in [LogFormat::Json, LogFormat::Text] {
        let paper = Paper::default();
        let _guard = paper.note("trace", format);
        let world = World::quiet();
        let role = "arn:aws:iam::444455556666:role/team";
        world.aws.put_role(RoleSeed::new(role).allow_tags());
        let selector = json!({
            "apiVersion": "aws.cairn.run/v1alpha1", "kind": "IAMRoleSelector", "metadata": {"name": "team"},
            "spec": {"arn": role, "namespaceSelector": {"names": ["default"]}},
        });
        let resource = cairn_runtime::engine::resource(&cairn_crds::shared::IAM_ROLE_SELECTOR, &world.groups);
        let selectors: Api<kube::core::DynamicObject> = Api::all_with(world.api.client(), &resource);
        selectors.create(&PostParams::default(), &serde_json::from_value(selector).unwrap()).await.unwrap();
        let denied = world.aws.deny(|call: &AwsCall| call.operation == "PutBucketVersioning");
        let operator = world.start("one");
        world.create("photos", json!({"name": "photos-of-a", "versioning": {"status": "Enabled"}})).await;
        world.until_reason("photos", "AccessDenied").await;
        drop(denied);
        world.until_ready("photos").await;
        pass(Duration::from_secs(1)).await;
        let log = paper.text();
        for said in ["CreateBucket", "AssumeRole"] {
            assert!(log.contains(said), "no word of {said} in: {log}");
        }
        let objects = ["", "events.k8s.io"].map(|group| world.api.objects(group, "events"));
        let said = format!("{log}{}{objects:?}{:?}", operator.metrics.encode(), world.objects());
        for secret in [SECRET_KEY, "secret-of-", "token-of-"] {
            let shown = said.lines().find(|line| line.contains(secret));
            assert_eq!(shown, None, "{secret}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn objects_are_counted_by_what_they_say_and_times_are_measured() {
    let world = World::quiet();
    let operator = world.start("one");
    let denied = world.aws.deny(|call: &AwsCall| call.operation == "CreateBucket");
    for name in ["a", "b"] {
        world.create(name, json!({"name": format!("acme-{name}")})).await;
        world.until_reason(name, "AccessDenied").await;
    }
    let shown = |labels: &str| {
        let text = operator.metrics.encode();
        let line = text.lines().find_map(|line| line.strip_prefix(labels));
        line.and_then(|rest| rest.trim().parse::<f64>().ok())
    };
    let objects = |ready: &str, reason: &str| {
        shown(&format!(r#"cairn_objects{{kind="Bucket",ready="{ready}",reason="{reason}"}}"#))
    };
    assert_eq!((objects("False", "AccessDenied"), objects("True", "Available")), (Some(2.0), None));
    drop(denied);
    world.until_ready("a").await;
    world.until_ready("b").await;
    assert_eq!((objects("False", "AccessDenied"), objects("True", "Available")), (None, Some(2.0)));
    let count = |name: &str| shown(&format!(r#"cairn_{name}_seconds_count{{kind="Bucket"}}"#));
    assert!(count("edit_to_first_aws_call").is_some_and(|count| count >= 2.0), "{}", operator.metrics.encode());
    assert_eq!(count("aws_answer_to_ready"), Some(2.0));
    assert!(shown(r#"cairn_aws_answer_to_ready_seconds_bucket{le="0.1",kind="Bucket"}"#) == Some(2.0));
}
