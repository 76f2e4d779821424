//! The plan: what is to be done in AWS, as data.
//!
//! The same value is executed step by step, printed for people, tested, and cut off after any step by fault tests.

mod creation;
mod order;
mod publish;
mod update;

use std::collections::BTreeMap;

use cairn_crds::status::Record;
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    adoption::{self, Adoption},
    condition::{Reason, Report},
    controls::Controls,
    failure::Failure,
    observed::{Desired, Existence, Observed, Phase, Present},
    owner::{self, Evidence, Owner, Verdict},
    part, record,
    rules::{Birth, Effect, Gone, KindRules, PartRules},
    tags::{TagChange, Tags},
};

pub use creation::creates_untagged;
pub use order::Round;
pub use publish::published;

/// What one step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Create the resource.
    Create {
        /// Declared tags and ownership tags.
        tags: Tags,
        /// Declared parts that go into the creating call, by field.
        parts: BTreeMap<&'static str, Value>,
    },
    /// Write tags.
    Tag(TagChange),
    /// Take these tags away.
    Untag(Vec<String>),
    /// Write a part.
    Put {
        /// The whole value that is sent.
        value: Value,
    },
    /// Take a part away.
    Clear,
    /// Take one entry of a list away.
    ClearEntry {
        /// Its name.
        name: String,
    },
}

/// One call to AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Field of the spec that the step serves; `spec` for the resource as a whole.
    pub field: &'static str,
    /// AWS operation, for example `PutBucketVersioning`.
    pub operation: &'static str,
    /// What it does.
    pub action: Action,
    /// What AWS had there, `null` for nothing.
    pub before: Value,
    /// What AWS does with it.
    pub effect: Effect,
    /// Fields whose steps, if there are any, come first. The step's own field stands for its steps before this one.
    pub after: &'static [&'static str],
    /// What AWS does, in words, where the field does not say enough, for example `creating index by-date`.
    pub words: Option<String>,
}

impl Step {
    /// What AWS does, in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        self.words.clone().unwrap_or_else(|| format!("changing {}", self.field))
    }
}

/// Something that AWS has to finish before the resource is as declared, and that keeps other steps from nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Field of the spec.
    pub field: &'static str,
    /// What AWS does, in words.
    pub words: String,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Nothing may be done, because.
    Blocked(Report),
    /// AWS is at it: ask again soon.
    Wait(Report),
    /// These steps; none when AWS has what is declared.
    Steps(Steps),
}

/// Steps and what goes with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// The calls. A creation comes first, alone; the others in the order of their dependencies.
    pub steps: Vec<Step>,
    /// Only a read can tell whose the resource is after the creation, or whether AWS shows it yet: observe and plan again
    /// after it.
    pub observe_after_create: bool,
    /// The resource is taken over from nobody, as the object asks.
    pub adopts: Option<adoption::Policy>,
    /// What AWS is at work on beside them.
    pub awaited: Vec<Awaited>,
    /// Parts that could not be read, so that nothing is known of their difference.
    pub unread: Vec<(&'static str, Failure)>,
    /// Paths, with their field, that are no longer declared and keep what AWS has.
    pub unmanaged: Vec<String>,
    /// Parts that differ and that AWS does not change in a resource that exists, by field.
    pub immutable: Vec<&'static str>,
}

impl Steps {
    /// Whether the steps begin by creating the resource.
    #[must_use]
    pub fn creates(&self) -> bool {
        self.steps.first().is_some_and(|step| matches!(step.action, Action::Create { .. }))
    }
}

/// All that a plan depends on.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The kind.
    pub rules: &'static KindRules,
    /// What the spec declares.
    pub desired: &'a Desired,
    /// What is remembered.
    pub record: &'a Record,
    /// What AWS has.
    pub observed: &'a Observed,
    /// The object as an owner.
    pub owner: &'a Owner,
    /// Whether the object may take over what nobody owns.
    pub adoption: &'a Adoption,
    /// What the object asks for beside its spec: fields in which a difference is left alone.
    pub controls: &'a Controls,
    /// The AWS endpoint is overridden.
    pub emulated: bool,
    /// A creating call that succeeds does not prove that it created: it has to be confirmed by a read.
    pub confirm_create: bool,
    /// The time.
    pub now: Timestamp,
}

/// Makes the plan.
#[must_use]
pub fn plan(inputs: Inputs<'_>) -> Plan {
    match &inputs.observed.existence {
        // A read that follows our own create may lag behind it.
        Existence::Absent if inputs.observed.fresh || may_still_appear(inputs) => {
            Plan::Wait(Report::new(Reason::Creating, "AWS does not show the new resource yet"))
        }
        Existence::Absent => absent(inputs),
        Existence::Present(present) => {
            match owner::decide(inputs.owner, Evidence::of_kind(inputs.rules, inputs.record, present, inputs.emulated))
            {
                Verdict::Theirs(why) => Plan::Blocked(Report::new(Reason::NotOwned, why)),
                Verdict::Unowned(why) => unowned(inputs, present, why),
                Verdict::Ours => ours(inputs, present, false),
                Verdict::OursUntagged => {
                    ours(inputs, present, inputs.record.ownership.is_none() || inputs.record.untagged)
                }
            }
        }
    }
}

/// Whether a read that finds nothing may lag behind a create that is known to have succeeded.
fn may_still_appear(inputs: Inputs<'_>) -> bool {
    let made = inputs.record.ownership.is_some() && inputs.record.intent.is_some();
    made && record::is_doubtful(inputs.record, inputs.now)
}

fn absent(inputs: Inputs<'_>) -> Plan {
    if inputs.record.ownership.is_some() {
        match inputs.rules.gone {
            Gone::MadeAgain => {}
            Gone::Forgotten(_) if inputs.record.changed_at.is_some() => return Plan::Steps(Steps::default()),
            Gone::Missed(why) | Gone::Forgotten(why) => return Plan::Blocked(Report::new(Reason::NotFound, why)),
        }
    }
    match inputs.adoption {
        Adoption::Asked(adoption::Policy::Adopt) => {
            let why = "there is no such resource to adopt; correct the name, or set adoption-policy to adopt-or-create";
            Plan::Blocked(Report::new(Reason::NotFound, why))
        }
        _ => Plan::Steps(creation::steps(inputs)),
    }
}

fn unowned(inputs: Inputs<'_>, present: &Present, why: String) -> Plan {
    match inputs.adoption {
        Adoption::NotAsked => Plan::Blocked(Report::new(Reason::NotOwned, why)),
        Adoption::Refused(why) => Plan::Blocked(Report::new(Reason::NotAllowed, why.clone())),
        Adoption::Asked(policy) => {
            // What was declared before was of a resource that never came to be.
            let record = record::disown(inputs.record.clone());
            let inputs = Inputs { record: &record, ..inputs };
            busy(present).unwrap_or_else(|| Plan::Steps(update::adopting(inputs, present, *policy)))
        }
    }
}

fn ours(inputs: Inputs<'_>, present: &Present, claim: bool) -> Plan {
    let steps = match inputs.adoption {
        // The tags are all that is there of an adoption that was cut off: the spec still has to be filled.
        Adoption::Asked(policy @ adoption::Policy::Adopt) if inputs.record.ownership.is_none() => {
            update::adopting(inputs, present, *policy)
        }
        _ => update::steps(inputs, present, claim),
    };
    busy(present).unwrap_or(Plan::Steps(steps))
}

/// What differs from the spec, whosever the resource is.
#[must_use]
pub fn differences(inputs: Inputs<'_>, present: &Present) -> Steps {
    let mut steps = update::steps(inputs, present, false);
    for step in &mut steps.steps {
        if let Action::Tag(change) = &mut step.action {
            change.set.retain(|key, _| !key.starts_with(owner::TAG_PREFIX));
            change.all.retain(|key, _| !key.starts_with(owner::TAG_PREFIX));
        }
    }
    steps
}

/// What AWS is doing with the resource, where that keeps anything else from being done.
fn busy(present: &Present) -> Option<Plan> {
    let wait = |reason, what: &str| Some(Plan::Wait(Report::new(reason, what)));
    match &present.phase {
        Phase::Steady => None,
        Phase::Creating => wait(Reason::Creating, "AWS is creating the resource"),
        Phase::Updating(what) => wait(Reason::Updating, what),
        Phase::Deleting => wait(Reason::Creating, "AWS is deleting the resource; it is created again after that"),
        Phase::Unusable(why) => Some(Plan::Blocked(Report::new(Reason::Unusable, why.clone()))),
    }
}

/// The fields that have to be read by calls of their own: declared now, or when last recorded, or of importance for what
/// is to be done about others; all that an adoption writes into the spec for a resource whose state is to become it. How
/// a resource began matters only until it was as declared.
#[must_use]
pub fn fields_to_read(
    rules: &'static KindRules,
    desired: &Desired,
    record: &Record,
    present: &Present,
    all: bool,
) -> Vec<&'static str> {
    let wanted = |part: &&PartRules| {
        let declared = desired.parts.contains_key(part.field);
        if part.birth == Birth::Origin {
            return declared && record.digest.is_none();
        }
        let recorded = record.declared.contains_key(part.field);
        all && part.inherited || declared || recorded || (part.sought)(desired, present)
    };
    let own = rules.parts.iter().filter(|part| part.elsewhere || part.get != rules.locate);
    own.filter(wanted).map(|part| part.field).collect()
}

/// The paths to remember as declared.
#[must_use]
pub fn declared(rules: &'static KindRules, desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let parts = rules.parts.iter().filter_map(|part| {
        let declared = desired.parts.get(part.field)?;
        Some((part.field.to_owned(), part::declared_paths(part, declared)))
    });
    let tags = desired.all_tags().map(|tags| (rules.tags.to_owned(), tags.into_keys().collect()));
    parts.chain(tags).collect()
}

#[cfg(test)]
mod tests;
