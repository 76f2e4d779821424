//! Numbers: rounding, signs, bits.

use crate::decl::{Outcome, Row, function, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::Value;

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("math.ceil(double) -> double", "Rounded up.", ceil),
    function("math.floor(double) -> double", "Rounded down.", floor),
    function("math.round(double) -> double", "Rounded to the nearest, halves away from zero.", round),
    function("math.trunc(double) -> double", "Rounded towards zero.", trunc),
    function("math.isInf(double) -> bool", "Whether it is infinite.", is_inf),
    function("math.isNaN(double) -> bool", "Whether it is not a number.", is_nan),
    function("math.isFinite(double) -> bool", "Whether it is a number and not infinite.", is_finite),
    function("math.abs(int) -> int", "Without its sign; an overflow is an error.", abs),
    function("math.abs(uint) -> uint", "The same.", abs),
    function("math.abs(double) -> double", "Without its sign.", abs),
    function("math.sign(int) -> int", "-1, 0 or 1.", sign),
    function("math.sign(uint) -> uint", "0 or 1.", sign),
    function("math.sign(double) -> double", "-1, 0 or 1, or not a number.", sign),
    function("math.sqrt(int) -> double", "The square root.", sqrt),
    function("math.sqrt(uint) -> double", "The square root.", sqrt),
    function("math.sqrt(double) -> double", "The square root.", sqrt),
    function("math.bitAnd(int, int) -> int", "The bits in both.", bit_and),
    function("math.bitAnd(uint, uint) -> uint", "The bits in both.", bit_and),
    function("math.bitOr(int, int) -> int", "The bits in either.", bit_or),
    function("math.bitOr(uint, uint) -> uint", "The bits in either.", bit_or),
    function("math.bitXor(int, int) -> int", "The bits in one of them.", bit_xor),
    function("math.bitXor(uint, uint) -> uint", "The bits in one of them.", bit_xor),
    function("math.bitNot(int) -> int", "The other bits.", bit_not),
    function("math.bitNot(uint) -> uint", "The other bits.", bit_not),
    function("math.bitShiftLeft(int, int) -> int", "The bits moved left.", shift_left),
    function("math.bitShiftLeft(uint, int) -> uint", "The bits moved left.", shift_left),
    function("math.bitShiftRight(int, int) -> int", "The bits moved right, zeros coming in.", shift_right),
    function("math.bitShiftRight(uint, int) -> uint", "The bits moved right.", shift_right),
];

fn rounded<'a>(name: &str, args: &[Value<'a>], round: fn(f64) -> f64) -> Outcome<'a> {
    let [Value::Double(value)] = args else { return no_overload(name, args) };
    Ok(Value::Double(round(*value)))
}

fn ceil<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    rounded("math.ceil", args, f64::ceil)
}

fn floor<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    rounded("math.floor", args, f64::floor)
}

fn round<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    rounded("math.round", args, f64::round)
}

fn trunc<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    rounded("math.trunc", args, f64::trunc)
}

fn tested<'a>(name: &str, args: &[Value<'a>], test: fn(f64) -> bool) -> Outcome<'a> {
    let [Value::Double(value)] = args else { return no_overload(name, args) };
    Ok(Value::Bool(test(*value)))
}

fn is_inf<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("math.isInf", args, f64::is_infinite)
}

fn is_nan<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("math.isNaN", args, f64::is_nan)
}

fn is_finite<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    tested("math.isFinite", args, f64::is_finite)
}

fn abs<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(value)] => value.checked_abs().map(Value::Int).ok_or_else(|| EvalError::value("integer overflow")),
        [Value::Uint(value)] => Ok(Value::Uint(*value)),
        [Value::Double(value)] => Ok(Value::Double(value.abs())),
        _ => no_overload("math.abs", args),
    }
}

fn sign<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(value)] => Ok(Value::Int(value.signum())),
        [Value::Uint(value)] => Ok(Value::Uint((*value).min(1))),
        [Value::Double(value)] if *value == 0.0 => Ok(Value::Double(0.0)),
        [Value::Double(value)] => Ok(Value::Double(value.signum())),
        _ => no_overload("math.sign", args),
    }
}

#[allow(clippy::cast_precision_loss, reason = "the root of the nearest double is what is asked for")]
fn sqrt<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(value)] => Ok(Value::Double((*value as f64).sqrt())),
        [Value::Uint(value)] => Ok(Value::Double((*value as f64).sqrt())),
        [Value::Double(value)] => Ok(Value::Double(value.sqrt())),
        _ => no_overload("math.sqrt", args),
    }
}

fn bit_and<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Int(a & b)),
        [Value::Uint(a), Value::Uint(b)] => Ok(Value::Uint(a & b)),
        _ => no_overload("math.bitAnd", args),
    }
}

fn bit_or<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Int(a | b)),
        [Value::Uint(a), Value::Uint(b)] => Ok(Value::Uint(a | b)),
        _ => no_overload("math.bitOr", args),
    }
}

fn bit_xor<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a), Value::Int(b)] => Ok(Value::Int(a ^ b)),
        [Value::Uint(a), Value::Uint(b)] => Ok(Value::Uint(a ^ b)),
        _ => no_overload("math.bitXor", args),
    }
}

fn bit_not<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    match args {
        [Value::Int(a)] => Ok(Value::Int(!a)),
        [Value::Uint(a)] => Ok(Value::Uint(!a)),
        _ => no_overload("math.bitNot", args),
    }
}

fn shifted<'a>(name: &str, args: &[Value<'a>], shift: fn(u64, u32) -> Option<u64>) -> Outcome<'a> {
    let (bits, by, signed) = match args {
        [Value::Int(value), Value::Int(by)] => (value.cast_unsigned(), *by, true),
        [Value::Uint(value), Value::Int(by)] => (*value, *by, false),
        _ => return no_overload(name, args),
    };
    if by < 0 {
        return Err(EvalError::value(format!("{name}() negative offset: {by}")));
    }
    let moved = u32::try_from(by).ok().and_then(|by| shift(bits, by)).unwrap_or_default();
    Ok(if signed { Value::Int(moved.cast_signed()) } else { Value::Uint(moved) })
}

fn shift_left<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    shifted("math.bitShiftLeft", args, u64::checked_shl)
}

fn shift_right<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    shifted("math.bitShiftRight", args, u64::checked_shr)
}
