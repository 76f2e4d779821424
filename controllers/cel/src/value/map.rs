//! Maps and objects: borrowed JSON objects, or computed values in the order of their keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Key, Text, Value};
use crate::types::{Type, unescape};

/// A JSON object.
pub(crate) type JsonMap = serde_json::Map<String, Json>;

/// A map or object.
#[derive(Debug, Clone)]
pub enum Map<'a> {
    /// A JSON object, and its type where a schema tells it.
    Json(&'a JsonMap, Option<&'a Type>),
    /// Computed values in the order of their keys.
    Values(Arc<[(Key<'a>, Value<'a>)]>),
}

impl<'a> Map<'a> {
    /// A map of computed values.
    #[must_use]
    pub fn new(entries: BTreeMap<Key<'a>, Value<'a>>) -> Self {
        Self::Values(entries.into_iter().collect())
    }

    /// A map of computed values in any order; of a repeated key the last value counts, as in cel-go.
    pub(crate) fn from_pairs(mut pairs: Vec<(Key<'a>, Value<'a>)>) -> Self {
        pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(later, value), (key, known)| {
            let again = later == key;
            if again {
                std::mem::swap(value, known);
            }
            again
        });
        Self::Values(pairs.into())
    }

    /// The number of entries.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no caller asks for emptiness")]
    pub fn len(&self) -> usize {
        match self {
            Self::Json(object, ty) => object.values().filter(|value| !is_absent(value, *ty)).count(),
            Self::Values(entries) => entries.len(),
        }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &Key<'_>) -> Option<Value<'a>> {
        match (self, key) {
            (Self::Json(..), Key::String(name)) => self.field(name),
            (Self::Json(..), _) => None,
            (Self::Values(entries), key) => find(entries, key),
        }
    }

    /// The value of a text key.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<Value<'a>> {
        match self {
            Self::Json(object, ty) => entry(object, *ty, name).map(|(value, ty)| Value::from_json(value, ty)),
            Self::Values(entries) => find(entries, &Key::String(Text::Borrowed(name))),
        }
    }

    /// Every entry in the order of keys.
    #[must_use]
    pub fn entries(&self) -> Box<dyn Iterator<Item = (Key<'a>, Value<'a>)> + '_> {
        match self {
            Self::Json(_, Some(Type::Object(_))) => {
                Box::new(self.written().filter(|(_, value)| !matches!(value, Value::Null)))
            }
            _ => self.written(),
        }
    }

    /// Every entry in the order of keys, and fields that are null with them.
    pub(super) fn written(&self) -> Box<dyn Iterator<Item = (Key<'a>, Value<'a>)> + '_> {
        match self {
            Self::Json(object, ty) => Box::new(object.iter().map(|(name, value)| {
                (Key::String(Text::Borrowed(name)), Value::from_json(value, value_type(*ty, name)))
            })),
            Self::Values(entries) => Box::new(entries.iter().map(|(key, value)| (key.clone(), value.clone()))),
        }
    }
}

/// A field of a JSON object with its type, by its plain name or the escaped one.
pub(crate) fn entry<'a>(object: &'a JsonMap, ty: Option<&'a Type>, name: &str) -> Option<(&'a Json, Option<&'a Type>)> {
    if let Some(value) = object.get(name) {
        return (!is_absent(value, ty)).then(|| (value, value_type(ty, name)));
    }
    let plain = if matches!(ty, Some(Type::Object(_))) { unescape(name)? } else { return None };
    object.get(&plain).filter(|value| !value.is_null()).map(|value| (value, value_type(ty, name)))
}

/// Whether a field is not there: in an object whose fields are known, one that is null is not (Kubernetes' rule for
/// `nullable`). Any type may then be that of a field; in a map, and where nothing is known, null is a value.
fn is_absent(value: &Json, ty: Option<&Type>) -> bool {
    value.is_null() && matches!(ty, Some(Type::Object(_)))
}

fn find<'a>(entries: &[(Key<'a>, Value<'a>)], key: &Key<'_>) -> Option<Value<'a>> {
    let at = entries.binary_search_by(|(known, _)| order(known, key)).ok()?;
    entries.get(at).map(|(_, value)| value.clone())
}

/// The order of two keys, which may live for different times.
fn order<'s>(a: &Key<'s>, b: &Key<'s>) -> std::cmp::Ordering {
    a.cmp(b)
}

fn value_type<'a>(ty: Option<&'a Type>, name: &str) -> Option<&'a Type> {
    match ty? {
        Type::Map(_, value) => Some(value),
        Type::Object(object) => object.field(name).map(|(_, field)| &field.ty),
        _ => None,
    }
}
