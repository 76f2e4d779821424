//! Bad input: whatever it is, there is a clear error soon, on a small stack, and never a panic.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::support::{definition, outcome, output, program, schemas, settings};
use cairn_graph::definition::ReadError;
use cairn_graph::openapi::{Cursor, Definitions, NoHoles, fill, validate};
use cairn_graph::run::State;
use cairn_graph::schemas::{Gvk, Kind, SchemaSet, Traits};
use cairn_graph::{Compiled, Definition, compile, evaluate};
use serde_json::{Value as Json, json};

/// Runs in a thread with the stack that threads of tokio have, and no more.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
}

fn syntax_error(text: &str) -> String {
    match Definition::from_yaml(text, &settings()) {
        Err(error @ (ReadError::Syntax(_) | ReadError::Shape(_))) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

fn nested(depth: usize) -> Json {
    (0..depth).fold(json!("x"), |inner, _| json!({"a": [inner]}))
}

fn problems(spec: &Json) -> String {
    match Definition::from_json(spec.clone(), &settings()) {
        Err(error) => error.to_string(),
        Ok(_) => outcome(spec).expect_err("it compiles").to_string(),
    }
}

#[test]
fn deep_yaml_is_refused() {
    on_a_small_stack(|| {
        for text in [
            "[".repeat(100_000),
            "{a: ".repeat(100_000),
            "- ".repeat(50_000),
            "? ".repeat(50_000),
            (0..2000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect::<Vec<_>>().concat(),
            format!("resources: {}x{}", "[".repeat(5000), "]".repeat(5000)),
        ] {
            assert!(syntax_error(&text).starts_with("not a resource graph definition: "));
        }
    });
}

#[test]
fn yaml_that_grows_is_refused() {
    let doubled = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1));
    let bomb: String = std::iter::once("a0: &a0 [x, x]\n".to_owned()).chain(doubled).collect();
    assert!(syntax_error(&bomb).starts_with("not a resource graph definition: "));
}

#[test]
fn deep_templates_and_statuses_are_refused() {
    on_a_small_stack(|| {
        // The parser of JSON gives nothing that is deeper than 128; whoever makes it otherwise is told as well.
        for (depth, most) in [(60, 100), (90, 100), (400, 200)] {
            let data = nested(depth);
            let template = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": data});
            let mut spec = definition("{}", "[]");
            spec["resources"] = json!([{"id": "a", "template": template}]);
            assert!(problems(&spec).contains(&format!("nested too deep (at most {most} levels)")), "{depth}");
        }
        for depth in [40, 90, 400] {
            let mut spec = definition("{}", "[]");
            spec["schema"]["status"] = json!({"deep": nested(depth)});
            assert!(problems(&spec).contains("nested too deep"), "{depth}");
        }
    });
}

#[test]
fn long_texts_and_expressions_are_bounded() {
    on_a_small_stack(|| {
        let with = |text: String| {
            let mut spec = definition("{spec: {name: string}}", "[]");
            let template =
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"k": text}});
            spec["resources"] = json!([{"id": "a", "template": template}]);
            spec
        };
        assert!(problems(&with(format!("${{{}}}", "a ".repeat(60_000)))).contains("more than the 100000 allowed"));
        assert!(problems(&with(format!("${{{}1{}}}", "(".repeat(9000), ")".repeat(9000)))).contains("nests deeper"));
        assert!(problems(&with("${".repeat(50_000))).contains("does not end"));
        output(&with("x".repeat(1 << 20)));
        output(&with("${schema.spec.name}".repeat(2000)));
    });
}

#[test]
fn large_definitions_compile() {
    let resource = |at: usize| {
        let before = if at == 0 { "v".to_owned() } else { format!("${{r{}.data.k}}", at - 1) };
        json!({"id": format!("r{at}"), "template": {"apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": format!("r{at}")}, "data": {"k": before}}})
    };
    let mut spec = definition("{}", "[]");
    spec["resources"] = (0..200).map(resource).collect();
    on_a_small_stack(move || assert_eq!(output(&spec).program.order.waves.len(), 200));
}

#[test]
fn collections_are_bounded() {
    let each = "[{id: a, forEach: [{i: '${lists.range(5000)}'}], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: 'x${i}'}}}]";
    let instance = json!({"metadata": {"name": "i", "namespace": "n"}, "spec": {}});
    let evaluation = evaluate(&program(&definition("{}", each)), &instance, Vec::new());
    let State::Failed(faults) = &evaluation.nodes[0].state else { panic!("{evaluation:?}") };
    assert!(faults[0].to_string().contains("1000"), "{}", faults[0]);
}

#[test]
fn deep_instances_are_not_followed() {
    on_a_small_stack(|| {
        let resources = "[{id: a, template: {apiVersion: example.com/v1, kind: Database, metadata: {name: x}, spec: {engine: mysql, size: 1, free: '${schema.spec.free}'}}}]";
        let program = program(&definition("{spec: {free: object}}", resources));
        let instance = json!({"metadata": {"name": "i", "namespace": "n"}, "spec": {"free": nested(400)}});
        let evaluation = evaluate(&program, &instance, Vec::new());
        let State::Failed(faults) = &evaluation.nodes[0].state else { panic!("it is rendered") };
        assert!(faults[0].to_string().contains("nests too deeply"), "{}", faults[0]);
    });
}

#[test]
fn schemas_that_refer_to_themselves_end() {
    on_a_small_stack(|| {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let node = json!({"type": "object", "properties": {"next": reference("Node"), "loop": reference("Loop"), "value": {"type": "string"}}});
        let definitions: Definitions = BTreeMap::from([
            ("Node".to_owned(), node),
            ("Loop".to_owned(), reference("Pool")),
            ("Pool".to_owned(), reference("Loop")),
        ]);
        let schema = json!({"type": "object", "properties": {"spec": reference("Node")}});
        let traits = Traits {
            plural: "lists".to_owned(),
            scope: cairn_crds::graph::Scope::Namespaced,
            has_status: false,
            is_applicable: true,
        };
        let definitions = Arc::new(definitions);
        let mut value = json!({"spec": nested(300)});
        let cursor = Cursor::new(&schema, &definitions);
        fill(cursor, &mut value);
        assert!(!validate(cursor, &json!({"spec": nested_next(300)}), "", &mut NoHoles).is_empty());
        let kind = Kind::new(Gvk::new("example.com/v1", "List"), traits, schema.clone(), Arc::clone(&definitions));
        assert_eq!(kind.digest(), kind.digest());
        let mut all: SchemaSet = schemas().clone();
        all.insert(Arc::new(kind));
        let spec = definition(
            "{status: {far: '${a.spec.next.next.next.value}', round: '${a.spec.loop.anything}'}}",
            "[{id: a, template: {apiVersion: example.com/v1, kind: List, metadata: {name: x}, spec: {next: {next: {value: v}}}}}]",
        );
        let definition = Definition::from_json(spec, &settings()).unwrap();
        let compiled = compile(definition, &all, &settings(), cairn_graph::program::Bounds::default()).unwrap();
        assert!(matches!(compiled, Compiled::Program(_)));
    });
}

fn nested_next(depth: usize) -> Json {
    (0..depth).fold(json!({"value": "x"}), |inner, _| json!({"next": inner}))
}
