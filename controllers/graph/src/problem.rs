//! What is wrong with a definition, and where.

use std::fmt;

use cairn_cel::span::Span;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path in the definition, for example `schema.spec.replicas`.
    pub path: String,
    /// The place in the text at the path, in bytes, when only a part of it is wrong.
    pub span: Option<Span>,
    /// What is wrong, in lower case.
    pub message: String,
    /// What would be right, when that can be said.
    pub expected: Option<String>,
    /// The nearest name that would be valid.
    pub suggestion: Option<String>,
}

impl Problem {
    /// A problem at a path.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), span: None, message: message.into(), expected: None, suggestion: None }
    }

    /// The same, at a part of the text.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same, with what would be right.
    #[must_use]
    pub fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    /// The same, with the nearest valid name.
    #[must_use]
    pub fn suggest(mut self, name: Option<String>) -> Self {
        self.suggestion = name;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(span) = self.span {
            write!(f, "[{}..{}]", span.start, span.end)?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        match &self.suggestion {
            Some(name) => write!(f, " (did you mean {name:?}?)"),
            None => Ok(()),
        }
    }
}

/// Everything found wrong, in the order of the definition; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// A value, unless something was found wrong.
    ///
    /// # Errors
    /// There are problems.
    pub fn or<T>(found: Vec<Problem>, value: T) -> Result<T, Self> {
        if found.is_empty() { Ok(value) } else { Err(Self(found)) }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

/// The path of a field of an object.
pub(crate) fn field(path: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    match (path, plain) {
        ("", true) => name.to_owned(),
        (_, true) => format!("{path}.{name}"),
        (_, false) => format!("{path}[{}]", serde_json::Value::from(name)),
    }
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field, or a key.
    Name(String),
    /// An element of a list.
    Index(usize),
    /// Any element of a list, or value of a map.
    Any,
}

/// The steps of a path as problems have it; nothing for a text that is none.
#[must_use]
pub fn steps(path: &str) -> Option<Vec<Step>> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("[*]") {
            found.push(Step::Any);
            rest = after;
        } else if rest.starts_with("[\"") {
            // Names in brackets are written as JSON writes texts.
            let mut texts = serde_json::Deserializer::from_str(rest.get(1..)?).into_iter::<String>();
            found.push(Step::Name(texts.next()?.ok()?));
            rest = rest.get(1 + texts.byte_offset()..)?.strip_prefix(']')?;
        } else if let Some(after) = rest.strip_prefix('[') {
            let (number, after) = after.split_once(']')?;
            found.push(Step::Index(number.parse().ok()?));
            rest = after;
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, after) = rest.split_at_checked(end)?;
            found.push(Step::Name(name.to_owned()));
            rest = after;
        }
    }
    Some(found)
}

/// The path of an element of a list.
pub(crate) fn index(path: &str, at: usize) -> String {
    format!("{path}[{at}]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        let name = |name: &str| Step::Name(name.to_owned());
        let path = index(&field(&field(&field("", "a"), "b.c/\u{e9}\"]"), "d-e"), 3);
        assert_eq!(steps(&path), Some(vec![name("a"), name("b.c/\u{e9}\"]"), name("d-e"), Step::Index(3)]));
        assert_eq!(steps("a[*].b"), Some(vec![name("a"), Step::Any, name("b")]));
        assert_eq!(steps(""), Some(Vec::new()));
        assert!(["a[", "a[x]", "a[\"b]", "a[\"b\""].iter().all(|path| steps(path).is_none()));
    }
}
