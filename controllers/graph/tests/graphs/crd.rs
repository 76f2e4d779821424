//! The generated definition of a kind, and what an edit of it breaks.

use std::collections::BTreeMap;

use super::support::{definition, output};
use cairn_crds::Groups;
use cairn_graph::compat::compare;
use cairn_graph::crd::plural;
use cairn_graph::definition::Settings;
use cairn_graph::program::Bounds;
use cairn_graph::schemas::{Gvk, Schemas as _, from_crd};
use cairn_graph::{Compiled, Definition, compile};
use serde_json::{Value as Json, json};

const EDITS: &str = include_str!("../cases/edits.yaml");

const RESOURCES: &str = "
- {id: db, template: {apiVersion: example.com/v1, kind: Database, metadata: {name: d}, spec: {engine: mysql, size: 1}}}
- {id: dep, template: {apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {selector: {}, template: {}}}}
";

#[test]
fn the_schema_is_that_of_the_definition() {
    let schema = "
spec: {name: string | required=true, size: integer | default=1}
status:
  endpoint: '${db.status.endpoint}'
  maybe: '${db.?status.ready}'
  created: '${dep.metadata.creationTimestamp}'
  count: '${dep.spec.replicas}'
  labels: '${dep.metadata.labels}'
  port: '${dep.spec.template.spec.containers[0].livenessProbe.httpGet.port}'
  any: \"${json.unmarshal('{}')}\"
  names: ['${db.metadata.name}', '${dep.metadata.name}']
  mixed: ['${db.metadata.name}', '${dep.spec.replicas}']
  nested: {text: 'a-${dep.spec.replicas}', fixed: yes-or-no}
  owner: '${dep.metadata.ownerReferences[0]}'
shortNames: [ap]
categories: [all]
metadata: {labels: {team: x, cairn.run/owned: mine}, annotations: {a: b}}
";
    let kind = output(&definition(schema, RESOURCES)).kind;
    let labels = BTreeMap::from([("cairn.run/owned".to_owned(), "true".to_owned())]);
    let crd = kind.manifest(&labels);
    let status = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"]["properties"];
    for (field, schema) in [
        ("endpoint", json!({"type": "string"})),
        ("maybe", json!({"type": "boolean"})),
        ("created", json!({"type": "string", "format": "date-time"})),
        ("count", json!({"type": "integer"})),
        ("labels", json!({"type": "object", "additionalProperties": {"type": "string"}})),
        ("port", json!({"x-kubernetes-int-or-string": true})),
        ("any", json!({"x-kubernetes-preserve-unknown-fields": true})),
        ("names", json!({"type": "array", "items": {"type": "string"}})),
        ("mixed", json!({"type": "array", "items": {"x-kubernetes-preserve-unknown-fields": true}})),
        ("nested", json!({"type": "object", "properties": {"text": {"type": "string"}, "fixed": {"type": "string"}}})),
        ("state", json!({"type": "string"})),
        ("observedGeneration", json!({"type": "integer"})),
        ("lastHandledReconcileAt", json!({"type": "string"})),
    ] {
        assert_eq!(status[field], schema, "{field}");
    }
    assert_eq!(status["owner"]["properties"]["controller"]["type"], "boolean");
    assert_eq!(status["conditions"]["x-kubernetes-list-map-keys"], json!(["type"]));
    assert_eq!(crd["metadata"]["name"], "apps.cairn.run");
    assert_eq!(crd["metadata"]["labels"], json!({"team": "x", "cairn.run/owned": "true"}));
    assert_eq!(crd["metadata"]["annotations"], json!({"a": "b"}));
    assert_eq!(
        crd["spec"]["names"],
        json!({"kind": "App", "listKind": "AppList", "plural": "apps", "singular": "app", "shortNames": ["ap"], "categories": ["all"]})
    );
    let columns: Vec<&Json> =
        crd["spec"]["versions"][0]["additionalPrinterColumns"].as_array().unwrap().iter().collect();
    assert_eq!(
        columns.iter().map(|column| column["name"].as_str().unwrap()).collect::<Vec<_>>(),
        ["State", "Ready", "Age"]
    );
    assert_eq!(columns[0]["description"], "The state of a ResourceGraphDefinition instance");
}

#[test]
fn the_definition_is_one_that_kubernetes_takes() {
    use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
    let schema = "{spec: {a: string}, scope: Cluster, status: {x: '${db.status}'}, \
                  additionalPrinterColumns: [{name: A, type: string, jsonPath: .spec.a, priority: 1}]}";
    let resources = RESOURCES.replace("metadata: {name: d}", "metadata: {name: d, namespace: other}");
    let crd = output(&definition(schema, &resources)).kind.manifest(&BTreeMap::new());
    let typed: CustomResourceDefinition = serde_json::from_value(crd.clone()).unwrap();
    assert_eq!(typed.spec.scope, "Cluster");
    assert_eq!(typed.spec.versions[0].additional_printer_columns.as_ref().unwrap().len(), 1);
    assert_eq!(from_crd(&crd).unwrap().len(), 1);
}

#[test]
fn under_kros_group_the_status_has_kros_fields_alone() {
    let groups = Groups::new("services.k8s.aws", "kro.run").unwrap();
    let settings = Settings { groups, ..Settings::default() };
    let read = Definition::from_json(definition("{spec: {a: string}}", "[]"), &settings).unwrap();
    let Ok(Compiled::Program(output)) = compile(read, super::support::schemas(), &settings, Bounds::default()) else {
        panic!()
    };
    let crd = output.kind.manifest(&BTreeMap::new());
    assert_eq!(crd["metadata"]["name"], "apps.kro.run");
    let status = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["status"];
    assert_eq!(status["properties"].as_object().unwrap().keys().collect::<Vec<_>>(), ["conditions", "state"]);
}

#[test]
fn a_kind_may_be_part_of_another_definition() {
    let inner = output(&definition(
        "{kind: Inner, spec: {a: string | required=true}, status: {b: '${db.status.endpoint}'}}",
        RESOURCES,
    ));
    let mut all = super::support::schemas().clone();
    all.extend([inner.kind.kind()]);
    let outer = |resource: &str| {
        let read =
            Definition::from_json(definition("{spec: {a: string}}", resource), &super::support::settings()).unwrap();
        compile(read, &all, &super::support::settings(), Bounds::default())
    };
    let good = "- {id: i, template: {apiVersion: cairn.run/v1alpha1, kind: Inner, metadata: {name: x}, spec: {a: '${schema.spec.a}'}}, readyWhen: [\"${i.status.b != ''}\"]}";
    assert!(matches!(outer(good), Ok(Compiled::Program(_))));
    let bad = outer(&good.replace("{a: '$", "{b: '$")).unwrap_err().to_string();
    assert!(bad.contains("there is no field \"b\""), "{bad}");
    assert!(all.elsewhere("Inner") == [Gvk::new("cairn.run/v1alpha1", "Inner")]);
}

#[test]
fn plurals_are_kros() {
    let cases = include_str!("../cases/plurals.txt").lines().filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for (word, expected) in cases.filter_map(|line| line.split_once(' ')) {
        assert_eq!(plural(word), expected, "{word}");
        count += 1;
    }
    assert!(count > 800, "{count}");
}

fn crd(spec: &Json, more: &str) -> Json {
    let schema = format!("{{spec: {spec}{more}}}");
    output(&definition(&schema, RESOURCES)).kind.manifest(&BTreeMap::new())
}

/// What an edit of the spec changes.
fn edit(before: &Json, after: &Json) -> Vec<String> {
    compare(&crd(before, ""), &crd(after, "")).changes.iter().map(ToString::to_string).collect()
}

#[test]
fn every_edit_is_told_with_whom_it_breaks() {
    let cases: Vec<Json> = serde_saphyr::from_str(EDITS).unwrap();
    for case in &cases {
        assert_eq!(json!(edit(&case["before"], &case["after"])), case["changes"], "{case}");
    }
    assert!(cases.len() >= 30);
}

#[test]
fn the_rest_of_a_kind_is_compared_too() {
    let plain = crd(&json!({}), "");
    let texts = |live: &Json, new: &Json| -> Vec<String> {
        compare(live, new).changes.iter().map(ToString::to_string).collect()
    };
    let status = crd(&json!({}), ", status: {x: '${db.status.endpoint}'}");
    assert_eq!(texts(&status, &plain), ["status.x: the field goes; breaks those who read it"]);
    assert_eq!(
        texts(
            &plain,
            &crd(
                &json!({}),
                ", additionalPrinterColumns: [{name: A, type: date, jsonPath: .metadata.creationTimestamp}]"
            )
        ),
        ["the columns change"]
    );
    assert_eq!(
        texts(&plain, &crd(&json!({}), ", shortNames: [x], categories: [z]")),
        ["the short names of the kind change", "the categories of the kind change"]
    );
    assert_eq!(texts(&plain, &crd(&json!({}), ", metadata: {labels: {a: b}}")), ["the labels of the kind change"]);
    let mut other = plain.clone();
    other["spec"]["versions"][0]["name"] = "v1beta1".into();
    assert_eq!(
        texts(&plain, &other),
        ["the version v1alpha1 goes; breaks everybody who uses the kind", "the version v1beta1 comes"]
    );
    other = plain.clone();
    other["spec"]["versions"][0]["served"] = false.into();
    other["spec"]["versions"][0].as_object_mut().unwrap().remove("subresources");
    other["spec"]["scope"] = "Cluster".into();
    assert_eq!(compare(&plain, &other).breaking().count(), 3);
}

#[test]
fn the_instances_that_break_are_found() {
    let before = json!({"a": "string", "b": "integer", "c": {"d": "string"}, "l": "[]string", "m": "map[string]string", "n": "integer", "t": "string"});
    let after = json!({
        "b": "integer | maximum=5", "c": {"d": "string", "e": "string | required=true"}, "l": "[]string | uniqueItems=true",
        "m": "map[string]integer", "n": "integer | validation=\"self % 2 == 0\"", "t": "string | pattern=\"^x\""
    });
    let comparison = compare(&crd(&before, ""), &crd(&after, ""));
    let broken = |spec: Json| -> Vec<String> {
        comparison.affecting(&json!({"spec": spec})).iter().map(|change| change.path.clone()).collect()
    };
    assert!(broken(json!({})).is_empty());
    assert!(broken(json!({"b": 5, "c": {"e": "x"}, "l": ["x", "y"], "m": {}, "n": 4, "t": "xy"})).is_empty());
    assert_eq!(broken(json!({"a": "x"})), ["spec.a"]);
    assert_eq!(broken(json!({"b": 6})), ["spec.b"]);
    assert_eq!(broken(json!({"c": {}})), ["spec.c.e"]);
    assert_eq!(broken(json!({"l": ["x", "x"]})), ["spec.l"]);
    assert_eq!(broken(json!({"m": {"k": "v"}})), ["spec.m[*]"]);
    assert_eq!(broken(json!({"n": 3})), ["spec.n"]);
    assert_eq!(broken(json!({"t": "yx"})), ["spec.t"]);
    let refusal = comparison.refusal().unwrap();
    assert!(
        refusal.starts_with("cannot update CRD apps.cairn.run: breaking changes detected: spec.a: the field goes"),
        "{refusal}"
    );
    assert!(refusal.ends_with("and 4 more changes"), "{refusal}");
    assert_eq!(compare(&crd(&before, ""), &crd(&before, "")).refusal(), None);
}
