//! Instances: what is rendered, what waits for what, what is left out, and what the status says.

use std::sync::Arc;

use super::support::{definition, program, yaml};
use cairn_graph::program::Bounds;
use cairn_graph::run::{Evaluation, Exclusion, Reference, Run, Seen, State};
use cairn_graph::{Compiled, Definition, Program, compile, evaluate};
use serde_json::{Value as Json, json};

fn instance(spec: &Json) -> Json {
    json!({"apiVersion": "cairn.run/v1alpha1", "kind": "App", "metadata": {"name": "shop", "namespace": "prod"}, "spec": spec})
}

/// What is decided about each resource, in words.
fn words(program: &Program, evaluation: &Evaluation) -> Vec<String> {
    let one = |(at, standing): (usize, &cairn_graph::run::Standing)| {
        let why = evaluation.explain(program, at).join("; ");
        let state = match &standing.state {
            State::Excluded(Exclusion::Dependency(node)) => format!("left out with {}", program.nodes[*node].id),
            State::Excluded(why @ Exclusion::Condition { .. }) => format!("left out: {why}"),
            State::Waiting(_) => why,
            State::Failed(_) => format!("failed: {why}"),
            State::Rendered { objects, .. } => {
                let names: Vec<String> = objects.iter().map(|object| object.name.to_string()).collect();
                let ready = if why.is_empty() { "ready".to_owned() } else { format!("not ready: {why}") };
                format!("[{}] {ready}", names.join(", "))
            }
            State::Reading { .. } if why.is_empty() => "read".to_owned(),
            State::Reading { .. } => format!("not read: {why}"),
        };
        format!("{}: {state}", program.nodes[at].id)
    };
    evaluation.nodes.iter().enumerate().map(one).collect()
}

fn bodies(evaluation: &Evaluation, node: usize) -> Vec<Json> {
    match &evaluation.nodes[node].state {
        State::Rendered { objects, .. } => objects.iter().map(|object| (*object.body).clone()).collect(),
        other => panic!("{other:?}"),
    }
}

const SCHEMA: &str = "{spec: {name: string, size: integer | default=1, names: '[]string', flag: boolean, opt: object}, \
                      status: {endpoint: '${db.status.endpoint}', text: 'at ${db.status.endpoint}!', \
                      both: ['${db.status.endpoint}', '${cfg.metadata.name}'], deep: {name: '${cfg.metadata.name}'}}}";

const RESOURCES: &str = "
- id: cfg
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.metadata.name}-cfg'}, data: {url: 'db://${db.status.endpoint}'}}
- id: db
  template: {apiVersion: example.com/v1, kind: Database, metadata: {name: '${schema.spec.name}'}, spec: {engine: postgres, size: '${schema.spec.size}'}}
  readyWhen: ['${db.status.ready}']
";

fn observed(name: &str, status: &Json) -> Seen {
    Seen::one(json!({
        "apiVersion": "example.com/v1", "kind": "Database", "metadata": {"name": name, "namespace": "prod"},
        "spec": {"engine": "postgres", "size": 2}, "status": status
    }))
}

#[test]
fn a_resource_waits_for_what_it_needs() {
    let program = program(&definition(SCHEMA, RESOURCES));
    let instance = instance(&json!({"name": "main", "size": 2}));
    let mut run = Run::new(Arc::clone(&program), &instance);
    let first = run.evaluate();
    let absent = "db: [Database prod/main] not ready: Database prod/main is not there";
    assert_eq!(words(&program, &first), ["cfg: waits for \"db\" to be ready", absent]);
    assert_eq!(
        bodies(&first, 1),
        [json!({
            "apiVersion": "example.com/v1", "kind": "Database", "metadata": {"name": "main", "namespace": "prod"},
            "spec": {"engine": "postgres", "size": 2}
        })]
    );
    assert_eq!(Json::Object(first.status), json!({}));

    run.observe(1, observed("main", &json!({"ready": false})));
    let not_ready = "db: [Database prod/main] not ready: resources[1].readyWhen[0] is not met: db.status.ready";
    assert_eq!(words(&program, &run.evaluate())[1], not_ready);
    run.observe(1, observed("main", &json!({})));
    assert_eq!(words(&program, &run.evaluate())[1], format!("{not_ready} (no such key: ready)"));

    run.observe(1, observed("main", &json!({"ready": true})));
    let waits = "cfg: waits for db.status.endpoint (no such key: endpoint); resources[0].template.data.url reads it";
    assert_eq!(words(&program, &run.evaluate()), [waits, "db: [Database prod/main] ready"]);

    run.observe(1, observed("main", &json!({"ready": true, "endpoint": "h:1"})));
    let last = run.evaluate();
    assert_eq!(
        words(&program, &last)[0],
        "cfg: [ConfigMap prod/shop-cfg] not ready: ConfigMap prod/shop-cfg is not there"
    );
    assert_eq!(bodies(&last, 0)[0]["data"]["url"], "db://h:1");
    assert_eq!(Json::Object(last.status), json!({"endpoint": "h:1", "text": "at h:1!"}));

    run.observe(0, Seen::one(json!({"metadata": {"name": "shop-cfg", "namespace": "prod"}})));
    let done = run.evaluate();
    assert!(done.is_ready());
    let status =
        json!({"endpoint": "h:1", "text": "at h:1!", "both": ["h:1", "shop-cfg"], "deep": {"name": "shop-cfg"}});
    assert_eq!(Json::Object(done.status), status);
}

#[test]
fn another_object_is_not_the_one() {
    let program = program(&definition(SCHEMA, RESOURCES));
    let instance = instance(&json!({"name": "main", "size": 2}));
    let ready = json!({"ready": true, "endpoint": "h"});
    for other in [
        observed("other", &ready),
        Seen::one(json!({"metadata": {"name": "main", "namespace": "dev"}, "status": ready})),
        Seen::one(
            json!({"kind": "Db", "apiVersion": "example.com/v1", "metadata": {"name": "main", "namespace": "prod"}}),
        ),
    ] {
        let evaluation = evaluate(&program, &instance, vec![Seen::Unknown, other]);
        let found = words(&program, &evaluation);
        assert!(found[1].ends_with("is not there"), "{found:?}");
        assert_eq!(Json::Object(evaluation.status), json!({}));
    }
    let going = json!({"metadata": {"name": "main", "namespace": "prod", "deletionTimestamp": "t"}, "status": ready});
    let evaluation = evaluate(&program, &instance, vec![Seen::Unknown, Seen::one(going)]);
    assert_eq!(
        words(&program, &evaluation)[1],
        "db: [Database prod/main] not ready: Database prod/main is being deleted"
    );
}

/// Resources of one instance, and what is decided about them when nothing is observed.
fn decided(resources: &str, spec: &Json) -> Vec<String> {
    let program = program(&definition(SCHEMA_PLAIN, resources));
    words(&program, &evaluate(&program, &instance(spec), Vec::new()))
}

const SCHEMA_PLAIN: &str =
    "{spec: {name: string, names: '[]string', more: '[]string', flag: boolean, other: boolean, opt: object}}";

#[test]
fn conditions_leave_resources_out() {
    let resources = "
- {id: a, includeWhen: ['${schema.spec.flag}'], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}
- {id: b, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${a.metadata.name}-b'}}}
- {id: c, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${b.metadata.name}-c'}}}
- {id: d, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: d}}}
";
    let on = "not ready: ConfigMap prod";
    assert_eq!(
        decided(resources, &json!({"flag": true})),
        [
            format!("a: [ConfigMap prod/a] {on}/a is not there"),
            "b: waits for \"a\" to be ready".to_owned(),
            "c: waits for \"b\" to be ready".to_owned(),
            format!("d: [ConfigMap prod/d] {on}/d is not there"),
        ]
    );
    assert_eq!(
        decided(resources, &json!({"flag": false})),
        [
            "a: left out: resources[0].includeWhen[0] is not met: schema.spec.flag".to_owned(),
            "b: left out with a".to_owned(),
            "c: left out with b".to_owned(),
            format!("d: [ConfigMap prod/d] {on}/d is not there"),
        ]
    );
    let unset = decided(resources, &json!({}));
    assert_eq!(
        unset[0],
        "a: waits for schema.spec.flag, which the instance does not set; resources[0].includeWhen[0] reads it"
    );
}

#[test]
fn all_conditions_must_hold_and_one_that_does_not_decides() {
    let both = |conditions: &str| {
        format!(
            "
- {{id: a, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}}}}}
- {{id: b, includeWhen: {conditions}, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: b}}}}}}
"
        )
    };
    let state = |conditions: &str, spec: &Json| decided(&both(conditions), spec)[1].clone();
    let flags = "['${schema.spec.flag}', '${schema.spec.other}']";
    assert!(state(flags, &json!({"flag": true, "other": true})).starts_with("b: [ConfigMap prod/b]"));
    assert!(
        state(flags, &json!({"flag": true, "other": false})).starts_with("b: left out: resources[1].includeWhen[1]")
    );
    assert!(state(flags, &json!({"other": false})).starts_with("b: left out: resources[1].includeWhen[1]"));
    let upstream = "[\"${a.data.x == 'y'}\", '${schema.spec.flag}']";
    assert_eq!(state(upstream, &json!({"flag": true})), "b: waits for \"a\" to be ready");
    assert!(state(upstream, &json!({"flag": false})).starts_with("b: left out: resources[1].includeWhen[1]"));
    let optional = "['${schema.spec.?flag}']";
    assert!(state(optional, &json!({})).starts_with("b: left out"));
    assert!(state(optional, &json!({"flag": true})).starts_with("b: [ConfigMap prod/b]"));
    let open = "['${schema.spec.opt.yes}']";
    assert!(state(open, &json!({"opt": {"yes": true}})).starts_with("b: [ConfigMap prod/b]"));
    assert_eq!(
        state(open, &json!({"opt": {"yes": 1}})),
        "b: failed: resources[1].includeWhen[0]: the value is int, not true or false"
    );
}

const FLEET: &str = "
- id: all
  forEach: [{n: '${schema.spec.names}'}, {m: '${schema.spec.more}'}]
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${n}-${m}'}, data: {n: '${n}', m: '${m}'}}
  readyWhen: [\"${each.data.ok == 'yes'}\"]
- id: list
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: list}, data: {all: '${all.map(a, a.metadata.name).join(\",\")}'}}
";

#[test]
fn collections_are_products_in_the_order_of_lists() {
    let program = program(&definition(SCHEMA_PLAIN, FLEET));
    let spec = json!({"names": ["a", "b"], "more": ["x", "y"]});
    let mut run = Run::new(Arc::clone(&program), &instance(&spec));
    let first = run.evaluate();
    let State::Rendered { objects, .. } = &first.nodes[0].state else { panic!() };
    let names: Vec<_> = objects.iter().map(|object| (object.name.name.as_str(), object.place)).collect();
    let size = 4;
    assert_eq!(
        names,
        [("a-x", Some((0, size))), ("a-y", Some((1, size))), ("b-x", Some((2, size))), ("b-y", Some((3, size)))]
    );
    let seen = |names: &[&str], ok: &str| {
        let object =
            |name: &&str| Arc::new(json!({"metadata": {"name": name, "namespace": "prod"}, "data": {"ok": ok}}));
        Seen::Objects(names.iter().map(object).collect())
    };
    run.observe(0, seen(&["b-y", "a-x", "a-y"], "yes"));
    assert!(words(&program, &run.evaluate())[0].ends_with("not ready: ConfigMap prod/b-x is not there"));
    run.observe(0, seen(&["b-y", "a-x", "a-y", "b-x"], "no"));
    let not_ready = words(&program, &run.evaluate());
    assert!(not_ready[0].contains("ConfigMap prod/b-y: resources[0].readyWhen[0] is not met"), "{not_ready:?}");
    assert_eq!(not_ready[1], "list: waits for \"all\" to be ready");
    run.observe(0, seen(&["b-y", "a-x", "stranger", "a-y", "b-x"], "yes"));
    let last = run.evaluate();
    assert_eq!(bodies(&last, 1)[0]["data"]["all"], "a-x,a-y,b-x,b-y");
}

#[test]
fn collections_may_be_empty_but_not_endless() {
    let state = |spec: Json| decided(FLEET, &spec);
    let empty = state(json!({"names": [], "more": ["x"]}));
    assert_eq!(empty[0], "all: [] ready");
    assert!(empty[1].starts_with("list: [ConfigMap prod/list]"), "{empty:?}");
    let many: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
    let over = "all: failed: resources[0].forEach: collection size of 1600 is over the maximum collection size of 1000";
    assert_eq!(state(json!({"names": many, "more": many}))[0], over);
    assert_eq!(
        state(json!({"names": ["a", "a"], "more": ["x"]}))[0],
        "all: failed: resources[0]: identity collision: duplicate identity: ConfigMap prod/a-x"
    );
    assert_eq!(
        state(json!({"names": null, "more": ["x"]}))[0],
        "all: waits for schema.spec.names, which the instance does not set; resources[0].forEach[0].n reads it",
        "a field that is null is not there"
    );
    assert!(
        state(json!({"more": ["x"]}))[0]
            .starts_with("all: waits for schema.spec.names, which the instance does not set")
    );
    let optional = FLEET.replace("schema.spec.names", "schema.spec.?names");
    assert_eq!(decided(&optional, &json!({"more": ["x"]}))[0], "all: [] ready");
}

#[test]
fn references_are_read_and_never_made() {
    let resources = "
- {id: one, externalRef: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.spec.name}'}}}
- {id: far, externalRef: {apiVersion: v1, kind: ConfigMap, metadata: {name: far, namespace: other}}}
- {id: many, externalRef: {apiVersion: v1, kind: Pod, metadata: {selector: {matchLabels: {app: '${schema.spec.name}'}, matchExpressions: [{key: k, operator: In, values: [a, '${schema.spec.name}']}]}}}}
- {id: cfg, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {one: '${one.data.k}', far: '${far.data.k}', many: '${many.map(p, p.metadata.name).join(\",\")}'}}}
";
    let program = program(&definition(SCHEMA_PLAIN, resources));
    let mut run = Run::new(Arc::clone(&program), &instance(&json!({"name": "n"})));
    let first = run.evaluate();
    let unknown = "not read: it is not known yet whether there is such an object";
    assert_eq!(words(&program, &first)[..3], ["one", "far", "many"].map(|id| format!("{id}: {unknown}")));
    let reference = |at: usize| match &first.nodes[at].state {
        State::Reading { reference, .. } => reference.clone(),
        other => panic!("{other:?}"),
    };
    assert!(matches!(reference(0), Reference::Named(name) if name.to_string() == "ConfigMap prod/n"));
    assert!(matches!(reference(1), Reference::Named(name) if name.to_string() == "ConfigMap other/far"));
    let Reference::Selected { namespace, labels, requirements, .. } = reference(2) else { panic!() };
    assert_eq!((namespace, labels), (None, vec![("app".to_owned(), "n".to_owned())]));
    assert_eq!(requirements[0].values, ["a", "n"]);

    let map =
        |name: &str, namespace: &str| json!({"metadata": {"name": name, "namespace": namespace}, "data": {"k": name}});
    run.observe(0, Seen::Objects(Vec::new()));
    run.observe(1, Seen::one(map("far", "other")));
    let pod = |name: &str| Arc::new(json!({"metadata": {"name": name, "namespace": "prod"}}));
    run.observe(2, Seen::Objects(vec![pod("b"), pod("a")]));
    let second = words(&program, &run.evaluate());
    assert_eq!(
        second,
        [
            "one: not read: ConfigMap prod/n is not there",
            "far: read",
            "many: read",
            "cfg: waits for \"one\" to be ready"
        ]
    );
    run.observe(0, Seen::one(map("n", "prod")));
    let last = run.evaluate();
    assert_eq!(bodies(&last, 3)[0]["data"], json!({"one": "n", "far": "far", "many": "a,b"}));
}

#[test]
fn fields_without_a_value_are_left_out() {
    let resources = "
- id: a
  template:
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: x, annotations: {o: '${schema.spec.?name}', p: \"${schema.spec.flag ? 'p' : omit()}\"}}
    data: '${ {\"k\": schema.spec.?name, \"l\": \"v\"} }'
";
    let program = program(&definition(SCHEMA_PLAIN, resources));
    let body = |spec: Json| bodies(&evaluate(&program, &instance(&spec), Vec::new()), 0).remove(0);
    assert_eq!(body(json!({"flag": false}))["metadata"]["annotations"], json!({}));
    assert_eq!(body(json!({"flag": false}))["data"], json!({"l": "v"}));
    let full = body(json!({"flag": true, "name": "n"}));
    assert_eq!(full["metadata"]["annotations"], json!({"o": "n", "p": "p"}));
    assert_eq!(full["data"], json!({"k": "n", "l": "v"}));
}

#[test]
fn names_must_have_a_value() {
    let named = |name: &str| {
        let map = format!("- {{id: a, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: '{name}'}}}}}}");
        move |spec: Json| decided(&map, &spec)[0].clone()
    };
    let state = named("${schema.spec.?name}");
    assert_eq!(state(json!({})), "a: waits in resources[0].template.metadata.name: metadata.name has no value");
    assert_eq!(state(json!({"name": ""})), "a: failed: resources[0].template.metadata.name: metadata.name is empty");
    let state = named("${schema.spec.opt.x}");
    assert_eq!(
        state(json!({"opt": {"x": 5}})),
        "a: failed: resources[0].template.metadata.name: metadata.name must be a text, and is 5"
    );
    let cluster = "- {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: x, namespace: '${schema.spec.?name}'}}}";
    let program = program(&definition("{scope: Cluster, spec: {name: string}}", cluster));
    let instance = |spec: Json| json!({"metadata": {"name": "shop"}, "spec": spec});
    let state = |spec: Json| words(&program, &evaluate(&program, &instance(spec), Vec::new()))[0].clone();
    let none = "a: waits in resources[0].template.metadata.namespace: metadata.namespace has no value, and the instance is in none";
    assert_eq!((state(json!({})), state(json!({"name": ""}))), (none.to_owned(), none.to_owned()));
    assert!(state(json!({"name": "team"})).starts_with("a: [ConfigMap team/x]"));
}

#[test]
fn two_resources_do_not_make_one_object() {
    let resources = "
- {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${schema.spec.name}'}}}
- {id: b, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: same}}}
";
    let found = decided(resources, &json!({"name": "same"}));
    assert_eq!(found[1], "b: failed: resources[1]: found resources with conflicts: \"a\" makes the same object");
    assert!(decided(resources, &json!({"name": "other"}))[1].starts_with("b: [ConfigMap prod/same]"));
}

#[test]
fn values_of_an_instance_are_data() {
    let map =
        "- {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {k: '${schema.spec.name}'}}}";
    let program = program(&definition(SCHEMA_PLAIN, map));
    let evaluation = evaluate(&program, &instance(&json!({"name": "${schema.metadata.name}"})), Vec::new());
    assert_eq!(bodies(&evaluation, 0)[0]["data"]["k"], "${schema.metadata.name}");
}

#[test]
fn an_instance_may_cost_so_much() {
    let spec = definition(
        SCHEMA_PLAIN,
        "- {id: a, forEach: [{n: '${schema.spec.names}'}], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${n}'}, \
         data: {k: '${string(lists.range(1000).map(x, x).sum())}'}}}",
    );
    let bounds = Bounds { total: 50_000, ..Bounds::default() };
    let read = Definition::from_json(spec, &super::support::settings()).unwrap();
    let Ok(Compiled::Program(output)) = compile(read, super::support::schemas(), &super::support::settings(), bounds)
    else {
        panic!()
    };
    let program = Arc::new(output.program);
    let names = |count: usize| instance(&json!({"names": (0..count).map(|n| format!("n{n}")).collect::<Vec<_>>()}));
    assert!(evaluate(&program, &names(2), Vec::new()).nodes[0].state != State::Failed(Vec::new()));
    let found = words(&program, &evaluate(&program, &names(100), Vec::new()));
    assert!(found[0].contains("the expressions of the instance cost more than the 50000 units allowed"), "{found:?}");
}

#[test]
fn faults_of_the_status_are_told() {
    let program =
        program(&definition("{spec: {n: integer}, status: {x: '${1 / schema.spec.n}', y: '${schema.spec.n}'}}", "[]"));
    let evaluation = evaluate(&program, &instance(&json!({"n": 0})), Vec::new());
    assert_eq!(Json::Object(evaluation.status), json!({"y": 0}));
    assert_eq!(evaluation.faults[0].to_string(), "schema.status.x: division by zero");
}

#[test]
fn the_status_of_the_instance_is_not_read() {
    let map = "- {id: a, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {k: '${json.marshal(schema)}'}}}";
    let program = program(&definition(SCHEMA_PLAIN, map));
    let mut whole = instance(&json!({"name": "n"}));
    whole["status"] = json!({"state": "ACTIVE"});
    let evaluation = evaluate(&program, &whole, Vec::new());
    assert!(!bodies(&evaluation, 0)[0]["data"]["k"].as_str().unwrap().contains("ACTIVE"));
}

#[test]
fn programs_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
    shared::<Run>();
    shared::<Evaluation>();
}

#[test]
fn yaml_of_the_tests_is_yaml() {
    assert_eq!(yaml(FLEET).as_array().map(Vec::len), Some(2));
}
