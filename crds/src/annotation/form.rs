//! The forms of annotations' values.

use std::borrow::Cow;

/// The form of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of these words, exactly.
    Words(&'static [&'static str]),
    /// `true` or `false` in any case, as ACK reads them. `false` is as if the annotation were absent.
    Boolean,
    /// A point in time as RFC 3339 writes it.
    Moment,
    /// A span of time: whole seconds, or hours, minutes and seconds as Go writes them.
    Period,
    /// A JSON object whose values are strings.
    Strings,
    /// Dotted paths of fields below `spec`, separated by commas.
    FieldPaths,
    /// The name of an AWS region.
    Region,
    /// The id of an AWS account.
    Account,
    /// Any text.
    Text,
    /// The annotation is ACK's and does nothing good here: objects under it are not worked on.
    NotOffered {
        /// What to do instead.
        instead: &'static str,
    },
}

/// White space as JSON has it; editors leave some at the end of long values.
const SPACE: &str = "[\\x20\\t\\r\\n]*";
const PATH: &str = "(?i:spec)(\\.[A-Za-z_][A-Za-z0-9_-]*)+";
/// No text has something before its start.
const NOTHING: &str = "a^";
const STRING: &str = r#""([^"\\\x00-\x1f]|\\(["\\/bfnrt]|u[0-9a-fA-F]{4}))*""#;

impl Form {
    /// A regular expression (RE2) of the values that are taken; empty for any. It is what the API server checks; days
    /// that a month does not have are left to the controller.
    #[must_use]
    pub fn pattern(&self) -> Cow<'static, str> {
        match self {
            Self::Words(words) => format!("^({})$", words.join("|")).into(),
            Self::Boolean => "^(?i:true|false)$".into(),
            Self::Moment => concat!(
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]",
                "(\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
            )
            .into(),
            Self::Period => "^([0-9]+|([0-9]+[hms])+)$".into(),
            Self::Strings => {
                let entry = format!("{SPACE}{STRING}{SPACE}:{SPACE}{STRING}{SPACE}");
                format!("^{SPACE}\\{{({SPACE}|{entry}(,{entry})*)\\}}{SPACE}$").into()
            }
            Self::FieldPaths => format!("^{SPACE}({PATH}{SPACE})?(,{SPACE}({PATH}{SPACE})?)*$").into(),
            Self::Region => "^[a-z]+(-[a-z]+)+-[0-9]+$".into(),
            Self::Account => "^[0-9]{12}$".into(),
            Self::Text => "".into(),
            Self::NotOffered { .. } => NOTHING.into(),
        }
    }

    /// What a value must be, as it stands behind "must be".
    #[must_use]
    pub fn expected(&self) -> Cow<'static, str> {
        match self {
            Self::Words(words) => words.join(" or ").into(),
            Self::Boolean => "true or false".into(),
            Self::Moment => "a point in time such as 2026-01-31T18:00:00Z".into(),
            Self::Period => "a number of seconds such as 600, or a duration such as 1h30m".into(),
            Self::Strings => "a JSON object of strings such as {\"name\": \"photos\"}".into(),
            Self::FieldPaths => {
                "a list of fields without indexes, separated by commas, such as spec.tagging, spec.policy".into()
            }
            Self::Region => "an AWS region such as eu-west-1".into(),
            Self::Account => "the twelve digits of an AWS account".into(),
            Self::Text => "a text".into(),
            Self::NotOffered { instead } => format!("absent: it is not offered; {instead}").into(),
        }
    }

    /// A value that is taken.
    #[must_use]
    pub fn example(&self) -> &'static str {
        match self {
            Self::Words(words) => words.first().copied().unwrap_or_default(),
            Self::Boolean => "true",
            Self::Moment => "2026-01-31T18:00:00Z",
            Self::Period => "1h30m",
            Self::Strings => "{\"name\": \"photos\"}",
            Self::FieldPaths => "spec.tagging, spec.policy",
            Self::Region => "eu-west-1",
            Self::Account => "111122223333",
            Self::Text => "any",
            Self::NotOffered { .. } => "",
        }
    }
}
