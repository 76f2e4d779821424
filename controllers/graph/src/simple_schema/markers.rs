//! The markers that follow the type of a field: `key=value`, separated by spaces.

use cairn_cel::span::Span;

use super::Fault;

/// Everything that a marker can be, as it is written.
pub(crate) const KEYS: [&str; 16] = [
    "required",
    "default",
    "description",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "enum",
    "validation",
    "immutable",
    "minItems",
    "maxItems",
    "uniqueItems",
    "listType",
    "listMapKey",
];

/// One marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker {
    /// One of [`KEYS`].
    pub(crate) key: &'static str,
    /// The value, without the quotes around it.
    pub(crate) value: String,
    /// Where key and value stand in the field.
    pub(crate) span: Span,
}

/// Reads markers that start at `start` of their field.
pub(crate) fn parse(text: &str, start: usize) -> Result<Vec<Marker>, Fault> {
    let mut markers = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(markers);
        }
        let at = start + (text.len() - rest.len());
        let (key, after) = key(rest, at)?;
        let (value, length) = value(after, at + rest.len() - after.len())?;
        if length == 0 {
            let message = format!("marker {key:?} has no value");
            return Err(Fault::new(Span::new(at, at + key.len() + 1), message).expected(format!("`{key}=VALUE`")));
        }
        rest = after.get(length..).unwrap_or_default();
        let end = start + (text.len() - rest.len());
        markers.push(Marker { key, value, span: Span::new(at, end) });
    }
}

/// The key, and what follows its `=`.
fn key(rest: &str, at: usize) -> Result<(&'static str, &str), Fault> {
    let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
    let word = rest.get(..end).unwrap_or_default();
    let span = Span::new(at, at + end);
    if word.starts_with('|') {
        let message = "markers are separated by spaces; only one `|` stands between the type and all of them";
        return Err(Fault::new(span, message));
    }
    let Some(after) = rest.get(end..).and_then(|rest| rest.strip_prefix('=')) else {
        let message = format!("marker {word:?} has no value");
        return Err(Fault::new(span, message).expected(format!("`{word}=VALUE`, without spaces around `=`")));
    };
    if word.is_empty() {
        return Err(Fault::new(Span::new(at, at + 1), "a marker has no name before its `=`").expected("`MARKER=VALUE`"));
    }
    let Some(known) = KEYS.into_iter().find(|known| *known == word) else {
        let suggestion = cairn_cel::check::nearest(word, KEYS.into_iter());
        return Err(Fault::new(span, format!("unknown marker {word:?}")).suggest(suggestion));
    };
    Ok((known, after))
}

/// A value up to the next space outside quotes and brackets, and how many bytes of the text it takes.
fn value(text: &str, at: usize) -> Result<(String, usize), Fault> {
    let mut out = String::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((here, c)) = chars.next() {
        let nested = !open.is_empty();
        match (c, quote) {
            ('\\', Some(_)) => {
                let escaped = chars.next_if(|(_, next)| matches!(next, '"' | '\\')).map(|(_, next)| next);
                // Within brackets the text is JSON and keeps its escapes.
                if nested || escaped.is_none() {
                    out.push('\\');
                }
                out.extend(escaped);
            }
            ('"', _) => {
                quote = if quote.is_some() { None } else { Some(here) };
                if nested {
                    out.push('"');
                }
            }
            (_, Some(_)) => out.push(c),
            (c, None) if c.is_whitespace() && !nested => return Ok((out, here)),
            (c, None) => {
                bracket(c, here, at, &mut open)?;
                out.push(c);
            }
        }
    }
    let whole = |from: usize| Span::new(at + from, at + text.len());
    if let Some(from) = quote {
        return Err(Fault::new(whole(from), "the quoted value does not end").expected("a closing `\"`"));
    }
    match open.pop() {
        Some((bracket, from)) => {
            let message = format!("`{bracket}` is not closed; a value with an odd bracket must stand in quotes");
            Err(Fault::new(whole(from), message).expected(format!("`{}`", closing(bracket))))
        }
        None => Ok((out, text.len())),
    }
}

fn bracket(c: char, here: usize, at: usize, open: &mut Vec<(char, usize)>) -> Result<(), Fault> {
    match c {
        '[' | '{' => open.push((c, here)),
        ']' | '}' if open.last().is_some_and(|(last, _)| closing(*last) == c) => {
            open.pop();
        }
        ']' | '}' => {
            let message = format!("`{c}` closes nothing; a value with an odd bracket must stand in quotes");
            return Err(Fault::new(Span::new(at + here, at + here + 1), message));
        }
        _ => {}
    }
    Ok(())
}

fn closing(open: char) -> char {
    if open == '[' { ']' } else { '}' }
}
