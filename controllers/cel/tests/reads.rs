//! Which paths an expression reads, and what it can do without.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_cel::schema::{NoDefinitions, to_type};
use cairn_cel::{Env, Type};
use serde_json::json;

fn database() -> Type {
    let schema = json!({
        "type": "object",
        "required": ["spec"],
        "properties": {
            "spec": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"},
                "replicas": {"type": "integer", "default": 1},
            }},
            "status": {"type": "object", "properties": {
                "endpoint": {"type": "object", "properties": {"address": {"type": "string"}}},
                "conditions": {"type": "array", "items": {"type": "object", "properties": {
                    "type": {"type": "string"}, "status": {"type": "string"},
                }}},
                "tags": {"type": "object", "additionalProperties": {"type": "string"}},
            }},
        },
    });
    to_type(&schema, "Database", &NoDefinitions)
}

/// Each read as text: `~` marks one of which only the shape matters, `?` one that is guarded.
fn reads(expr: &str) -> Vec<String> {
    let env = Env::new().with("db", database()).with("other", Type::Dyn);
    let program = env.compile(expr).unwrap_or_else(|error| panic!("{expr}: {error}"));
    let mark = |flag: bool, text: &'static str| if flag { text } else { "" };
    program.reads().iter().map(|read| format!("{}{}{read}", mark(read.shape, "~"), mark(read.guarded, "?"))).collect()
}

#[test]
fn the_whole_chain_is_one_read() {
    assert_eq!(reads("db.status.endpoint.address + ':5432'"), ["db.status.endpoint.address"]);
    assert_eq!(reads("db.status.endpoint"), ["db.status.endpoint"]);
    assert_eq!(reads("other.a.b['c'][0].d"), ["other.a.b.c[0].d"]);
    assert_eq!(reads("other.list[other.index].x"), ["other.index", "other.list[*].x"]);
    assert_eq!(reads("1 + 2"), Vec::<String>::new());
    assert_eq!(reads("db"), ["db"]);
}

#[test]
fn macros_read_elements() {
    let expr = "db.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')";
    assert_eq!(
        reads(expr),
        ["~db.status.conditions", "db.status.conditions[*].status", "db.status.conditions[*].type"]
    );
    assert_eq!(reads("size(db.status.conditions)"), ["db.status.conditions"]);
    assert_eq!(reads("cel.bind(s, db.status, s.endpoint.address)"), ["~db.status", "db.status.endpoint.address"]);
    assert_eq!(reads("db.status.tags.all(k, v, v != k)"), ["~db.status.tags", "db.status.tags[*]"]);
}

#[test]
fn what_is_chosen_is_read_where_it_stands() {
    let ready = "db.status.conditions.filter(c, c.type == 'Ready')";
    let [list, all, status, kind] = [
        "~db.status.conditions",
        "db.status.conditions[*]",
        "db.status.conditions[*].status",
        "db.status.conditions[*].type",
    ];
    assert_eq!(reads(&format!("{ready}[0].status")), [list, status, kind]);
    assert_eq!(reads(&format!("{ready}.map(c, c.status)")), [list, status, kind]);
    assert_eq!(reads(&format!("{ready}.filter(c, c.status == 'True')[?0].type")), [list, status, kind]);
    assert_eq!(reads(ready), [list, all, kind]);
    assert_eq!(reads(&format!("size({ready})")), [list, all, kind]);
    assert_eq!(reads("db.status.conditions.sortBy(c, c.type)[0].status"), [list, status, kind]);
    assert_eq!(reads("cel.bind(s, db.status, s).endpoint.address"), ["~db.status", "db.status.endpoint.address"]);
}

#[test]
fn what_is_always_there_or_asked_for_is_guarded() {
    assert_eq!(reads("db.spec.name"), ["?db.spec.name"]);
    assert_eq!(reads("db.spec.replicas"), ["?db.spec.replicas"]);
    assert_eq!(reads("db.?status.endpoint.address.orValue('')"), ["?db.status.endpoint.address"]);
    assert_eq!(reads("has(db.status.endpoint)"), ["~db.status.endpoint"]);
    assert_eq!(reads("has(db.status) && db.status.tags == {}"), ["~?db.status", "?db.status.tags"].map(str::to_owned));
    assert_eq!(reads("has(db.status) ? db.status.tags : {}"), ["~?db.status", "?db.status.tags"]);
    assert_eq!(reads("!has(db.status) ? {} : db.status.tags"), ["~?db.status", "?db.status.tags"]);
    assert_eq!(reads("!has(db.status) || db.status.tags == {}"), ["~?db.status", "?db.status.tags"]);
    assert_eq!(reads("has(db.status) ? 1 : size(db.status.tags)"), ["~?db.status", "db.status.tags"]);
    assert_eq!(reads("db.status.tags == {} && has(db.status)"), ["~?db.status", "db.status.tags"]);
}

#[test]
fn unknown_fields_name_the_nearest() {
    let env = Env::new().with("db", database());
    let message = |expr: &str| env.compile(expr).unwrap_err().to_string();
    assert_eq!(
        message("db.status.endpont.address"),
        "Database.status has no field \"endpont\" (did you mean \"endpoint\"?)"
    );
    assert_eq!(message("db.status.xyz"), "Database.status has no field \"xyz\"");
    assert_eq!(message("bd.spec"), "undeclared reference to \"bd\" (did you mean \"db\"?)");
    assert_eq!(
        message("db.status.conditions.exists(c, c.typ == 'x')"),
        "Database.status.conditions[] has no field \"typ\" (did you mean \"type\"?)"
    );
}

#[test]
fn errors_carry_positions_and_types() {
    let env = Env::new().with("db", database());
    let source = "db.spec.name == 'x' &&\n  db.spec.replicas";
    let cairn_cel::CompileError::Check(errors) = env.compile(source).unwrap_err() else { panic!("no check error") };
    let error = &errors[0];
    assert_eq!(error.span.position(source), (2, 3));
    assert_eq!(error.span.text(source), "db.spec.replicas");
    assert_eq!((error.expected.clone(), error.found.clone()), (Some(Type::Bool), Some(Type::Int)));
    let several = env.compile("foo + bar").unwrap_err();
    assert_eq!(several.to_string(), "undeclared reference to \"foo\"; undeclared reference to \"bar\"");
}

#[test]
fn conditions_are_read_by_their_type() {
    let env = || Env::new().with("db", database()).with("name", Type::String);
    let reads = |expr: &str| -> Vec<String> {
        let program = env().with_conditions().compile(expr).unwrap();
        program.reads().iter().map(ToString::to_string).collect()
    };
    assert_eq!(reads("runtime.condition(db, 'Ready').status"), ["db.status.conditions.Ready"]);
    assert_eq!(reads("runtime.condition(db, name).status"), ["db.status.conditions[*]", "name"]);
    let refused = |expr: &str| env().compile(expr).unwrap_err().to_string();
    assert_eq!(refused("runtime.condition(db, 'x')"), "runtime.condition() is only allowed in status.conditions");
    let made = |expr: &str| env().with_conditions().compile(expr).unwrap().checked().conditions.clone();
    assert_eq!(made("runtime.newCondition({type: 'A', status: 'True'})"), [Some("A".to_owned())]);
    assert_eq!(made("runtime.newCondition({type: name, status: 'True'})"), [None]);
}
