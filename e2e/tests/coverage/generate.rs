//! Values that a schema allows.

use std::collections::BTreeSet;

use proptest::{
    prelude::{Just, Strategy, any},
    sample::select,
    strategy::{BoxedStrategy, Union},
    string::string_regex,
};
use serde_json::{Map, Value, json};

use crate::{measured::Texts, rules::Rules};

/// Lists are not longer.
const LONGEST: u64 = 3;
/// Nor are texts, and numbers no more than so much above the least.
const ENOUGH: u64 = 12;

/// Specs, whatever each part says.
pub(crate) fn specs(schema: &Value, texts: Texts) -> BoxedStrategy<Value> {
    let mut schema = schema.clone();
    // Rules between the parts come later, when what AWS has between them is brought in order.
    schema.as_object_mut().unwrap().remove("x-kubernetes-validations");
    Generator { texts }.value("spec", &schema)
}

#[derive(Clone, Copy)]
struct Generator {
    texts: Texts,
}

impl Generator {
    fn value(self, field: &str, schema: &Value) -> BoxedStrategy<Value> {
        let rules = Rules::of(schema);
        let values = match (&schema["enum"], schema["type"].as_str()) {
            (Value::Array(choices), _) => select(choices.clone()).boxed(),
            (_, Some("object")) => self.object(schema),
            (_, Some("array")) => self.list(field, schema),
            (_, Some("boolean")) => any::<bool>().prop_map(Value::from).boxed(),
            (_, Some("integer")) => number(schema),
            (_, Some("string")) => self.text(field, schema),
            other => panic!("{field}: {other:?} is no type that is known here"),
        };
        values.prop_filter("rules of the schema", move |value| rules.hold(value)).boxed()
    }

    fn object(self, schema: &Value) -> BoxedStrategy<Value> {
        let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
        let properties = schema["properties"].as_object().into_iter().flatten();
        // What refers to other objects is filled in before anything gets here.
        let own = properties.filter(|(name, _)| !name.ends_with("Ref"));
        let fields: Vec<_> = own
            .map(|(name, schema)| {
                let (name, filled) = (name.clone(), self.value(name, schema));
                let there = if required(&name) { Just(true).boxed() } else { any::<bool>().boxed() };
                (there, filled).prop_map(move |(there, filled)| there.then(|| (name.clone(), filled)))
            })
            .collect();
        fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>())).boxed()
    }

    fn list(self, field: &str, schema: &Value) -> BoxedStrategy<Value> {
        let least = schema["minItems"].as_u64().unwrap_or_default();
        let most = schema["maxItems"].as_u64().unwrap_or(LONGEST).min(LONGEST).max(least);
        let keys: Vec<String> = match schema["x-kubernetes-list-type"].as_str() {
            Some("map") => serde_json::from_value(schema["x-kubernetes-list-map-keys"].clone()).unwrap(),
            _ => Vec::new(),
        };
        let set = schema["x-kubernetes-list-type"] == "set" || schema["items"]["type"] == "string";
        let length = usize::try_from(least).unwrap()..=usize::try_from(most).unwrap();
        let items = proptest::collection::vec(self.value(field, &schema["items"]), length);
        let alone = move |items: Vec<Value>| {
            let mut known = BTreeSet::new();
            let what = |item: &Value| match keys.first() {
                Some(_) => Some(keys.iter().map(|key| item[key].to_string()).collect::<String>()),
                None if set => Some(item.to_string()),
                None => None,
            };
            items.into_iter().filter(|item| what(item).is_none_or(|key| known.insert(key))).collect::<Vec<_>>()
        };
        let least = usize::try_from(least).unwrap();
        items
            .prop_map(alone)
            .prop_filter("enough items", move |items| items.len() >= least)
            .prop_map(Value::from)
            .boxed()
    }

    fn text(self, field: &str, schema: &Value) -> BoxedStrategy<Value> {
        let pattern = schema["pattern"].as_str();
        let known = self.texts.iter().filter(|(what, _)| field.starts_with(what) || pattern == Some(what));
        let known: Vec<_> = known.flat_map(|(_, texts)| *texts).map(|text| Just(json!(text)).boxed()).collect();
        if !known.is_empty() {
            return Union::new(known).boxed();
        }
        let least = schema["minLength"].as_u64().unwrap_or_default();
        let most = schema["maxLength"].as_u64().unwrap_or(ENOUGH).min(ENOUGH).max(least);
        let made = match pattern {
            // Strategies know no anchors, and what a pattern leaves open may be anything that goes over the wire.
            Some(pattern) => pattern.trim_matches(['^', '$']).replace("[^:]+", "aws"),
            None => format!("[a-z0-9]{{{least},{most}}}"),
        };
        string_regex(&made).unwrap_or_else(|why| panic!("{field}: {made}: {why}")).prop_map(Value::from).boxed()
    }
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minimum"].as_f64().unwrap_or_default();
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "bounds of the schema are whole numbers")]
    let (least, most) = (least as i64, most.min(least + 400.0) as i64);
    (least..=most).prop_map(|number| json!(number)).boxed()
}
