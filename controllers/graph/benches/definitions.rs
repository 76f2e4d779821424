//! How long definitions take: `cargo bench -p cairn-graph`.
//!
//! Compiled is a definition of fifty resources in chains of five, each with ten fields, against Kubernetes' own kinds;
//! evaluated an instance of five resources that need each other: at first, with everything there, and again with one
//! resource changed. Each number is of the quickest of many. Nothing is asserted about time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on stops")]

use std::hint::black_box;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cairn_graph::definition::Settings;
use cairn_graph::program::Bounds;
use cairn_graph::run::{Run, Seen, State};
use cairn_graph::schemas::{SchemaSet, kubernetes};
use cairn_graph::{Compiled, Definition, Program, compile, evaluate};
use serde_json::{Value as Json, json};

/// So long is measured, and so often.
const BATCH: Duration = Duration::from_millis(5);
const BATCHES: usize = 40;

fn main() {
    let schemas = kubernetes();
    let mut report = Vec::new();
    let mut line = |what: &str, time: f64| report.push(format!("{time:>10.1} µs  {what}\n"));
    let fifty = definition(50);
    line("reading a definition of 50 resources", quickest(|| drop(black_box(read(&fifty)))));
    line("compiling it", quickest(|| drop(black_box(compiled(&fifty, &schemas)))));
    let five = Arc::new(compiled(&definition(5), &schemas));
    line("compiling a definition of 5 resources", quickest(|| drop(black_box(compiled(&definition(5), &schemas)))));
    let instance = json!({"metadata": {"name": "shop", "namespace": "team"}, "spec": {"name": "shop", "replicas": 3}});
    line("evaluating an instance of it", quickest(|| drop(black_box(evaluate(&five, &instance, Vec::new())))));
    let mut run = all_there(&five, &instance);
    line("the same, with everything there", quickest(|| drop(black_box(all_there(&five, &instance)))));
    let versions: Vec<Seen> = ["1", "2"].map(|version| Seen::one(child(2, version))).into();
    let mut at = 0;
    line(
        "evaluating it again when one resource has changed",
        quickest(|| {
            at = 1 - at;
            run.observe(2, versions.get(at).cloned().unwrap_or(Seen::Unknown));
            drop(black_box(run.evaluate()));
        }),
    );
    std::io::stdout().write_all(report.concat().as_bytes()).unwrap();
}

/// A definition with chains of five resources: each reads the one before.
fn definition(count: usize) -> Json {
    let resource = |at: usize| {
        let before = match at % 5 {
            0 => "${schema.spec.name}".to_owned(),
            _ => format!("${{r{}.data.name}}-{at}", at - 1),
        };
        let mut data = json!({"name": before, "plain": "text", "count": "${string(schema.spec.replicas * 2 + 1)}"});
        for extra in 0..7 {
            data[format!("extra{extra}")] =
                format!("${{schema.spec.name}}.{extra}.${{schema.metadata.namespace}}").into();
        }
        json!({
            "id": format!("r{at}"),
            "readyWhen": [format!("${{has(r{at}.data.name) && r{at}.data.name.size() > 0}}")],
            "template": {
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": {"name": format!("${{schema.metadata.name}}-r{at}"), "labels": {"app": "${schema.spec.name}"}},
                "data": data,
            },
        })
    };
    json!({
        "schema": {
            "kind": "Shop", "apiVersion": "v1alpha1",
            "spec": {"name": "string | required=true", "replicas": "integer | default=3"},
            "status": {"last": format!("${{r{}.data.name}}", count - 1)},
        },
        "resources": (0..count).map(resource).collect::<Vec<_>>(),
    })
}

fn read(spec: &Json) -> Definition {
    Definition::from_json(spec.clone(), &Settings::default()).unwrap()
}

fn compiled(spec: &Json, schemas: &SchemaSet) -> Program {
    match compile(read(spec), schemas, &Settings::default(), Bounds::default()) {
        Ok(Compiled::Program(output)) => output.program,
        other => panic!("{other:?}"),
    }
}

fn child(at: usize, version: &str) -> Json {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap", "data": {"name": "n", "version": version},
        "metadata": {"name": format!("shop-r{at}"), "namespace": "team", "resourceVersion": version},
    })
}

/// An instance of which every resource was observed, evaluated until all are ready.
fn all_there(program: &Arc<Program>, instance: &Json) -> Run {
    let mut run = Run::new(Arc::clone(program), instance);
    (0..program.nodes.len()).for_each(|at| run.observe(at, Seen::one(child(at, "1"))));
    let evaluation = run.evaluate();
    assert!(evaluation.nodes.iter().all(|node| matches!(node.state, State::Rendered { .. })), "{evaluation:?}");
    run
}

/// Microseconds.
fn quickest(mut work: impl FnMut()) -> f64 {
    let mut timed = |count: u32| {
        let start = Instant::now();
        (0..count).for_each(|_| work());
        start.elapsed()
    };
    let mut count = 1;
    while timed(count) < BATCH {
        count *= 2;
    }
    let best = (0..BATCHES).map(|_| timed(count)).min().unwrap_or_default();
    best.as_secs_f64() * 1e6 / f64::from(count)
}
