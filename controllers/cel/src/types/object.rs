//! Object types: what a schema with `properties` becomes.

use std::collections::BTreeMap;

use super::Type;

/// One field of an object type.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its type.
    pub ty: Type,
    /// Whether every object of the type has it: required, or filled in by a default.
    pub always: bool,
    /// The description in the schema.
    pub description: Option<String>,
}

impl Field {
    /// A field of a type that may be absent.
    #[must_use]
    pub fn new(ty: Type) -> Self {
        Self { ty, always: false, description: None }
    }

    /// The same field, present in every object.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.always = true;
        self
    }
}

/// An object type: a closed set of named fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    name: String,
    fields: BTreeMap<String, Field>,
    open: bool,
}

impl Object {
    /// An object type with a name for messages.
    #[must_use]
    pub fn new(name: impl Into<String>, fields: impl IntoIterator<Item = (String, Field)>) -> Self {
        Self { name: name.into(), fields: fields.into_iter().collect(), open: false }
    }

    /// The same type, whose objects may have other fields of unknown type as well
    /// (`x-kubernetes-preserve-unknown-fields` beside `properties`).
    #[must_use]
    pub fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Whether there may be fields that are not listed.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// The name in messages: the path in the schema, or the kind.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every field by name.
    #[must_use]
    pub fn fields(&self) -> &BTreeMap<String, Field> {
        &self.fields
    }

    /// A field by the name an expression uses: the plain name, or the escaped one of Kubernetes
    /// (`a__dash__b` for `a-b`). Gives the plain name too.
    #[must_use]
    pub fn field(&self, written: &str) -> Option<(&str, &Field)> {
        if let Some((name, field)) = self.fields.get_key_value(written) {
            return Some((name, field));
        }
        let plain = unescape(written)?;
        self.fields.get_key_value(&plain).map(|(name, field)| (name.as_str(), field))
    }

    /// The field whose name is nearest to what was written, if any is near.
    #[must_use]
    pub fn nearest(&self, written: &str) -> Option<String> {
        crate::check::nearest(written, self.fields.keys().map(String::as_str))
    }
}

/// Undoes the escapes that Kubernetes puts into names that CEL could not write, if there are any.
pub(crate) fn unescape(written: &str) -> Option<String> {
    if !written.contains("__") {
        return None;
    }
    let keyword = written.strip_prefix("__").and_then(|rest| rest.strip_suffix("__"));
    if let Some(word) = keyword.filter(|word| crate::syntax::is_reserved(word)) {
        return Some(word.to_owned());
    }
    let mut out = String::new();
    let mut rest = written;
    while let Some(next) = rest.chars().next() {
        let escape = [("__underscores__", "__"), ("__dot__", "."), ("__dash__", "-"), ("__slash__", "/")]
            .into_iter()
            .find(|(escape, _)| rest.starts_with(escape));
        let (length, plain) = escape.map_or((next.len_utf8(), None), |(escape, plain)| (escape.len(), Some(plain)));
        match plain {
            Some(plain) => out.push_str(plain),
            None => out.push(next),
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    Some(out)
}
