//! What goes wrong around definitions and their instances, and how it comes right.

use std::fmt::Write as _;

use cairn_e2e::{
    Error, Result,
    error::ensure,
    helm::NO_PODS,
    kubectl::ensure_says,
    wait::{Look, until},
};
use serde_json::Value;

use crate::fixture::{Room, SOON, in_cluster, with_operator};

const DEFINITIONS: &str = "resourcegraphdefinitions.cairn.run";

/// A definition of a kind whose spec is a `value`, with resources as YAML in one line each.
fn definition(name: &str, kind: &str, resources: &[&str]) -> String {
    let mut text = format!(
        "apiVersion: cairn.run/v1alpha1\nkind: ResourceGraphDefinition\nmetadata: {{name: {name}}}\nspec:\n  schema:\n    \
         apiVersion: v1alpha1\n    kind: {kind}\n    spec: {{value: string | default=one}}\n  resources:\n"
    );
    for resource in resources {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  - {resource}");
    }
    text
}

/// A resource that is a `ConfigMap` of one value.
fn map(id: &str, value: &str) -> String {
    format!(
        "{{id: {id}, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: '${{schema.metadata.name}}-{id}'}}, \
         data: {{value: '{value}'}}}}}}"
    )
}

fn instance(kind: &str, name: &str) -> String {
    format!("{{apiVersion: cairn.run/v1alpha1, kind: {kind}, metadata: {{name: {name}}}, spec: {{}}}}\n")
}

fn defined(room: &Room, name: &str) -> Result<Value> {
    room.kubectl.until_condition(&format!("{DEFINITIONS}/{name}"), "Ready", "True", SOON)
}

fn ready(room: &Room, object: &str) -> Result<Value> {
    room.kubectl.until_condition(object, "Ready", "True", SOON)
}

/// Waits until the message of a condition has the words.
fn says(room: &Room, object: &str, condition: &str, words: &str) -> Result<String> {
    room.kubectl.until(object, &format!("{words:?} in {condition} of {object}"), SOON, |found| {
        let all = found["status"]["conditions"].as_array()?;
        let message = all.iter().find(|one| one["type"] == condition)?["message"].as_str()?;
        message.contains(words).then(|| message.to_owned())
    })
}

fn delete(room: &Room, object: &str) -> Result<()> {
    room.kubectl.run(&["delete", "--wait=false", object])?;
    room.kubectl.until_gone(object, SOON)
}

fn patch(room: &Room, object: &str, patch: &str) -> Result<()> {
    room.kubectl.run(&["patch", object, "--type=merge", "--patch", patch]).map(drop)
}

fn has_value(room: &Room, map: &str, value: &str) -> Result<()> {
    let has = |found: &Value| (found["data"]["value"] == value).then_some(());
    room.kubectl.until(&format!("configmap/{map}"), &format!("the value {value}"), SOON, has)
}

/// The role to paste, out of a message.
fn role(message: &str) -> Result<&str> {
    let at = message.find("apiVersion: rbac.authorization.k8s.io/v1");
    at.and_then(|at| message.get(at..)).ok_or_else(|| Error::Wrong(format!("no role in: {message}")))
}

#[test]
fn rights_that_are_missing_are_named_and_what_is_pasted_heals() -> Result<()> {
    with_operator("rights", |room| {
        let quota = "{id: quota, template: {apiVersion: v1, kind: ResourceQuota, metadata: {name: '${schema.metadata.name}'}, \
                     spec: {hard: {pods: 5}}}}";
        let grants = "{id: role, template: {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, \
                      metadata: {name: '${schema.metadata.name}'}, \
                      rules: [{apiGroups: [''], resources: [nodes], verbs: [get]}]}}";
        let binding = "{id: binding, template: {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, \
                       metadata: {name: '${schema.metadata.name}'}, \
                       roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}, \
                       subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: guest}]}}";
        room.kubectl.apply(&definition("rights-vaults", "RightsVault", &[quota, grants, binding]))?;
        let object = format!("{DEFINITIONS}/rights-vaults");
        let message =
            says(room, &object, "Ready", "\"quota\" needs create, delete, get, list, patch, watch on resourcequotas")?;
        for words in [
            "rules[0] of \"role\" grants get on nodes",
            "\"binding\" needs bind on clusterroles.rbac.authorization.k8s.io \"view\"",
        ] {
            ensure(message.contains(words), || format!("{words:?} expected in: {message}"))?;
        }
        let none = room.kubectl.find("customresourcedefinition/rightsvaults.cairn.run")?;
        ensure(none.is_none(), || "the kind was made all the same".into())?;
        room.kubectl.apply(role(&message)?)?;
        defined(room, "rights-vaults")?;
        room.kubectl.apply(&instance("RightsVault", "one"))?;
        ready(room, "rightsvaults.cairn.run/one")?;
        room.kubectl.get(&["resourcequota/one", "role/one", "rolebinding/one"])?;
        delete(room, "rightsvaults.cairn.run/one")?;
        delete(room, &object)?;
        room.kubectl.run(&["delete", "clusterrole", "rights-vaults-graph"]).map(drop)
    })
}

#[test]
fn a_finalizer_holds_a_deletion_up_and_is_named() -> Result<()> {
    with_operator("held", |room| {
        let (first, second) = (map("a", "${schema.spec.value}"), map("b", "${a.data.value}"));
        room.kubectl.apply(&definition("held-things", "HeldThing", &[&first, &second]))?;
        defined(room, "held-things")?;
        room.kubectl.apply(&instance("HeldThing", "one"))?;
        let object = "heldthings.cairn.run/one";
        ready(room, object)?;
        patch(room, "configmap/one-b", r#"{"metadata":{"finalizers":["example.com/hold"]}}"#)?;
        room.kubectl.run(&["delete", "--wait=false", object])?;
        says(room, object, "Ready", "one-b is being deleted and waits for its finalizers example.com/hold")?;
        ensure(room.kubectl.find("configmap/one-a")?.is_some(), || "what one-b needs is gone".into())?;
        patch(room, "configmap/one-b", r#"{"metadata":{"finalizers":null}}"#)?;
        room.kubectl.until_gone(object, SOON)?;
        ensure(room.kubectl.find("configmap/one-a")?.is_none(), || "one-a is still there".into())?;
        delete(room, &format!("{DEFINITIONS}/held-things"))
    })
}

#[test]
fn what_a_policy_denies_is_told_and_tried_again() -> Result<()> {
    with_operator("denied", |room| {
        let policy = format!(
            "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {{name: {0}}}\n\
             spec:\n  failurePolicy: Fail\n  matchConstraints:\n    resourceRules:\n    - {{apiGroups: [''], apiVersions: [v1], \
             operations: [CREATE, UPDATE], resources: [configmaps]}}\n  validations:\n  - expression: \"!object.metadata.name.endsWith('-denied')\"\n    \
             message: no such maps here\n---\napiVersion: admissionregistration.k8s.io/v1\n\
             kind: ValidatingAdmissionPolicyBinding\nmetadata: {{name: {0}}}\nspec: {{policyName: {0}, validationActions: [Deny], \
             matchResources: {{namespaceSelector: {{matchLabels: {{kubernetes.io/metadata.name: {0}}}}}}}}}\n",
            room.namespace
        );
        room.kubectl.apply(&policy)?;
        let probe = "{apiVersion: v1, kind: ConfigMap, metadata: {name: probe-denied}}";
        until("the policy is in force", SOON, || {
            Ok(match room.kubectl.run_with(&["create", "--dry-run=server", "-f", "-"], probe) {
                Ok(_) => Look::NotYet("the probe was accepted".into()),
                Err(_) => Look::Done(()),
            })
        })?;
        let (good, bad) = (map("good", "x"), map("denied", "x"));
        room.kubectl.apply(&definition("denied-things", "DeniedThing", &[&good, &bad]))?;
        defined(room, "denied-things")?;
        room.kubectl.apply(&instance("DeniedThing", "one"))?;
        let object = "deniedthings.cairn.run/one";
        let message = says(room, object, "Ready", "no such maps here")?;
        ensure(message.contains(&format!("ConfigMap {}/one-denied", room.namespace)), || message.clone())?;
        ensure(room.kubectl.find("configmap/one-good")?.is_some(), || "the other was not made".into())?;
        let kinds = "validatingadmissionpolicybinding,validatingadmissionpolicy";
        room.kubectl.run(&["delete", kinds, &room.namespace])?;
        ready(room, object)?;
        delete(room, object)?;
        delete(room, &format!("{DEFINITIONS}/denied-things"))
    })
}

const WIDGETS: &str = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
    metadata: {name: removedwidgets.example.com}\nspec:\n  group: example.com\n  scope: Namespaced\n  \
    names: {kind: RemovedWidget, plural: removedwidgets}\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    \
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}\n";

#[test]
fn kinds_that_are_removed_underneath_are_waited_for() -> Result<()> {
    with_operator("removed", |room| {
        let widget = "{id: w, template: {apiVersion: example.com/v1, kind: RemovedWidget, \
                      metadata: {name: '${schema.metadata.name}'}, spec: {size: 1}}}";
        let other = map("m", "${schema.spec.value}");
        room.kubectl.apply(&definition("removed-things", "RemovedThing", &[widget, &other]))?;
        let object = format!("{DEFINITIONS}/removed-things");
        says(room, &object, "Ready", "example.com/v1 RemovedWidget is not served")?;
        room.kubectl.apply(WIDGETS)?;
        // Nobody has granted anything of that group yet.
        let message = says(room, &object, "Ready", "removedwidgets.example.com")?;
        room.kubectl.apply(role(&message)?)?;
        defined(room, "removed-things")?;
        room.kubectl.apply(&instance("RemovedThing", "one"))?;
        ready(room, "removedthings.cairn.run/one")?;
        // The kind that it needs goes, and the kind that it makes.
        room.kubectl.run(&["delete", "--wait=false", "customresourcedefinition", "removedwidgets.example.com"])?;
        says(room, &object, "Ready", "example.com/v1 RemovedWidget is not served")?;
        room.kubectl.until_gone("customresourcedefinition/removedwidgets.example.com", SOON)?;
        room.kubectl.apply(WIDGETS)?;
        defined(room, "removed-things")?;
        let back = |found: &Value| (found["spec"]["size"] == 1).then_some(());
        room.kubectl.until("removedwidgets.example.com/one", "the widget is back", SOON, back)?;
        ready(room, "removedthings.cairn.run/one")?;
        delete(room, "removedthings.cairn.run/one")?;
        delete(room, &object)?;
        room.kubectl.run(&["delete", "clusterrole", "removed-things-graph"])?;
        room.kubectl
            .run(&["delete", "--wait=false", "customresourcedefinition", "removedwidgets.example.com"])
            .map(drop)
    })
}

#[test]
fn a_revision_that_does_not_compile_stops_none_of_two_hundred() -> Result<()> {
    const MANY: usize = 200;
    with_operator("many", |room| {
        let (first, second) = (map("a", "${schema.spec.value}"), map("b", "${a.data.value}"));
        room.kubectl.apply(&definition("many-things", "ManyThing", &[&first, &second]))?;
        defined(room, "many-things")?;
        let all: Vec<String> = (0..MANY).map(|at| instance("ManyThing", &format!("t{at}"))).collect();
        room.kubectl.run_with(&["create", "-f", "-"], &all.join("---\n"))?;
        let count = |state: &str| -> Result<usize> {
            let list = room.kubectl.get(&["manythings.cairn.run"])?;
            Ok(list["items"].as_array().into_iter().flatten().filter(|one| one["status"]["state"] == state).count())
        };
        let all_active = |what: &str| {
            until(what, SOON, || {
                let active = count("ACTIVE")?;
                Ok(if active == MANY { Look::Done(()) } else { Look::NotYet(format!("{active} are")) })
            })
        };
        all_active("every instance is ACTIVE")?;
        let object = format!("{DEFINITIONS}/many-things");
        let wrong = map("b", "${nobody.data.value}");
        room.kubectl.apply(&definition("many-things", "ManyThing", &[&first, &wrong]))?;
        says(room, &object, "GraphAccepted", "nobody")?;
        says(room, &object, "ControllerReady", "instances go on as of revision 1")?;
        patch(room, "manythings.cairn.run/t7", r#"{"spec":{"value":"two"}}"#)?;
        has_value(room, "t7-b", "two")?;
        room.kubectl.run(&["delete", "configmap", "t199-b"])?;
        has_value(room, "t199-b", "one")?;
        room.kubectl.apply(&instance("ManyThing", "late"))?;
        ready(room, "manythings.cairn.run/late")?;
        delete(room, "manythings.cairn.run/late")?;
        all_active("none has stopped")?;
        let better = map("b", "better ${a.data.value}");
        room.kubectl.apply(&definition("many-things", "ManyThing", &[&first, &better]))?;
        defined(room, "many-things")?;
        has_value(room, "t0-b", "better one")?;
        let moved = |found: &Value| {
            let rows = found["status"]["revisions"].as_array()?;
            (rows.len() == 1 && rows.iter().all(|row| row["revision"] == 2 && row["instances"] == MANY)).then_some(())
        };
        room.kubectl.until(&object, "all have moved", SOON, moved)?;
        room.kubectl.run(&["delete", "--wait=false", "manythings.cairn.run", "--all"])?;
        delete(room, &object)
    })
}

#[test]
fn graphs_of_graphs_come_in_order_and_go_in_reverse() -> Result<()> {
    with_operator("nested", |room| {
        // The outer one waits until the kind of the inner one is there.
        let inner = "{id: inner, readyWhen: [\"${inner.status.state == 'ACTIVE'}\"], template: {apiVersion: \
                     cairn.run/v1alpha1, kind: NestedInner, metadata: {name: '${schema.metadata.name}-in'}, \
                     spec: {value: '${schema.spec.value}'}}}";
        let after = map("after", "${inner.spec.value}");
        room.kubectl.apply(&definition("nested-outer", "NestedOuter", &[inner, &after]))?;
        says(room, &format!("{DEFINITIONS}/nested-outer"), "Ready", "NestedInner is not served")?;
        let value = map("m", "${schema.spec.value}");
        room.kubectl.apply(&definition("nested-inner", "NestedInner", &[&value]))?;
        defined(room, "nested-inner")?;
        defined(room, "nested-outer")?;
        room.kubectl.apply(&instance("NestedOuter", "one"))?;
        ready(room, "nestedouters.cairn.run/one")?;
        patch(room, "nestedouters.cairn.run/one", r#"{"spec":{"value":"two"}}"#)?;
        has_value(room, "one-in-m", "two")?;
        has_value(room, "one-after", "two")?;
        room.kubectl.run(&["delete", "--wait=false", &format!("{DEFINITIONS}/nested-inner")])?;
        let waits = room.kubectl.until_condition(&format!("{DEFINITIONS}/nested-inner"), "Ready", "False", SOON)?;
        ensure_says(&waits, &[&format!("{}/one-in", room.namespace)])?;
        delete(room, "nestedouters.cairn.run/one")?;
        room.kubectl.until_gone(&format!("{DEFINITIONS}/nested-inner"), SOON)?;
        ensure(room.kubectl.find("configmap/one-in-m")?.is_none(), || "the innermost is still there".into())?;
        delete(room, &format!("{DEFINITIONS}/nested-outer"))
    })
}

#[test]
fn a_definition_may_define_a_kind_of_another() -> Result<()> {
    with_operator("kinds", |room| {
        // The chart does not let the operator delete kinds.
        let crd = "{id: crd, deletionPolicy: Orphaned, readyWhen: [\"${crd.status.conditions.exists(c, c.type == 'Established' && c.status == 'True')}\"], \
                   template: {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, \
                   metadata: {name: definedgadgets.example.com}, spec: {group: example.com, scope: Namespaced, \
                   names: {kind: DefinedGadget, plural: definedgadgets}, versions: [{name: v1, served: true, storage: true, \
                   schema: {openAPIV3Schema: {type: object}}}]}}}";
        room.kubectl.apply(&definition("kinds-kinds", "KindsKind", &[crd]))?;
        let object = format!("{DEFINITIONS}/kinds-kinds");
        defined(room, "kinds-kinds")?;
        room.kubectl.apply(&instance("KindsKind", "one"))?;
        ready(room, "kindskinds.cairn.run/one")?;
        room.kubectl.run(&["get", "definedgadgets.example.com"])?;
        delete(room, "kindskinds.cairn.run/one")?;
        let left = room.kubectl.get(&["customresourcedefinition/definedgadgets.example.com"])?;
        ensure(left["metadata"]["labels"].is_null(), || format!("it is still somebody's: {}", left["metadata"]))?;
        delete(room, &object)?;
        let kind = ["delete", "--wait=false", "customresourcedefinition", "definedgadgets.example.com"];
        room.kubectl.run(&kind).map(drop)
    })
}

#[test]
fn instances_may_have_a_group_that_users_may_be_given() -> Result<()> {
    in_cluster("instance-group", |room| {
        let render =
            |group: &str| room.stage.helm.template(&[NO_PODS.as_slice(), &[("graph.instanceGroup", group)]].concat());
        let (with, without) = (render("apps.example.com")?, render("")?);
        ensure(with.contains("--graph-instance-group=apps.example.com"), || with.clone())?;
        ensure(with.matches("- apiGroups: [apps.example.com]").count() == 3, || with.clone())?;
        ensure(!without.contains("instance-group"), || without.clone())?;
        ensure(render("apps").is_err(), || "a group without a dot was taken".into())
    })
}
