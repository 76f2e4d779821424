//! Lists: borrowed JSON arrays, JSON values gathered from elsewhere, or computed values.

use std::sync::Arc;

use serde_json::Value as Json;

use super::Value;
use crate::types::Type;

/// A list.
#[derive(Debug, Clone)]
pub enum List<'a> {
    /// A JSON array, and the type of its elements where a schema tells it.
    Json(&'a Vec<Json>, Option<&'a Type>),
    /// JSON values that are kept apart, and their type where a schema tells it.
    Gathered(Arc<[&'a Json]>, Option<&'a Type>),
    /// Computed values.
    Values(Arc<[Value<'a>]>),
}

impl<'a> List<'a> {
    /// The number of elements.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "no caller asks for emptiness")]
    pub fn len(&self) -> usize {
        match self {
            Self::Json(items, _) => items.len(),
            Self::Gathered(items, _) => items.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// An element.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Value<'a>> {
        match self {
            Self::Json(items, ty) => items.get(index).map(|item| Value::from_json(item, *ty)),
            Self::Gathered(items, ty) => items.get(index).map(|item| Value::from_json(item, *ty)),
            Self::Values(values) => values.get(index).cloned(),
        }
    }

    /// Every element in order.
    pub fn iter(&self) -> impl Iterator<Item = Value<'a>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}
