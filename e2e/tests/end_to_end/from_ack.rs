//! Taking over from ACK, as `docs/from-ack.md` tells it, and going back.

use cairn_e2e::{
    Error, Result,
    error::ensure,
    helm::NAMESPACE,
    kubectl::{condition, ensure_says},
    moto::{ACCOUNT, REGION},
    operator::{Operator, Settings},
    wait::until_true,
};
use serde_json::{Value, json};

use crate::{
    fixture::{Room, SOON, alone, bucket_name},
    pages::commands,
};

const OBJECT: &str = "buckets.s3.services.k8s.aws/photos";
/// What ACK's controllers sign their writes with.
const ACK: &str = "--field-manager=controller";
/// The tags that ACK gives by default.
const TAGS: [&str; 2] = ["services.k8s.aws/controller-version", "services.k8s.aws/namespace"];
const LEASE: &str = "ack-s3.services.k8s.aws";

#[test]
fn what_ack_left_goes_on_under_cairn_and_back() -> Result<()> {
    alone("from-ack", |room| {
        let name = bucket_name();
        left_by_ack(room, &name)?;
        room.stage.helm.uninstall()?;
        let install = of_the_page("helm", "install")?;
        for word in ["--take-ownership", "--force-conflicts", "aws.groupSuffix=services.k8s.aws"] {
            ensure(install.iter().any(|found| found == word), || format!("the page says {install:?}"))?;
        }
        room.stage.take_over(&[("aws.groupSuffix", "services.k8s.aws")])?;
        let before = room.kubectl.get(&[OBJECT])?;
        let mut operator = waits_for_the_lease(room)?;
        taken_over(room, &operator, &before).map_err(|error| error.with(operator.tail()))?;
        stands_aside(room).map_err(|error| error.with(operator.tail()))?;
        let mutations = operator.mutations()?;
        ensure(mutations == 0.0, || format!("{mutations} mutations in AWS"))?;
        operator.terminate()?;
        ready_for_ack(room, &name, &before)
    })
}

/// The first command of the page that runs this part of a program.
fn of_the_page(program: &str, part: &str) -> Result<Vec<String>> {
    let commands = commands("docs/from-ack.md")?;
    let found = commands.into_iter().find(|words| words[0] == program && words.iter().any(|word| word == part));
    found.ok_or_else(|| Error::Wrong(format!("the page has no `{program} {part}`")))
}

/// A definition as ACK's: its conditions are a list without keys, and it knows none of Cairn's fields.
fn definition() -> Value {
    let open = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let place = json!({"type": "object", "properties": {
        "arn": {"type": "string"}, "ownerAccountID": {"type": "string"}, "region": {"type": "string"},
    }});
    let one = json!({"type": "object", "required": ["status", "type"], "properties": {
        "type": {"type": "string"}, "status": {"type": "string"}, "reason": {"type": "string"},
        "message": {"type": "string"}, "lastTransitionTime": {"type": "string", "format": "date-time"},
    }});
    let status = json!({"type": "object", "properties": {
        "ackResourceMetadata": place, "conditions": {"type": "array", "items": one}, "location": {"type": "string"},
    }});
    let properties = json!({"spec": open, "status": status});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "buckets.s3.services.k8s.aws"},
        "spec": {
            "group": "s3.services.k8s.aws", "scope": "Namespaced",
            "names": {"kind": "Bucket", "listKind": "BucketList", "plural": "buckets", "singular": "bucket"},
            "versions": [{
                "name": "v1alpha1", "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {"type": "object", "properties": properties}},
            }],
        },
    })
}

/// ACK's definition, its lease, and a bucket with its object as its controller leaves them.
fn left_by_ack(room: &Room, name: &str) -> Result<()> {
    let administrator = room.stage.kubectl()?;
    administrator.run_with(&["create", "--field-manager=helm", "-f", "-"], &definition().to_string())?;
    administrator.run(&["wait", "--for=condition=Established", "crd/buckets.s3.services.k8s.aws", "--timeout=60s"])?;
    room.s3().create(name)?;
    room.s3().set_versioning(name, "Enabled")?;
    let namespace = (TAGS[1], room.namespace.as_str());
    room.s3().set_tags(name, &[(TAGS[0], "s3-v1.10.0"), namespace])?;
    let object = json!({
        "apiVersion": "s3.services.k8s.aws/v1alpha1", "kind": "Bucket", "metadata": {"name": "photos"},
        "spec": {"name": name, "versioning": {"status": "Enabled"}},
    });
    room.kubectl.apply(&object.to_string())?;
    let condition = |name: &str, reason: &str| {
        json!({
            "type": name, "status": "True", "reason": reason, "message": "as ACK says it",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
        })
    };
    let status = json!({
        "ackResourceMetadata": {
            "arn": format!("arn:aws:s3:::{name}"), "ownerAccountID": ACCOUNT, "region": REGION,
        },
        "conditions": [
            condition("ACK.ResourceSynced", ""), condition("Ready", ""),
            condition("ACK.Advisory", "one"), condition("ACK.Advisory", "another"),
        ],
        "location": format!("/{name}"),
    });
    patch(room, &[], &json!({"metadata": {"finalizers": ["finalizers.s3.services.k8s.aws/Bucket"]}}))?;
    patch(room, &["--subresource=status"], &json!({"status": status}))
}

fn patch(room: &Room, more: &[&str], patch: &Value) -> Result<()> {
    let patch = patch.to_string();
    let arguments = ["patch", OBJECT, "--type=merge", ACK, "--patch", &patch];
    room.kubectl.run(&[arguments.as_slice(), more].concat()).map(drop)
}

/// Starts an operator while ACK's controller holds its lease, and takes the lease away.
fn waits_for_the_lease(room: &Room) -> Result<Operator> {
    let kubectl = room.stage.kubectl()?.in_namespace(NAMESPACE);
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": LEASE},
        "spec": {"holderIdentity": "acks-pod", "leaseDurationSeconds": 3600, "renewTime": "2026-01-01T00:00:00.000000Z"},
    });
    kubectl.apply(&lease.to_string())?;
    let mut operator = Operator::launch(&room.stage.cluster, &Settings::default(), &room.stage.progress)?;
    until_true("a word on who holds the lease", SOON, || {
        Ok(operator.unready()?.is_some_and(|why| why.contains("acks-pod") && why.contains(LEASE)))
    })?;
    let untouched = room.kubectl.get(&[OBJECT])?["status"]["observedGeneration"].is_null();
    ensure(untouched, || "the object was written while another held ACK's lease".into())?;
    kubectl.run(&["delete", "lease", LEASE])?;
    operator.until_ready()?;
    Ok(operator)
}

fn taken_over(room: &Room, operator: &Operator, before: &Value) -> Result<()> {
    let ready = room.kubectl.until(OBJECT, "Ready by Cairn", SOON, |found| {
        let ready = condition(found, "Ready")?;
        (ready["status"] == "True" && ready["reason"] == "Available").then(|| found.clone())
    })?;
    let mutations = operator.mutations()?;
    ensure(mutations == 0.0, || format!("{mutations} mutations in AWS"))?;
    same(&ready, before)?;
    let conditions = ready["status"]["conditions"].as_array().cloned().unwrap_or_default();
    let advisories = conditions.iter().filter(|condition| condition["type"] == "ACK.Advisory").count();
    ensure(advisories == 1, || format!("{advisories} advisories"))?;
    let synced = condition(&ready, "ACK.ResourceSynced").cloned().unwrap_or_default();
    ensure(synced["status"] == "True", || format!("{synced}"))?;
    ensure_says(&synced, &["Resource synced successfully"])
}

/// What ACK reads is as it was.
fn same(now: &Value, before: &Value) -> Result<()> {
    for path in ["/spec", "/metadata/finalizers", "/metadata/generation", "/status/location"] {
        let (now, before) = (now.pointer(path), before.pointer(path));
        ensure(now == before, || format!("{path} was {before:?} and is {now:?}"))?;
    }
    for field in ["arn", "ownerAccountID", "region"] {
        let of = |object: &Value| object["status"]["ackResourceMetadata"][field].clone();
        ensure(of(now) == of(before), || format!("{field} was {} and is {}", of(before), of(now)))?;
    }
    Ok(())
}

/// A controller of ACK's that still runs is noticed, and it takes a person to go on.
fn stands_aside(room: &Room) -> Result<()> {
    let synced = json!({"type": "ACK.ResourceSynced", "status": "False", "message": "Resource not synced"});
    patch(room, &["--subresource=status"], &json!({"status": {"conditions": [synced]}}))?;
    let stalled = room.kubectl.until_condition(OBJECT, "Stalled", "True", SOON)?;
    ensure(stalled["reason"] == "OtherController", || format!("the reason: {stalled}"))?;
    ensure_says(&stalled, &["controller wrote", "services.k8s.aws/requested-at"])?;
    let command = of_the_page("kubectl", "annotate")?;
    let words: Vec<_> = command.iter().skip(1).map(|word| word.replace("NOW", "2026-01-02T00:00:00Z")).collect();
    room.stage.kubectl()?.run(&words.iter().map(String::as_str).collect::<Vec<_>>())?;
    room.kubectl.until_condition(OBJECT, "Ready", "True", SOON).map(drop)
}

fn ready_for_ack(room: &Room, name: &str, before: &Value) -> Result<()> {
    let kubectl = room.stage.kubectl()?.in_namespace(NAMESPACE);
    let lease = kubectl.get(&["lease", LEASE])?;
    ensure(lease["spec"]["holderIdentity"] == "", || format!("the lease is not free: {lease}"))?;
    same(&room.kubectl.get(&[OBJECT])?, before)?;
    ensure(room.s3().exists(name)?, || "the bucket is gone".into())?;
    let tags = room.s3().tags(name)?;
    ensure(tags.keys().eq(TAGS.iter()), || format!("other tags than those of ACK: {tags:?}"))
}
