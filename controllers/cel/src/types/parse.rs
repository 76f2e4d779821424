//! Reads types and names from signatures as the table writes them.

use super::{Opaque, Type};

/// Deeper types are not read; signatures have at most three levels.
const MAX_NESTING: usize = 32;

/// Reads a type as messages and signatures write it, for example `map(string, list(int))`.
/// A single capital letter is a type variable.
#[must_use]
pub fn parse_type(text: &str) -> Option<Type> {
    let mut reader = Reader::new(text);
    let ty = reader.ty()?;
    reader.rest().is_empty().then_some(ty)
}

/// A cursor over a signature.
pub(crate) struct Reader<'s> {
    rest: &'s str,
    variables: Vec<char>,
    nesting: usize,
}

impl<'s> Reader<'s> {
    /// A cursor at the start.
    pub(crate) fn new(text: &'s str) -> Self {
        Self { rest: text.trim(), variables: Vec::new(), nesting: 0 }
    }

    /// What is not read yet.
    pub(crate) fn rest(&self) -> &'s str {
        self.rest
    }

    /// How many type variables were read.
    pub(crate) fn variables(&self) -> usize {
        self.variables.len()
    }

    /// Takes a text that comes next, and blanks after it.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    /// Takes everything up to a character, which is taken too.
    pub(crate) fn until(&mut self, end: char) -> Option<&'s str> {
        let (before, after) = self.rest.split_once(end)?;
        self.rest = after.trim_start();
        Some(before)
    }

    fn word(&mut self) -> &'s str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(self.rest.len());
        let end = if self.rest.get(end.saturating_sub(1)..).is_some_and(|rest| rest.starts_with("->")) {
            end - 1
        } else {
            end
        };
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest.trim_start();
        word
    }

    /// A type.
    pub(crate) fn ty(&mut self) -> Option<Type> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return None;
        }
        let ty = self.plain();
        self.nesting -= 1;
        ty
    }

    fn plain(&mut self) -> Option<Type> {
        Some(match self.word() {
            "bool" => Type::Bool,
            "int" => Type::Int,
            "uint" => Type::Uint,
            "double" => Type::Double,
            "string" => Type::String,
            "bytes" => Type::Bytes,
            "null" => Type::Null,
            "timestamp" => Type::Timestamp,
            "duration" => Type::Duration,
            "dyn" => Type::Dyn,
            "int-or-string" => Type::IntOrString,
            "type" => Type::Type,
            "condition" => Type::condition(),
            "list" => Type::list(self.parts(1)?.pop()?),
            "optional" => Type::optional(self.parts(1)?.pop()?),
            "map" => {
                let mut parts = self.parts(2)?;
                let value = parts.pop()?;
                Type::map(parts.pop()?, value)
            }
            word => return self.named(word),
        })
    }

    fn named(&mut self, word: &str) -> Option<Type> {
        let mut letters = word.chars();
        if let (Some(letter @ 'A'..='Z'), None) = (letters.next(), letters.next()) {
            let known = self.variables.iter().position(|variable| *variable == letter);
            let index = known.unwrap_or_else(|| {
                self.variables.push(letter);
                self.variables.len() - 1
            });
            return Some(Type::Var(index));
        }
        Opaque::ALL.into_iter().find(|opaque| opaque.name() == word).map(Type::Opaque)
    }

    fn parts(&mut self, count: usize) -> Option<Vec<Type>> {
        let mut parts = Vec::new();
        for index in 0..count {
            if !self.eat(if index == 0 { "(" } else { "," }) {
                return None;
            }
            parts.push(self.ty()?);
        }
        self.eat(")").then_some(parts)
    }
}
