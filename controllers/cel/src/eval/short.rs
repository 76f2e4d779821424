//! The short way for operators between whole numbers, which most operators meet.

use crate::value::Value;

/// What two whole numbers give; nothing where that is a failure, for which the long way has the words.
pub(super) type Short = fn(i64, i64) -> Option<Value<'static>>;

/// The short way of an operator, by its name.
pub(super) fn short(name: &str) -> Option<Short> {
    Some(match name {
        "_+_" => |a, b| a.checked_add(b).map(Value::Int),
        "_-_" => |a, b| a.checked_sub(b).map(Value::Int),
        "_*_" => |a, b| a.checked_mul(b).map(Value::Int),
        "_/_" => |a, b| a.checked_div(b).map(Value::Int),
        "_%_" => |a, b| a.checked_rem(b).map(Value::Int),
        "_==_" => |a, b| Some(Value::Bool(a == b)),
        "_!=_" => |a, b| Some(Value::Bool(a != b)),
        "_<_" => |a, b| Some(Value::Bool(a < b)),
        "_<=_" => |a, b| Some(Value::Bool(a <= b)),
        "_>_" => |a, b| Some(Value::Bool(a > b)),
        "_>=_" => |a, b| Some(Value::Bool(a >= b)),
        _ => return None,
    })
}
