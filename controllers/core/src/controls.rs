//! What the annotations of an object and of its namespace ask for.

use std::collections::BTreeMap;

use cairn_crds::Groups;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{adoption, deletion, schedule::Period};

/// How far the object is in charge of its resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// AWS is brought in line with it.
    #[default]
    Manage,
    /// What would be done is shown, and not done.
    Plan,
    /// It shows what AWS has, whosever that is, and what differs from the spec.
    ReadOnly,
}

/// Whether the object is paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paused {
    /// It is not.
    #[default]
    No,
    /// Until that time.
    Until(Timestamp),
    /// Until somebody says otherwise.
    Yes,
}

impl Paused {
    /// When the pause ends by itself.
    #[must_use]
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::Until(end) => Some(end),
            Self::No | Self::Yes => None,
        }
    }

    /// Whether it lasts at that time.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        match self {
            Self::No => false,
            Self::Until(end) => end > now,
            Self::Yes => true,
        }
    }
}

/// Why nothing is done in AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The object only reads.
    ReadOnly,
    /// The object only plans.
    Plan,
    /// The object is paused.
    Paused,
}

/// What protects an object from deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedBy {
    /// Its own annotation.
    Object,
    /// The annotation of its namespace.
    Namespace,
}

impl ProtectedBy {
    /// In a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Namespace => "namespace",
        }
    }
}

/// The annotations, parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// How far the object is in charge.
    pub mode: Mode,
    /// Whether it is paused.
    pub paused: Paused,
    /// Whether it may take over a resource.
    pub adoption: Option<adoption::Policy>,
    /// Which resource it takes over, as ACK's `adoption-fields` name it.
    pub adoption_fields: BTreeMap<String, String>,
    /// The resource was there before the object.
    pub adopted: bool,
    /// What becomes of the resource, as the object says.
    pub deletion: Option<deletion::Policy>,
    /// The same, as the namespace says.
    pub namespace_deletion: Option<deletion::Policy>,
    /// What protects the object from deletion.
    pub protection: Option<ProtectedBy>,
    /// How often it is checked.
    pub period: Option<Period>,
    /// Region.
    pub region: Option<String>,
    /// The last request to reconcile.
    pub requested: Option<String>,
}

impl Controls {
    /// Reads the annotations of an object.
    ///
    /// # Errors
    /// A sentence that names the annotation, and what is expected.
    pub fn parse(annotations: &BTreeMap<String, String>, groups: &Groups) -> Result<Self, String> {
        let said = |key: &str| annotations.get(&groups.annotation(key));
        let wrong = |key: &str, why: String| format!("annotation {}: {why}", groups.annotation(key));
        Ok(Self {
            deletion: said("deletion-policy")
                .map(|policy| policy.parse())
                .transpose()
                .map_err(|why| wrong("deletion-policy", why))?,
            region: said("region").cloned(),
            ..Self::default()
        })
    }

    /// What of it a plan depends on, for the digest of all inputs.
    #[must_use]
    pub fn digest_input(&self) -> Value {
        json!([
            format!("{:?}", self.mode),
            self.paused.ends().map(|end| end.to_string()),
            self.paused == Paused::Yes,
            self.adoption.map(|policy| format!("{policy:?}")),
            self.adoption_fields,
        ])
    }

    /// Why nothing is to be done in AWS at that time; the strictest reason.
    #[must_use]
    pub fn hold(&self, now: Timestamp) -> Option<Hold> {
        match self.mode {
            Mode::ReadOnly => Some(Hold::ReadOnly),
            Mode::Plan => Some(Hold::Plan),
            Mode::Manage => self.paused.holds(now).then_some(Hold::Paused),
        }
    }
}
