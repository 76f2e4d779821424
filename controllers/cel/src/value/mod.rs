//! Values while an expression runs. JSON is borrowed and read field by field: binding an object costs nothing.

mod compare;
mod format;
mod json;
mod key;
mod list;
mod map;
mod misfit;
mod opaque;
mod render;
mod text;

use std::sync::Arc;

pub use compare::equal;
pub(crate) use compare::{numeric_cmp, ordering};
pub use format::is_of_format;
pub(crate) use json::integral;
pub use key::Key;
pub use list::List;
pub use map::Map;
pub(crate) use map::{JsonMap, entry};
pub(crate) use misfit::misfit;
pub(crate) use opaque::{Cidr, Named, parse_ip};
pub use opaque::{Handle, Quantity, Url};
pub use text::Text;

use crate::types::{Opaque, Type};

/// A value.
#[derive(Debug, Clone)]
pub enum Value<'a> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    String(Text<'a>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// A list.
    List(List<'a>),
    /// A map or object.
    Map(Map<'a>),
    /// A point in time.
    Timestamp(crate::time::Timestamp),
    /// A length of time in nanoseconds, as Go counts it.
    Duration(i64),
    /// A type, by the name that CEL gives it.
    Type(&'static str),
    /// A value that may be missing.
    Optional(Option<Arc<Value<'a>>>),
    /// A value of the Kubernetes libraries.
    Opaque(Handle),
    /// What `omit()` gives: the field or element that it fills is left out.
    Omit,
}

impl Value<'_> {
    /// Text that the value owns.
    pub(crate) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::String(Text::Shared(text.into()))
    }

    /// A list of computed values.
    pub(crate) fn list(values: Vec<Self>) -> Self {
        Self::List(List::Values(values.into()))
    }

    /// A list of texts.
    pub(crate) fn texts<T: Into<Arc<str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::list(texts.into_iter().map(Self::text).collect())
    }

    /// An optional that holds a value.
    pub(crate) fn some(value: Self) -> Self {
        Self::Optional(Some(Arc::new(value)))
    }

    /// A length that a list, map, text or bytes can have.
    pub(crate) fn count(length: usize) -> Self {
        Self::Int(i64::try_from(length).unwrap_or(i64::MAX))
    }

    /// The same value, borrowing nothing; none where it holds JSON.
    pub(crate) fn to_static(&self) -> Option<Value<'static>> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Uint(value) => Value::Uint(*value),
            Self::Double(value) => Value::Double(*value),
            Self::String(text) => Value::String(text.to_static()),
            Self::Bytes(bytes) => Value::Bytes(Arc::clone(bytes)),
            Self::List(List::Values(values)) => {
                Value::List(List::Values(values.iter().map(Self::to_static).collect::<Option<_>>()?))
            }
            Self::Map(Map::Values(entries)) => {
                let entry = |(key, value): &(Key<'_>, Self)| Some((key.to_static(), value.to_static()?));
                Value::Map(Map::Values(entries.iter().map(entry).collect::<Option<_>>()?))
            }
            Self::List(_) | Self::Map(_) => return None,
            Self::Timestamp(time) => Value::Timestamp(*time),
            Self::Duration(nanos) => Value::Duration(*nanos),
            Self::Type(name) => Value::Type(name),
            Self::Optional(None) => Value::Optional(None),
            Self::Optional(Some(inner)) => Value::some(inner.to_static()?),
            Self::Opaque(handle) => Value::Opaque(handle.clone()),
            Self::Omit => Value::Omit,
        })
    }

    /// The name that `type(value)` gives, as cel-go names types.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Type(_) => "type",
            Self::Optional(_) => "optional_type",
            Self::Opaque(handle) => handle.kind().runtime_name(),
            Self::Omit => "omit",
        }
    }

    /// Whether the value is of a type, by its outermost part only: what overloads are chosen by.
    pub(crate) fn is_a(&self, ty: &Type) -> bool {
        match (self, ty) {
            (_, Type::Dyn | Type::IntOrString | Type::Var(_))
            | (Self::Null, Type::Null)
            | (Self::Bool(_), Type::Bool)
            | (Self::Int(_), Type::Int)
            | (Self::Uint(_), Type::Uint)
            | (Self::Double(_), Type::Double)
            | (Self::String(_), Type::String)
            | (Self::Bytes(_), Type::Bytes)
            | (Self::List(_), Type::List(_))
            | (Self::Map(_), Type::Map(..) | Type::Object(_))
            | (Self::Timestamp(_), Type::Timestamp)
            | (Self::Duration(_), Type::Duration)
            | (Self::Type(_), Type::Type)
            | (Self::Optional(_), Type::Optional(_)) => true,
            (Self::Opaque(handle), Type::Opaque(opaque)) => handle.kind() == *opaque,
            _ => false,
        }
    }

    /// Whether the value is the empty one of its type, for `optional.ofNonZeroValue`.
    pub(crate) fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(value) => !value,
            Self::Int(value) | Self::Duration(value) => *value == 0,
            Self::Uint(value) => *value == 0,
            Self::Double(value) => *value == 0.0,
            Self::String(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::List(list) => list.len() == 0,
            Self::Map(map) => map.len() == 0,
            Self::Timestamp(time) => *time == crate::time::Timestamp::FIRST,
            Self::Type(_) | Self::Optional(_) | Self::Opaque(_) | Self::Omit => false,
        }
    }

    /// The kind of opaque value, if it is one.
    #[must_use]
    pub fn opaque(&self) -> Option<Opaque> {
        match self {
            Self::Opaque(handle) => Some(handle.kind()),
            _ => None,
        }
    }
}
