//! Which operation a request is.

use super::{super::route::RawRequest, VERSION};

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Put,
    Delete,
}

/// An operation, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    PublicAccessBlock(Verb),
    AccessPoint(Verb, String),
    Policy(Verb, String),
    Tags(Verb, String),
}

impl Operation {
    pub(super) fn of(raw: &RawRequest) -> Option<Self> {
        let path = decoded(raw.path.strip_prefix(VERSION)?);
        let verb = match raw.method.as_str() {
            "GET" => Verb::Get,
            // Tags are set by a POST, all else by a PUT.
            "PUT" | "POST" => Verb::Put,
            "DELETE" => Verb::Delete,
            _ => return None,
        };
        match path.split_once('/')? {
            ("configuration", "publicAccessBlock") => Some(Self::PublicAccessBlock(verb)),
            ("tags", arn) => Some(Self::Tags(verb, arn.to_owned())),
            ("accesspoint", name) => match name.split_once('/') {
                None => Some(Self::AccessPoint(verb, name.to_owned())),
                Some((name, "policy")) => Some(Self::Policy(verb, name.to_owned())),
                Some(_) => None,
            },
            _ => None,
        }
    }

    pub(super) fn name(&self) -> String {
        let (verb, noun) = match self {
            Self::PublicAccessBlock(verb) => (verb, "PublicAccessBlock"),
            Self::AccessPoint(Verb::Put, _) => return "CreateAccessPoint".into(),
            Self::AccessPoint(verb, _) => (verb, "AccessPoint"),
            Self::Policy(verb, _) => (verb, "AccessPointPolicy"),
            Self::Tags(Verb::Get, _) => return "ListTagsForResource".into(),
            Self::Tags(Verb::Put, _) => return "TagResource".into(),
            Self::Tags(Verb::Delete, _) => return "UntagResource".into(),
        };
        format!("{verb:?}{noun}")
    }
}

/// A path without its percent signs; it has no plus signs that could be taken for spaces.
fn decoded(path: &str) -> String {
    form_urlencoded::parse(path.as_bytes()).map(|(key, _)| key.into_owned()).collect()
}
