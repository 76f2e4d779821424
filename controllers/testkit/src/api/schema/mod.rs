//! Structural schemas: what a definition says about its objects, and what is built in about the others.

mod builtin;
mod check;
mod conform;
mod default;
mod formats;
mod limits;
mod lists;
mod parse;
mod path;
mod prune;

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;

pub(crate) use self::{
    builtin::{object_meta, of_builtin, scale, type_and_object_meta},
    check::check,
    conform::conform,
    default::{default, drop_nulls},
    limits::Limits,
    lists::check_lists,
    parse::parse,
    path::Path,
    prune::prune,
};

/// What a value may look like, how it is pruned, completed and merged.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    pub(crate) kind: Option<Type>,
    pub(crate) format: Option<String>,
    pub(crate) default: Option<Value>,
    /// `x-kubernetes-preserve-unknown-fields`.
    pub(crate) preserve: bool,
    /// Whether this or anything around it preserves unknown fields, which is what merging goes by.
    pub(crate) open: bool,
    /// `x-kubernetes-embedded-resource`.
    pub(crate) embedded: bool,
    pub(crate) fields: BTreeMap<String, Schema>,
    pub(crate) additional: Option<Additional>,
    pub(crate) items: Option<Box<Schema>>,
    pub(crate) list: ListType,
    pub(crate) map: MapType,
    pub(crate) empty: Empty,
    pub(crate) limits: Limits,
}

/// `type`, with what is like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    IntOrString,
}

/// `additionalProperties`.
#[derive(Clone, Debug)]
pub(crate) enum Additional {
    Anything,
    Nothing,
    Of(Box<Schema>),
}

/// `x-kubernetes-list-type`, with its keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListType {
    #[default]
    Atomic,
    Set,
    Keyed(Vec<String>),
}

/// `x-kubernetes-map-type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MapType {
    #[default]
    Granular,
    Atomic,
}

/// What becomes of an empty value of a built-in type, when that is decoded and encoded again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Empty {
    /// It stays.
    #[default]
    Kept,
    /// It is left out (Go's `omitempty`).
    Omitted,
}

/// How a value takes part in merging.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As a whole.
    Leaf,
    /// Item by item.
    Items,
    /// Field by field.
    Fields,
}

static ANY: LazyLock<Schema> = LazyLock::new(|| Schema { preserve: true, open: true, ..Schema::default() });

impl Schema {
    /// The schema of what nothing is known about.
    pub(crate) fn any() -> &'static Self {
        &ANY
    }

    /// Whether the field has a name of its own, rather than being one key among others.
    pub(crate) fn declares(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// The schema of a field, when the field may be there at all.
    pub(crate) fn field(&self, name: &str) -> Option<&Self> {
        self.fields.get(name).or_else(|| match &self.additional {
            Some(Additional::Of(schema)) => Some(schema),
            Some(Additional::Anything) => Some(Self::any()),
            Some(Additional::Nothing) => None,
            // An object of which no field is known is free in form.
            None => (self.open || self.fields.is_empty()).then(Self::any),
        })
    }

    /// The schema of a list's items.
    pub(crate) fn item(&self) -> Option<&Self> {
        self.items.as_deref()
    }

    /// How `value` is merged.
    pub(crate) fn shape(&self, value: &Value) -> Shape {
        let items = if self.list == ListType::Atomic { Shape::Leaf } else { Shape::Items };
        let fields = if self.map == MapType::Granular { Shape::Fields } else { Shape::Leaf };
        match value {
            Value::Array(_) if self.may_be(Type::Array) => items,
            // Null takes the shape of what it stands in for.
            Value::Null if self.kind == Some(Type::Array) => items,
            Value::Object(_) | Value::Null if self.may_be(Type::Object) => fields,
            _ => Shape::Leaf,
        }
    }

    fn may_be(&self, kind: Type) -> bool {
        self.kind.is_none_or(|own| own == kind)
    }

    pub(crate) fn nullable(&self) -> bool {
        self.limits.nullable
    }
}

#[cfg(test)]
mod tests;
