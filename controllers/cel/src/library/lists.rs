//! Lists.

use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::eval::sort_by_keys;
use crate::meter::Meter;
use crate::value::{List, Value, equal};

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    function("lists.range(int) -> list(int)", "The numbers from 0 up to, not including, a number.", range),
    method("list(A).slice(int, int) -> list(A)", "The elements from a position up to, not including, another.", slice),
    method("list(list(A)).flatten() -> list(A)", "The elements of nested lists, one level.", flatten),
    method("list(dyn).flatten(int) -> list(dyn)", "The elements of nested lists, so many levels.", flatten),
    method("list(A).distinct() -> list(A)", "Each element once.", distinct),
    method("list(A).reverse() -> list(A)", "Back to front.", reverse),
    method("list(A).first() -> optional(A)", "The first element, if there is one.", first),
    method("list(A).last() -> optional(A)", "The last element, if there is one.", last),
    method("list(int).sort() -> list(int)", "In order.", sort),
    method("list(uint).sort() -> list(uint)", "In order.", sort),
    method("list(double).sort() -> list(double)", "In order.", sort),
    method("list(bool).sort() -> list(bool)", "In order, false first.", sort),
    method("list(string).sort() -> list(string)", "In order.", sort),
    method("list(bytes).sort() -> list(bytes)", "In order.", sort),
    method("list(timestamp).sort() -> list(timestamp)", "In order.", sort),
    method("list(duration).sort() -> list(duration)", "In order.", sort),
];

fn range<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::Int(end)] = args else { return no_overload("lists.range", args) };
    meter.elements(usize::try_from(*end).unwrap_or_default())?;
    Ok(Value::list((0..*end).map(Value::Int).collect()))
}

fn slice<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(start), Value::Int(end)] = args else { return no_overload("slice", args) };
    let negative = |_| EvalError::value("cannot slice: negative indexes are not supported");
    let (from, to) = (usize::try_from(*start).map_err(negative)?, usize::try_from(*end).map_err(negative)?);
    if from > to {
        return Err(EvalError::value(format!("cannot slice: start index {start} is after end index {end}")));
    }
    if to > list.len() {
        let message = format!("cannot slice: end index {end} is past the list's length of {}", list.len());
        return Err(EvalError::value(message));
    }
    meter.elements(to - from)?;
    Ok(Value::list((from..to).filter_map(|index| list.get(index)).collect()))
}

fn flatten<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (list, depth) = match args {
        [Value::List(list)] => (list, 1),
        [Value::List(list), Value::Int(depth)] => (list, *depth),
        _ => return no_overload("flatten", args),
    };
    if depth < 0 {
        return Err(EvalError::value("flatten level must be non-negative"));
    }
    let mut out = Vec::new();
    flatten_into(meter, list, depth, &mut out)?;
    Ok(Value::list(out))
}

fn flatten_into<'a>(
    meter: &mut Meter,
    list: &List<'a>,
    depth: i64,
    out: &mut Vec<Value<'a>>,
) -> Result<(), Box<EvalError>> {
    for item in list.iter() {
        meter.elements(1)?;
        match item {
            Value::List(inner) if depth > 0 => meter.deeper(|meter| flatten_into(meter, &inner, depth - 1, out))?,
            other => out.push(other),
        }
    }
    Ok(())
}

fn distinct<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("distinct", args) };
    let mut out: Vec<Value<'a>> = Vec::new();
    'next: for item in list.iter() {
        for known in &out {
            if equal(meter, known, &item)? {
                continue 'next;
            }
        }
        meter.elements(1)?;
        out.push(item);
    }
    Ok(Value::list(out))
}

fn reverse<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("reverse", args) };
    meter.elements(list.len())?;
    Ok(Value::list((0..list.len()).rev().filter_map(|index| list.get(index)).collect()))
}

fn first<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("first", args) };
    Ok(list.get(0).map_or(Value::Optional(None), Value::some))
}

fn last<'a>(_: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("last", args) };
    Ok(list.len().checked_sub(1).and_then(|index| list.get(index)).map_or(Value::Optional(None), Value::some))
}

fn sort<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list)] = args else { return no_overload("sort", args) };
    meter.elements(list.len())?;
    let keys: Vec<_> = list.iter().collect();
    sort_by_keys(meter, list, &keys)
}

/// The elements as they are to be edited, and the position, which must be below a bound.
fn edit<'a>(
    meter: &mut Meter,
    list: &List<'a>,
    index: i64,
    bound: usize,
) -> Result<(Vec<Value<'a>>, usize), Box<EvalError>> {
    let at = usize::try_from(index).ok().filter(|at| *at < bound);
    let at =
        at.ok_or_else(|| EvalError::value(format!("index {index} out of bounds for list of size {}", list.len())))?;
    meter.elements(list.len())?;
    Ok((list.iter().collect(), at))
}

/// `lists.setAtIndex`: the list with one element replaced.
pub(super) fn set_at<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(index), value] = args else { return no_overload("lists.setAtIndex", args) };
    let (mut values, at) = edit(meter, list, *index, list.len())?;
    if let Some(slot) = values.get_mut(at) {
        *slot = value.clone();
    }
    Ok(Value::list(values))
}

/// `lists.insertAtIndex`: the list with an element more.
pub(super) fn insert_at<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(index), value] = args else { return no_overload("lists.insertAtIndex", args) };
    let (mut values, at) = edit(meter, list, *index, list.len() + 1)?;
    values.insert(at, value.clone());
    Ok(Value::list(values))
}

/// `lists.removeAtIndex`: the list without an element.
pub(super) fn remove_at<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::List(list), Value::Int(index)] = args else { return no_overload("lists.removeAtIndex", args) };
    let (mut values, at) = edit(meter, list, *index, list.len())?;
    values.remove(at);
    Ok(Value::list(values))
}
