//! The conditions that a definition makes, and what is written of them.

use std::sync::Arc;

use super::support::{definition, program};
use cairn_graph::run::{Condition, Entry, Fault, Run, Seen, merge};
use serde_json::{Value as Json, json};

const SCHEMA: &str = "
spec: {x: integer}
status:
  conditions:
  - \"${runtime.newCondition({type: 'DbReady', status: db.status.ready ? 'True' : 'False', reason: 'R', message: 'm'})}\"
  - \"${db.status.conditions.map(c, runtime.newCondition({type: c.type, status: c.status}))}\"
  - \"${runtime.newCondition({type: 'Ready', status: runtime.condition(schema, 'ResourcesReady').status})}\"
  - \"${runtime.newCondition({type: 'Odd', status: string(schema.spec.x)})}\"
";

const RESOURCES: &str = "
- id: db
  template: {apiVersion: example.com/v1, kind: Database, metadata: {name: d}, spec: {engine: mysql, size: 1}}
";

fn condition(kind: &str, status: &str) -> Condition {
    Condition { kind: kind.to_owned(), status: status.to_owned(), ..Condition::default() }
}

fn entries(status: Option<&Json>, built_in: &[Condition]) -> Vec<Entry> {
    let instance = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {"x": 1}});
    let mut run = Run::new(program(&definition(SCHEMA, RESOURCES)), &instance);
    if let Some(status) = status {
        run.observe(
            0,
            Seen::Objects(vec![Arc::new(json!({"metadata": {"name": "d", "namespace": "prod"}, "status": status}))]),
        );
    }
    run.evaluate();
    run.conditions(built_in)
}

#[test]
fn entries_make_conditions_or_say_why_not() {
    let status =
        json!({"ready": true, "conditions": [{"type": "Up", "status": "True"}, {"type": "Full", "status": "False"}]});
    let made = entries(Some(&status), &[condition("ResourcesReady", "False")]);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        made[0],
        Entry::Made(vec![Condition { reason: text("R"), message: text("m"), ..condition("DbReady", "True") }])
    );
    assert_eq!(made[1], Entry::Made(vec![condition("Up", "True"), condition("Full", "False")]));
    assert_eq!(made[2], Entry::Made(vec![condition("Ready", "False")]));
    let Entry::Failed { fault, types } = &made[3] else { panic!("{made:?}") };
    assert_eq!((fault.path.as_str(), types), ("schema.status.conditions[3]", &vec![text("Odd")]));
    assert!(fault.message.contains("not \"1\""), "{fault}");

    let pending = entries(None, &[]);
    let types = |at: usize| match &pending[at] {
        Entry::Pending { types, .. } => types.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((types(0), types(1), types(2)), (vec![text("DbReady")], vec![None], vec![text("Ready")]));
}

fn at(kind: &str, status: &str, time: &str) -> Condition {
    Condition { last_transition_time: Some(time.to_owned()), observed_generation: Some(1), ..condition(kind, status) }
}

fn pending(types: &[Option<&str>]) -> Entry {
    let fault = Fault { path: String::new(), message: String::new() };
    Entry::Pending { fault, types: types.iter().map(|name| name.map(str::to_owned)).collect() }
}

fn words(conditions: &[Condition]) -> Vec<String> {
    let word = |c: &Condition| {
        format!(
            "{}={}@{} g{}",
            c.kind,
            c.status,
            c.last_transition_time.as_deref().unwrap_or("?"),
            c.observed_generation.unwrap_or(0)
        )
    };
    conditions.iter().map(word).collect()
}

#[test]
fn the_time_changes_with_the_status() {
    let before = [at("A", "True", "t1"), at("B", "True", "t1")];
    let made = [
        Entry::Made(vec![condition("A", "True"), condition("B", "False")]),
        Entry::Made(vec![condition("C", "Unknown")]),
    ];
    let (written, repeated) = merge(&before, &made, Some(2), "t2");
    assert_eq!(words(&written), ["A=True@t1 g2", "B=False@t2 g2", "C=Unknown@t2 g2"]);
    assert!(repeated.is_empty());
}

#[test]
fn a_pending_entry_keeps_what_it_made() {
    let before = [at("A", "True", "t1"), at("B", "True", "t1"), at("C", "True", "t1")];
    let kept = |entries: &[Entry]| words(&merge(&before, entries, Some(2), "t2").0);
    assert_eq!(kept(&[pending(&[Some("A")])]), ["A=True@t1 g1"]);
    assert_eq!(kept(&[pending(&[None])]), ["A=True@t1 g1", "B=True@t1 g1", "C=True@t1 g1"]);
    let made = Entry::Made(vec![condition("B", "False")]);
    assert_eq!(kept(&[made, pending(&[None])]), ["B=False@t2 g2", "A=True@t1 g1", "C=True@t1 g1"]);
    assert!(kept(&[]).is_empty());
}

#[test]
fn of_two_the_first_counts() {
    let made =
        [Entry::Made(vec![condition("A", "True")]), Entry::Made(vec![condition("A", "False"), condition("B", "True")])];
    let (written, repeated) = merge(&[], &made, None, "t");
    assert_eq!(words(&written), ["A=True@t g0", "B=True@t g0"]);
    assert_eq!(repeated, ["A"]);
}
