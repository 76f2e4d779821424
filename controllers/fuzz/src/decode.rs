//! From bytes to what a target works on. Whatever the bytes are, something comes of them.

use cairn_cel::Type;
use cairn_cel::schema::{NoDefinitions, to_type};
use serde_json::Value as Json;

/// An expression, with the variable `v` that it may read.
pub(crate) struct Case {
    pub(crate) schema: Json,
    pub(crate) data: Json,
    pub(crate) source: String,
}

impl Case {
    /// Reads a schema from the first line, data from the second, and takes the rest for the expression. What is no JSON
    /// is null, as a schema and as data.
    pub(crate) fn read(input: &[u8]) -> Self {
        let text = String::from_utf8_lossy(input);
        let mut lines = text.splitn(3, '\n');
        let mut json = || lines.next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
        let (schema, data) = (json(), json());
        Self { schema, data, source: lines.next().unwrap_or_default().to_owned() }
    }

    pub(crate) fn ty(&self) -> Type {
        to_type(&self.schema, "V", &NoDefinitions)
    }
}

/// What a message says without what it speaks of: inputs that lead to another are worth keeping.
pub(crate) fn kind(message: &str) -> String {
    let mut quoted = false;
    let plain = message.chars().filter(|letter| {
        quoted ^= *letter == '"';
        !quoted && (letter.is_alphabetic() || *letter == ' ')
    });
    plain.take(48).collect()
}
