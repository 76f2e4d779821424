//! Between the JSON of a spec and the types of the SDK, derived from one line a field.
//!
//! It goes by way of JSON and not of the API types, so that a value that AWS has and this version does not know (a new
//! member of an enum) is carried through a merge and sent back as it was.

use cairn_core::failure::Failure;
use serde_json::{Map, Value};

use crate::client::unmade;

/// A value of the SDK that has a form in a spec.
pub(crate) trait Wire: Sized {
    /// The form in a spec; null for what is not set.
    fn to_json(&self) -> Value;

    /// From the form in a spec.
    ///
    /// # Errors
    /// What was expected instead.
    fn from_json(value: &Value) -> Result<Self, String>;
}

/// The value that an operation is to be sent.
///
/// # Errors
/// A failure of that operation, which was not sent, when the value does not have the form.
pub(crate) fn decode<T: Wire>(operation: &str, value: &Value) -> Result<T, Failure> {
    T::from_json(value).map_err(|why| unmade(operation, &why))
}

macro_rules! scalar {
    ($type:ty, $read:ident, $expected:literal) => {
        impl Wire for $type {
            fn to_json(&self) -> Value {
                Value::from(self.clone())
            }

            fn from_json(value: &Value) -> Result<Self, String> {
                value.$read().map(Into::into).ok_or_else(|| format!("expected {}, found {value}", $expected))
            }
        }
    };
}

scalar!(bool, as_bool, "a boolean");
scalar!(String, as_str, "a string");

impl<T: Wire> Wire for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, Wire::to_json)
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_json(value).map(Some) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn to_json(&self) -> Value {
        self.iter().map(Wire::to_json).collect()
    }

    fn from_json(value: &Value) -> Result<Self, String> {
        let items = value.as_array().ok_or_else(|| format!("expected a list, found {value}"))?;
        items.iter().map(T::from_json).collect()
    }
}

/// Puts a field into an object unless it is not set.
pub(crate) fn put<T: Wire>(object: &mut Map<String, Value>, name: &str, value: &T) {
    let value = value.to_json();
    if !value.is_null() {
        object.insert(name.into(), value);
    }
}

/// Takes a field out of an object.
///
/// # Errors
/// What was expected instead, with the field's name.
pub(crate) fn take<T: Wire>(object: &Value, name: &str) -> Result<Option<T>, String> {
    object.get(name).map_or(Ok(None), Option::from_json).map_err(|why| format!("{name}: {why}"))
}

/// Implements [`Wire`] for types of the SDK: `struct Type { "jsonName" => sdk_field, … }` for a structure whose builder
/// cannot fail, `try struct` for one whose builder checks required members, `enum Type` for a string enumeration.
macro_rules! wire {
    ($(struct $type:ident { $($name:literal => $field:ident),+ $(,)? })*) => {
        $($crate::wire::wire_struct!($type { $($name => $field),+ }, Ok);)*
    };
    ($(try struct $type:ident { $($name:literal => $field:ident),+ $(,)? })*) => {
        $($crate::wire::wire_struct!($type { $($name => $field),+ }, $crate::wire::built);)*
    };
    ($(enum $type:ident)*) => {
        $(impl $crate::wire::Wire for aws_sdk_s3::types::$type {
            fn to_json(&self) -> serde_json::Value {
                self.as_str().into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                String::from_json(value).map(|text| Self::from(text.as_str()))
            }
        })*
    };
}

macro_rules! wire_struct {
    ($type:ident { $($name:literal => $field:ident),+ }, $built:path) => {
        impl $crate::wire::Wire for aws_sdk_s3::types::$type {
            fn to_json(&self) -> serde_json::Value {
                let mut object = serde_json::Map::new();
                $($crate::wire::put(&mut object, $name, &self.$field);)+
                object.into()
            }

            fn from_json(value: &serde_json::Value) -> Result<Self, String> {
                pastey::paste! {
                    $built(Self::builder()$(.[<set_ $field>]($crate::wire::take(value, $name)?))+.build())
                }
            }
        }
    };
}

pub(crate) use {wire, wire_struct};

/// The answer of a builder that checks required members.
pub(crate) fn built<T>(built: Result<T, aws_smithy_types::error::operation::BuildError>) -> Result<T, String> {
    built.map_err(|error| error.to_string())
}
