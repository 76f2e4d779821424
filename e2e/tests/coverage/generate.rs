//! Values that a schema allows.

use std::collections::BTreeSet;

use proptest::{
    prelude::{Just, Strategy, any},
    sample::select,
    strategy::{BoxedStrategy, Union},
    string::string_regex,
};
use serde_json::{Map, Value, json};

use crate::rules::Rules;

/// Lists are not longer.
const LONGEST: u64 = 3;
/// Nor are texts, and numbers no more than so much above the least.
const ENOUGH: u64 = 12;

/// What the schema does not say of a text, by the field or the pattern.
const TEXTS: &[(&str, &[&str])] = &[
    ("policy", &[POLICY]),
    ("grant", &["id=\"b0a1\"", "uri=\"http://acs.amazonaws.com/groups/s3/LogDelivery\""]),
    ("uRI", &["http://acs.amazonaws.com/groups/s3/LogDelivery", "http://acs.amazonaws.com/groups/global/AllUsers"]),
    ("targetBucket", &[crate::bucket::NAME]),
    (DAY, &["2030-01-01T00:00:00Z", "2031-12-24T00:00:00Z"]),
];
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*",
    "Resource":"arn:aws:s3:::photos-of-a/*"}]}"#;
const DAY: &str = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00(\.0+)?(Z|[+-]00:00)$";

/// Specs of buckets, whatever each part says.
pub(crate) fn bucket() -> BoxedStrategy<Value> {
    let mut schema = (cairn_crds::s3::BUCKET.spec)();
    // Rules between the parts come later, when what AWS has between them is brought in order.
    schema.as_object_mut().unwrap().remove("x-kubernetes-validations");
    value("spec", &schema)
}

fn value(field: &str, schema: &Value) -> BoxedStrategy<Value> {
    let rules = Rules::of(schema);
    let values = match (&schema["enum"], schema["type"].as_str()) {
        (Value::Array(choices), _) => select(choices.clone()).boxed(),
        (_, Some("object")) => object(schema),
        (_, Some("array")) => list(field, schema),
        (_, Some("boolean")) => any::<bool>().prop_map(Value::from).boxed(),
        (_, Some("integer")) => number(schema),
        (_, Some("string")) => text(field, schema),
        other => panic!("{field}: {other:?} is no type that is known here"),
    };
    values.prop_filter("rules of the schema", move |value| rules.hold(value)).boxed()
}

fn object(schema: &Value) -> BoxedStrategy<Value> {
    let required = |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let properties = schema["properties"].as_object().into_iter().flatten();
    // What refers to other objects is filled in before anything gets here.
    let own = properties.filter(|(name, _)| !name.ends_with("Ref"));
    let fields: Vec<_> = own
        .map(|(name, schema)| {
            let (name, filled) = (name.clone(), value(name, schema));
            let there = if required(&name) { Just(true).boxed() } else { any::<bool>().boxed() };
            (there, filled).prop_map(move |(there, filled)| there.then(|| (name.clone(), filled)))
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

fn list(field: &str, schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minItems"].as_u64().unwrap_or_default();
    let most = schema["maxItems"].as_u64().unwrap_or(LONGEST).min(LONGEST).max(least);
    let keys: Vec<String> = match schema["x-kubernetes-list-type"].as_str() {
        Some("map") => serde_json::from_value(schema["x-kubernetes-list-map-keys"].clone()).unwrap(),
        _ => Vec::new(),
    };
    let set = schema["x-kubernetes-list-type"] == "set" || schema["items"]["type"] == "string";
    let length = usize::try_from(least).unwrap()..=usize::try_from(most).unwrap();
    let items = proptest::collection::vec(value(field, &schema["items"]), length);
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
    items.prop_map(alone).prop_filter("enough items", move |items| items.len() >= least).prop_map(Value::from).boxed()
}

fn number(schema: &Value) -> BoxedStrategy<Value> {
    let least = schema["minimum"].as_f64().unwrap_or_default();
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "bounds of the schema are whole numbers")]
    let (least, most) = (least as i64, most.min(least + 400.0) as i64);
    (least..=most).prop_map(|number| json!(number)).boxed()
}

fn text(field: &str, schema: &Value) -> BoxedStrategy<Value> {
    let pattern = schema["pattern"].as_str();
    let known = TEXTS.iter().filter(|(what, _)| field.starts_with(what) || pattern == Some(what));
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
