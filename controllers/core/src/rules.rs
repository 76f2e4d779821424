//! How a kind describes itself to the engine.

use serde_json::Value;

use crate::{
    iam::Permission,
    observed::{Desired, Present},
    plan::{Inputs, Steps},
    reference::{ReferenceRule, SecretRule},
};

/// What "declared" means for a part of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Leaves that are not declared keep what AWS has.
    Document,
    /// The value is ours whole: lists of rules, policy documents.
    Whole,
    /// A list of objects of which this field is the name. An object that is not declared, and never was, stays; in one
    /// that is declared, leaves that are not declared keep what AWS has.
    Keyed(&'static str),
    /// A list of objects of which this field is the name, each ours whole, and each written and taken away by a call of
    /// its own. An object that is not declared, and never was, stays.
    Entries(&'static str),
    /// A document with named entries, written whole. An entry that is not declared, and never was, stays in it.
    Merged(Merge),
}

/// How the entries of a [`Rule::Merged`] document are told apart and put together.
#[derive(Clone, Copy, Debug)]
pub struct Merge {
    /// Names of the entries that a declared document has. They are remembered.
    pub names: fn(&Value) -> Vec<String>,
    /// What AWS is to have: what it has, with the declared entries, and without those whose names are given, which were
    /// declared once.
    pub target: fn(declared: Option<&Value>, gone: &[String], observed: Option<&Value>) -> Value,
}

impl PartialEq for Merge {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.names, other.names) && std::ptr::fn_addr_eq(self.target, other.target)
    }
}

impl Eq for Merge {}

/// What happens to a leaf that was declared and is no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It goes back to what AWS gives a new resource.
    Reset,
    /// AWS keeps what it has, because going back would lower a protection or lose data.
    Keep,
    /// The same where the whole field goes. What a list that stays in the spec no longer names was taken out of it, and
    /// is taken away.
    KeepUnlessListed,
}

/// How the value of a new resource gets to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Birth {
    /// By the part's own call, after the creation.
    Apart,
    /// The same, but not where it is what a new resource has: AWS refuses such a call on a new resource.
    Differing,
    /// In the creating call.
    Included,
    /// The same: it is what the resource is made from. Such a call takes no tags, so that the owner's are written after it;
    /// and what became of it matters until everything that is declared was in AWS once, and only where it is declared.
    Origin,
}

/// What AWS does with a new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It holds when the call has returned.
    Immediate,
    /// AWS works on it after the call has returned, and takes no other such change meanwhile.
    Lasting,
}

impl Birth {
    /// Whether the creating call carries the value.
    #[must_use]
    pub fn is_with_creation(self) -> bool {
        matches!(self, Self::Included | Self::Origin)
    }
}

/// One part of a kind: a field of the spec that AWS reads and writes by itself.
#[derive(Clone, Copy, Debug)]
pub struct PartRules {
    /// Field of the spec, for example `versioning`.
    pub field: &'static str,
    /// What "declared" means here.
    pub rule: Rule,
    /// What removal from the spec means here.
    pub removal: Removal,
    /// AWS operation that reads the part. Where it is the one that locates the resource, the part costs no call.
    pub get: &'static str,
    /// The part is in another place than the resource, so that [`PartRules::get`] is a call of its own even where it is
    /// the operation that locates the resource.
    pub elsewhere: bool,
    /// Whether the part is read although nobody declares it, because of how other parts differ from what is there.
    pub sought: fn(&Desired, &Present) -> bool,
    /// Whether an adoption reads it, to write what AWS has into the spec.
    pub inherited: bool,
    /// AWS operation that writes the part; for what never changes, the creating one.
    pub put: &'static str,
    /// AWS operation that takes the part away, where there is one.
    pub delete: Option<&'static str>,
    /// How the value of a new resource gets to AWS.
    pub birth: Birth,
    /// AWS does not change the part once the resource exists.
    pub immutable: bool,
    /// What AWS does with a new value.
    pub effect: Effect,
    /// Fields whose steps come first when both change.
    pub after: &'static [&'static str],
    /// What AWS gives a new resource today; `None` for nothing.
    pub on_new: fn() -> Option<Value>,
    /// Brings what is to be written into a form that AWS takes, given what it has: drops leaves that contradict the
    /// declared ones, and keeps names that AWS gave. With [`Rule::Entries`] it is about one entry.
    pub settle: fn(Value, Option<&Value>) -> Value,
    /// Whether an adoption writes what AWS has into the spec. Where it does not, another field says the same.
    pub telling: fn(&Value) -> bool,
    /// Whether two values, the first of which is to be written, mean the same to AWS. With [`Rule::Entries`] they are
    /// two entries.
    pub same: fn(&Value, &Value) -> bool,
}

impl PartRules {
    /// What most parts are: a document with a call of its own to read and to write it. `field`, `get` and `put` are for
    /// each part to fill in.
    pub const DEFAULT: Self = Self {
        field: "",
        rule: Rule::Document,
        removal: Removal::Reset,
        get: "",
        elsewhere: false,
        sought: |_, _| false,
        inherited: true,
        put: "",
        delete: None,
        birth: Birth::Apart,
        immutable: false,
        effect: Effect::Immediate,
        after: &[],
        on_new: || None,
        settle: |value, _| value,
        telling: |_| true,
        same: |a, b| a == b,
    };

    /// What a resource is created with and AWS never changes. A field that is taken out of the spec is no wish to have
    /// something else. `field`, `get` and `put` are for each part to fill in.
    pub const BORN: Self =
        Self { rule: Rule::Whole, removal: Removal::Keep, birth: Birth::Included, immutable: true, ..Self::DEFAULT };
}

/// How a resource is found again (design §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// By the name that the spec gives it.
    Named,
    /// AWS gives it an id. The creating call takes an idempotency token, so that sending it again creates nothing new.
    Token,
    /// AWS gives it an id, and it is found again by its ownership tag alone.
    Tagged,
    /// AWS gives it an id, and the creating call takes neither tags nor a token. It is found again in a list of AWS: what
    /// is new there since before the create, of that parent and name, and no other object's.
    Listed,
    /// It always exists and has no owner: it is neither created nor deleted. Of the objects that name the same one, the
    /// oldest is heard.
    Setting,
}

/// What follows when AWS no longer has a resource that an object made or took over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// It is made again.
    MadeAgain,
    /// It is not, because another would be something else: the object says so in these words, which tell the way out.
    Missed(&'static str),
    /// It is not, and nobody looks whether it is there: what it was for is done, and stays done. These words tell the way
    /// out where AWS forgets it before it was seen done.
    Forgotten(&'static str),
}

/// One kind, as far as the engine needs to know it.
#[derive(Clone, Copy, Debug)]
pub struct KindRules {
    /// AWS service, for example `s3`.
    pub service: &'static str,
    /// Kind, for example `Bucket`.
    pub kind: &'static str,
    /// How a resource is found again.
    pub naming: Naming,
    /// Keys of ACK's annotation `adoption-fields` that name a resource of this kind.
    pub identifiers: &'static [&'static str],
    /// AWS operation that tells whether the resource exists.
    pub locate: &'static str,
    /// Field of the spec that holds the tags; empty for what has none.
    pub tags: &'static str,
    /// AWS operation that writes tags; empty for what has none.
    pub tag: &'static str,
    /// AWS operation that takes tags away; `None` where [`KindRules::tag`] replaces all of them.
    pub untag: Option<&'static str>,
    /// AWS operation that reads tags; `None` where they come with [`KindRules::locate`].
    pub list_tags: Option<&'static str>,
    /// AWS operation that creates the resource; empty for a [`Naming::Setting`].
    pub create: &'static str,
    /// AWS operation that deletes the resource; empty for a [`Naming::Setting`], and for what AWS keeps when its object goes.
    pub delete: &'static str,
    /// AWS works on a creation and on a deletion after the call has returned, and may show either late.
    pub asynchronous: bool,
    /// What follows when AWS no longer has the resource.
    pub gone: Gone,
    /// Turns the steps of single parts into the calls that AWS takes: joins what has to go together, and splits what has
    /// to go apart. [`KindRules::AS_THEY_ARE`] where a part is a call.
    pub arrange: fn(&mut Steps, Inputs<'_>, &Present),
    /// The parts.
    pub parts: &'static [PartRules],
    /// Fields that name other objects.
    pub references: &'static [ReferenceRule],
    /// Fields that name keys of Secrets.
    pub secrets: &'static [SecretRule],
    /// The IAM actions that each operation needs.
    pub permissions: &'static [Permission],
    /// ARNs that the actions are about, with `{partition}` for the partition.
    pub resources: &'static [&'static str],
}

impl KindRules {
    /// Every part is a call of its own.
    pub const AS_THEY_ARE: fn(&mut Steps, Inputs<'_>, &Present) = |_, _, _| {};

    /// Whether nobody creates, owns or deletes what the kind is about.
    #[must_use]
    pub fn is_setting(&self) -> bool {
        self.naming == Naming::Setting
    }

    /// Whether an object makes one resource and never another, so that all its spec is for has been said with that.
    #[must_use]
    pub fn is_made_once(&self) -> bool {
        self.gone != Gone::MadeAgain
    }

    /// Whether what was once as declared is so for ever, so that it is not looked at again.
    #[must_use]
    pub fn is_done_with(&self) -> bool {
        matches!(self.gone, Gone::Forgotten(_))
    }

    /// The rules of the part that a field names.
    #[must_use]
    pub fn part(&self, field: &str) -> Option<&'static PartRules> {
        self.parts.iter().find(|part| part.field == field)
    }
}
