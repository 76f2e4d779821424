//! Keys of maps: bool, int, uint and string. Equal numbers are equal keys, whatever their type, as in cel-go.

use std::cmp::Ordering;

use super::{Text, Value};
use crate::error::EvalError;

/// A key of a map.
#[derive(Debug, Clone)]
pub enum Key<'a> {
    /// `true`, `false`
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// Text.
    String(Text<'a>),
}

impl<'a> Key<'a> {
    /// The key that a value is.
    ///
    /// # Errors
    /// The value is of a type that cannot be a key.
    pub fn new(value: Value<'a>) -> Result<Self, Box<EvalError>> {
        match value {
            Value::Bool(value) => Ok(Self::Bool(value)),
            Value::Int(value) => Ok(Self::Int(value)),
            Value::Uint(value) => Ok(Self::Uint(value)),
            Value::String(text) => Ok(Self::String(text)),
            other => Err(EvalError::overload(format!("unsupported key type: {}", other.type_name()))),
        }
    }

    /// The key that a value finds, which may be a whole double too.
    pub(crate) fn lookup(value: &Value<'a>) -> Option<Self> {
        match value {
            Value::Double(number) => super::integral(*number).map(Self::Int),
            other => Self::new(other.clone()).ok(),
        }
    }

    /// The key as a value.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Uint(value) => Value::Uint(*value),
            Self::String(text) => Value::String(text.clone()),
        }
    }

    /// The same key, borrowing nothing.
    pub(crate) fn to_static(&self) -> Key<'static> {
        match self {
            Self::Bool(value) => Key::Bool(*value),
            Self::Int(value) => Key::Int(*value),
            Self::Uint(value) => Key::Uint(*value),
            Self::String(text) => Key::String(text.to_static()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) | Self::Uint(_) => 1,
            Self::String(_) => 2,
        }
    }

    fn number(&self) -> i128 {
        match self {
            Self::Int(value) => i128::from(*value),
            Self::Uint(value) => i128::from(*value),
            Self::Bool(value) => i128::from(*value),
            Self::String(_) => 0,
        }
    }
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::String(a), Self::String(b)) => (**a).cmp(&**b),
            _ => self.rank().cmp(&other.rank()).then_with(|| self.number().cmp(&other.number())),
        }
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key<'_> {}
