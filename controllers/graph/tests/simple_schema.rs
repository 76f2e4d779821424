//! The table of `SimpleSchema`: YAML in, `OpenAPI` or every problem out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_graph::simple_schema::openapi;
use serde_json::{Map, Value as Json, json};

const CASES: &str = include_str!("cases/simple_schema.yaml");

fn object(case: &Json, key: &str) -> Map<String, Json> {
    case.get(key).and_then(Json::as_object).cloned().unwrap_or_default()
}

fn texts(problems: &[cairn_graph::Problem]) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}

/// The case with what comes out of it.
fn outcome(case: &Json) -> Json {
    let mut out = Map::new();
    for key in ["spec", "types"] {
        out.extend(case.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    match openapi(&object(case, "spec"), &object(case, "types")) {
        Ok(schema) => {
            out.insert("openapi".into(), schema.openapi);
            if !schema.warnings.is_empty() {
                out.insert("warnings".into(), json!(texts(&schema.warnings)));
            }
        }
        Err(problems) => drop(out.insert("errors".into(), json!(texts(&problems.0)))),
    }
    Json::Object(out)
}

#[test]
fn every_row_of_the_table_holds() {
    let cases: Vec<Json> = serde_saphyr::from_str(CASES).unwrap();
    assert!(cases.len() >= 150, "{} rows", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .map(|case| (case, outcome(case)))
        .filter(|(case, out)| *case != out)
        .map(|(_, out)| out.to_string())
        .collect();
    assert!(wrong.is_empty(), "{} rows differ; they give\n- {}\n", wrong.len(), wrong.join("\n- "));
}

#[test]
fn types_that_grow_by_powers_of_two_are_refused_soon() {
    let types: Map<String, Json> = (0..60)
        .map(|n| {
            let inner = if n == 0 { "string".to_owned() } else { format!("T{}", n - 1) };
            (format!("T{n}"), json!({"a": inner, "b": inner}))
        })
        .collect();
    let problems = openapi(&Map::new(), &types).unwrap_err();
    assert!(problems.to_string().contains("more than 50000 parts"), "{problems}");
}

#[test]
fn long_chains_of_types_are_refused() {
    let types: Map<String, Json> = (0..3000)
        .map(|n| (format!("T{n}"), json!({"a": if n == 0 { "string".to_owned() } else { format!("T{}", n - 1) }})))
        .collect();
    let problems = openapi(&Map::new(), &types).unwrap_err();
    assert!(problems.to_string().contains("more than 100 levels deep"), "{problems}");
}

#[test]
fn deep_objects_are_refused() {
    let spec = (0..90).fold(json!("string"), |inner, _| json!({"a": inner}));
    let problems = openapi(spec.as_object().unwrap(), &Map::new()).unwrap_err();
    assert!(problems.to_string().contains("nested too deep"), "{problems}");
}
