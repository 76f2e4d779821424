//! The table of definitions: what is wrong with each against real kinds, what is doubtful, and what it waits for.

use cairn_graph::{Compiled, Problem};
use serde_json::{Map, Value as Json, json};

const CASES: &str = include_str!("../cases/definitions.yaml");

fn texts(problems: &[Problem]) -> Json {
    json!(problems.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// What comes of a case, as the table has it.
fn outcome(case: &Json) -> Map<String, Json> {
    let mut schema = json!({
        "kind": "App", "apiVersion": "v1alpha1",
        "spec": {"name": "string", "count": "integer", "names": "[]string", "flag": "boolean", "labels": "map[string]string"}
    });
    for (name, part) in case.get("schema").and_then(Json::as_object).into_iter().flatten() {
        schema[name] = part.clone();
    }
    let spec = json!({"schema": schema, "resources": case.get("resources").cloned().unwrap_or(json!([]))});
    let mut out = Map::new();
    let mut put = |name: &str, found: Json| {
        if found != json!([]) {
            out.insert(name.to_owned(), found);
        }
    };
    match super::support::outcome(&spec) {
        Err(problems) => put("problems", texts(&problems.0)),
        Ok(Compiled::Waiting { missing, warnings }) => {
            let words = |elsewhere: &[cairn_graph::schemas::Gvk]| elsewhere.iter().map(ToString::to_string).collect();
            let waits = missing.iter().map(|missing| {
                let elsewhere: Vec<String> = words(&missing.elsewhere);
                format!("{} {} ({}) elsewhere {elsewhere:?}", missing.path, missing.kind, missing.node)
            });
            put("waits", waits.collect());
            put("warnings", texts(&warnings));
        }
        Ok(Compiled::Program(output)) => put("warnings", texts(&output.warnings)),
    }
    out
}

#[test]
fn every_row_of_the_table_holds() {
    let cases: Vec<Json> = serde_saphyr::from_str(CASES).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let found = outcome(case);
        let expected: Map<String, Json> = ["problems", "warnings", "waits"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), case.get(*name)?.clone())))
            .collect();
        if found != expected {
            wrong.push(format!(
                "@@ {}\n{}",
                case["name"].as_str().unwrap_or_default(),
                serde_saphyr::to_string(&found).unwrap()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows differ; they give\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(cases.len() >= 80, "only {} rows", cases.len());
}
