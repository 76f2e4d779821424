//! Validation against a schema, as the API server does it: every demand that is not met is named, each with its reason.

use serde_json::{Map, Number, Value};

use super::{
    Additional, ListType, Path, Schema, Type, formats,
    limits::{Limits, Logic},
};
use crate::api::cause::Cause;

/// What is wrong with `new`.
///
/// With `old`, the parts that are as they were are not judged ("ratcheting").
pub(crate) fn check(new: &Value, old: Option<&Value>, schema: &Schema, path: &Path) -> Vec<Cause> {
    if old == Some(new) {
        return Vec::new();
    }
    let mut causes = Vec::new();
    if let Some(found) = wrong_type(new, schema) {
        let why = format!("{path} in body must be of type {}: {found:?}", expected(schema));
        causes.push(Cause::type_invalid(path, &why));
    }
    if new.is_null() {
        causes.extend(unlisted(new, &schema.limits, path));
        return causes;
    }
    logic(new, &schema.limits.logic, path, &mut causes);
    match new {
        Value::String(text) => string(text, schema, path, &mut causes),
        Value::Number(number) => numbers(number, &schema.limits, path, &mut causes),
        Value::Array(items) => list(items, old, schema, path, &mut causes),
        _ => {}
    }
    causes.extend(unlisted(new, &schema.limits, path));
    if let Value::Object(fields) = new {
        object(fields, old, schema, path, &mut causes);
    }
    causes
}

/// The type of a value that is not of the type that the schema demands.
fn wrong_type(value: &Value, schema: &Schema) -> Option<&'static str> {
    let kind = schema.kind?;
    let numeric = matches!(kind, Type::Integer | Type::Number);
    let (found, fits) = match value {
        Value::Null => ("null", schema.nullable()),
        // A format is judged by itself.
        Value::String(_) => {
            ("string", matches!(kind, Type::String | Type::IntOrString) || (schema.format.is_some() && !numeric))
        }
        Value::Array(_) => ("array", kind == Type::Array || (schema.format.is_some() && !numeric)),
        Value::Bool(_) => ("boolean", kind == Type::Boolean),
        Value::Object(_) => ("object", kind == Type::Object),
        Value::Number(number) if number.is_f64() => ("number", kind == Type::Number),
        Value::Number(_) => ("integer", numeric || kind == Type::IntOrString),
    };
    (!fits).then_some(found)
}

fn expected(schema: &Schema) -> &'static str {
    match schema.kind {
        Some(Type::Object) => "object",
        Some(Type::Array) => "array",
        Some(Type::String) => "string",
        Some(Type::Integer) => "integer",
        Some(Type::Number) => "number",
        Some(Type::Boolean) => "boolean",
        Some(Type::IntOrString) => "integer,string",
        None => "",
    }
}

fn unlisted(value: &Value, limits: &Limits, path: &Path) -> Option<Cause> {
    let listed = limits.one_of_values.is_empty() || limits.one_of_values.contains(value);
    (!listed).then(|| Cause::unsupported(path, value, &limits.one_of_values))
}

fn string(text: &str, schema: &Schema, path: &Path, causes: &mut Vec<Cause>) {
    let (limits, length) = (&schema.limits, text.chars().count() as u64);
    let value = Value::from(text);
    // The first that is not met hides the others.
    if let Some(max) = limits.length.max.filter(|max| length > *max) {
        causes.push(Cause::too_long(path, max));
    } else if let Some(min) = limits.length.min.filter(|min| length < *min) {
        causes.push(Cause::invalid(path, &value, &format!("{path} in body should be at least {min} chars long")));
    } else if let Some(pattern) = limits.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
        causes.push(Cause::invalid(path, &value, &format!("{path} in body should match '{pattern}'")));
    }
    if let Some(format) = schema.format.as_deref().filter(|format| !formats::fits(format, text)) {
        causes.push(Cause::type_invalid(path, &format!("{path} in body must be of type {format}: {text:?}")));
    }
}

fn numbers(found: &Number, limits: &Limits, path: &Path, causes: &mut Vec<Cause>) {
    // A whole number is measured against whole numbers: what follows the point of a limit is cut off.
    let whole = !found.is_f64();
    let measure = |limit: f64| if whole { limit.trunc() } else { limit };
    let number = found.as_f64().unwrap_or_default();
    let mut demand = |met: bool, what: String| {
        if !met {
            let value = Value::Number(found.clone());
            causes.push(Cause::invalid(path, &value, &format!("{path} in body should be {what}")));
        }
    };
    if let Some(step) = limits.multiple_of.map(measure) {
        let times = number / step;
        demand(step > 0.0 && (times - times.round()).abs() < f64::EPSILON, format!("a multiple of {step}"));
    }
    if let Some((bound, exclusive)) = limits.maximum.map(|bound| (measure(bound.value), bound.exclusive)) {
        demand(number < bound || (!exclusive && number <= bound), format!("less than {bound}"));
    }
    if let Some((bound, exclusive)) = limits.minimum.map(|bound| (measure(bound.value), bound.exclusive)) {
        demand(number > bound || (!exclusive && number >= bound), format!("greater than {bound}"));
    }
}

fn list(items: &[Value], old: Option<&Value>, schema: &Schema, path: &Path, causes: &mut Vec<Cause>) {
    if let Some(item_schema) = schema.item() {
        for (index, item) in items.iter().enumerate() {
            let before = old.and_then(|old| counterpart(old.as_array()?, item, index, schema));
            causes.extend(check(item, before, item_schema, &path.index(index)));
        }
    }
    let count = items.len() as u64;
    if let Some(min) = schema.limits.items.min.filter(|min| count < *min) {
        let why = format!("{path} in body should have at least {min} items");
        causes.push(Cause::invalid(path, &Value::from(count), &why));
    }
    if let Some(max) = schema.limits.items.max.filter(|max| count > *max) {
        causes.push(Cause::too_many(path, count, max));
    }
}

/// What an item was before: only the items of keyed lists can be told apart.
fn counterpart<'a>(old: &'a [Value], item: &Value, _: usize, schema: &Schema) -> Option<&'a Value> {
    let ListType::Keyed(keys) = &schema.list else {
        return None;
    };
    old.iter().find(|before| keys.iter().all(|key| before.get(key) == item.get(key)))
}

fn object(fields: &Map<String, Value>, old: Option<&Value>, schema: &Schema, path: &Path, causes: &mut Vec<Cause>) {
    let (limits, count) = (&schema.limits, fields.len() as u64);
    if let Some(min) = limits.properties.min.filter(|min| count < *min) {
        let why = format!("{path} in body should have at least {min} properties");
        causes.push(Cause::invalid(path, &Value::from(count), &why));
    }
    if let Some(max) = limits.properties.max.filter(|max| count > *max) {
        causes.push(Cause::too_many(path, count, max));
    }
    for (name, value) in fields {
        let before = old.and_then(|old| old.get(name));
        let described = schema.fields.get(name).or(match &schema.additional {
            Some(Additional::Of(rest)) => Some(rest),
            _ => None,
        });
        match (described, &schema.additional) {
            (Some(field), _) => causes.extend(check(value, before, field, &path.field(name))),
            (None, Some(Additional::Nothing)) => {
                causes.push(Cause::invalid(&path.field(name), value, "is a forbidden property"));
            }
            (None, _) => {}
        }
    }
    for name in limits.required.iter().filter(|name| !fields.contains_key(*name)) {
        causes.push(Cause::required(&path.field(name), ""));
    }
}

/// Combined schemas: that they are not met has no path of its own, and the best attempt says what it misses.
fn logic(value: &Value, logic: &Logic, path: &Path, causes: &mut Vec<Cause>) {
    let attempt = |schema: &Schema| check(value, None, schema, path);
    let nowhere = |why: &str| Cause::invalid(&Path::of("<nil>"), &Value::from(""), &format!("\"{path}\" {why}"));
    let best = |attempts: Vec<Vec<Cause>>| attempts.into_iter().min_by_key(Vec::len).unwrap_or_default();
    if !logic.any.is_empty() {
        let attempts: Vec<Vec<Cause>> = logic.any.iter().map(attempt).collect();
        if attempts.iter().all(|attempt| !attempt.is_empty()) {
            causes.push(nowhere("must validate at least one schema (anyOf)"));
            causes.extend(best(attempts));
        }
    }
    if !logic.one.is_empty() {
        let attempts: Vec<Vec<Cause>> = logic.one.iter().map(attempt).collect();
        let met = attempts.iter().filter(|attempt| attempt.is_empty()).count();
        if met != 1 {
            causes.push(nowhere(&format!("must validate one and only one schema (oneOf). Found {met}")));
            causes.extend(best(attempts));
        }
    }
    let all: Vec<Cause> = logic.all.iter().flat_map(attempt).collect();
    if !all.is_empty() {
        causes.extend(all);
        causes.push(nowhere("must validate all the schemas (allOf)"));
    }
    if logic.not.as_ref().is_some_and(|not| attempt(not).is_empty()) {
        causes.push(nowhere("must not validate the schema (not)"));
    }
}
