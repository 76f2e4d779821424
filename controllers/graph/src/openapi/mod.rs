//! `OpenAPI` schemas as Kubernetes writes them: followed step by step, compared with values, made from types.

mod defaults;
mod from_type;
mod nulls;
mod rules;
mod scalar;
mod validate;

use std::collections::BTreeMap;

use cairn_cel::Type;
use cairn_cel::schema::to_type;
use serde_json::{Map, Value as Json};

pub use defaults::fill;
pub use from_type::{Unwritable, from_type};
pub use nulls::nulls;
pub use validate::{Finding, Holes, NoHoles, validate};

/// Schemas that `$ref` names, by the last part of the reference.
pub type Definitions = BTreeMap<String, Json>;

/// References that only lead to references are followed so far.
const MAX_REFERENCES: usize = 32;

/// A place in a schema, with references followed.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'s> {
    schema: &'s Json,
    definitions: &'s Definitions,
}

impl<'s> Cursor<'s> {
    /// The place that a schema describes.
    #[must_use]
    pub fn new(schema: &'s Json, definitions: &'s Definitions) -> Self {
        let mut found = schema;
        for _ in 0..MAX_REFERENCES {
            let Some(target) = reference(found).and_then(|name| definitions.get(name)) else { break };
            found = target;
        }
        Self { schema: found, definitions }
    }

    fn at(self, schema: &'s Json) -> Self {
        Self::new(schema, self.definitions)
    }

    /// The schema here.
    #[must_use]
    pub fn schema(self) -> &'s Json {
        self.schema
    }

    /// The type of values here; `name` names it in messages.
    #[must_use]
    pub fn ty(self, name: &str) -> Type {
        to_type(self.schema, name, self.definitions)
    }

    /// The named fields here.
    #[must_use]
    pub fn properties(self) -> Option<&'s Map<String, Json>> {
        self.schema.get("properties").and_then(Json::as_object).filter(|fields| !fields.is_empty())
    }

    /// A named field.
    #[must_use]
    pub fn property(self, name: &str) -> Option<Self> {
        self.properties()?.get(name).map(|schema| self.at(schema))
    }

    /// The elements, if this is a list.
    #[must_use]
    pub fn items(self) -> Option<Self> {
        self.schema.get("items").filter(|items| items.is_object()).map(|schema| self.at(schema))
    }

    /// The values, if this is a map.
    #[must_use]
    pub fn values(self) -> Option<Self> {
        self.schema.get("additionalProperties").filter(|values| values.is_object()).map(|schema| self.at(schema))
    }

    /// What a step by name leads to: a field, or the value of a key.
    #[must_use]
    pub fn member(self, name: &str) -> Option<Self> {
        self.property(name).or_else(|| self.values())
    }

    /// The type that the schema names; of several, the only one beside null.
    #[must_use]
    pub fn kind(self) -> Option<&'s str> {
        match self.schema.get("type")? {
            Json::String(name) => Some(name),
            Json::Array(names) => {
                let mut names = names.iter().filter_map(Json::as_str).filter(|name| *name != "null");
                names.next().filter(|_| names.next().is_none())
            }
            _ => None,
        }
    }

    /// Whether integers and texts may both stand here.
    #[must_use]
    pub fn is_int_or_string(self) -> bool {
        self.flag("x-kubernetes-int-or-string") || self.text("format") == Some("int-or-string")
    }

    /// Whether fields may stand here that are not named: all of a map's, or unknown ones that are preserved.
    #[must_use]
    pub fn is_open(self) -> bool {
        let more = self.schema.get("additionalProperties").is_some_and(|more| *more != Json::Bool(false));
        more || self.flag("x-kubernetes-preserve-unknown-fields")
            || self.flag("x-kubernetes-embedded-resource")
            || self.properties().is_none()
    }

    /// The names of the fields that must be there.
    pub fn required(self) -> impl Iterator<Item = &'s str> {
        self.schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    }

    /// Whether a keyword is `true` here.
    #[must_use]
    pub fn flag(self, keyword: &str) -> bool {
        self.schema.get(keyword) == Some(&Json::Bool(true))
    }

    /// The text of a keyword.
    #[must_use]
    pub fn text(self, keyword: &str) -> Option<&'s str> {
        self.schema.get(keyword).and_then(Json::as_str)
    }

    /// The value of a keyword.
    #[must_use]
    pub fn get(self, keyword: &str) -> Option<&'s Json> {
        self.schema.get(keyword)
    }
}

/// The name of what a schema refers to, also where kube-openapi writes it beside a default.
fn reference(schema: &Json) -> Option<&str> {
    let direct = schema.get("$ref").and_then(Json::as_str);
    let wrapped = || match schema.get("allOf").and_then(Json::as_array).map(Vec::as_slice) {
        Some([only]) if schema.get("type").is_none() && schema.get("properties").is_none() => {
            only.get("$ref").and_then(Json::as_str)
        }
        _ => None,
    };
    direct.or_else(wrapped).map(|name| name.rsplit('/').next().unwrap_or(name))
}

/// What JSON calls the type of a value, as messages say it.
#[must_use]
pub fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(number) if number.is_f64() => "a number",
        Json::Number(_) => "an integer",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
