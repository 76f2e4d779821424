//! The rules that a schema has beside its types.

use std::sync::Arc;

use cairn_cel::{Bindings, Env, Program, Type};
use serde_json::Value;

/// The rules of one value.
#[derive(Clone, Debug)]
pub(crate) struct Rules(Arc<Vec<Program>>);

impl Rules {
    /// The rules of a schema, but those about what was there before.
    pub(crate) fn of(schema: &Value) -> Self {
        let rules = schema["x-kubernetes-validations"].as_array().into_iter().flatten();
        let rules = rules.filter_map(|rule| rule["rule"].as_str()).filter(|rule| !rule.contains("oldSelf"));
        let env = Env::new().with("self", Type::Dyn);
        Self(Arc::new(rules.map(|rule| env.compile(rule).unwrap_or_else(|why| panic!("{rule}: {why}"))).collect()))
    }

    /// Whether a value fulfils them.
    pub(crate) fn hold(&self, value: &Value) -> bool {
        let bindings = Bindings::new().with("self", value);
        self.0.iter().all(|rule| match rule.bind(&bindings).evaluate() {
            Ok(cairn_cel::Value::Bool(holds)) => holds,
            other => panic!("{}: {other:?}", rule.source()),
        })
    }
}
