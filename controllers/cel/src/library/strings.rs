//! Text. Positions count code points.

use super::format_text::format;
use crate::decl::{Outcome, Row, function, method, no_overload};
use crate::error::EvalError;
use crate::meter::Meter;
use crate::value::Value;

/// The rows of the table.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    method("string.contains(string) -> bool", "Whether a text holds another.", contains),
    method("string.startsWith(string) -> bool", "Whether a text starts with another.", starts_with),
    method("string.endsWith(string) -> bool", "Whether a text ends with another.", ends_with),
    method("string.charAt(int) -> string", "The character at a position; the position after the last gives an empty text.", char_at),
    method("string.indexOf(string) -> int", "The first position of a text, or -1.", index_of),
    method("string.indexOf(string, int) -> int", "The first position of a text from a position on, or -1.", index_of),
    method("string.lastIndexOf(string) -> int", "The last position of a text, or -1.", last_index_of),
    method("string.lastIndexOf(string, int) -> int", "The last position of a text up to a position, or -1.", last_index_of),
    method("list(string).join() -> string", "All texts in one.", join),
    method("list(string).join(string) -> string", "All texts in one with a separator.", join),
    method("string.lowerAscii() -> string", "ASCII letters in lower case.", lower),
    method("string.upperAscii() -> string", "ASCII letters in upper case.", upper),
    method("string.replace(string, string) -> string", "Every occurrence replaced.", replace),
    method("string.replace(string, string, int) -> string", "So many occurrences replaced; all of them when negative.", replace),
    method("string.split(string) -> list(string)", "The parts between separators.", split),
    method("string.split(string, int) -> list(string)", "At most so many parts; all of them when negative.", split),
    method("string.substring(int) -> string", "The text from a position on.", substring),
    method("string.substring(int, int) -> string", "The text from a position up to another.", substring),
    method("string.trim() -> string", "Without blanks at both ends.", trim),
    method("string.reverse() -> string", "Back to front.", reverse),
    function("strings.quote(string) -> string", "In quotes, with escapes.", quote),
    method("string.format(list(A)) -> string", "`%s %d %f %e %x %X %o %b %%` filled from a list.", format),
];

fn bounds(index: i64) -> Box<EvalError> {
    EvalError::value(format!("index out of range: {index}"))
}

fn contains<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(part)] = args else { return no_overload("contains", args) };
    meter.text(text.len())?;
    Ok(Value::Bool(text.contains(&**part)))
}

fn starts_with<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(part)] = args else { return no_overload("startsWith", args) };
    meter.text(part.len())?;
    Ok(Value::Bool(text.starts_with(&**part)))
}

fn ends_with<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::String(part)] = args else { return no_overload("endsWith", args) };
    meter.text(part.len())?;
    Ok(Value::Bool(text.ends_with(&**part)))
}

fn char_at<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text), Value::Int(index)] = args else { return no_overload("charAt", args) };
    meter.text(text.len())?;
    let at = usize::try_from(*index).map_err(|_| bounds(*index))?;
    match text.chars().nth(at) {
        Some(letter) => Ok(Value::text(letter.to_string())),
        None if text.chars().count() == at => Ok(Value::text("")),
        None => Err(bounds(*index)),
    }
}

/// The byte at which a code point starts; the end for positions past it.
fn byte_at(text: &str, position: usize) -> usize {
    text.char_indices().nth(position).map_or(text.len(), |(byte, _)| byte)
}

fn position(text: &str, byte: Option<usize>) -> i64 {
    let count = |byte| text.get(..byte).map_or(0, |before: &str| before.chars().count());
    byte.map_or(-1, |byte| i64::try_from(count(byte)).unwrap_or(i64::MAX))
}

fn index_of<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, offset) = match args {
        [Value::String(text), Value::String(part)] => (text, part, 0),
        [Value::String(text), Value::String(part), Value::Int(offset)] => (text, part, *offset),
        _ => return no_overload("indexOf", args),
    };
    meter.text(text.len())?;
    if part.is_empty() {
        return Ok(Value::Int(offset));
    }
    let start = byte_at(text, usize::try_from(offset).map_err(|_| bounds(offset))?);
    let found = text.get(start..).and_then(|rest| rest.find(&**part)).map(|at| at + start);
    Ok(Value::Int(position(text, found)))
}

fn last_index_of<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, part, offset) = match args {
        [Value::String(text), Value::String(part)] => (text, part, None),
        [Value::String(text), Value::String(part), Value::Int(offset)] => (text, part, Some(*offset)),
        _ => return no_overload("lastIndexOf", args),
    };
    meter.text(text.len())?;
    let length = text.chars().count();
    if part.is_empty() {
        return Ok(offset.map_or_else(|| Value::count(length), Value::Int));
    }
    let last = match offset {
        Some(offset) => usize::try_from(offset).map_err(|_| bounds(offset))?,
        None => length.saturating_sub(1),
    };
    if last >= length {
        return Ok(Value::Int(-1));
    }
    let end = (byte_at(text, last) + part.len()).min(text.len());
    let end = (0..=end).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    Ok(Value::Int(position(text, text.get(..end).and_then(|before| before.rfind(&**part)))))
}

fn join<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (list, separator) = match args {
        [Value::List(list)] => (list, ""),
        [Value::List(list), Value::String(separator)] => (list, &**separator),
        _ => return no_overload("join", args),
    };
    let mut out = String::new();
    for (index, item) in list.iter().enumerate() {
        let Value::String(text) = item else { return no_overload("join", args) };
        meter.text(10 + text.len() + separator.len())?;
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(&text);
    }
    Ok(Value::text(out))
}

fn lower<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("lowerAscii", args) };
    meter.text(text.len())?;
    Ok(Value::text(text.to_ascii_lowercase()))
}

fn upper<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("upperAscii", args) };
    meter.text(text.len())?;
    Ok(Value::text(text.to_ascii_uppercase()))
}

fn replace<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, old, new, limit) = match args {
        [Value::String(text), Value::String(old), Value::String(new)] => (text, old, new, -1),
        [Value::String(text), Value::String(old), Value::String(new), Value::Int(limit)] => (text, old, new, *limit),
        _ => return no_overload("replace", args),
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    meter.text(text.len())?;
    let count = text.matches(&**old).count().min(limit);
    meter.text(text.len() + count.saturating_mul(new.len()))?;
    Ok(Value::text(text.replacen(&**old, new, limit)))
}

fn split<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, separator, limit) = match args {
        [Value::String(text), Value::String(separator)] => (text, separator, -1),
        [Value::String(text), Value::String(separator), Value::Int(limit)] => (text, separator, *limit),
        _ => return no_overload("split", args),
    };
    meter.elements(text.len())?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Value::list(Vec::new()));
    }
    if !separator.is_empty() {
        return Ok(Value::texts(text.splitn(limit, &**separator)));
    }
    let mut letters: Vec<&str> =
        text.char_indices().map(|(at, c)| text.get(at..at + c.len_utf8()).unwrap_or_default()).collect();
    if letters.len() > limit {
        let from = byte_at(text, limit - 1);
        letters.truncate(limit - 1);
        letters.push(text.get(from..).unwrap_or_default());
    }
    Ok(Value::texts(letters))
}

fn substring<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let (text, start, end) = match args {
        [Value::String(text), Value::Int(start)] => (text, *start, None),
        [Value::String(text), Value::Int(start), Value::Int(end)] => (text, *start, Some(*end)),
        _ => return no_overload("substring", args),
    };
    meter.text(text.len())?;
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let end = end.unwrap_or(length);
    if start > end {
        return Err(EvalError::value(format!("invalid substring range. start: {start}, end: {end}")));
    }
    let within = |position: i64| {
        let valid = (0..=length).contains(&position);
        usize::try_from(position).ok().filter(|_| valid).ok_or_else(|| bounds(position))
    };
    let (start, end) = (within(start)?, within(end)?);
    Ok(Value::text(text.get(byte_at(text, start)..byte_at(text, end)).unwrap_or_default()))
}

fn trim<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("trim", args) };
    meter.text(text.len())?;
    Ok(Value::text(text.trim()))
}

fn reverse<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("reverse", args) };
    meter.text(text.len())?;
    Ok(Value::text(text.chars().rev().collect::<String>()))
}

fn quote<'a>(meter: &mut Meter, args: &[Value<'a>]) -> Outcome<'a> {
    let [Value::String(text)] = args else { return no_overload("strings.quote", args) };
    meter.text(text.len())?;
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            other => out.push(other),
        }
    }
    out.push('"');
    Ok(Value::text(out))
}
