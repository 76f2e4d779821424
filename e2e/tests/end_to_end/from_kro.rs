//! Taking over from kro: its definitions, revisions, instances and their resources go on, and none is made again.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cairn_e2e::{
    Result,
    error::ensure,
    helm::NAMESPACE,
    operator::{Operator, Settings},
    wait::until_true,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::fixture::{Room, SOON, alone};

const LEASE: &str = "controller.kro.run";
const DEFINITION: &str = "resourcegraphdefinitions.kro.run/web";
const INSTANCE: &str = "webs.kro.run/shop";
const SINCE: &str = "2026-01-01T00:00:00Z";

#[test]
fn what_kro_left_goes_on_under_cairn() -> Result<()> {
    alone("from-kro", |room| {
        room.stage.helm.uninstall()?;
        left_by_kro(room)?;
        let before = ["a", "b"].map(|node| room.kubectl.get(&[&format!("configmap/shop-{node}")]));
        room.stage.take_over(&[("graph.group", "kro.run")])?;
        let operator = waits_for_the_lease(room)?;
        goes_on(room, before).map_err(|error| error.with(operator.tail()))?;
        goes(room).map_err(|error| error.with(operator.tail()))
    })
}

/// The schemas of spec and status of kro's own kinds: what is in them is of no matter.
fn open() -> [Value; 2] {
    [(); 2].map(|()| json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}))
}

/// The schemas that kro generates for the kind of the definition.
fn generated() -> [Value; 2] {
    let texts = ["lastTransitionTime", "message", "reason", "status", "type"];
    let mut fields: Map<String, Value> =
        texts.map(|name| (name.to_owned(), json!({"type": "string"}))).into_iter().collect();
    fields.insert("observedGeneration".into(), json!({"type": "integer"}));
    let conditions = json!({"type": "array", "items": {"type": "object", "properties": fields}});
    let value = json!({"type": "string", "default": "one"});
    [
        json!({"type": "object", "default": {}, "properties": {"value": value}}),
        json!({"type": "object", "properties": {"state": {"type": "string"}, "conditions": conditions}}),
    ]
}

fn kind(group: &str, kind: &str, plural: &str, scope: &str, labels: &Value, schemas: [Value; 2]) -> Value {
    let [spec, status] = schemas;
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}"), "labels": labels},
        "spec": {
            "group": group, "scope": scope,
            "names": {"kind": kind, "listKind": format!("{kind}List"), "plural": plural, "singular": kind.to_lowercase()},
            "versions": [{
                "name": "v1alpha1", "served": true, "storage": true, "subresources": {"status": {}},
                "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec, "status": status}}},
            }],
        },
    })
}

fn install(room: &Room, definition: &Value) -> Result<()> {
    let administrator = room.stage.kubectl()?;
    administrator.run_with(&["create", "--field-manager=helm", "-f", "-"], &definition.to_string())?;
    let name = definition["metadata"]["name"].as_str().unwrap_or_default();
    administrator.run(&["wait", "--for=condition=Established", &format!("crd/{name}"), "--timeout=60s"]).map(drop)
}

/// The spec of the definition, as the API server completes it.
fn spec() -> Value {
    let map = |id: &str, value: &str| {
        json!({"id": id, "template": {
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("${{schema.metadata.name}}-{id}")}, "data": {"value": value},
        }})
    };
    let schema = json!({
        "apiVersion": "v1alpha1", "kind": "Web", "group": "kro.run", "scope": "Namespaced",
        "spec": {"value": "string | default=one"},
    });
    json!({"schema": schema, "resources": [map("a", "${schema.spec.value}"), map("b", "${a.data.value}")]})
}

fn create(room: &Room, object: &Value) -> Result<Value> {
    room.kubectl.run_with(&["create", "-f", "-"], &object.to_string())?;
    let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let (group, version) = text("/apiVersion").split_once('/').unwrap_or_default();
    room.kubectl.get(&[&format!("{}.{version}.{group}", text("/kind")), text("/metadata/name")])
}

fn say(room: &Room, object: &str, status: &Value) -> Result<()> {
    let patch = json!({"status": status}).to_string();
    let arguments = ["patch", object, "--type=merge", "--subresource=status", "--field-manager=kro", "--patch", &patch];
    room.kubectl.run(&arguments).map(drop)
}

fn condition(kind: &str, reason: &str) -> Value {
    json!({"type": kind, "status": "True", "reason": reason, "lastTransitionTime": SINCE, "observedGeneration": 1})
}

/// kro's kinds, a definition with its third revision, and an instance with its two resources.
fn left_by_kro(room: &Room) -> Result<()> {
    install(
        room,
        &kind("kro.run", "ResourceGraphDefinition", "resourcegraphdefinitions", "Cluster", &Value::Null, open()),
    )?;
    install(room, &kind("internal.kro.run", "GraphRevision", "graphrevisions", "Cluster", &Value::Null, open()))?;
    let definition = create(
        room,
        &json!({
            "apiVersion": "kro.run/v1alpha1", "kind": "ResourceGraphDefinition",
            "metadata": {"name": "web", "finalizers": ["kro.run/finalizer"]}, "spec": spec(),
        }),
    )?;
    let uid = &definition["metadata"]["uid"];
    let of_web = json!({
        "kro.run/owned": "true", "kro.run/kro-version": "v0.9.3", "kro.run/resource-graph-definition-id": uid,
        "kro.run/resource-graph-definition-name": "web",
    });
    let all = [("GraphRevisionsResolved", "Resolved"), ("GraphAccepted", "Valid"), ("KindReady", "Ready")];
    let all = all.into_iter().chain([("ControllerReady", "Running"), ("Ready", "Ready")]);
    let conditions: Vec<Value> = all.map(|(kind, reason)| condition(kind, reason)).collect();
    let order = json!(["a", "b"]);
    say(
        room,
        DEFINITION,
        &json!({
            "state": "Active", "topologicalOrder": order, "lastIssuedRevision": 3, "conditions": conditions,
        }),
    )?;
    create(
        room,
        &json!({
            "apiVersion": "internal.kro.run/v1alpha1", "kind": "GraphRevision",
            "metadata": {
                "name": "web-r00003", "labels": of_web, "finalizers": ["kro.run/finalizer"],
                "ownerReferences": [{
                    "apiVersion": "kro.run/v1alpha1", "kind": "ResourceGraphDefinition", "name": "web", "uid": uid,
                    "controller": true,
                }],
            },
            "spec": {"revision": 3, "snapshot": {"name": "web", "generation": 1, "spec": spec()}},
        }),
    )?;
    install(room, &kind("kro.run", "Web", "webs", "Namespaced", &of_web, generated()))?;
    instance_of_kro(room, of_web)
}

fn instance_of_kro(room: &Room, mut labels: Value) -> Result<()> {
    let namespace = &room.namespace;
    let set = URL_SAFE_NO_PAD.encode(Sha256::digest(format!("shop.{namespace}.Web.kro.run")));
    let set = format!("applyset-{set}-v1");
    labels["applyset.kubernetes.io/id"] = json!(set);
    let instance = create(
        room,
        &json!({
            "apiVersion": "kro.run/v1alpha1", "kind": "Web",
            "metadata": {
                "name": "shop", "labels": labels, "finalizers": ["kro.run/finalizer"],
                "annotations": {
                    "applyset.kubernetes.io/tooling": "kro/v0.9.3",
                    "applyset.kubernetes.io/contains-group-kinds": "ConfigMap",
                    "applyset.kubernetes.io/additional-namespaces": "",
                },
            },
            "spec": {"value": "one"},
        }),
    )?;
    let all = [("InstanceManaged", "Managed"), ("GraphResolved", "Resolved")];
    let all = all.into_iter().chain([("ResourcesReady", "AllResourcesReady"), ("Ready", "Ready")]);
    let conditions: Vec<Value> = all.map(|(kind, reason)| condition(kind, reason)).collect();
    say(room, INSTANCE, &json!({"state": "ACTIVE", "conditions": conditions}))?;
    for (node, order) in [("a", "1"), ("b", "2")] {
        let labels = json!({
            "kro.run/owned": "true", "kro.run/kro-version": "v0.9.3",
            "kro.run/instance-id": instance["metadata"]["uid"], "kro.run/instance-name": "shop",
            "kro.run/instance-namespace": namespace, "kro.run/instance-group": "kro.run",
            "kro.run/instance-version": "v1alpha1", "kro.run/instance-kind": "Web", "kro.run/node-id": node,
            "app.kubernetes.io/managed-by": "kro", "applyset.kubernetes.io/part-of": set,
        });
        let map = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {
                "name": format!("shop-{node}"), "labels": labels,
                "annotations": {"internal.kro.run/apply-order": order},
            },
            "data": {"value": "one"},
        });
        let apply = ["apply", "--server-side", "--field-manager=kro.run/applyset", "-f", "-"];
        room.kubectl.run_with(&apply, &map.to_string())?;
    }
    Ok(())
}

/// Starts an operator while kro holds its lease, and takes the lease away.
fn waits_for_the_lease(room: &Room) -> Result<Operator> {
    let kubectl = room.stage.kubectl()?.in_namespace(NAMESPACE);
    let lease = json!({
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": LEASE},
        "spec": {"holderIdentity": "kros-pod", "leaseDurationSeconds": 3600, "renewTime": "2026-01-01T00:00:00.000000Z"},
    });
    kubectl.apply(&lease.to_string())?;
    let mut operator = Operator::launch(&room.stage.cluster, &Settings::default(), &room.stage.progress)?;
    until_true("a word on who holds the lease", SOON, || {
        Ok(operator.unready()?.is_some_and(|why| why.contains("kros-pod") && why.contains(LEASE)))
    })?;
    let untouched =
        room.kubectl.get(&["configmap/shop-a"])?["metadata"]["annotations"]["internal.kro.run/applied"].is_null();
    ensure(untouched, || "a resource was written while another held kro's lease".into())?;
    kubectl.run(&["delete", "lease", LEASE])?;
    operator.until_ready()?;
    Ok(operator)
}

fn goes_on(room: &Room, before: [Result<Value>; 2]) -> Result<()> {
    room.kubectl.run(&["patch", INSTANCE, "--type=merge", "--patch", r#"{"spec":{"value":"two"}}"#])?;
    for (node, before) in ["a", "b"].into_iter().zip(before) {
        let before = before?;
        let has = |found: &Value| (found["data"]["value"] == "two").then(|| found.clone());
        let now = room.kubectl.until(&format!("configmap/shop-{node}"), "the value two", SOON, has)?;
        for path in ["/metadata/uid", "/metadata/labels", "/metadata/annotations/internal.kro.run~1apply-order"] {
            let (now, before) = (now.pointer(path), before.pointer(path));
            ensure(now == before, || format!("{path} was {before:?} and is {now:?}"))?;
        }
    }
    let active = |found: &Value| (found["status"]["state"] == "ACTIVE").then_some(());
    room.kubectl.until(INSTANCE, "ACTIVE by Cairn", SOON, active)?;
    room.kubectl.until_condition(DEFINITION, "Ready", "True", SOON)?;
    let revisions = room.kubectl.get(&["graphrevisions.internal.kro.run"])?;
    let names: Vec<_> =
        revisions["items"].as_array().into_iter().flatten().map(|one| &one["metadata"]["name"]).collect();
    ensure(names == ["web-r00003"], || format!("the revisions are {names:?}"))
}

fn goes(room: &Room) -> Result<()> {
    room.kubectl.run(&["delete", "--wait=false", INSTANCE])?;
    room.kubectl.until_gone(INSTANCE, SOON)?;
    for gone in ["configmap/shop-a", "configmap/shop-b"] {
        ensure(room.kubectl.find(gone)?.is_none(), || format!("{gone} is still there"))?;
    }
    room.kubectl.run(&["delete", "--wait=false", DEFINITION])?;
    room.kubectl.until_gone(DEFINITION, SOON)?;
    room.kubectl.until_gone("graphrevisions.internal.kro.run/web-r00003", SOON)
}
