//! The rules of definitions: each broken once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_crds::Groups;
use cairn_graph::Definition;
use cairn_graph::definition::{Id, RESERVED, Settings, Source};
use serde_json::{Value as Json, json};

fn whole() -> Json {
    json!({
        "schema": {
            "kind": "App", "apiVersion": "v1alpha1", "scope": "Namespaced",
            "spec": {"name": "string | required=true", "ports": "[]Port"}, "types": {"Port": "integer | minimum=1"},
            "status": {"ip": "${svc.spec.clusterIP}", "conditions": ["${schema.metadata.name}"]},
            "additionalPrinterColumns": [{"name": "IP", "type": "string", "jsonPath": ".status.ip"}],
            "shortNames": ["ap"], "categories": ["all"], "metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}
        },
        "resources": [
            {"id": "svc", "template": {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "${schema.spec.name}"}},
             "readyWhen": ["${svc.spec.clusterIP != ''}"], "includeWhen": ["${true}"], "forEach": [{"port": "${schema.spec.ports}"}]},
            {"id": "shared", "externalRef": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "n", "namespace": "m"}}},
            {"id": "many", "externalRef": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"selector": {
                "matchLabels": {"a": "${schema.spec.name}"}, "matchExpressions": [{"key": "k", "operator": "In", "values": ["v"]}]}}}}
        ]
    })
}

fn read(spec: Json) -> Result<Definition, String> {
    Definition::from_json(spec, &Settings::default()).map_err(|error| error.to_string())
}

#[test]
fn everything_is_kept() {
    let definition = read(whole()).unwrap();
    assert_eq!((definition.instance.kind.as_str(), definition.instance.group.as_str()), ("App", "cairn.run"));
    assert_eq!(definition.instance.conditions.len(), 1);
    assert_eq!(definition.instance.status_texts.len(), 1);
    assert!(definition.node("svc").unwrap().is_collection() && definition.node("many").unwrap().is_collection());
    assert!(!definition.node("shared").unwrap().is_collection());
    assert_eq!(definition.node("many").unwrap().texts().len(), 1);
    assert!(matches!(&definition.node("svc").unwrap().source, Source::Template(object) if object.kind == "Service"));
    let kro = Settings { groups: Groups::new("services.k8s.aws", "kro.run").unwrap(), ..Settings::default() };
    assert_eq!(Definition::from_json(whole(), &kro).unwrap().instance.group, "kro.run");
}

#[test]
fn every_rule_is_kept() {
    let rows: &[(&str, Json, &str)] = &[
        ("/schema/kind", json!("app"), "schema.kind: \"app\" is no valid kind"),
        ("/schema/kind", json!("A".repeat(64)), "is no valid kind"),
        ("/schema/kind", json!(5), "not a resource graph definition"),
        ("/schema/apiVersion", json!("v1gamma1"), "is no version of Kubernetes"),
        ("/schema/apiVersion", json!("g/v1"), "without a group"),
        ("/schema/group", json!("Nope"), "is no group name"),
        ("/schema/group", json!("s3.aws.cairn.run"), "belongs to the operator itself"),
        ("/schema/group", json!("internal.cairn.run"), "belongs to the operator itself"),
        ("/schema/kind", json!("ResourceGraphDefinition"), "belongs to the operator itself"),
        ("/schema/scope", json!("Global"), "unknown variant"),
        ("/schema/spec/name", json!("strin"), "schema.spec.name[0..5]: unknown type"),
        ("/schema/unknown", json!(1), "unknown field `unknown`"),
        ("/schema/status/conditions", json!("x"), "status.conditions must be a list"),
        ("/schema/status/conditions", json!([1]), "a condition must be an expression"),
        ("/schema/status/conditions", json!(["x"]), "this must be one expression and nothing else"),
        ("/schema/status/ip", json!("${a"), "does not end"),
        ("/schema/additionalPrinterColumns/0/type", json!("text"), "is no type of a column"),
        ("/schema/additionalPrinterColumns/0/jsonPath", json!("ip"), "is no path into an object"),
        ("/schema/shortNames", json!(["Ap"]), "schema.shortNames[0]: \"Ap\" is no valid name"),
        ("/schema/categories", json!(["a", "a"]), "schema.categories[1]: \"a\" is named twice"),
        ("/schema/shortNames", json!((0..33).map(|n| format!("a{n}")).collect::<Vec<_>>()), "more than 32 names"),
        ("/resources/0/id", json!("my-id"), "lower camel case"),
        ("/resources/0/id", json!("schema"), "is a reserved word"),
        ("/resources/0/id", json!("package"), "is a reserved word"),
        ("/resources/0/id", json!("a".repeat(64)), "is too long"),
        ("/resources/0/id", json!("shared"), "resources[1].id: the id \"shared\" is used twice"),
        (
            "/resources/0/externalRef",
            whole()["resources"][1]["externalRef"].clone(),
            "exactly one of template or externalRef",
        ),
        (
            "/resources/0/template",
            json!({"kind": "A", "metadata": {}}),
            "resources[0].template.apiVersion: apiVersion is missing",
        ),
        ("/resources/0/template/kind", json!(5), "kind must be a text"),
        ("/resources/0/template/kind", json!("${schema.spec.name}"), "kind must be fixed"),
        ("/resources/0/template/metadata", json!("x"), "metadata must be an object"),
        ("/resources/0/template/metadata/labels", json!({"cairn.run/x": "y"}), "reserved for internal use"),
        (
            "/resources/0/template/metadata/annotations",
            json!({"internal.cairn.run/x": "y"}),
            "reserved for internal use",
        ),
        (
            "/resources/0/template/metadata/name",
            json!("${schema.spec.name"),
            "resources[0].template.metadata.name[0..18]",
        ),
        ("/resources/0/readyWhen", json!(["true"]), "this must be one expression and nothing else"),
        ("/resources/0/readyWhen", json!(["${}"]), "the expression is empty"),
        ("/resources/0/includeWhen", json!(["${a} ${b}"]), "resources[0].includeWhen[0]: this must be one expression"),
        ("/resources/0/forEach", json!([{"a": "${[1]}", "b": "${[1]}"}]), "exactly one name"),
        ("/resources/0/forEach", json!([{"a": "${[1]}"}, {"a": "${[1]}"}]), "the iterator \"a\" is named twice"),
        ("/resources/0/forEach", json!([{"shared": "${[1]}"}]), "has the id of a resource"),
        ("/resources/0/forEach", json!([{"false": "${[1]}"}]), "must stand in quotes in YAML"),
        (
            "/resources/0/forEach",
            json!((0..11).map(|n| json!({format!("i{n}"): "${[1]}"})).collect::<Vec<_>>()),
            "more than 10 lists",
        ),
        ("/resources/1/forEach", json!([{"a": "${[1]}"}]), "externalRef cannot be used together with forEach"),
        ("/resources/1/externalRef/kind", json!(""), "kind must be a fixed text"),
        ("/resources/1/externalRef/metadata/name", json!(""), "the name is empty"),
        ("/resources/1/externalRef/metadata", json!({}), "exactly one of name or selector"),
        ("/resources/2/externalRef/metadata/name", json!("x"), "exactly one of name or selector"),
        ("/resources/2/externalRef/metadata/selector/matchExpressions/0/operator", json!("Exists"), "takes no values"),
        ("/resources/2/externalRef/metadata/selector/matchExpressions/0/operator", json!("Is"), "is no operator"),
    ];
    for (pointer, value, expected) in rows {
        let mut spec = whole();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        spec.pointer_mut(parent).unwrap()[key] = value.clone();
        let error = read(spec).expect_err(pointer);
        assert!(error.contains(expected), "{pointer} = {value}: {error}");
    }
}

#[test]
fn yaml_names_the_line_of_a_wrong_shape() {
    let error = Definition::from_yaml("schema:\n  kind: App\n  apiVersion: v1\n  scoop: x\n", &Settings::default())
        .unwrap_err();
    assert!(error.to_string().contains("line 4"), "{error}");
}

#[test]
fn reserved_words_are_no_ids() {
    assert!(RESERVED.iter().all(|word| Id::new(word).is_err()));
    assert!(["a", "myBucket", "db2", "items2"].iter().all(|word| Id::new(word).is_ok()));
}
