//! Evaluating again touches only what reads what has changed, and gives what evaluating afresh would give.

use std::sync::{Arc, LazyLock};

use super::support::{definition, program};
use cairn_graph::program::project;
use cairn_graph::run::{Run, Seen, State};
use cairn_graph::{Program, evaluate};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const SCHEMA: &str = "
spec: {name: string, names: '[]string', flag: boolean}
status:
  endpoint: '${db.status.endpoint}'
  first: '${web[0].metadata.name}'
  images: '${web.map(w, w.data.image)}'
  ready: \"${db.status.conditions.filter(c, c.type == 'Ready')[0].status}\"
  conditions:
  - \"${runtime.newCondition({type: 'Db', status: db.status.ready ? 'True' : 'False'})}\"
  - \"${runtime.newCondition({type: 'All', status: runtime.condition(schema, 'Ready').status})}\"
";

/// Two waves, a collection, a condition and an external object.
const RESOURCES: &str = "
- id: shared
  externalRef: {apiVersion: v1, kind: ConfigMap, metadata: {name: shared}}
- id: db
  template: {apiVersion: example.com/v1, kind: Database, metadata: {name: '${schema.spec.name}'}, spec: {engine: '${shared.data.engine}', size: 1}}
  readyWhen: ['${db.status.ready}', \"${db.status.endpoint != ''}\"]
- id: web
  forEach: [{n: '${schema.spec.names}'}]
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: 'w-${n}'}, data: {url: '${db.status.endpoint}', image: x}}
  readyWhen: [\"${each.data.ok == 'yes'}\"]
- id: extra
  includeWhen: ['${schema.spec.flag}']
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: extra}, data: {size: '${string(db.spec.size)}'}}
- id: top
  template: {apiVersion: v1, kind: ConfigMap, metadata: {name: top}, data: {all: '${web.map(w, w.metadata.name).join(\",\")}'}}
";

fn shared_program() -> Arc<Program> {
    static PROGRAM: LazyLock<Arc<Program>> = LazyLock::new(|| program(&definition(SCHEMA, RESOURCES)));
    Arc::clone(&PROGRAM)
}

fn instance(names: &[&str], flag: bool) -> Json {
    json!({
        "apiVersion": "cairn.run/v1alpha1", "kind": "App", "metadata": {"name": "shop", "namespace": "prod"},
        "spec": {"name": "main", "names": names, "flag": flag}
    })
}

fn config(name: &str, data: &Json) -> Json {
    json!({"metadata": {"name": name, "namespace": "prod"}, "data": data})
}

fn database(endpoint: &str, ready: bool, noise: u8) -> Seen {
    Seen::one(json!({
        "metadata": {"name": "main", "namespace": "prod", "resourceVersion": noise.to_string()},
        "spec": {"engine": "mysql", "size": 1},
        "status": {"endpoint": endpoint, "ready": ready, "noise": noise, "conditions": [
            {"type": "Other", "status": noise.to_string()}, {"type": "Ready", "status": "True", "at": noise}
        ]}
    }))
}

fn web(oks: &[(&str, bool)], noise: u8) -> Seen {
    let object = |(name, ok): &(&str, bool)| {
        let ok = if *ok { "yes" } else { "no" };
        Arc::new(config(&format!("w-{name}"), &json!({"ok": ok, "image": "i", "noise": noise.to_string()})))
    };
    Seen::Objects(oks.iter().map(object).collect())
}

/// Every resource observed and ready; position by position.
fn settled() -> Vec<Seen> {
    vec![
        Seen::one(config("shared", &json!({"engine": "mysql"}))),
        database("h", true, 0),
        web(&[("a", true), ("b", true), ("c", true)], 0),
        Seen::one(config("extra", &json!({}))),
        Seen::one(config("top", &json!({}))),
    ]
}

fn run() -> Run {
    let mut run = Run::new(shared_program(), &instance(&["a", "b", "c"], true));
    settled().into_iter().enumerate().for_each(|(at, seen)| run.observe(at, seen));
    run
}

/// How many expressions a change makes run again.
fn cost(change: impl FnOnce(&mut Run)) -> u64 {
    let mut run = run();
    assert!(run.evaluate().is_ready());
    run.conditions(&[]);
    let before = run.evaluations();
    change(&mut run);
    run.evaluate();
    run.conditions(&[]);
    run.evaluations() - before
}

#[test]
fn nothing_new_runs_nothing() {
    assert_eq!(cost(|_| {}), 0);
    assert_eq!(cost(|run| settled().into_iter().enumerate().for_each(|(at, seen)| run.observe(at, seen))), 0);
    assert_eq!(cost(|run| run.set_instance(&instance(&["a", "b", "c"], true))), 0);
    assert!(run().evaluations() == 0);
}

#[test]
fn a_change_runs_what_reads_it() {
    // Neither resourceVersion nor the field that nobody reads; but the list of conditions is chosen from.
    let mut other = settled().remove(1);
    if let Seen::Objects(objects) = &mut other {
        let mut object = (*objects[0]).clone();
        object["metadata"]["resourceVersion"] = "9".into();
        object["status"]["noise"] = 9.into();
        object["status"]["conditions"][1]["at"] = 9.into();
        objects[0] = Arc::new(object);
    }
    assert_eq!(cost(|run| run.observe(1, other)), 0);
    // The status that chooses from conditions reads their types and statuses.
    assert_eq!(cost(|run| run.observe(1, database("h", true, 1))), 1);
    // readyWhen[1], status.endpoint, and of three objects each the list once and the url.
    assert_eq!(cost(|run| run.observe(1, database("i", true, 0))), 2 + 1 + 2 * 3);
    // readyWhen[0] and the condition that reads it; then all wait, with the names they had: these are asked afresh.
    assert_eq!(cost(|run| run.observe(1, database("h", false, 0))), 2 + (1 + 3));
    // The object that changed, and nothing of the two others.
    assert_eq!(cost(|run| run.observe(2, web(&[("a", true), ("b", false), ("c", true)], 0))), 1);
    assert_eq!(cost(|run| run.observe(2, web(&[("a", true), ("b", true), ("c", true)], 1))), 0);
    // What is left out is not evaluated: the condition alone.
    assert_eq!(cost(|run| run.set_instance(&instance(&["a", "b", "c"], false))), 1);
    assert_eq!(cost(|run| run.observe(4, Seen::one(config("top", &json!({"x": "y"}))))), 0);
}

#[test]
fn objects_that_stay_are_the_same_objects() {
    let mut run = run();
    let first = run.evaluate();
    run.observe(1, database("h", true, 7));
    let second = run.evaluate();
    for (before, after) in first.nodes.iter().zip(&second.nodes) {
        if let (State::Rendered { objects: a, .. }, State::Rendered { objects: b, .. }) = (&before.state, &after.state)
        {
            assert!(a.iter().zip(b.iter()).all(|(a, b)| Arc::ptr_eq(&a.body, &b.body)));
        }
    }
}

#[test]
fn reads_are_exact() {
    let program = shared_program();
    let reads = |at: usize| -> Vec<String> { program.nodes[at].reads.iter().map(ToString::to_string).collect() };
    assert_eq!(reads(1), ["schema.spec.name", "shared.data.engine"]);
    assert_eq!(reads(2), ["db.status.endpoint", "schema.spec.names"]);
    assert_eq!(reads(3), ["db.spec.size", "schema.spec.flag"]);
    assert_eq!(reads(4), ["web", "web[*].metadata.name"]);
    let of = |at: usize| -> Vec<String> { program.reads_of(at).iter().map(ToString::to_string).collect() };
    assert_eq!(of(2), ["web", "web[0].metadata.name", "web[*].data.image", "web[*].data.ok", "web[*].metadata.name"]);
    assert!(of(3).is_empty());
}

#[test]
fn who_is_read_for_its_metadata_alone_needs_no_body() {
    let map = |id: &str, value: &str| {
        format!(
            "- {{id: {id}, template: {{apiVersion: v1, kind: ConfigMap, metadata: {{name: {id}}}, data: {{k: {value}}}}}}}\n"
        )
    };
    let resources =
        [map("a", "x"), map("b", "'${a.metadata.name}'"), map("c", "'${b.data.k}'"), map("d", "'${json.marshal(c)}'")]
            .concat();
    let program = program(&definition("{}", &resources));
    let bodies: Vec<bool> = (0..4).map(|at| program.reads_body_of(at)).collect();
    assert_eq!(bodies, [false, true, true, false], "{:?}", program.reads_of(2));
}

/// What an operator may come to see of each resource.
fn seen() -> impl Strategy<Value = (usize, Seen)> {
    let database = (prop::sample::select(vec!["", "h", "i"]), any::<bool>(), 0_u8..3);
    let oks = prop::collection::vec((prop::sample::select(vec!["a", "b", "c", "d"]), any::<bool>()), 0..5);
    prop_oneof![
        (0_usize..5).prop_map(|at| (at, Seen::Unknown)),
        (0_usize..5).prop_map(|at| (at, Seen::Objects(Vec::new()))),
        database.prop_map(|(endpoint, ready, noise)| (1, database_or_less(endpoint, ready, noise))),
        (oks, 0_u8..2).prop_map(|(oks, noise)| (2, web(&oks, noise))),
        prop::sample::select(vec!["mysql", "postgres"])
            .prop_map(|engine| (0, Seen::one(config("shared", &json!({"engine": engine}))))),
        Just((0, Seen::one(config("shared", &json!({}))))),
        Just((3, Seen::one(config("extra", &json!({}))))),
        Just((4, Seen::one(config("top", &json!({}))))),
        (0_usize..5).prop_map(|at| (at, settled().remove(at))),
    ]
}

fn database_or_less(endpoint: &str, ready: bool, noise: u8) -> Seen {
    if !endpoint.is_empty() || noise > 0 {
        return database(endpoint, ready, noise);
    }
    Seen::one(json!({"metadata": {"name": "main", "namespace": "prod"}, "status": {"ready": ready}}))
}

#[derive(Debug, Clone)]
enum Change {
    Instance(Vec<&'static str>, bool),
    Seen(usize, Seen),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let names = prop::sample::subsequence(vec!["a", "b", "c", "d"], 0..4);
    let change = prop_oneof![
        1 => (names, any::<bool>()).prop_map(|(names, flag)| Change::Instance(names, flag)),
        6 => seen().prop_map(|(at, seen)| Change::Seen(at, seen)),
    ];
    prop::collection::vec(change, 1..30)
}

/// What is left when only what is read is kept.
fn projected(program: &Program, at: usize, seen: &Seen) -> Seen {
    let Seen::Objects(objects) = seen else { return Seen::Unknown };
    let reads = program.reads_of(at);
    let list = program.nodes[at].is_collection;
    Seen::Objects(objects.iter().map(|object| Arc::new(project(object, &reads, list))).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn again_is_as_afresh(changes in changes(), settled_first in any::<bool>()) {
        let program = shared_program();
        let mut instance = instance(&["a", "b", "c"], true);
        let mut seen = if settled_first { settled() } else { vec![Seen::Unknown; 5] };
        let mut run = Run::new(Arc::clone(&program), &instance);
        seen.iter().cloned().enumerate().for_each(|(at, seen)| run.observe(at, seen));
        for change in changes {
            match change {
                Change::Instance(names, flag) => {
                    instance = self::instance(&names, flag);
                    run.set_instance(&instance);
                }
                Change::Seen(at, now) => {
                    seen[at] = now.clone();
                    run.observe(at, now);
                }
            }
            let again = run.evaluate();
            let afresh = evaluate(&program, &instance, seen.clone());
            prop_assert_eq!(&again, &afresh);
            let less = seen.iter().enumerate().map(|(at, seen)| projected(&program, at, seen)).collect();
            prop_assert_eq!(&evaluate(&program, &instance, less), &afresh);
            let mut fresh = Run::new(Arc::clone(&program), &instance);
            seen.iter().cloned().enumerate().for_each(|(at, seen)| fresh.observe(at, seen));
            fresh.evaluate();
            prop_assert_eq!(run.conditions(&[]), fresh.conditions(&[]));
        }
    }
}
