//! Whether the value of an expression may fill a field: kro's rules, on the types of schemas.

use crate::types::{Object, Type};

/// Deeper types are not compared: the API server decides.
const MAX_NESTING: usize = 64;

/// Why a type may not fill a field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("type mismatch{}: expected {expected}, found {found}{}", at(.path), hint(.suggestion.as_deref()))]
pub struct Mismatch {
    /// The part of the value that does not fit, for example `spec.ports[]`; empty for the whole.
    pub path: String,
    /// The type of the field, or of its part.
    pub expected: Type,
    /// The type of the value, or of its part.
    pub found: Type,
    /// The nearest name of a field that exists, when one was given that does not.
    pub suggestion: Option<String>,
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" at {path}") }
}

fn hint(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!(" (did you mean {name:?}?)")).unwrap_or_default()
}

/// Checks that a value of type `found` may fill a field of type `expected`.
///
/// `dyn` fits everywhere, and an optional where its value does. An object fits a map when all its fields do, and an
/// object when each of its fields exists there and fits. Times and bytes are text on the wire, so text fits there.
///
/// # Errors
/// The first part that does not fit.
pub fn check(found: &Type, expected: &Type) -> Result<(), Mismatch> {
    fits(found, expected, &mut String::new(), MAX_NESTING)
}

fn fits(found: &Type, expected: &Type, path: &mut String, left: usize) -> Result<(), Mismatch> {
    let Some(left) = left.checked_sub(1) else { return Ok(()) };
    match (found, expected) {
        (Type::Optional(inner), _) => fits(inner, expected, path, left),
        (Type::Dyn | Type::Null | Type::Var(_), _) | (_, Type::Dyn) => Ok(()),
        _ if converts(found, expected) => Ok(()),
        (Type::List(a), Type::List(b)) => step(path, "[]", |path| fits(a, b, path, left)),
        (Type::Map(key, a), Type::Map(wanted, b)) => {
            fits(key, wanted, path, left)?;
            step(path, "[]", |path| fits(a, b, path, left))
        }
        (Type::Object(object), Type::Map(_, value)) => object
            .fields()
            .iter()
            .try_for_each(|(name, field)| step(path, &format!(".{name}"), |path| fits(&field.ty, value, path, left))),
        (Type::Map(key, value), Type::Object(object)) => {
            fits(key, &Type::String, path, left)?;
            map_fits(value, object, path, left)
        }
        (Type::Object(a), Type::Object(b)) => object_fits(a, b, path, left),
        // Bytes are refused at run time as well: kro asks for an explicit encoding.
        (a, b) if a == b && *a != Type::Bytes && !matches!(a, Type::Opaque(_) | Type::Type) => Ok(()),
        _ => Err(mismatch(path, found, expected)),
    }
}

/// Scalars that are written in the form of another.
fn converts(found: &Type, expected: &Type) -> bool {
    match found {
        Type::IntOrString => matches!(expected, Type::IntOrString | Type::Int | Type::Double | Type::String),
        Type::Int => matches!(expected, Type::IntOrString | Type::Double),
        Type::Uint => matches!(expected, Type::IntOrString | Type::Double | Type::Int),
        Type::Timestamp | Type::Duration => *expected == Type::String,
        Type::String => {
            matches!(expected, Type::IntOrString | Type::Timestamp | Type::Duration | Type::Bytes)
        }
        _ => false,
    }
}

fn mismatch(path: &str, found: &Type, expected: &Type) -> Mismatch {
    let path = path.trim_start_matches('.').to_owned();
    Mismatch { path, expected: expected.clone(), found: found.clone(), suggestion: None }
}

fn step(path: &mut String, part: &str, work: impl FnOnce(&mut String) -> Result<(), Mismatch>) -> Result<(), Mismatch> {
    let before = path.len();
    path.push_str(part);
    let result = work(path);
    path.truncate(before);
    result
}

/// Which fields a map has is known when it runs; its values have to fit at least one of those there are.
fn map_fits(value: &Type, object: &Object, path: &mut String, left: usize) -> Result<(), Mismatch> {
    let mut first = None;
    for (name, field) in object.fields() {
        match step(path, &format!(".{name}"), |path| fits(value, &field.ty, path, left)) {
            Ok(()) => return Ok(()),
            Err(error) => first = first.or(Some(error)),
        }
    }
    first.filter(|_| !object.is_open()).map_or(Ok(()), Err)
}

fn object_fits(found: &Object, expected: &Object, path: &mut String, left: usize) -> Result<(), Mismatch> {
    for (name, field) in found.fields() {
        let part = format!(".{name}");
        match expected.fields().get(name) {
            Some(wanted) => step(path, &part, |path| fits(&field.ty, &wanted.ty, path, left))?,
            None if expected.is_open() => {}
            None => {
                let whole = Type::object(expected.clone());
                let error = step(path, &part, |path| Err(mismatch(path, &field.ty, &whole)));
                return error.map_err(|error| Mismatch { suggestion: expected.nearest(name), ..error });
            }
        }
    }
    Ok(())
}
