//! Regular expressions: RE2's syntax and meaning, run by a crate whose dialect differs in details.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

use crate::error::EvalError;

/// How many compiled patterns are kept; when there are more, all are forgotten.
const MAX_KEPT: usize = 256;
/// The most memory that one compiled pattern may take.
const MAX_SIZE: usize = 1 << 20;
/// RE2 repeats no more often than this.
const MAX_REPEAT: u32 = 1000;

static KEPT: LazyLock<Mutex<HashMap<String, Arc<Regex>>>> = LazyLock::new(Mutex::default);

/// Whether a regular expression in RE2's syntax, as the API server and `matches` take it, is found in a text.
///
/// # Errors
/// The pattern is not valid, or too large.
pub fn pattern_matches(pattern: &str, text: &str) -> Result<bool, EvalError> {
    compile(pattern).map(|regex| regex.is_match(text)).map_err(|error| *error)
}

/// The compiled pattern.
///
/// # Errors
/// The pattern is not valid, or too large.
pub(super) fn compile(pattern: &str) -> Result<Arc<Regex>, Box<EvalError>> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept.get(pattern) {
        return Ok(found.clone());
    }
    let invalid = |why: String| EvalError::value(format!("invalid regular expression: {why}"));
    let translated = translate(pattern).map_err(|why| invalid(why.to_owned()))?;
    let built = RegexBuilder::new(&translated).size_limit(MAX_SIZE).octal(true).nest_limit(200).build();
    let regex = Arc::new(built.map_err(|error| invalid(plain(&error.to_string())))?);
    if kept.len() >= MAX_KEPT {
        kept.clear();
    }
    kept.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

/// What is wrong, without the drawing that the engine puts before it.
fn plain(message: &str) -> String {
    let last = message.rsplit_once("error: ").map_or(message, |(_, last)| last);
    last.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// From RE2 to the crate's dialect: ASCII classes, no set operations in brackets, braces that are no repetition.
fn translate(pattern: &str) -> Result<String, &'static str> {
    let mut out = String::new();
    let mut rest = pattern;
    let mut class = false;
    while let Some(next) = rest.chars().next() {
        let (taken, text) = match next {
            '\\' => escape(rest)?,
            '[' if !class => {
                class = true;
                open(rest)
            }
            '[' if rest.starts_with("[:") => named_class(rest),
            '[' => (1, "\\[".to_owned()),
            ']' if class => {
                class = false;
                (1, "]".to_owned())
            }
            '&' | '~' if class => (1, format!("\\{next}")),
            '-' if class && rest.starts_with("--") => (1, "\\-".to_owned()),
            '{' if !class => brace(rest)?,
            other => (other.len_utf8(), other.to_string()),
        };
        out.push_str(&text);
        rest = rest.get(taken..).unwrap_or_default();
    }
    Ok(out)
}

fn escape(rest: &str) -> Result<(usize, String), &'static str> {
    let kind = rest.chars().nth(1).ok_or("trailing backslash")?;
    let text = match kind {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        's' => "[\\t\\n\\f\\r ]",
        'S' => "[^\\t\\n\\f\\r ]",
        'b' => "(?-u:\\b)",
        'Q' => {
            let inner = rest.get(2..).unwrap_or_default();
            let length = inner.find("\\E").unwrap_or(inner.len());
            let literal = regex::escape(inner.get(..length).unwrap_or_default());
            let end = (2 + length + 2).min(rest.len());
            return Ok((end, literal));
        }
        'p' | 'P' if rest.get(2..).is_some_and(|rest| rest.starts_with('{')) => {
            let end = rest.find('}').ok_or("a class name is not closed")?;
            return Ok((end + 1, rest.get(..=end).unwrap_or_default().to_owned()));
        }
        '1'..='7' if rest.get(2..).is_some_and(|rest| rest.starts_with(|c: char| c.is_digit(8))) => {
            return Ok((2, format!("\\{kind}")));
        }
        '1'..='9' => return Err("back references are not supported"),
        'Z' | 'G' | '<' | '>' | 'E' => return Err("unknown escape"),
        other => return Ok((1 + other.len_utf8(), format!("\\{other}"))),
    };
    Ok((2, text.to_owned()))
}

/// The start of a class: `[`, `[^`, and a `]` that stands first for itself.
fn open(rest: &str) -> (usize, String) {
    for (start, text) in [("[^]", "[^\\]"), ("[]", "[\\]"), ("[^", "[^")] {
        if rest.starts_with(start) {
            return (start.len(), text.to_owned());
        }
    }
    (1, "[".to_owned())
}

fn named_class(rest: &str) -> (usize, String) {
    match rest.find(":]") {
        Some(end) => (end + 2, rest.get(..end + 2).unwrap_or_default().to_owned()),
        None => (1, "\\[".to_owned()),
    }
}

/// A repetition as RE2 reads it, or a brace that stands for itself.
fn brace(rest: &str) -> Result<(usize, String), &'static str> {
    let literal = Ok((1, "\\{".to_owned()));
    let Some((inner, _)) = rest.get(1..).and_then(|inner| inner.split_once('}')) else { return literal };
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if least.is_empty() || !digits(least) || !digits(most) {
        return literal;
    }
    let fits = |text: &str| text.is_empty() || text.parse::<u32>().is_ok_and(|count| count <= MAX_REPEAT);
    if !fits(least) || !fits(most) {
        return Err("invalid repeat count");
    }
    Ok((inner.len() + 2, format!("{{{inner}}}")))
}
