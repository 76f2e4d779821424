//! The targets.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use cairn_cel::span::Span;
use cairn_cel::{Bindings, CompileError, Env, EvalError, FaultKind, Limits, Program, syntax, template};
use cairn_crds::Groups;
use cairn_graph::definition::{Definition, Settings};
use cairn_graph::openapi::{Cursor, Definitions, NoHoles, validate};
use cairn_graph::program::Bounds;
use cairn_graph::run::{Run, Seen, State};
use cairn_graph::schemas::{SchemaSet, kubernetes, own};
use cairn_graph::{Compiled, compile, simple_schema};
use serde_json::{Map, Value as Json, json};

use crate::decode::{Case, kind};

/// One target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its corpus too.
    pub name: &'static str,
    /// What it does with an input; it tells what kind of thing came of it.
    pub run: fn(&[u8]) -> String,
}

/// Every target.
pub const TARGETS: [Target; 5] = [
    Target { name: "parser", run: parser },
    Target { name: "checker", run: checker },
    Target { name: "evaluator", run: evaluator },
    Target { name: "simple_schema", run: schema },
    Target { name: "compiler", run: compiler },
];

/// What one evaluation may cost: more would only take longer.
const LIMITS: Limits = Limits { cost: 50_000, depth: 128 };

/// A span is within its source, and between characters.
fn inside(span: Span, source: &str) {
    assert!(source.get(span.start..span.end).is_some(), "{span:?} is no part of {source:?}");
}

fn parser(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let split = template::split(&text);
    match &split {
        Err(error) => inside(error.span, &text),
        Ok(parts) => {
            for part in parts {
                if let template::Part::Hole { source, span } = part {
                    inside(*span, &text);
                    assert_eq!(span.text(&text), source);
                }
            }
        }
    }
    match syntax::parse(&text) {
        Ok(tree) => {
            inside(tree.span, &text);
            assert!(tree.height <= syntax::MAX_DEPTH);
            format!("tree {} {}", tree.height, split.is_ok())
        }
        Err(error) => {
            inside(error.span, &text);
            kind(&error.message)
        }
    }
}

fn checker(input: &[u8]) -> String {
    let case = Case::read(input);
    let env = Env::new().with("v", case.ty()).with_omit().with_conditions();
    if let Ok(template) = template::compile(&env, &case.source) {
        for program in template.programs() {
            reads_its_variables(program);
        }
    }
    match env.compile(&case.source) {
        Ok(program) => {
            reads_its_variables(&program);
            format!("{} {}", program.ty(), program.reads().len())
        }
        Err(error) => refused(&error, &case.source),
    }
}

/// What an expression reads belongs to a variable that it uses.
fn reads_its_variables(program: &Program) {
    assert!(program.reads().iter().all(|read| program.variables().contains(&read.variable)));
}

fn refused(error: &CompileError, source: &str) -> String {
    match error {
        CompileError::Parse(error) => inside(error.span, source),
        CompileError::Check(errors) => {
            assert!(!errors.is_empty());
            for error in errors {
                inside(error.span, source);
            }
        }
    }
    kind(&error.to_string())
}

fn evaluator(input: &[u8]) -> String {
    let case = Case::read(input);
    let env = Env::new().with("v", case.ty()).with_omit().with_conditions();
    let Ok(program) = env.compile(&case.source) else { return String::new() };
    let bindings = Bindings::new().with("v", &case.data);
    let bound = program.bind(&bindings);
    let outcome = bound.evaluate_within(LIMITS);
    let again = bound.evaluate_within(LIMITS);
    assert_eq!(outcome.as_ref().map(told).err(), again.as_ref().map(told).err());
    match outcome {
        Ok((value, cost)) => {
            assert!(cost <= LIMITS.cost);
            assert_eq!(Some(value.to_string()), again.ok().map(|(value, _)| value.to_string()));
            let json = value.to_json();
            format!("{} {} {}", program.ty(), value.type_name(), json.is_ok())
        }
        Err(error) => {
            assert!(error.cost <= LIMITS.cost);
            error.span.into_iter().for_each(|span| inside(span, &case.source));
            well_typed(&case, &program, &error);
            kind(&error.message)
        }
    }
}

fn told(outcome: &(cairn_cel::Value<'_>, u64)) -> u64 {
    outcome.1
}

/// What type-checks does not go wrong: operands are of wrong types only where the checker did not know them, and data
/// are not what their schema says only where the API server would not let them through.
fn well_typed(case: &Case, program: &Program, error: &EvalError) {
    let right = match error.kind {
        FaultKind::Type => {
            let tree = syntax::parse(&case.source).ok();
            let span = |tree: &syntax::ast::Expr| error.span.unwrap_or(tree.span);
            tree.is_some_and(|tree| !program.checked().knows(&tree, span(&tree)))
        }
        FaultKind::Misfit => !is_let_through(case),
        _ => true,
    };
    assert!(right, "well typed goes wrong: {error}: {} of {}: {}", case.data, case.schema, case.source);
}

/// Whether the API server would let the data through.
fn is_let_through(case: &Case) -> bool {
    let none = Definitions::new();
    let fitting = validate(Cursor::new(&case.schema, &none), &case.data, "", &mut NoHoles).is_empty();
    fitting && is_structural(&case.schema) && !holds_null(&case.data, &case.schema)
}

/// Whether a schema says of each part what it is: the API server takes no others for custom resources.
fn is_structural(schema: &Json) -> bool {
    let flag = |name: &str| schema.get(name) == Some(&Json::Bool(true));
    let named = schema.get("type").is_some_and(Json::is_string);
    let fields = schema.get("properties").and_then(Json::as_object).into_iter().flat_map(Map::values);
    let parts = ["items", "additionalProperties"].into_iter().filter_map(|name| schema.get(name));
    (named || flag("x-kubernetes-int-or-string") || flag("x-kubernetes-preserve-unknown-fields"))
        && schema.get("$ref").is_none()
        && fields.chain(parts.filter(|part| part.is_object())).all(is_structural)
}

/// Whether anything is null that may not be.
fn holds_null(data: &Json, schema: &Json) -> bool {
    let part = |name: &str| schema.get(name).unwrap_or(&Json::Null);
    match data {
        Json::Null => schema.get("type").is_some() && schema.get("nullable") != Some(&Json::Bool(true)),
        Json::Array(items) => items.iter().any(|item| holds_null(item, part("items"))),
        Json::Object(fields) => fields.iter().any(|(name, field)| {
            let known = part("properties").get(name);
            holds_null(field, known.unwrap_or_else(|| part("additionalProperties")))
        }),
        _ => false,
    }
}

fn schema(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let object = |json: Option<&Json>| json.and_then(Json::as_object).cloned().unwrap_or_default();
    let Ok(case) = serde_saphyr::from_str::<Json>(&text) else { return "no YAML".to_owned() };
    let spec: Map<String, Json> = object(case.get("spec"));
    match simple_schema::openapi(&spec, &object(case.get("types"))) {
        Ok(schema) => {
            // What comes out describes values: as types, and as a schema that they are compared with.
            let none = Definitions::new();
            let cursor = Cursor::new(&schema.openapi, &none);
            let mut value = json!({});
            cairn_graph::openapi::fill(cursor, &mut value);
            validate(cursor, &value, "", &mut NoHoles);
            kind(&cursor.ty("V").to_string())
        }
        Err(problems) => {
            assert!(!problems.0.is_empty());
            kind(&problems.to_string())
        }
    }
}

fn compiler(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let settings = Settings::default();
    let definition = match Definition::from_yaml(&text, &settings) {
        Ok(definition) => definition,
        Err(error) => return kind(&error.to_string()),
    };
    let bounds = Bounds { expression: LIMITS, total: 200_000, collection: 20 };
    match compile(definition, kinds(), &settings, bounds) {
        Ok(Compiled::Program(output)) => {
            assert_eq!(output.kind.manifest(&BTreeMap::new())["kind"], "CustomResourceDefinition");
            evaluated(&Arc::new(output.program))
        }
        Ok(Compiled::Waiting { missing, .. }) => {
            assert!(!missing.is_empty());
            "waits".to_owned()
        }
        Err(problems) => {
            assert!(!problems.0.is_empty());
            kind(&problems.to_string())
        }
    }
}

/// Evaluates an instance, and again after everything that was rendered is there.
fn evaluated(program: &Arc<cairn_graph::Program>) -> String {
    let instance = json!({"metadata": {"name": "x", "namespace": "y"}, "spec": {"name": "n", "count": 1}});
    let mut run = Run::new(Arc::clone(program), &instance);
    let first = run.evaluate();
    for (at, standing) in first.nodes.iter().enumerate() {
        if let State::Rendered { objects, .. } = &standing.state {
            run.observe(at, Seen::Objects(objects.iter().map(|object| Arc::clone(&object.body)).collect()));
        }
    }
    let then = run.evaluate();
    let words: Vec<String> = (0..program.nodes.len()).flat_map(|at| then.explain(program, at)).collect();
    kind(&words.join(" "))
}

/// The kinds that are known without a cluster.
fn kinds() -> &'static SchemaSet {
    static KINDS: LazyLock<SchemaSet> = LazyLock::new(|| {
        let mut all = kubernetes();
        own(&Groups::default()).iter().for_each(|kind| all.insert(Arc::clone(kind)));
        all
    });
    &KINDS
}
