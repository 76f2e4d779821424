//! Data that are not what their schema says.
//!
//! An expression that type-checks fails with an error of types only where its data are `dyn`, or are not of their type.
//! The API server lets through what cannot be read: its test of `format: date-time` looks at the first two parts that a
//! `t` separates, and of objects that were stored before a schema was narrowed it says nothing. Such data are looked for
//! after a failure only, so that what succeeds pays nothing.

use super::{Key, Value};
use crate::check::Step;
use crate::types::Type;

/// The first part of a value, on the way of a read or below it, that is not of its type: in words, with its path.
pub(crate) fn misfit(value: &Value<'_>, ty: &Type, steps: &[Step], path: &str) -> Option<String> {
    if !value.is_a(ty) {
        return Some(match (value, ty) {
            (Value::String(_), Type::Bytes | Type::Timestamp | Type::Duration) => {
                format!("{path} cannot be read as {ty}, which its schema says it is")
            }
            _ => format!("{path} is {}, and its schema says {ty}", value.type_name()),
        });
    }
    let (step, rest) = match steps.split_first() {
        Some((step, rest)) => (Some(step), rest),
        None => (None, steps),
    };
    match (value, ty) {
        (Value::List(list), Type::List(element)) => list.iter().enumerate().find_map(|(at, item)| {
            let wanted = match step {
                Some(Step::Index(index)) => usize::try_from(*index) == Ok(at),
                Some(Step::Field(_)) => false,
                Some(Step::Any) | None => true,
            };
            wanted.then(|| misfit(&item, element, rest, &format!("{path}[{at}]"))).flatten()
        }),
        (Value::Map(map), _) => map.entries().find_map(|(key, item)| {
            let Key::String(name) = key else { return None };
            let wanted = match step {
                Some(Step::Field(field)) => **field == *name,
                Some(Step::Index(_)) => false,
                Some(Step::Any) | None => true,
            };
            let ty = match ty {
                Type::Map(_, value) => Some(&**value),
                Type::Object(object) => object.field(&name).map(|(_, field)| &field.ty),
                _ => None,
            };
            ty.filter(|_| wanted).and_then(|ty| misfit(&item, ty, rest, &format!("{path}.{}", &*name)))
        }),
        _ => None,
    }
}
