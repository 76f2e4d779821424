use std::collections::BTreeSet;

use cairn_crds::Groups;
use cairn_graph::definition::Settings;
use cairn_graph::program::Bounds;
use cairn_graph::schemas::kubernetes;
use cairn_graph::{Compiled, Definition, Output, compile};
use serde_json::{Value as Json, json};

use super::need::plain;
use super::right::{Right, To};
use super::*;

fn spec(group: &str, resources: &Json) -> Json {
    json!({
        "schema": {"apiVersion": "v1", "kind": "App", "group": group, "spec": {"who": "string"}},
        "resources": resources,
    })
}

fn compiled(spec: &Json) -> Box<Output> {
    let settings = Settings::default();
    let definition = Definition::from_json(spec.clone(), &settings).unwrap();
    match compile(definition, &kubernetes(), &settings, Bounds::default()).unwrap() {
        Compiled::Program(output) => output,
        Compiled::Waiting { missing, .. } => panic!("{missing:?}"),
    }
}

fn needed(spec: &Json) -> Needs {
    needs(spec, &compiled(spec), &[Groups::default().graph()])
}

/// `verb resource.group name in namespace` of each.
fn words(needs: &Needs) -> Vec<String> {
    let rights: BTreeSet<&Right> = needs.rights.iter().map(|need| &need.right).collect();
    rights.into_iter().map(|right| format!("{} {}", right.verb, right.to)).collect()
}

fn map(namespace: &str) -> Json {
    json!({"id": "map", "template": {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "${schema.metadata.name}", "namespace": namespace},
    }})
}

#[test]
fn what_is_owned_is_written_and_what_is_read_is_not() {
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
    let spec = spec("cairn.run", &json!([map("${schema.spec.who}"), {"id": "secret", "externalRef": secret}]));
    let all = [
        "create configmaps",
        "delete configmaps",
        "get configmaps",
        "list configmaps",
        "patch configmaps",
        "watch configmaps",
        "list secrets",
        "watch secrets",
    ];
    assert_eq!(words(&needed(&spec)), all);
}

#[test]
fn what_is_written_where_an_instance_is_may_be_permitted_in_its_namespace_alone() {
    let namespace =
        json!({"id": "space", "template": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n"}}});
    let needs = needed(&spec("cairn.run", &json!([map("${schema.spec.who}"), namespace])));
    let somewhere = needs.rights.iter().filter(|need| need.somewhere).map(|need| need.right.verb.as_str());
    assert_eq!(somewhere.collect::<Vec<_>>(), ["create", "delete", "get", "patch"], "watches are of all namespaces");
    let fixed = needed(&spec("cairn.run", &json!([map("shop")])));
    assert!(fixed.rights.iter().all(|need| !need.somewhere), "that one is enough, and it is the one");
}

#[test]
fn what_stays_is_not_deleted() {
    let mut kept = map("${schema.spec.who}");
    kept["deletionPolicy"] = json!("Orphaned");
    let found = words(&needed(&spec("cairn.run", &json!([kept]))));
    assert_eq!(found.len(), 5);
    assert!(!found.contains(&"delete configmaps".to_owned()));
}

#[test]
fn a_namespace_that_is_written_out_is_enough_and_watches_are_of_all() {
    let all = [
        "list configmaps",
        "watch configmaps",
        "create configmaps in shop",
        "delete configmaps in shop",
        "get configmaps in shop",
        "patch configmaps in shop",
    ];
    assert_eq!(words(&needed(&spec("cairn.run", &json!([map("shop")])))), all);
}

#[test]
fn instances_of_another_group_are_permitted_by_nobody_yet() {
    let all = ["list apps.shop.example.com", "patch apps.shop.example.com", "watch apps.shop.example.com"];
    let status = "patch apps/status.shop.example.com";
    let found = words(&needed(&spec("shop.example.com", &json!([]))));
    assert_eq!(found, [&all[..], &[status]].concat());
}

fn role(kind: &str, more: &Json) -> Json {
    let mut template = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": "${schema.metadata.name}"},
    });
    template.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!([{"id": "role", "template": template}])
}

#[test]
fn who_grants_has_to_hold_and_the_rule_is_named() {
    let rules = json!({"rules": [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["${schema.spec.who}", "key"]},
        {"nonResourceURLs": ["/metrics"], "verbs": ["get"]},
        {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]},
    ]});
    let needs = needed(&spec("cairn.run", &role("ClusterRole", &rules)));
    let granted: Vec<_> = needs.rights.iter().filter_map(|need| Some((need.grants.as_deref()?, need))).collect();
    let words: BTreeSet<String> =
        granted.iter().map(|(path, need)| format!("{path}: {} {}", need.right.verb, need.right.to)).collect();
    assert_eq!(
        words,
        BTreeSet::from(["rules[0]: get secrets \"key\"", "rules[1]: get /metrics", "rules[2]: * *.*"].map(Into::into))
    );
    let escalate = Right::new("escalate", "rbac.authorization.k8s.io", "clusterroles", None);
    assert!(granted.iter().all(|(_, need)| need.unless.as_ref() == Some(&escalate)));
}

#[test]
fn a_binding_asks_for_its_role_unless_the_role_is_made_here() {
    let reference = |name: &str| json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": name}, "subjects": []});
    let bindings = |name: &str| needed(&spec("cairn.run", &role("ClusterRoleBinding", &reference(name)))).bindings;
    let [binding] = bindings("admin").try_into().unwrap();
    assert_eq!(
        format!("{} {}", binding.bind.verb, binding.bind.to),
        "bind clusterroles.rbac.authorization.k8s.io \"admin\""
    );
    assert_eq!(bindings("${schema.spec.who}"), [], "what is not known yet is left to Kubernetes");
    let mut both = role("ClusterRoleBinding", &reference("mine"));
    let mut made = role("ClusterRole", &json!({"rules": []}))[0].clone();
    made["id"] = json!("made");
    made["template"]["metadata"]["name"] = json!("mine");
    both.as_array_mut().unwrap().push(made);
    assert_eq!(needed(&spec("cairn.run", &both)).bindings, []);
}

#[test]
fn the_message_is_a_role_to_paste() {
    let need = |verb: &str, group: &str, resource: &str| plain("web", Right::new(verb, group, resource, None));
    let path = Need {
        right: Right { to: To::Path("/metrics".into()), verb: "get".into() },
        grants: Some("rules[1]".into()),
        ..need("", "", "")
    };
    let missing = [
        need("get", "apps", "deployments"),
        need("list", "apps", "deployments"),
        need("get", "apps", "daemonsets"),
        need("list", "apps", "daemonsets"),
        need("get", "", "pods"),
        path,
    ];
    let expected = r#"the operator lacks rights: "web" needs get, list on daemonsets.apps; "web" needs get, list on deployments.apps; "web" needs get on pods; rules[1] of "web" grants get on /metrics, which only who has it may grant. This grants them, and the definition goes on by itself then:
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: app-graph
  labels:
    rbac.cairn.run/aggregate-to-controller: "true"
rules:
- apiGroups: [""]
  resources: ["pods"]
  verbs: ["get"]
- apiGroups: ["apps"]
  resources: ["daemonsets", "deployments"]
  verbs: ["get", "list"]
- nonResourceURLs: ["/metrics"]
  verbs: ["get"]
"#;
    assert_eq!(message("app", &Groups::default().aggregation_label(), &missing), expected);
}
