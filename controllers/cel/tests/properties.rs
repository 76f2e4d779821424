//! Properties: nothing panics, and what is well typed does not go wrong.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_cel::schema::{NoDefinitions, to_type};
use cairn_cel::{Bindings, Env, FaultKind, Type, syntax, template};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use serde_json::{Map, Value as Json, json};

/// Words that make random text into something near an expression.
const WORDS: &[&str] = &[
    "a",
    "x",
    "obj",
    "1",
    "2u",
    "1.5",
    "-",
    "'s'",
    "\"",
    "'",
    "b'x'",
    "r'",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ".?",
    "[?",
    ",",
    ":",
    "?",
    "+",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "&&",
    "||",
    "!",
    " in ",
    "has(",
    ".map(x,",
    ".all(i,v,",
    "cel.bind(",
    "size(",
    ".size()",
    "true",
    "null",
    "${",
    "\\",
    "é",
    "\u{1F600}",
    "`",
    "//",
    "\n",
    "optional.of(",
    ".orValue(",
    "0x",
    "e9",
    "'''",
    ".matches(",
    ".format([",
    "%s",
    "%",
    "math.greatest(",
    ".sortBy(x,",
    "timestamp(",
    "duration(",
    "999999999999999999999",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|words| words.concat())
}

/// A schema of a shape that a definition may have, and a value that fits it.
fn typed() -> impl Strategy<Value = (Json, Json)> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|value| (json!({"type": "boolean"}), json!(value))),
        (-5i64..5).prop_map(|value| (json!({"type": "integer"}), json!(value))),
        any::<i64>().prop_map(|value| (json!({"type": "integer"}), json!(value))),
        (-3i8..4).prop_map(|value| (json!({"type": "number"}), json!(value))),
        "[a-c]{0,3}".prop_map(|value| (json!({"type": "string"}), json!(value))),
        text("date-time", &["2020-01-02T03:04:05Z", "2020-01-02t03:04:05.5+02:00"]),
        text("date", &["2020-01-02"]),
        text("duration", &["90s", "-1h", "1 week", "2 days and 3 hours"]),
        text("byte", &["aGk=", "aGl=", ""]),
        text("email", &["a@example.com", ""]),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), any::<bool>()).prop_map(|((mut schema, value), absent)| {
                schema["nullable"] = json!(true);
                (schema, if absent { Json::Null } else { value })
            }),
            inner.clone().prop_map(|(schema, value)| (json!({"type": "array", "items": schema}), json!([value]))),
            inner.clone().prop_map(|(schema, value)| {
                (json!({"type": "object", "additionalProperties": schema}), json!({"k": value}))
            }),
            prop::collection::vec((inner, any::<bool>()), 1..4).prop_map(object),
        ]
    })
    .prop_filter("a variable is never null", |(_, value)| !value.is_null())
}

fn text(format: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = (Json, Json)> {
    prop::sample::select(values).prop_map(move |value| (json!({"type": "string", "format": format}), json!(value)))
}

fn object(parts: Vec<((Json, Json), bool)>) -> (Json, Json) {
    let (mut properties, mut data, mut required) = (Map::new(), Map::new(), Vec::new());
    for (((schema, value), present), name) in parts.into_iter().zip(["a", "b", "c"]) {
        properties.insert(name.to_owned(), schema);
        if present {
            required.push(name);
            data.insert(name.to_owned(), value);
        }
    }
    (json!({"type": "object", "properties": properties, "required": required}), Json::Object(data))
}

/// Expressions that often type-check: everything is built from the variable and a few constants.
fn expression() -> impl Strategy<Value = String> {
    let path =
        prop::collection::vec(prop::sample::select(vec![".a", ".b", ".c", ".k", "[0]", "['k']", ".?a", "[?0]"]), 0..4);
    let leaf = prop_oneof![
        path.prop_map(|steps| format!("v{}", steps.concat())),
        prop::sample::select(vec![
            "1",
            "0",
            "-1",
            "2u",
            "1.5",
            "'a'",
            "''",
            "true",
            "b'a'",
            "[]",
            "{}",
            "null",
            "x",
            "optional.none()"
        ])
        .prop_map(str::to_owned),
        Just("timestamp(0)".to_owned()),
        Just("duration('1s')".to_owned()),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let binary = prop::sample::select(vec!["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", " in "]);
        let method = prop::sample::select(vec![
            "size()",
            "sort()",
            "reverse()",
            "distinct()",
            "first()",
            "min()",
            "sum()",
            "isSorted()",
            "trim()",
            "upperAscii()",
            "getFullYear()",
            "getSeconds()",
            "hasValue()",
            "value()",
            "flatten()",
            "join()",
            "split('a')",
            "charAt(1)",
            "contains('a')",
        ]);
        let function = prop::sample::select(vec![
            "size",
            "string",
            "int",
            "double",
            "uint",
            "bytes",
            "bool",
            "type",
            "math.abs",
            "math.sign",
            "math.ceil",
            "math.greatest",
            "optional.of",
            "optional.ofNonZeroValue",
            "base64.encode",
            "json.marshal",
            "timestamp",
            "duration",
            "hash.md5",
            "-",
            "!",
        ]);
        let looping = prop::sample::select(vec![
            "all(x, ",
            "exists(x, ",
            "exists_one(x, ",
            "map(x, ",
            "filter(x, ",
            "sortBy(x, ",
            "optMap(x, ",
            "optFlatMap(x, ",
            "transformList(i, x, ",
            "transformMap(i, x, ",
            "all(i, x, ",
        ]);
        let two = prop::sample::select(vec!["orValue", "or", "indexOf", "merge", "slice(0, 1).indexOf"]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), method).prop_map(|(a, method)| format!("{a}.{method}")),
            (function, inner.clone()).prop_map(|(function, a)| format!("{function}({a})")),
            (inner.clone(), looping, inner.clone()).prop_map(|(a, name, b)| format!("{a}.{name}{b})")),
            (inner.clone(), two, inner.clone()).prop_map(|(a, name, b)| format!("{a}.{name}({b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{'k': {a}, 'l': {b}}}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("cel.bind(x, {a}, {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("[{a}][{b}]")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn no_source_panics(source in ".{0,60}") {
        let _ = syntax::parse(&source);
        let _ = template::split(&source);
    }

    #[test]
    fn nothing_near_an_expression_panics(source in soup()) {
        let data = json!({"a": [1, "x", null], "x": {"a": 1.5}});
        let env = Env::new().with("obj", Type::Dyn).with("x", Type::Dyn).with_omit();
        if let Ok(program) = env.compile(&source) {
            let bindings = Bindings::new().with("obj", &data).with("x", &data);
            if let Ok(value) = program.bind(&bindings).evaluate() {
                let _ = (value.to_json(), value.to_string());
            }
        }
        let _ = template::compile(&env, &source);
    }

    #[test]
    fn well_typed_never_goes_wrong(((schema, data), source) in (typed(), expression())) {
        let env = Env::new().with("v", to_type(&schema, "V", &NoDefinitions));
        let Ok(program) = env.compile(&source) else { return Ok(()) };
        let bindings = Bindings::new().with("v", &data);
        let bound = program.bind(&bindings);
        match bound.evaluate() {
            Err(error) => {
                let tree = syntax::parse(&source).unwrap();
                let known = program.checked().knows(&tree, error.span.unwrap_or(tree.span));
                prop_assert!(error.kind != FaultKind::Misfit, "{source}: {error}");
                prop_assert!(error.kind != FaultKind::Type || !known, "{source}: {error}");
            }
            Ok(value) => prop_assert!(fits(&value, program.ty()), "{source}: {value} is not {}", program.ty()),
        }
    }
}

/// Whether a value is of a type, by the name of its outermost part.
fn fits(value: &cairn_cel::Value<'_>, ty: &Type) -> bool {
    let name = match ty {
        Type::Timestamp => "google.protobuf.Timestamp",
        Type::Duration => "google.protobuf.Duration",
        Type::List(_) => "list",
        Type::Map(..) | Type::Object(_) => "map",
        Type::Optional(_) => "optional_type",
        Type::Null => "null_type",
        Type::Dyn => return true,
        other => return value.type_name() == other.to_string(),
    };
    value.type_name() == name
}

/// Whatever the data are, the expression or the data are to blame.
#[test]
fn data_that_do_not_fit_are_named() {
    let schema = json!({"type": "object", "properties": {
        "ttl": {"type": "string", "format": "duration"},
        "at": {"type": "string", "format": "date-time"},
        "names": {"type": "array", "items": {"type": "string"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "count": {"type": "integer"},
        "other": {"type": "integer"},
    }});
    let data = json!({"ttl": "soon", "at": "2020-01-01T00:00:00ZTrue", "names": ["a", 2], "labels": {"a": "b", "c": null},
        "count": 1e20, "other": "1"});
    let env = Env::new().with("v", to_type(&schema, "V", &NoDefinitions));
    let rows = [
        ("v.ttl.getSeconds()", "v.ttl cannot be read as duration, which its schema says it is; no such overload"),
        (
            "v.at.getFullYear() + v.count",
            "v.at cannot be read as timestamp, which its schema says it is; no such overload",
        ),
        ("v.names.map(name, name.upperAscii())", "v.names[1] is int, and its schema says string; no such overload"),
        ("v.labels.transformList(k, label, label + k)", "v.labels.c is null_type, and its schema says string; no such"),
        ("v.names[1].size()", "v.names[1] is int, and its schema says string; no such overload"),
        ("v.count % 2", "v.count is double, and its schema says int; no such overload"),
    ];
    for (source, message) in rows {
        let program = env.compile(source).unwrap();
        let error = program.bind(&Bindings::new().with("v", &data)).evaluate().unwrap_err();
        assert_eq!(error.kind, FaultKind::Misfit, "{source}: {error}");
        assert!(error.message.starts_with(message), "{source}: {error}");
    }
    // What is not read is not to blame.
    let program = env.compile("dyn(1) + v.names[0]").unwrap();
    let error = program.bind(&Bindings::new().with("v", &data)).evaluate().unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (FaultKind::Type, "no such overload: _+_(int, string)"));
}

#[test]
fn the_generator_of_expressions_is_not_idle() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let count = (0..2000)
        .filter(|_| {
            let tree = (typed(), expression()).new_tree(&mut runner).unwrap();
            let ((schema, _), source) = tree.current();
            let env = Env::new().with("v", to_type(&schema, "V", &NoDefinitions));
            source.len() > 3 && env.compile(&source).is_ok()
        })
        .count();
    assert!(count > 100, "only {count} of 2000 expressions type-check");
}
