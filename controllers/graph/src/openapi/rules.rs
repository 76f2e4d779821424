//! The validation rules of a schema (`x-kubernetes-validations`), evaluated as the API server does when it creates an
//! object.

use cairn_cel::{Bindings, Env};
use serde_json::Value as Json;

use super::Cursor;

/// What the rules at one place say against a value. Rules that compare with the old value say nothing of a new one,
/// and what this language does not have is the API server's to judge.
pub(super) fn broken(schema: Cursor<'_>, value: &Json, name: &str) -> Vec<String> {
    let rules = schema.get("x-kubernetes-validations").and_then(Json::as_array);
    let Some(rules) = rules.filter(|rules| !rules.is_empty()) else { return Vec::new() };
    let env = Env::new().with("self", schema.ty(name));
    let broken = |rule: &Json| {
        let source = rule.get("rule")?.as_str()?;
        let program = env.compile(source).ok()?;
        let bound = program.bind(&Bindings::new().with("self", value));
        let said = rule.get("message").and_then(Json::as_str).unwrap_or("validation failed");
        match bound.evaluate() {
            Ok(cairn_cel::Value::Bool(true)) => None,
            Ok(_) => Some(format!("{said}: {source}")),
            Err(error) => Some(format!("{said}: {source} ({error})")),
        }
    };
    rules.iter().filter_map(broken).collect()
}
