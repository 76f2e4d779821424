//! Equality and order as cel-go has them: numbers compare across types, other values only within theirs.

use std::cmp::Ordering;

use super::{Handle, Value, integral};
use crate::error::EvalError;
use crate::meter::Meter;

/// Whether two values are equal. Values of different types are not; numbers of different types may be.
///
/// # Errors
/// The cost or depth limit is reached.
pub fn equal<'a>(meter: &mut Meter, a: &Value<'a>, b: &Value<'a>) -> Result<bool, Box<EvalError>> {
    meter.spend(1)?;
    Ok(match (a, b) {
        (Value::Null, Value::Null) | (Value::Optional(None), Value::Optional(None)) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => {
            meter.text(a.len().min(b.len()))?;
            **a == **b
        }
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Duration(a), Value::Duration(b)) => a == b,
        (Value::Type(a), Value::Type(b)) => a == b,
        (Value::Optional(Some(a)), Value::Optional(Some(b))) => return meter.deeper(|meter| equal(meter, a, b)),
        (Value::Opaque(a), Value::Opaque(b)) => Handle::same(a, b),
        (Value::List(a), Value::List(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b.iter()) {
                if !meter.deeper(|meter| equal(meter, &a, &b))? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, a) in a.entries() {
                let Some(b) = b.get(&key) else { return Ok(false) };
                if !meter.deeper(|meter| equal(meter, &a, &b))? {
                    return Ok(false);
                }
            }
            true
        }
        _ => numeric_cmp(a, b) == Some(Ordering::Equal),
    })
}

/// The order of two numbers of whatever types; nothing for other values and for NaN.
pub(crate) fn numeric_cmp(a: &Value<'_>, b: &Value<'_>) -> Option<Ordering> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Uint(a), Value::Uint(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Uint(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Uint(a), Value::Int(b)) => Some(i128::from(*a).cmp(&i128::from(*b))),
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Double(a), Value::Int(b)) => double_cmp(*a, i128::from(*b)),
        (Value::Double(a), Value::Uint(b)) => double_cmp(*a, i128::from(*b)),
        (Value::Int(a), Value::Double(b)) => double_cmp(*b, i128::from(*a)).map(Ordering::reverse),
        (Value::Uint(a), Value::Double(b)) => double_cmp(*b, i128::from(*a)).map(Ordering::reverse),
        _ => None,
    }
}

/// Compares as cel-go does: the integer as a double, after ruling out what no integer of its type can be.
#[allow(clippy::cast_precision_loss, reason = "cel-go compares the rounded values too")]
fn double_cmp(a: f64, b: i128) -> Option<Ordering> {
    match integral(a) {
        Some(whole) if whole.unsigned_abs() > 1 << 53 => i128::from(whole).partial_cmp(&b),
        _ => a.partial_cmp(&(b as f64)),
    }
}

/// The order of two values of an ordered type.
///
/// # Errors
/// The types have no common order, or a number is NaN.
pub(crate) fn ordering(meter: &mut Meter, a: &Value<'_>, b: &Value<'_>) -> Result<Ordering, Box<EvalError>> {
    meter.spend(1)?;
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Ok(a.cmp(b)),
        (Value::String(a), Value::String(b)) => {
            meter.text(a.len().min(b.len()))?;
            Ok((**a).cmp(&**b))
        }
        (Value::Bytes(a), Value::Bytes(b)) => Ok(a.cmp(b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Ok(a.cmp(b)),
        (Value::Duration(a), Value::Duration(b)) => Ok(a.cmp(b)),
        (Value::Int(_) | Value::Uint(_) | Value::Double(_), Value::Int(_) | Value::Uint(_) | Value::Double(_)) => {
            numeric_cmp(a, b).ok_or_else(|| EvalError::value("NaN values cannot be ordered"))
        }
        _ => {
            Err(EvalError::overload(format!("no such overload: {} and {} have no order", a.type_name(), b.type_name())))
        }
    }
}
