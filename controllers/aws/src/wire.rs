//! Between the JSON of a spec and the types of an SDK, derived from one line a field.
//!
//! It goes by way of JSON and not of the API types, so that a value that AWS has and this version does not know (a new
//! member of an enum) is carried through a merge and sent back as it was.

use aws_smithy_types::{DateTime, date_time::Format, error::operation::BuildError};
use cairn_core::failure::Failure;
use serde_json::{Map, Value};

use crate::unmade;

#[doc(hidden)]
pub use pastey::paste;

/// A value of an SDK that has a form in a spec.
///
/// `Sdk` is a type of the service crate's own, which means nothing: without it Rust lets no crate implement a trait of
/// this one for types of an SDK.
pub trait Wire<Sdk>: Sized {
    /// The form in a spec; null for what is not set.
    fn to_json(&self) -> Value;

    /// From the form in a spec.
    ///
    /// # Errors
    /// What was expected instead, and at which field.
    fn from_json(value: &Value) -> Result<Self, String>;
}

/// The value that an operation is to be sent.
///
/// # Errors
/// A failure of that operation, which was not sent, when the value does not have the form.
pub fn decode<Sdk, T: Wire<Sdk>>(operation: &str, value: &Value) -> Result<T, Failure> {
    T::from_json(value).map_err(|why| unmade(operation, &why))
}

/// Puts a field into an object unless it is not set.
pub fn put<Sdk, T: Wire<Sdk>>(object: &mut Map<String, Value>, name: &str, value: &T) {
    let value = value.to_json();
    if !value.is_null() {
        object.insert(name.into(), value);
    }
}

/// Takes a field out of an object.
///
/// # Errors
/// What was expected instead, with the field's name.
pub fn take<Sdk, T: Wire<Sdk>>(object: &Value, name: &str) -> Result<Option<T>, String> {
    object.get(name).map_or(Ok(None), Option::from_json).map_err(|why| format!("{name}: {why}"))
}

/// The answer of a builder that checks required members.
///
/// # Errors
/// Which member is missing.
pub fn built<T>(built: Result<T, BuildError>) -> Result<T, String> {
    built.map_err(|error| error.to_string())
}

macro_rules! scalar {
    ($type:ty, $read:ident, $expected:literal) => {
        impl<Sdk> Wire<Sdk> for $type {
            fn to_json(&self) -> Value {
                Value::from(self.clone())
            }

            fn from_json(value: &Value) -> Result<Self, String> {
                let read = value.$read().and_then(|read| read.try_into().ok());
                read.ok_or_else(|| format!("expected {}, found {value}", $expected))
            }
        }
    };
}

scalar!(bool, as_bool, "a boolean");
scalar!(String, as_str, "a string");
scalar!(i32, as_i64, "a 32-bit integer");
scalar!(i64, as_i64, "an integer");
scalar!(f64, as_f64, "a number");

/// RFC 3339, in UTC, as every time in a Kubernetes object.
impl<Sdk> Wire<Sdk> for DateTime {
    fn to_json(&self) -> Value {
        self.fmt(Format::DateTime).map_or(Value::Null, Value::from)
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        let time = value.as_str().and_then(|text| Self::from_str(text, Format::DateTimeWithOffset).ok());
        time.ok_or_else(|| format!("expected a time, found {value}"))
    }
}

impl<Sdk, T: Wire<Sdk>> Wire<Sdk> for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Wire::to_json)
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<Sdk, T: Wire<Sdk>> Wire<Sdk> for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(Wire::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        let items = value.as_array().ok_or_else(|| format!("expected a list, found {value}"))?;
        items.iter().map(T::from_json).collect()
    }
}

/// What the module `wire` of a service crate begins with: its type for [`Wire`](crate::wire::Wire), and the way from
/// values of its SDK to the JSON of a spec and back.
#[macro_export]
macro_rules! wire_of {
    ($service:literal) => {
        #[doc = concat!("What tells ", $service, "'s implementations of `Wire` from those of other services.")]
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct Sdk;

        /// The form of an SDK's value in a spec.
        pub(crate) fn encode(value: &impl $crate::wire::Wire<Sdk>) -> serde_json::Value {
            value.to_json()
        }

        /// The value that an operation is to be sent.
        ///
        /// # Errors
        /// A failure of that operation, which was not sent, when the value does not have the form.
        pub(crate) fn decode<T: $crate::wire::Wire<Sdk>>(
            operation: &str,
            value: &serde_json::Value,
        ) -> Result<T, cairn_core::failure::Failure> {
            $crate::wire::decode(operation, value)
        }
    };
}

/// Implements [`Wire`](crate::wire::Wire) for types of an SDK: after the SDK's crate and the service crate's own type,
/// `struct Type { "jsonName" => sdk_field, … }` for a structure whose builder cannot fail, `try struct` for one whose
/// builder checks required members, `union Type { "jsonName" => Variant, … }` for a choice, and `enum Type` for a string
/// enumeration, in any order.
#[macro_export]
macro_rules! wire {
    ($sdk:ident, $mark:ty;) => {};
    ($sdk:ident, $mark:ty; struct $type:ident {} $($rest:tt)*) => {
        impl $crate::wire::Wire<$mark> for $sdk::types::$type {
            fn to_json(&self) -> serde_json::Value {
                serde_json::Map::new().into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                let read = value.as_object().map(|_| Self::builder().build());
                read.ok_or_else(|| format!("expected an object, found {value}"))
            }
        }
        $crate::wire!($sdk, $mark; $($rest)*);
    };
    ($sdk:ident, $mark:ty; union $type:ident { $($name:literal => $variant:ident),+ $(,)? } $($rest:tt)*) => {
        impl $crate::wire::Wire<$mark> for $sdk::types::$type {
            fn to_json(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                match self {
                    $(Self::$variant(value) => $crate::wire::put::<$mark, _>(&mut object, $name, value),)+
                    _ => {}
                }
                object.into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                $(if let Some(value) = $crate::wire::take::<$mark, _>(value, $name)? {
                    return Ok(Self::$variant(value));
                })+
                Err(format!("expected one of {}, found {value}", [$($name),+].join(", ")))
            }
        }
        $crate::wire!($sdk, $mark; $($rest)*);
    };
    ($sdk:ident, $mark:ty; struct $type:ident { $($name:literal => $field:ident),+ $(,)? } $($rest:tt)*) => {
        $crate::wire_struct!($mark, $sdk::types::$type { $($name => $field),+ }, Ok);
        $crate::wire!($sdk, $mark; $($rest)*);
    };
    ($sdk:ident, $mark:ty; try struct $type:ident { $($name:literal => $field:ident),+ $(,)? } $($rest:tt)*) => {
        $crate::wire_struct!($mark, $sdk::types::$type { $($name => $field),+ }, $crate::wire::built);
        $crate::wire!($sdk, $mark; $($rest)*);
    };
    ($sdk:ident, $mark:ty; enum $type:ident $($rest:tt)*) => {
        impl $crate::wire::Wire<$mark> for $sdk::types::$type {
            fn to_json(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                <String as $crate::wire::Wire<$mark>>::from_json(value).map(|text| Self::from(text.as_str()))
            }
        }
        $crate::wire!($sdk, $mark; $($rest)*);
    };
}

/// One structure of [`wire!`], by its path; `$built` turns the answer of its builder into a `Result`.
#[macro_export]
macro_rules! wire_struct {
    ($mark:ty, $type:ty { $($name:literal => $field:ident),+ $(,)? }, $built:path) => {
        impl $crate::wire::Wire<$mark> for $type {
            fn to_json(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                $($crate::wire::put::<$mark, _>(&mut object, $name, &self.$field);)+
                object.into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                $crate::wire::paste! {
                    $built(Self::builder()$(.[<set_ $field>]($crate::wire::take::<$mark, _>(value, $name)?))+.build())
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug)]
    struct Sdk;

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        assert_eq!(decode::<Sdk, i32>("Put", &json!(35)), Ok(35));
        let failure = decode::<Sdk, i32>("Put", &json!(5_000_000_000_i64)).unwrap_err();
        assert_eq!((failure.operation.as_str(), failure.ambiguous), ("Put", false));
        assert!(failure.message.contains("5000000000"), "{}", failure.message);
        assert!(decode::<Sdk, i64>("Put", &json!(1.5)).is_err());
    }

    #[test]
    fn times_are_written_as_kubernetes_writes_them() {
        let time = <DateTime as Wire<Sdk>>::from_json(&json!("2026-02-03T04:05:06Z")).unwrap();
        assert_eq!(Wire::<Sdk>::to_json(&time), json!("2026-02-03T04:05:06Z"));
        assert!(<DateTime as Wire<Sdk>>::from_json(&json!(17)).is_err());
    }

    #[test]
    fn what_is_not_set_leaves_no_trace() {
        let mut object = Map::new();
        put::<Sdk, _>(&mut object, "absent", &None::<bool>);
        put::<Sdk, _>(&mut object, "there", &Some(vec!["a".to_owned()]));
        assert_eq!(Value::Object(object.clone()), json!({"there": ["a"]}));
        let object = Value::Object(object);
        assert_eq!(take::<Sdk, bool>(&object, "absent"), Ok(None));
        assert!(take::<Sdk, bool>(&object, "there").unwrap_err().starts_with("there: expected a boolean"));
    }
}
