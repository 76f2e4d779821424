//! The rules that a schema has beside its types.

use std::{collections::BTreeSet, sync::Arc};

use cairn_cel::{Bindings, Env, Program, Type};
use serde_json::{Value, json};

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

/// What the rules say that a value breaks somewhere.
fn broken(schema: &Value, value: &Value) -> Vec<String> {
    let rules = schema["x-kubernetes-validations"].as_array().into_iter().flatten();
    let own = rules.filter(|rule| !Rules::of(&json!({"x-kubernetes-validations": [rule]})).hold(value));
    let own = own.map(|rule| rule["message"].as_str().unwrap().to_owned());
    let fields = value.as_object().into_iter().flatten();
    let fields = fields.flat_map(|(name, value)| broken(&schema["properties"][name], value));
    let items = value.as_array().into_iter().flatten().flat_map(|item| broken(&schema["items"], item));
    own.chain(fields).chain(items).collect()
}

/// What all rules say, but those about what was there before.
fn messages(schema: &Value) -> BTreeSet<String> {
    let own = schema["x-kubernetes-validations"].as_array().into_iter().flatten();
    let own = own.filter(|rule| !rule["rule"].as_str().unwrap().contains("oldSelf"));
    let own = own.map(|rule| rule["message"].as_str().unwrap().to_owned());
    let below = schema["properties"].as_object().into_iter().flat_map(|fields| fields.values());
    own.chain(below.chain(schema.get("items")).flat_map(messages)).collect()
}

/// Fails unless each of the specs breaks the one rule that says this, and every rule is broken by one.
pub(crate) fn every_one_refuses(schema: &Value, bad_specs: Vec<(Value, &str)>) {
    let mut left = messages(schema);
    for (spec, message) in bad_specs {
        assert_eq!(broken(schema, &spec), [message], "{spec}");
        left.remove(message);
    }
    assert_eq!(left, BTreeSet::new(), "no spec breaks these rules");
}
