//! What people ask of Cairn by annotations, parsed once. The keys and the forms of their values are the closed table of
//! [`cairn_crds::annotation`].
//!
//! A value that cannot be read is an error, which names the key, the value and what is expected. It never means a
//! default: neither "manage" nor "delete".

mod field_path;
mod forms;
mod paused;
mod read;

use std::collections::BTreeMap;

use cairn_crds::{Groups, annotation};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{adoption, deletion::Policy, schedule::Period, scope::Region};
use read::{Place, Reader};

pub use field_path::FieldPath;
pub use paused::Paused;
pub use read::Invalid;

/// Annotations as Kubernetes has them.
pub type Annotations = BTreeMap<String, String>;

/// How much Cairn does with an object, from the most to the least. Where several are asked for, the least holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Keep AWS as declared.
    #[default]
    Manage,
    /// Say what would be done, and do nothing.
    Plan,
    /// Say what AWS has and what differs, and do nothing, not even when the object is deleted.
    ReadOnly,
}

impl Mode {
    /// The mode as one word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manage => "Manage",
            Self::Plan => "Plan",
            Self::ReadOnly => "ReadOnly",
        }
    }
}

/// That a resource is to be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// How.
    pub policy: adoption::Policy,
    /// What identifies it, by the names of ACK's `adoption-fields`; empty where the spec says enough.
    pub fields: BTreeMap<String, String>,
}

/// What protects a resource from deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectedBy {
    /// The object's own annotation.
    Object,
    /// The annotation of its Namespace.
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

/// What the annotations of an object and its Namespace say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controls {
    /// How much is done.
    pub mode: Mode,
    /// Whether object or Namespace put on the brake. A brake for all is laid over it by [`Paused::or`].
    pub paused: Paused,
    /// Whether a resource that exists is taken over.
    pub adoption: Option<Adoption>,
    /// The object says that its resource was adopted. No evidence: its author may have written it.
    pub adopted: bool,
    /// What becomes of the resource on deletion, as the object says.
    pub deletion: Option<Policy>,
    /// The same, as the Namespace says for the service.
    pub namespace_deletion: Option<Policy>,
    /// What protects the resource from deletion; where both do, the object.
    pub protection: Option<ProtectedBy>,
    /// How often the object is checked against AWS.
    pub period: Option<Period>,
    /// Fields in which a difference is not mended.
    pub ignored: Vec<FieldPath>,
    /// The object's region.
    pub region: Option<Region>,
    /// The Namespace's region for objects that name none.
    pub default_region: Option<Region>,
    /// The account that the Namespace's objects belong to: twelve digits.
    pub account: Option<String>,
    /// The newest request to check now, as its author wrote it: the status repeats it when it is done.
    pub requested: Option<String>,
}

impl Controls {
    /// Reads the annotations of an object and of its Namespace. `service` is the object's, for example `s3`.
    ///
    /// # Errors
    /// [`Invalid`] names every value that cannot be read.
    pub fn parse(
        object: &Annotations,
        namespace: &Annotations,
        service: &str,
        groups: &Groups,
    ) -> Result<Self, Invalid> {
        let reader = Reader::new(object, namespace, service, groups);
        let read_only = reader.says(Place::Object, &annotation::READ_ONLY);
        let mode = reader.read(Place::Object, &annotation::MODE, forms::mode).unwrap_or_default();
        let controls = Self {
            mode: if read_only { Mode::ReadOnly } else { mode },
            paused: paused(&reader, Place::Object).or(paused(&reader, Place::Namespace)),
            adoption: adoption(&reader),
            adopted: reader.says(Place::Object, &annotation::ADOPTED),
            deletion: reader.read(Place::Object, &annotation::DELETION_POLICY, forms::deletion_policy),
            namespace_deletion: reader.read(
                Place::Namespace,
                &annotation::SERVICE_DELETION_POLICY,
                forms::deletion_policy,
            ),
            protection: protection(&reader),
            period: reader.read(Place::Object, &annotation::RESYNC_PERIOD, forms::period),
            ignored: reader
                .read(Place::Object, &annotation::IGNORE_FIELD_DRIFT, FieldPath::parse_list)
                .unwrap_or_default(),
            region: reader.read(Place::Object, &annotation::REGION, forms::region),
            default_region: reader.read(Place::Namespace, &annotation::DEFAULT_REGION, forms::region),
            account: reader.read(Place::Namespace, &annotation::OWNER_ACCOUNT_ID, forms::account),
            requested: requested(&reader),
        };
        reader.finish(controls)
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

    /// What belongs into the digest of the inputs: everything that a plan or what is said of it depends on, so that a
    /// toggled annotation takes effect at once. What only counts at deletion or sets the time of the next check is left
    /// out, and region and account are in the scope: a change of those alone needs no look at AWS.
    ///
    /// What is not asked for is not in it, so that a later version that knows more annotations finds the same digest.
    #[must_use]
    pub fn digest_input(&self, now: Timestamp) -> Value {
        let ignored = || self.ignored.iter().map(ToString::to_string).collect::<Vec<_>>();
        let asked = [
            (self.mode != Mode::Manage).then(|| ("mode", json!(self.mode.as_str()))),
            self.paused.holds(now).then_some(("paused", json!(true))),
            self.adoption
                .as_ref()
                .map(|Adoption { policy, fields }| ("adoption", json!({"policy": policy.as_str(), "fields": fields}))),
            (!self.ignored.is_empty()).then(|| ("ignored", json!(ignored()))),
        ];
        asked.into_iter().flatten().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// Whether a difference in a leaf is left alone. `field` is the field of the spec that the part belongs to, `path`
    /// the leaf below it as [`crate::leaf::paths`] has it; empty for the whole part.
    #[must_use]
    pub fn ignores(&self, field: &str, path: &str) -> bool {
        self.ignored.iter().any(|ignored| ignored.matches(field, path))
    }
}

fn paused(reader: &Reader<'_>, place: Place) -> Paused {
    let for_good = reader.says(place, &annotation::PAUSED);
    let until = reader.read(place, &annotation::PAUSED_UNTIL, forms::moment);
    match (until, for_good) {
        (Some(until), _) => Paused::Until(until),
        (None, true) => Paused::Yes,
        (None, false) => Paused::No,
    }
}

fn adoption(reader: &Reader<'_>) -> Option<Adoption> {
    let fields = reader.read(Place::Object, &annotation::ADOPTION_FIELDS, forms::strings).unwrap_or_default();
    let policy = reader.read(Place::Object, &annotation::ADOPTION_POLICY, forms::adoption_policy)?;
    Some(Adoption { policy, fields })
}

fn protection(reader: &Reader<'_>) -> Option<ProtectedBy> {
    let object = reader.says(Place::Object, &annotation::DELETION_PROTECTION);
    let namespace = reader.says(Place::Namespace, &annotation::DELETION_PROTECTION);
    match (object, namespace) {
        (true, _) => Some(ProtectedBy::Object),
        (false, true) => Some(ProtectedBy::Namespace),
        (false, false) => None,
    }
}

/// Whether an object is protected from deletion, by its own annotation or its Namespace's. A word that is none protects
/// nothing, and is told where the object is reconciled.
#[must_use]
pub fn is_protected(object: &Annotations, namespace: &Annotations, groups: &Groups) -> bool {
    protection(&Reader::new(object, namespace, "", groups)).is_some()
}

/// The newest request on an object that nothing else steers, such as a `FieldExport`.
#[must_use]
pub fn request(object: &Annotations, groups: &Groups) -> Option<String> {
    requested(&Reader::new(object, &Annotations::new(), "", groups))
}

/// The newest request on a definition of a graph, or on an instance of one.
#[must_use]
pub fn graph_request(object: &Annotations, groups: &Groups) -> Option<String> {
    let ours = groups.graph_key(annotation::REQUESTED_AT.key);
    later([ours.as_str(), annotation::FLUX_REQUESTED_AT.key].into_iter().filter_map(|key| object.get(key).cloned()))
}

fn requested(reader: &Reader<'_>) -> Option<String> {
    let rows = [&annotation::REQUESTED_AT, &annotation::FLUX_REQUESTED_AT].into_iter();
    later(rows.filter_map(|row| reader.read(Place::Object, row, |text| Some(text.to_owned()))))
}

/// The later of two requests. One that is no time is older than any that is, because most tools write a time.
fn later(requests: impl Iterator<Item = String>) -> Option<String> {
    requests.max_by_key(|text| (forms::instant(text), text.clone()))
}

#[cfg(test)]
mod tests;
