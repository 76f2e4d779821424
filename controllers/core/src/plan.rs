//! The plan: what is to be done in AWS, as data.
//!
//! The same value is executed step by step, printed for people, tested, and cut off after any step by fault tests.

use std::collections::BTreeMap;

use cairn_crds::status::Record;
use serde_json::{Value, json};

use crate::{
    condition::{Reason, Report},
    failure::Failure,
    observed::{Desired, Existence, Observed},
    owner::{self, Evidence, Owner, Verdict},
    part::{self, Change},
    rules::{KindRules, PartRules},
    tags::{self, TagChange, TagInput, Tags},
};

/// What one step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Create the resource, with these tags.
    Create {
        /// Declared tags and ownership tags.
        tags: Tags,
    },
    /// Write tags.
    Tag(TagChange),
    /// Write a part.
    Put {
        /// The whole value that is sent.
        value: Value,
    },
    /// Take a part away.
    Clear,
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
    /// Fields whose steps, if there are any, come first.
    pub after: &'static [&'static str],
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// Nothing may be done, because.
    Blocked(Report),
    /// These steps; none when AWS has what is declared.
    Steps(Steps),
}

/// Steps and what goes with them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// The calls. A creation comes first, alone; the others in the order of their dependencies.
    pub steps: Vec<Step>,
    /// Only a read can tell whose the resource is after the creation: observe and plan again after it.
    pub observe_after_create: bool,
    /// Parts that could not be read, so that nothing is known of their difference.
    pub unread: Vec<(&'static str, Failure)>,
    /// Paths, with their field, that are no longer declared and keep what AWS has.
    pub unmanaged: Vec<String>,
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
    /// The AWS endpoint is overridden.
    pub emulated: bool,
    /// A creating call that succeeds does not prove that it created: it has to be confirmed by a read.
    pub confirm_create: bool,
}

/// Makes the plan.
#[must_use]
pub fn plan(inputs: Inputs<'_>) -> Plan {
    match &inputs.observed.existence {
        // A read that follows our own create may lag behind it.
        Existence::Absent if inputs.observed.fresh => {
            Plan::Blocked(Report::new(Reason::Creating, "AWS does not show the new resource yet"))
        }
        Existence::Absent => Plan::Steps(creation(inputs)),
        Existence::Present { tags } => {
            match owner::decide(inputs.owner, Evidence::of(inputs.record, tags, inputs.emulated)) {
                Verdict::Theirs(why) => Plan::Blocked(Report::new(Reason::NotOwned, why)),
                Verdict::Ours => Plan::Steps(update(inputs, tags, false)),
                Verdict::OursUntagged => Plan::Steps(update(inputs, tags, inputs.record.ownership.is_none())),
            }
        }
    }
}

fn creation(inputs: Inputs<'_>) -> Steps {
    let mut tags = inputs.desired.tags.clone().unwrap_or_default();
    tags.extend(inputs.owner.tags());
    let create = Step {
        field: "spec",
        operation: inputs.rules.create,
        action: Action::Create { tags },
        before: Value::Null,
        after: &[],
    };
    let mut steps = vec![create];
    if !inputs.confirm_create {
        steps.extend(declared_parts(inputs).filter_map(|(rules, declared)| fresh_step(rules, declared)));
    }
    Steps { steps: ordered(steps), observe_after_create: inputs.confirm_create, ..Steps::default() }
}

fn declared_parts(inputs: Inputs<'_>) -> impl Iterator<Item = (&'static PartRules, &Value)> {
    inputs.rules.parts.iter().filter_map(move |rules| Some((rules, inputs.desired.parts.get(rules.field)?)))
}

/// What is declared is always written to a new resource, also where AWS's documentation says that a new one has it:
/// what an endpoint really gives is known only after a read, and the write costs no more than that.
fn fresh_step(rules: &'static PartRules, declared: &Value) -> Option<Step> {
    let new = (rules.on_new)();
    let never_same = PartRules { same: |_, _| false, ..*rules };
    let difference = part::difference(&never_same, Some(declared), &[], new.as_ref());
    step(rules, difference.change, None)
}

fn step(rules: &'static PartRules, change: Change, observed: Option<&Value>) -> Option<Step> {
    let (operation, action) = match change {
        Change::Nothing => return None,
        Change::Put(value) => (rules.put, Action::Put { value }),
        Change::Clear => (rules.delete?, Action::Clear),
    };
    let before = observed.cloned().unwrap_or_default();
    Some(Step { field: rules.field, operation, action, before, after: rules.after })
}

fn update(inputs: Inputs<'_>, observed_tags: &Tags, claim: bool) -> Steps {
    let mut out = Steps::default();
    out.steps.extend(tag_step(inputs, observed_tags, claim));
    for rules in inputs.rules.parts {
        part_step(inputs, rules, &mut out);
    }
    out.steps = ordered(out.steps);
    out
}

fn tag_step(inputs: Inputs<'_>, observed: &Tags, claim: bool) -> Option<Step> {
    let ownership = inputs.owner.tags();
    let recorded = inputs.record.declared.get(inputs.rules.tags).map_or(&[][..], Vec::as_slice);
    let declared = inputs.desired.tags.as_ref();
    let change = tags::difference(TagInput { declared, recorded, ownership: &ownership, observed, claim })?;
    Some(Step {
        field: inputs.rules.tags,
        operation: inputs.rules.tag,
        action: Action::Tag(change),
        before: json!(observed),
        after: &[],
    })
}

fn part_step(inputs: Inputs<'_>, rules: &'static PartRules, out: &mut Steps) {
    let declared = inputs.desired.parts.get(rules.field);
    let recorded = inputs.record.declared.get(rules.field).map_or(&[][..], Vec::as_slice);
    let observed = match inputs.observed.parts.get(rules.field) {
        Some(Ok(observed)) => observed.as_ref(),
        Some(Err(failure)) => {
            out.unread.push((rules.field, failure.clone()));
            return;
        }
        None if inputs.observed.fresh => {
            out.steps.extend(declared.and_then(|declared| fresh_step(rules, declared)));
            return;
        }
        None => return,
    };
    let difference = part::difference(rules, declared, recorded, observed);
    out.unmanaged.extend(difference.unmanaged.iter().map(|path| join(rules.field, path)));
    out.steps.extend(step(rules, difference.change, observed));
}

fn join(field: &str, path: &str) -> String {
    if path.is_empty() { field.into() } else { format!("{field}.{path}") }
}

/// Sorts steps so that each stands after those it waits for, and otherwise in the order of the kind's description.
fn ordered(mut steps: Vec<Step>) -> Vec<Step> {
    let mut sorted: Vec<Step> = Vec::with_capacity(steps.len());
    while !steps.is_empty() {
        let waits = |step: &Step| steps.iter().any(|other| step.after.contains(&other.field));
        let next = steps.iter().position(|step| !waits(step)).unwrap_or(0);
        sorted.push(steps.remove(next));
    }
    sorted
}

/// The fields that have to be read: declared now, or when last recorded.
#[must_use]
pub fn fields_to_read(rules: &'static KindRules, desired: &Desired, record: &Record) -> Vec<&'static str> {
    let wanted = |field: &str| desired.parts.contains_key(field) || record.declared.contains_key(field);
    rules.parts.iter().map(|part| part.field).filter(|field| wanted(field)).collect()
}

/// The paths to remember as declared.
#[must_use]
pub fn declared(rules: &'static KindRules, desired: &Desired) -> BTreeMap<String, Vec<String>> {
    let parts = rules.parts.iter().filter_map(|part| {
        let declared = desired.parts.get(part.field)?;
        Some((part.field.to_owned(), part::declared_paths(part, declared)))
    });
    let tags = desired.tags.as_ref().map(|tags| (rules.tags.to_owned(), tags.keys().cloned().collect()));
    parts.chain(tags).collect()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
