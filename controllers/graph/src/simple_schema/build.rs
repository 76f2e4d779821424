//! From fields to schemas.

use std::collections::{BTreeMap, BTreeSet};

use cairn_cel::check::nearest;
use cairn_cel::span::Span;
use serde_json::{Map, Value as Json, json};

use super::types::{BUILT_IN, TypeName};
use super::{Fault, apply, markers};
use crate::graph::order::{Cycle, order};
use crate::problem::{Problem, field};

/// Objects within each other no deeper than this.
const MAX_DEPTH: usize = 64;

/// The greatest height of a schema, with all types put in.
const MAX_HEIGHT: usize = 100;

/// The most parts that a schema may have: types that name each other twice grow by powers of two.
const MAX_PARTS: usize = 50_000;

/// A schema while it is made.
#[derive(Debug, Clone, Default)]
pub(super) struct Built {
    pub(super) schema: Map<String, Json>,
    /// Whether the field must be there.
    pub(super) required: bool,
    parts: usize,
    height: usize,
}

impl Built {
    fn of(schema: Json) -> Self {
        let Json::Object(schema) = schema else { return Self::default() };
        Self { schema, required: false, parts: 1, height: 1 }
    }
}

/// Makes schemas and collects what is wrong.
#[derive(Debug, Default)]
pub(super) struct Builder {
    types: BTreeMap<String, Built>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Builder {
    pub(super) fn finish(self) -> (Vec<Problem>, Vec<Problem>) {
        (self.problems, self.warnings)
    }

    /// Makes the types that fields may name, each after those that it names itself.
    pub(super) fn types(&mut self, types: &Map<String, Json>, path: &str) {
        let names: Vec<&String> = types.keys().collect();
        for name in &names {
            if BUILT_IN.contains(&name.as_str()) {
                let message = format!("the type {name:?} is never used: the built-in type has this name");
                self.warnings.push(Problem::new(field(path, name), message));
            }
        }
        // Until they are made, types stand as known, so that one mistake is not reported again by all that use it.
        self.types = names.iter().map(|name| ((*name).clone(), Built::default())).collect();
        let dependencies: Vec<BTreeSet<usize>> = types.values().map(|body| used(body, &names)).collect();
        let sequence = match order(&dependencies) {
            Ok(order) => order.sequence,
            Err(cycle) => return self.problems.push(cyclic(&cycle, &names, path)),
        };
        let bodies: Vec<&Json> = types.values().collect();
        let mut parts = 0_usize;
        for (name, body) in sequence.iter().filter_map(|at| names.get(*at).zip(bodies.get(*at))) {
            let at = field(path, name);
            let built = self.field(body, &at, 0);
            parts = parts.saturating_add(built.parts);
            if let Some(message) = too_large(parts, built.height) {
                return self.problems.push(Problem::new(at, message));
            }
            self.types.insert((*name).clone(), built);
        }
    }

    /// The schema of an object of fields.
    pub(super) fn object(&mut self, fields: &Map<String, Json>, path: &str, depth: usize) -> Built {
        let mut built = Built::of(json!({"type": "object"}));
        let mut properties = Map::new();
        let mut required = BTreeSet::new();
        for (name, body) in fields {
            let at = field(path, name);
            if name.is_empty() {
                self.problems.push(Problem::new(at, "a field needs a name"));
                continue;
            }
            let part = self.field(body, &at, depth + 1);
            if part.required {
                required.insert(name.clone());
            }
            built.parts = built.parts.saturating_add(part.parts);
            built.height = built.height.max(part.height.saturating_add(1));
            if let Some(message) = too_large(built.parts, built.height) {
                self.problems.push(Problem::new(at, message));
                return Built::default();
            }
            properties.insert(name.clone(), Json::Object(part.schema));
        }
        let defaulted = properties.values().any(|part| part.get("default").is_some());
        if required.is_empty() && defaulted {
            built.schema.insert("default".into(), json!({}));
        }
        if !properties.is_empty() {
            built.schema.insert("properties".into(), Json::Object(properties));
        }
        if !required.is_empty() {
            built.schema.insert("required".into(), required.into_iter().collect());
        }
        built
    }

    fn field(&mut self, body: &Json, path: &str, depth: usize) -> Built {
        let wrong = match body {
            Json::Object(_) if depth > MAX_DEPTH => format!("objects are nested too deep (at most {MAX_DEPTH})"),
            Json::Object(fields) => return self.object(fields, path, depth),
            Json::String(text) => {
                return self.text(text, path).unwrap_or_else(|fault| {
                    self.problems.push(fault.in_field(path));
                    Built::default()
                });
            }
            Json::Null => "a field needs a type, and has none".to_owned(),
            Json::Bool(_) => "a field needs a type, and this is a boolean".to_owned(),
            Json::Number(_) => "a field needs a type, and this is a number".to_owned(),
            Json::Array(_) => "a field needs a type, and this is a list; a list of strings is `[]string`".to_owned(),
        };
        let expected = "a text like `string | required=true`, or an object of fields";
        self.problems.push(Problem::new(path, wrong).expected(expected));
        Built::default()
    }

    /// The schema of a field that is written as a text.
    fn text(&mut self, text: &str, path: &str) -> Result<Built, Fault> {
        let (name, rest) = text.split_once('|').map_or((text, None), |(name, rest)| (name, Some(rest)));
        let mut built = self.resolve(&TypeName::parse(name, 0)?)?;
        if built.schema.is_empty() {
            // The type that it names is wrong itself, and reported there.
            return Ok(built);
        }
        for marker in markers::parse(rest.unwrap_or_default(), name.len() + 1)? {
            if let Some(warning) = apply::apply(&mut built, &marker)? {
                self.warnings.push(Fault::new(marker.span, warning).in_field(path));
            }
        }
        apply::check(&built, Span::new(0, text.len()))?;
        Ok(built)
    }

    fn resolve(&self, name: &TypeName) -> Result<Built, Fault> {
        Ok(match name {
            TypeName::Text => Built::of(json!({"type": "string"})),
            TypeName::Integer => Built::of(json!({"type": "integer"})),
            TypeName::Boolean => Built::of(json!({"type": "boolean"})),
            TypeName::Float => Built::of(json!({"type": "number"})),
            TypeName::Object => Built::of(json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})),
            TypeName::List(element) => self.wrap(element, "array", "items")?,
            TypeName::Map(value) => self.wrap(value, "object", "additionalProperties")?,
            TypeName::Custom(name, span) => self.types.get(name).cloned().ok_or_else(|| {
                let known = self.types.keys().map(String::as_str).chain(BUILT_IN);
                Fault::new(*span, format!("unknown type {name:?}"))
                    .expected("a built-in type or one that `schema.types` defines")
                    .suggest(nearest(name, known))
            })?,
        })
    }

    fn wrap(&self, inner: &TypeName, kind: &str, key: &str) -> Result<Built, Fault> {
        let inner = self.resolve(inner)?;
        if inner.schema.is_empty() {
            return Ok(inner);
        }
        let schema = json!({"type": kind, key: Json::Object(inner.schema)});
        let (parts, height) = (inner.parts.saturating_add(1), inner.height.saturating_add(1));
        Ok(Built { parts, height, ..Built::of(schema) })
    }
}

/// What is too much of a schema, if anything is.
fn too_large(parts: usize, height: usize) -> Option<String> {
    if height > MAX_HEIGHT {
        return Some(format!("the schema is more than {MAX_HEIGHT} levels deep"));
    }
    (parts > MAX_PARTS).then(|| format!("the schema has more than {MAX_PARTS} parts"))
}

/// The positions of the types that a type names.
fn used(body: &Json, names: &[&String]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![body];
    while let Some(body) = open.pop() {
        match body {
            Json::Object(fields) => open.extend(fields.values()),
            Json::String(text) => {
                let name = text.split('|').next().unwrap_or_default();
                let parsed = TypeName::parse(name, 0).ok();
                let custom = parsed.as_ref().and_then(TypeName::custom);
                found.extend(custom.and_then(|(custom, _)| names.iter().position(|name| name.as_str() == custom)));
            }
            _ => {}
        }
    }
    found
}

fn cyclic(cycle: &Cycle, names: &[&String], path: &str) -> Problem {
    let mut walk: Vec<&str> = cycle.0.iter().filter_map(|at| names.get(*at)).map(|name| name.as_str()).collect();
    walk.extend(walk.first().copied());
    let first = walk.first().copied().unwrap_or_default();
    Problem::new(field(path, first), format!("types name each other in a circle: {}", walk.join(" -> ")))
}
