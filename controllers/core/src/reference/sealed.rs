//! What stands for the content of a Secret wherever a plan, a record or a log could show it.

use std::{collections::BTreeMap, fmt};

use cairn_crds::status::Record;
use serde_json::Value;

use super::SecretKey;
use crate::{digest, leaf, observed::Desired, rules::KindRules};

/// How every stand-in begins. It tells nothing of the content.
const MARK: &str = "cairn.run/secret:";

/// What a person reads instead.
const SHOWN: &str = "(from secret)";

/// Stands for the text under a key of a Secret in one version of it: two are equal when the version is the same. It
/// derives from names, UID and resource version, never from the content.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sealed {
    secret: SecretKey,
    mark: String,
}

impl Sealed {
    /// Stands for a key of the Secret of that UID and resource version.
    #[must_use]
    pub fn new(secret: SecretKey, uid: &str, version: &str) -> Self {
        let SecretKey { namespace, name, key } = &secret;
        let mark = format!("{MARK}{}", digest::of_parts(&[namespace, name, uid, version, key]));
        Self { secret, mark }
    }

    /// The Secret and the key.
    #[must_use]
    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// As it stands in a value and in the record.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.mark
    }

    /// Whether a value, or anything in it, stands for a Secret.
    #[must_use]
    pub fn is_in(value: &Value) -> bool {
        match value {
            Value::String(text) => text.starts_with(MARK),
            Value::Array(items) => items.iter().any(Self::is_in),
            Value::Object(fields) => fields.values().any(Self::is_in),
            _ => false,
        }
    }
}

/// The contents of Secrets, by what stands for them. It shows them to nobody but who asks for one by its stand-in.
#[derive(Clone, Default)]
pub struct Secrets(BTreeMap<String, Box<str>>);

impl Secrets {
    /// Adds the text that `sealed` stands for.
    pub fn insert(&mut self, sealed: &Sealed, text: String) {
        self.0.insert(sealed.mark.clone(), text.into());
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text that a value of a part stands for; `None` when it stands for no Secret of this object.
    #[must_use]
    pub fn text(&self, value: &Value) -> Option<&str> {
        self.0.get(value.as_str()?).map(AsRef::as_ref)
    }

    /// A text from elsewhere, such as the message of an AWS error, without any of the contents.
    #[must_use]
    pub fn scrubbed(&self, text: &str) -> String {
        let contents = self.0.values().filter(|content| !content.is_empty());
        contents.fold(text.to_owned(), |text, content| text.replace(&**content, SHOWN))
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.keys().map(|sealed| (sealed, SHOWN))).finish()
    }
}

/// Puts the stand-ins, by their way below the spec, into what is declared.
///
/// # Errors
/// The way that leads nowhere: the kind does not declare a part for it, which is a defect of the kind.
pub fn seal(desired: &mut Desired, sealed: &BTreeMap<String, Sealed>) -> Result<(), String> {
    for (path, sealed) in sealed {
        let (field, rest) = path.split_once('.').unwrap_or((path.as_str(), ""));
        let part = desired.parts.iter_mut().find(|(name, _)| **name == field).map(|(_, part)| part);
        match part {
            Some(part) if rest.is_empty() => *part = sealed.mark.clone().into(),
            Some(part) if leaf::get(part, rest).is_some() => leaf::set(part, rest, Some(sealed.mark.clone().into())),
            _ => return Err(path.clone()),
        }
    }
    Ok(())
}

/// What AWS has of a part, with what it does not tell: the version of each Secret that was last carried out.
pub(crate) fn with_recorded(
    rules: &KindRules,
    field: &str,
    observed: Option<&Value>,
    record: &Record,
) -> Option<Value> {
    let whole = rules.secrets.iter().any(|rule| rule.path == field);
    if let Some(sealed) = record.secrets.get(field).filter(|_| whole) {
        return Some(sealed.clone().into());
    }
    let mut observed = observed?.clone();
    for (path, sealed) in &record.secrets {
        match path.split_once('.') {
            Some((of, rest)) if of == field => leaf::set(&mut observed, rest, Some(sealed.clone().into())),
            _ => {}
        }
    }
    Some(observed)
}

/// A value as it may be shown.
pub(crate) fn redacted(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with(MARK) => SHOWN.into(),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), redacted(value))).collect(),
        other => other.clone(),
    }
}
