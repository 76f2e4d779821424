//! The types that fields name.

use cairn_cel::span::Span;

use super::Fault;

/// Lists and maps within each other no deeper than this, as in kro.
const MAX_NESTING: usize = 16;

/// A type as a field names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeName {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// Any number.
    Float,
    /// An object with any fields.
    Object,
    /// A list.
    List(Box<TypeName>),
    /// A map with texts as keys.
    Map(Box<TypeName>),
    /// A type that the definition names, and where its name stands.
    Custom(String, Span),
}

/// The names of the types that need no definition.
pub(crate) const BUILT_IN: [&str; 5] = ["string", "integer", "boolean", "float", "object"];

impl TypeName {
    /// Reads a type that starts at `start` of its field.
    pub(crate) fn parse(text: &str, start: usize) -> Result<Self, Fault> {
        Self::parse_within(text, start, MAX_NESTING)
    }

    fn parse_within(text: &str, start: usize, left: usize) -> Result<Self, Fault> {
        let start = start + (text.len() - text.trim_start().len());
        let text = text.trim();
        let span = Span::new(start, start + text.len());
        let wrapped = text.starts_with("[]") || text.starts_with("map[");
        let Some(deeper) = left.checked_sub(1).or((!wrapped).then_some(0)) else {
            let message = format!("the type is nested too deep (at most {MAX_NESTING} lists and maps)");
            return Err(Fault::new(span, message));
        };
        if let Some(element) = text.strip_prefix("[]") {
            if element.trim().is_empty() {
                return Err(Fault::new(span, "a list needs the type of its elements").expected("a type after `[]`"));
            }
            return Ok(Self::List(Box::new(Self::parse_within(element, start + 2, deeper)?)));
        }
        if let Some(rest) = text.strip_prefix("map[") {
            return Self::map(rest, start + 4, span, deeper);
        }
        Ok(match text {
            "string" => Self::Text,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "float" => Self::Float,
            "object" => Self::Object,
            "" => return Err(Fault::new(span, "the type is missing").expected(kinds())),
            name if name.contains(|c: char| c.is_whitespace() || "[]{}=\"'`,".contains(c)) => {
                let hint = if name.contains('=') { "; markers follow the type after a `|`" } else { "" };
                return Err(Fault::new(span, format!("{name:?} is no type{hint}")).expected(kinds()));
            }
            name => Self::Custom(name.to_owned(), span),
        })
    }

    fn map(rest: &str, start: usize, span: Span, left: usize) -> Result<Self, Fault> {
        let Some((key, value)) = rest.split_once(']') else {
            return Err(Fault::new(span, "the key of the map does not end").expected("`map[string]` and a type"));
        };
        if key.trim() != "string" {
            let at = Span::new(start, start + key.len());
            return Err(Fault::new(at, "the keys of a map must be texts").expected("`string`"));
        }
        if value.trim().is_empty() {
            let message = "a map needs the type of its values";
            return Err(Fault::new(span, message).expected("a type after `map[string]`"));
        }
        Ok(Self::Map(Box::new(Self::parse_within(value, start + key.len() + 1, left)?)))
    }

    /// The type that a definition must name for this one, if any.
    pub(crate) fn custom(&self) -> Option<(&str, Span)> {
        match self {
            Self::Custom(name, span) => Some((name, *span)),
            Self::List(inner) | Self::Map(inner) => inner.custom(),
            _ => None,
        }
    }
}

fn kinds() -> String {
    format!("one of {}, `[]TYPE`, `map[string]TYPE` or the name of a type", BUILT_IN.join(", "))
}
