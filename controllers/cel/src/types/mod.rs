//! The types of expressions.

mod condition;
mod object;
mod parse;
mod unify;

use std::fmt;
use std::sync::Arc;

pub use condition::CONDITION_FIELDS;
pub(crate) use object::unescape;
pub use object::{Field, Object};
pub(crate) use parse::Reader;
pub use parse::parse_type;
pub(crate) use unify::Solver;

/// A type that only functions make and read, from the Kubernetes libraries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Opaque {
    /// `url("https://example.com")`
    Url,
    /// `ip("10.0.0.1")`
    Ip,
    /// `cidr("10.0.0.0/8")`
    Cidr,
    /// `quantity("100m")`
    Quantity,
    /// `semver("1.2.3")`
    Semver,
    /// `format.named("dns1123Label")`
    Format,
}

impl Opaque {
    /// Each of them.
    pub const ALL: [Self; 6] = [Self::Url, Self::Ip, Self::Cidr, Self::Quantity, Self::Semver, Self::Format];

    /// The name in signatures and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Ip => "ip",
            Self::Cidr => "cidr",
            Self::Quantity => "quantity",
            Self::Semver => "semver",
            Self::Format => "format",
        }
    }

    /// The name that `type(value)` has in Kubernetes.
    #[must_use]
    pub fn runtime_name(self) -> &'static str {
        match self {
            Self::Url => "kubernetes.URL",
            Self::Ip => "net.IP",
            Self::Cidr => "net.CIDR",
            Self::Quantity => "kubernetes.Quantity",
            Self::Semver => "kubernetes.Semver",
            Self::Format => "kubernetes.NamedFormat",
        }
    }
}

/// The static type of an expression or of a variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// `true`, `false`
    Bool,
    /// 64-bit signed integers.
    Int,
    /// 64-bit unsigned integers.
    Uint,
    /// 64-bit floating-point numbers.
    Double,
    /// Text.
    String,
    /// Bytes; `format: byte` in a schema.
    Bytes,
    /// `null`
    Null,
    /// Points in time; `format: date-time` in a schema.
    Timestamp,
    /// Lengths of time; `format: duration` in a schema.
    Duration,
    /// Not known before the expression runs.
    Dyn,
    /// `x-kubernetes-int-or-string`: known as little as [`Type::Dyn`], but only integers and strings may be assigned.
    IntOrString,
    /// Types as values.
    Type,
    /// A list.
    List(Arc<Type>),
    /// A map with keys of one type and values of another.
    Map(Arc<Type>, Arc<Type>),
    /// A value that may be missing.
    Optional(Arc<Type>),
    /// A type of the Kubernetes libraries.
    Opaque(Opaque),
    /// An object with known fields.
    Object(Arc<Object>),
    /// A type variable, of a signature or of a check in progress.
    Var(usize),
}

impl Type {
    /// A list of a type.
    #[must_use]
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// A map from a type to a type.
    #[must_use]
    pub fn map(key: Self, value: Self) -> Self {
        Self::Map(Arc::new(key), Arc::new(value))
    }

    /// An optional of a type.
    #[must_use]
    pub fn optional(value: Self) -> Self {
        Self::Optional(Arc::new(value))
    }

    /// An object type.
    #[must_use]
    pub fn object(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }

    /// Whether nothing is known before the expression runs.
    #[must_use]
    pub fn is_dyn(&self) -> bool {
        matches!(self, Self::Dyn | Self::IntOrString)
    }

    /// Whether everything is known before the expression runs, but for the fields of objects: each has its own type.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Self::Dyn | Self::IntOrString | Self::Null | Self::Var(_) => false,
            other => other.parameters().into_iter().all(Self::is_known),
        }
    }

    /// The direct parts of a type.
    pub(crate) fn parameters(&self) -> Vec<&Self> {
        match self {
            Self::List(part) | Self::Optional(part) => vec![part],
            Self::Map(key, value) => vec![key, value],
            _ => Vec::new(),
        }
    }

    /// The same type with its direct parts replaced.
    pub(crate) fn rebuild(&self, mut part: impl FnMut(&Self) -> Self) -> Self {
        match self {
            Self::List(element) => Self::list(part(element)),
            Self::Optional(value) => Self::optional(part(value)),
            Self::Map(key, value) => Self::map(part(key), part(value)),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Uint => f.write_str("uint"),
            Self::Double => f.write_str("double"),
            Self::String => f.write_str("string"),
            Self::Bytes => f.write_str("bytes"),
            Self::Null => f.write_str("null"),
            Self::Timestamp => f.write_str("timestamp"),
            Self::Duration => f.write_str("duration"),
            Self::Dyn => f.write_str("dyn"),
            Self::IntOrString => f.write_str("int-or-string"),
            Self::Type => f.write_str("type"),
            Self::List(element) => write!(f, "list({element})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            Self::Optional(value) => write!(f, "optional({value})"),
            Self::Opaque(opaque) => f.write_str(opaque.name()),
            Self::Object(object) => f.write_str(object.name()),
            Self::Var(index) => write!(f, "T{index}"),
        }
    }
}
