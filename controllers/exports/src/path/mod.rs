//! The path of a value in an object: a part of jq that always comes to an end.
//!
//! ACK runs any jq program. A program of somebody else's can be endless, or fill the memory, and there is no library
//! that can be told to stop in time: a deep recursion in one ends the whole process. So the grammar is jq's own, read by
//! the parser of `jaq`, and of the language there is what paths are written with, in [`SUPPORTED`]; it has neither loops
//! nor recursion, and each run is cut off after a fixed number of steps and of bytes. As with ACK, the first result counts.

mod eval;
mod filter;
mod function;
mod parse;

#[cfg(test)]
mod tests;

use std::fmt;

use serde_json::Value;

use self::filter::Filter;

/// What there is of jq, in the words of its manual.
pub const SUPPORTED: &str = "`.a.b`, `.\"a\"`, `.[\"a\"]`, `.[0]`, `.[-1]`, `.[]`, `?`, `|`, `,`, `//`, `==`, `!=`, `and`, `or`, `+` of \
    texts, `if then else end`, literals, texts with `\\(…)`, and `select`, `not`, `first`, `last`, `tostring`, `tojson`, \
    `split`, `join`, `ltrimstr`, `rtrimstr`, `ascii_downcase`, `ascii_upcase`";

/// A path that can be followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: String,
    filter: Filter,
}

/// Why a text is no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// It is not jq.
    #[error("path `{path}` is not jq: {why}")]
    Syntax {
        /// The path.
        path: String,
        /// What was expected where.
        why: String,
    },
    /// It is jq of which there is not everything.
    #[error("path `{path}` uses {what}, which is not supported; of jq there are {SUPPORTED}")]
    Unsupported {
        /// The path.
        path: String,
        /// What is missing.
        what: String,
    },
    /// It is longer than any path needs to be.
    #[error("the path is {0} bytes long; at most {LONGEST} are allowed")]
    TooLong(usize),
    /// It is nested more deeply than any path needs to be.
    #[error("the path holds more than {DEEPEST} brackets, dashes and prefixes such as `if`")]
    TooDeep,
}

/// The longest path, in bytes.
pub const LONGEST: usize = 512;

/// How many brackets, dashes and words that take another filter a path may hold: each may nest it one level deeper,
/// and reading it takes stack for each level.
pub const DEEPEST: usize = 48;

/// Why a path leads to no value. It never says what the object holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// There is nothing at its end, or `null`.
    Nothing,
    /// It does not fit the object.
    Mismatch(String),
    /// It took too many steps, or its result is too long.
    TooMuch,
}

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing is there"),
            Self::Mismatch(why) => f.write_str(why),
            Self::TooMuch => f.write_str("it takes too many steps, or makes too long a text"),
        }
    }
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// [`PathError`] says what is wrong and where.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        Ok(Self { text: text.into(), filter: parse::parse(text)? })
    }

    /// The first value that the path leads to in `object`, as text: a text as it is, everything else as JSON.
    ///
    /// # Errors
    /// [`NoValue`] when there is none.
    pub fn value(&self, object: &Value) -> Result<String, NoValue> {
        match eval::first(&self.filter, object)? {
            Value::Null => Err(NoValue::Nothing),
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
