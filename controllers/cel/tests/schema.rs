//! From schemas to types, and from typed JSON to values.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use std::collections::BTreeMap;

use cairn_cel::schema::{NoDefinitions, to_type};
use cairn_cel::types::parse_type;
use cairn_cel::{Bindings, Env, Type};
use serde_json::{Value as Json, json};

fn ty(schema: &Json) -> Type {
    to_type(schema, "X", &NoDefinitions)
}

#[test]
fn scalars_lists_and_maps() {
    let cases = [
        (json!({"type": "string"}), "string"),
        (json!({"type": "string", "format": "byte"}), "bytes"),
        (json!({"type": "string", "format": "date-time"}), "timestamp"),
        (json!({"type": "string", "format": "duration"}), "duration"),
        (json!({"type": "string", "format": "date"}), "timestamp"),
        (json!({"type": "string", "format": "uuid"}), "string"),
        (json!({"type": "string", "nullable": true}), "string"),
        (json!({"type": "array", "items": {"type": "string", "nullable": true}}), "list(dyn)"),
        (json!({"type": "object", "additionalProperties": {"type": "string", "nullable": true}}), "map(string, dyn)"),
        (json!({"type": "string", "format": "int-or-string"}), "int-or-string"),
        (
            json!({"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]}),
            "int-or-string",
        ),
        (json!({"type": "boolean"}), "bool"),
        (json!({"type": "integer", "format": "int32"}), "int"),
        (json!({"type": "number"}), "double"),
        (json!({"type": ["string", "null"]}), "string"),
        (json!({"type": ["string", "integer"]}), "dyn"),
        (json!({"type": "array", "items": {"type": "integer"}}), "list(int)"),
        (json!({"type": "array"}), "list(dyn)"),
        (
            json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}),
            "map(string, list(string))",
        ),
        (json!({"type": "object", "additionalProperties": true}), "map(string, dyn)"),
        (json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}), "dyn"),
        (json!({"type": "object"}), "dyn"),
        (json!({}), "dyn"),
        (json!(true), "dyn"),
    ];
    for (schema, wanted) in cases {
        assert_eq!(ty(&schema), parse_type(wanted).unwrap(), "{schema}");
    }
}

#[test]
fn objects_keep_fields_defaults_and_openness() {
    let schema = json!({"type": "object", "required": ["a"], "x-kubernetes-preserve-unknown-fields": true, "properties": {
        "a": {"type": "integer", "description": "the a"}, "b": {"type": "string", "default": "x"}, "c-d": {"type": "boolean"},
    }});
    let Type::Object(object) = ty(&schema) else { panic!("no object") };
    assert!(object.is_open());
    assert!(object.fields()["a"].always && object.fields()["b"].always && !object.fields()["c-d"].always);
    assert_eq!(object.fields()["a"].description.as_deref(), Some("the a"));
    assert_eq!(object.field("c__dash__d").unwrap().0, "c-d");
    let env = Env::new().with("x", ty(&schema));
    assert_eq!(env.compile("x.other").unwrap().ty(), &Type::Dyn);
    assert_eq!(env.compile("x.`c-d`").unwrap().ty(), &Type::Bool);
    let data = json!({"a": 1, "c-d": true});
    let program = env.compile("x.c__dash__d && x.`c-d` && x['c-d']").unwrap();
    assert_eq!(program.bind(&Bindings::new().with("x", &data)).evaluate().unwrap().to_string(), "true");
}

#[test]
fn a_field_that_is_null_is_not_there() {
    let text = json!({"type": "string", "nullable": true});
    let schema = json!({"type": "object", "properties": {"a": text, "b-c": text, "free": {"x-kubernetes-preserve-unknown-fields": true},
        "map": {"type": "object", "additionalProperties": text}}});
    let env = Env::new().with("x", ty(&schema));
    let data = json!({"a": null, "b-c": null, "free": {"a": null}, "map": {"k": null}});
    let of = |source: &str| {
        let program = env.compile(source).unwrap();
        let value = program.bind(&Bindings::new().with("x", &data)).evaluate().map(|value| value.to_string());
        value.unwrap_or_else(|error| error.to_string())
    };
    assert_eq!(of("has(x.a) || has(x.b__dash__c) || x.exists(k, k == 'a')"), "false");
    assert_eq!(of("x.a"), "no such key: a");
    assert_eq!(of("x.?a.orValue('none')"), "\"none\"");
    // In a map, and where nothing is known, null is a value.
    assert_eq!(of("has(x.free.a) && has(x.map.k) && x.map.k == null"), "true");
    // What is copied stays as it is.
    let program = env.compile("x").unwrap();
    let copy = program.bind(&Bindings::new().with("x", &data)).evaluate().unwrap().to_json().unwrap();
    assert_eq!(copy, data);
}

#[test]
fn embedded_resources_have_metadata() {
    let schema = json!({"type": "object", "x-kubernetes-embedded-resource": true, "properties": {
        "metadata": {"type": "object"}, "spec": {"type": "object", "properties": {"n": {"type": "integer"}}},
    }});
    let env = Env::new().with("x", ty(&schema));
    let type_of = |expr: &str| env.compile(expr).unwrap().ty().clone();
    assert_eq!(type_of("x.metadata.name"), Type::String);
    assert_eq!(type_of("x.metadata.labels['a']"), Type::String);
    assert_eq!(type_of("x.metadata.creationTimestamp.getFullYear()"), Type::Int);
    assert_eq!(type_of("x.apiVersion + x.kind"), Type::String);
    assert_eq!(type_of("x.spec.n"), Type::Int);
    assert_eq!(type_of("x.status.anything"), Type::Dyn);
    assert!(env.compile("x.metadata.nam").is_err());
}

#[test]
fn references_are_followed_and_recursion_is_cut() {
    let definitions = BTreeMap::from([(
        "Tree".to_owned(),
        json!({"type": "object", "properties": {
            "name": {"type": "string"},
            "child": {"$ref": "#/components/schemas/Tree"},
            "children": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Tree"}], "description": "x"}},
        }}),
    )]);
    let tree = to_type(&json!({"$ref": "#/components/schemas/Tree"}), "X", &definitions);
    let env = Env::new().with("t", tree);
    assert_eq!(env.compile("t.name").unwrap().ty(), &Type::String);
    assert_eq!(env.compile("t.child").unwrap().ty(), &Type::Dyn);
    assert_eq!(env.compile("t.children").unwrap().ty(), &Type::list(Type::Dyn));
    assert_eq!(to_type(&json!({"$ref": "#/nowhere"}), "X", &definitions), Type::Dyn);
    let mut deep = json!({"type": "string"});
    for _ in 0..120 {
        deep = json!({"type": "array", "items": deep});
    }
    assert!(ty(&deep).to_string().ends_with(&format!("dyn{}", ")".repeat(64))));
}

#[test]
fn json_is_read_by_its_type() {
    let schema = json!({"type": "object", "properties": {
        "data": {"type": "object", "additionalProperties": {"type": "string", "format": "byte"}},
        "at": {"type": "string", "format": "date-time"},
        "ratio": {"type": "number"}, "count": {"type": "integer"},
        "port": {"x-kubernetes-int-or-string": true},
    }});
    let data = json!({"data": {"k": "aGk="}, "at": "2020-01-01T00:00:00Z", "ratio": 2, "count": 2.0, "port": 80});
    let env = Env::new().with("x", ty(&schema));
    let run = |expr: &str| {
        let program = env.compile(expr).unwrap();
        let bindings = Bindings::new().with("x", &data);
        program.bind(&bindings).evaluate().unwrap().to_string()
    };
    assert_eq!(run("x.data.k"), "b\"hi\"");
    assert_eq!(run("x.data.map(k, string(x.data[k]))"), "[\"hi\"]");
    assert_eq!(run("x.at"), "timestamp(\"2020-01-01T00:00:00Z\")");
    assert_eq!(run("x.ratio"), "2.0");
    assert_eq!(run("x.count"), "2");
    assert_eq!(run("x.port == 80 && x.port != '80'"), "true");
}
