//! Every deliberate difference from kro has a test, and every test here a row.

use std::collections::{BTreeMap, BTreeSet};

use super::support::{definition, outcome, output, program};
use cairn_graph::compat::compare;
use cairn_graph::differences::{DIFFERENCES, Effect, markdown, row};
use cairn_graph::run::{Run, Seen, State};
use cairn_graph::{Compiled, Definition, Evaluation, evaluate};
use serde_json::{Value as Json, json};

const SPEC: &str = "spec: {name: string, count: integer, names: '[]string', flag: boolean}";

fn spec(resources: &str) -> Json {
    definition(&format!("{{{SPEC}}}"), resources)
}

/// A config map with a text.
fn map(text: &str) -> String {
    format!("- {{id: a, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: x}}, data: {{k: {text}}}}}}}")
}

fn database(spec: &str) -> String {
    format!(
        "- {{id: d, template: {{apiVersion: example.com/v1, kind: Database, metadata: {{name: d}}, spec: {spec}}}}}"
    )
}

fn refused(spec: &Json) -> String {
    match Definition::from_json(spec.clone(), &super::support::settings()) {
        Err(error) => error.to_string(),
        Ok(_) => outcome(spec).expect_err("it compiles").to_string(),
    }
}

fn warned(spec: &Json) -> String {
    output(spec).warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn contains(text: &str, part: &str) {
    assert!(text.contains(part), "{text:?} does not contain {part:?}");
}

fn evaluated(spec: &Json, values: &Json) -> Evaluation {
    let instance = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": values});
    evaluate(&program(spec), &instance, Vec::new())
}

fn body(evaluation: &Evaluation) -> Json {
    match &evaluation.nodes[0].state {
        State::Rendered { objects, .. } => (*objects[0].body).clone(),
        other => panic!("{other:?}"),
    }
}

fn edit(before: &str, after: &str) -> cairn_graph::compat::Comparison {
    let crd = |field: &str| {
        let mut spec = definition("{}", "[]");
        spec["schema"]["spec"] = json!({"a": field});
        output(&spec).kind.manifest(&BTreeMap::new())
    };
    compare(&crd(before), &crd(after))
}

fn missing_kind() {
    let widget = "- {id: w, template: {apiVersion: example.org/v1, kind: Widget, metadata: {name: x}}}";
    assert!(matches!(outcome(&spec(widget)), Ok(Compiled::Waiting { .. })));
}

fn ready_values() {
    let secret = "- {id: s, readyWhen: [\"${string(s.data.k) == 'hi'}\"], template: {apiVersion: v1, kind: Secret, metadata: {name: s}}}";
    let instance = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {}});
    let seen = Seen::one(json!({"metadata": {"name": "s", "namespace": "prod"}, "data": {"k": "aGk="}}));
    assert!(evaluate(&program(&spec(secret)), &instance, vec![seen]).is_ready());
}

fn terminating_child() {
    let two =
        format!("{}\n- {{id: b, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: b}}}}}}", map("v"));
    let instance = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {}});
    let going = Seen::one(json!({"metadata": {"name": "x", "namespace": "prod", "deletionTimestamp": "t"}}));
    let evaluation = evaluate(&program(&spec(&two)), &instance, vec![going]);
    assert!(evaluation.nodes.iter().all(|node| matches!(node.state, State::Rendered { .. })));
}

fn status_while_waiting() {
    let resources = format!(
        "{}\n- {{id: b, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: b}}, data: {{k: '${{d.status.endpoint}}'}}}}}}",
        database("{engine: mysql, size: 1}")
    );
    let spec = definition("{status: {k: '${b.data.k}'}}", &resources);
    let instance = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {}});
    let mut run = Run::new(program(&spec), &instance);
    run.observe(1, Seen::one(json!({"metadata": {"name": "b", "namespace": "prod"}, "data": {"k": "v"}})));
    let evaluation = run.evaluate();
    assert!(matches!(evaluation.nodes[1].state, State::Waiting(_)));
    assert_eq!(evaluation.status["k"], "v");
}

fn partial_lists() {
    let spec = definition("{status: {l: ['${schema.metadata.name}', '${a.data.k}']}}", &map("v"));
    assert!(evaluated(&spec, &json!({})).status.is_empty());
}

fn cost() {
    let dear = map("'${lists.range(9000000).map(x, string(x)).join(\",\")}'");
    let evaluation = evaluated(&spec(&dear), &json!({}));
    assert!(matches!(&evaluation.nodes[0].state, State::Failed(faults) if faults[0].message.contains("costs more")));
}

fn tests() -> BTreeMap<&'static str, fn()> {
    let mut all: BTreeMap<&'static str, fn()> = BTreeMap::new();
    all.insert("unterminated-hole", || contains(&refused(&spec(&map("'${schema.spec.name'"))), "does not end"));
    all.insert("brace-in-single-quotes", || {
        assert_eq!(body(&evaluated(&spec(&map("\"${'}'}\"")), &json!({})))["data"]["k"], "}");
    });
    all.insert("text-parts", || {
        let found = body(&evaluated(&spec(&map("'n${schema.spec.count}'")), &json!({"count": 3})));
        assert_eq!(found["data"]["k"], "n3");
    });
    all.insert("empty-optional", || {
        assert_eq!(body(&evaluated(&spec(&map("'${schema.spec.?name}'")), &json!({})))["data"], json!({}));
    });
    all.insert("omit", || {
        let text = "'${schema.spec.flag ? schema.spec.name : omit()}'";
        assert_eq!(body(&evaluated(&spec(&map(text)), &json!({"flag": false})))["data"], json!({}));
    });
    all.insert("constant-status", || {
        let found = evaluated(&definition("{status: {a: 5, b: '${1 + 1}'}}", "[]"), &json!({}));
        assert_eq!(Json::Object(found.status), json!({"a": 5, "b": 2}));
    });
    all.insert("empty-optional-list", || {
        let each = "- {id: a, forEach: [{n: '${schema.spec.?names}'}], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${n}'}}}";
        assert!(evaluated(&spec(each), &json!({})).is_ready());
    });
    all.insert("empty-optional-condition", || {
        let when = "- {id: a, includeWhen: ['${schema.spec.?flag}'], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}";
        assert!(matches!(evaluated(&spec(when), &json!({})).nodes[0].state, State::Excluded(_)));
    });
    all.insert("lists-of-sets", || {
        let sets = |expression: &str| {
            let mut spec = spec(&map(&format!("'${{{expression}}}'")));
            spec["schema"]["spec"]["names"] = json!("[]string | uniqueItems=true");
            body(&evaluated(&spec, &json!({"names": ["a", "b"]})))["data"]["k"].clone()
        };
        assert_eq!(sets("schema.spec.names == [\"b\", \"a\"] ? \"same\" : \"other\""), "other");
        assert_eq!(sets("(schema.spec.names + [\"a\"]).join(\",\")"), "a,b,a");
    });
    all.insert("literal-values", || {
        contains(&refused(&spec(&database("{engine: oracle, size: 1}"))), "none of the values allowed");
        contains(&refused(&spec(&database("{engine: mysql, size: 100}"))), "maximum 64");
        contains(&refused(&spec(&database("{engine: mysql, size: 1, name: A}"))), "does not match");
    });
    all.insert("repeated-elements", || {
        contains(&refused(&spec(&database("{engine: mysql, size: 1, users: [{name: a}, {name: a}]}"))), "there twice");
    });
    all.insert("questions", || {
        let review = "- {id: t, template: {apiVersion: authentication.k8s.io/v1, kind: TokenReview, metadata: {name: t}, spec: {}}}";
        contains(&refused(&spec(review)), "cannot be applied");
    });
    all.insert("same-object", || {
        let twice = format!("{}\n{}", map("v"), map("w").replace("id: a", "id: b"));
        contains(&refused(&spec(&twice)), "are the same object");
    });
    all.insert("missing-field", || contains(&warned(&spec(&database("{engine: mysql}"))), "\"size\" is missing"));
    all.insert("status-of-a-template", || {
        let with = database("{engine: mysql, size: 1}").replace("spec:", "status: {ready: true}, spec:");
        contains(&warned(&spec(&with)), "has no effect");
    });
    all.insert("key-with-expression", || {
        let key = map("v").replace("{k: v}", "{'${schema.spec.name}': v}");
        contains(&warned(&spec(&key)), "a key cannot hold an expression");
    });
    all.insert("external-type", || {
        let external = "- {id: e, externalRef: {apiVersion: example.com/v1, kind: Database, metadata: {name: e}}}\n";
        contains(&warned(&spec(&format!("{external}{}", map("'${e.spec.other}'")))), "no field \"other\"");
    });
    all.insert("missing-kind", missing_kind);
    all.insert("own-kind", || {
        let own = "- {id: a, template: {apiVersion: cairn.run/v1alpha1, kind: App, metadata: {name: x}}}";
        contains(&refused(&spec(own)), "cannot be made of itself");
    });
    all.insert("ready-values", ready_values);
    all.insert("terminating-child", terminating_child);
    all.insert("status-while-waiting", status_while_waiting);
    all.insert("partial-lists", partial_lists);
    all.insert("widened-type", || assert_eq!(edit("integer", "float").refusal(), None));
    all.insert("compatibility", || {
        assert!(edit("map[string]string", "map[string]integer").refusal().is_some());
        assert!(edit("integer", "integer | validation=\"self > 1\"").refusal().is_some());
        assert!(!edit("integer | validation=\"self > 1\"", "integer").changes.is_empty());
    });
    all.insert("long-names", || {
        contains(&refused(&spec(&map("v").replace("id: a", &format!("id: {}", "a".repeat(64))))), "too long");
    });
    all.insert("cost", cost);
    all
}

#[test]
fn every_row_has_a_test_and_holds() {
    let tests = tests();
    let rows: BTreeSet<&str> = DIFFERENCES.iter().map(|row| row.name).collect();
    assert_eq!(rows, tests.keys().copied().collect());
    assert_eq!(rows.len(), DIFFERENCES.len());
    for test in tests.values() {
        test();
    }
}

#[test]
fn the_documentation_lists_every_row() {
    let more = [row("more", Effect::Differs, "One.", "Other.")];
    let text = markdown(&more);
    assert!(
        DIFFERENCES
            .iter()
            .chain(&more)
            .all(|row| text.contains(row.kro) && text.contains(row.here) && row.here.ends_with('.'))
    );
}
