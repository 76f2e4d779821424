//! Auto scaling among the other steps, and capacity that is left to it.

use std::collections::BTreeSet;

use cairn_core::{
    observed::Present,
    plan::{Action, Inputs, Step, Steps},
};
use serde_json::Value;

use super::super::{
    RULES,
    parts::{
        global_indexes, replicas,
        scaling::{self, Capacity, DEREGISTER, FIELD, NAME, OF_REPLICAS},
    },
};

const BILLING: &[&str] = &["billingMode", THROUGHPUT];
const INDEXED: &[&str] = &["billingMode", THROUGHPUT, global_indexes::FIELD];
const THROUGHPUT: &str = "provisionedThroughput";
const OVERRIDE: &str = "provisionedThroughputOverride";
const INDEX: &str = "indexName";

/// Takes out of the steps what is left to auto scaling, and turns those that serve it into the calls that they take.
pub(super) fn arrange(steps: &mut Steps, inputs: Inputs<'_>, present: &Present) {
    let scaled = Scaled::of(steps, inputs);
    let all = std::mem::take(&mut steps.steps);
    for step in all {
        if ![FIELD, OF_REPLICAS].contains(&step.field) {
            steps.steps.extend(scaled.left(step));
            continue;
        }
        match served(step, inputs, present) {
            Served::By(step) => steps.steps.push(step),
            Served::Kept(name) => steps.unmanaged.push(format!("{FIELD} of {name}")),
            Served::Already => {}
        }
    }
}

/// The capacities that something scales.
struct Scaled {
    names: BTreeSet<String>,
    /// Fields of which it is not known what is registered.
    unknown: Vec<&'static str>,
}

impl Scaled {
    /// What is declared to be scaled, and what is registered without being declared. Whoever may not ask, or asks an
    /// emulator that has no auto scaling, knows of none, as long as nobody declares any.
    fn of(steps: &mut Steps, inputs: Inputs<'_>) -> Self {
        let (mut names, mut unknown) = (BTreeSet::new(), Vec::new());
        for field in [FIELD, OF_REPLICAS] {
            let declared = inputs.desired.parts.get(field);
            match inputs.observed.parts.get(field) {
                Some(Ok(registered)) => names.extend(of_list(registered.as_ref()).map(|(name, _)| name)),
                Some(Err(failure)) if declared.is_some() || failure.class.passes_by_itself() => unknown.push(field),
                Some(Err(_)) if !inputs.record.declared.contains_key(field) => {
                    steps.unread.retain(|(unread, _)| *unread != field);
                }
                _ => {}
            }
            for (name, entry) in of_list(declared) {
                if scaling::is_off(entry) {
                    names.remove(&name)
                } else {
                    names.insert(name)
                };
            }
        }
        Self { names, unknown }
    }

    fn has(&self, capacity: &Capacity<'_>) -> bool {
        let field = if capacity.region.is_some() { OF_REPLICAS } else { FIELD };
        self.unknown.contains(&field) || self.names.contains(&capacity.name())
    }

    /// The step without the units that are scaled, which stay as they are; nothing where nothing else differs.
    fn left(&self, mut step: Step) -> Option<Step> {
        let before = &step.before;
        let Action::Put { value } = &mut step.action else { return Some(step) };
        if before.is_null() {
            return Some(step);
        }
        match step.field {
            THROUGHPUT => self.leave(Some(value), before, None, None),
            global_indexes::FIELD => {
                let index = before[INDEX].as_str();
                self.leave(value.get_mut(THROUGHPUT), &before[THROUGHPUT], None, index);
            }
            replicas::FIELD => {
                let region = before[replicas::REGION].as_str();
                self.leave(value.get_mut(OVERRIDE), &before[OVERRIDE], region, None);
                let indexes = value.get_mut(global_indexes::FIELD).and_then(Value::as_array_mut);
                for index in indexes.into_iter().flatten() {
                    let mut there = before[global_indexes::FIELD].as_array().into_iter().flatten();
                    let Some(there) = there.find(|there| there[INDEX] == index[INDEX]) else { continue };
                    self.leave(index.get_mut(OVERRIDE), &there[OVERRIDE], region, there[INDEX].as_str());
                }
            }
            _ => return Some(step),
        }
        let same = RULES.part(step.field).is_some_and(|rules| (rules.same)(value, before));
        (!same).then_some(step)
    }

    fn leave(&self, units: Option<&mut Value>, there: &Value, region: Option<&str>, index: Option<&str>) {
        let Some(units) = units.filter(|units| units.is_object()) else { return };
        for capacity in [true, false].map(|reads| Capacity { region, index, reads }) {
            let unit = capacity.unit();
            if !there[unit].is_null() && self.has(&capacity) {
                units[unit] = there[unit].clone();
            }
        }
    }
}

/// What becomes of a step that serves auto scaling.
enum Served {
    By(Step),
    /// It was declared, is no longer, and stays.
    Kept(String),
    /// There is nothing to do.
    Already,
}

fn served(step: Step, inputs: Inputs<'_>, present: &Present) -> Served {
    match &step.action {
        Action::Put { value } if scaling::is_off(value) && step.before.is_null() => Served::Already,
        Action::Put { value } if scaling::is_off(value) => {
            let name = value[NAME].as_str().unwrap_or_default().to_owned();
            Served::By(ends(step, name))
        }
        Action::Put { value } => {
            let (operation, value) = scaling::written(value, &step.before);
            let capacity = value[NAME].as_str().and_then(Capacity::parse);
            let after = capacity.map_or(step.after, |capacity| after(&capacity, present));
            Served::By(Step { operation, action: Action::Put { value }, after, ..step })
        }
        Action::ClearEntry { name } if goes(name, step.field, inputs) => {
            let name = name.clone();
            Served::By(ends(step, name))
        }
        Action::ClearEntry { name } => Served::Kept(name.clone()),
        _ => Served::By(step),
    }
}

/// It waits for nothing: an index and a replica are gone after it.
fn ends(step: Step, name: String) -> Step {
    Step { operation: DEREGISTER, action: Action::ClearEntry { name }, after: &[], ..step }
}

/// What has to be there before a capacity can be scaled. AWS takes a table with replicas for one that is paid for by
/// capacity only after its writes are scaled. Source: DynamoDB developer guide, "Global tables: settings".
fn after(capacity: &Capacity<'_>, present: &Present) -> &'static [&'static str] {
    let list = |field: &str| present.parts.get(field).and_then(Option::as_ref).and_then(Value::as_array);
    let is_there = |index: &str| list(global_indexes::FIELD).into_iter().flatten().any(|there| there[INDEX] == *index);
    match capacity {
        Capacity { region: Some(_), .. } => &[replicas::FIELD],
        Capacity { index: Some(index), .. } if !is_there(index) => INDEXED,
        _ if list(replicas::FIELD).is_some() => &[],
        _ => BILLING,
    }
}

/// Whether the scaling of a capacity that is no longer declared ends: where the spec still says something of the same
/// place, where the index or the replica goes itself, and where nothing is paid for by capacity any more. AWS would keep
/// it then, for the day on which it is. Source: DynamoDB developer guide, "Considerations when switching capacity modes".
fn goes(name: &str, field: &str, inputs: Inputs<'_>) -> bool {
    let Some(capacity) = Capacity::parse(name) else { return false };
    let declared = |field: &str| inputs.desired.parts.get(field);
    let place = (capacity.region, capacity.index);
    let said = of_list(declared(field))
        .any(|(name, _)| Capacity::parse(&name).is_some_and(|other| (other.region, other.index) == place));
    let names = |field: &str, key: &str, wanted: &str| {
        declared(field).and_then(Value::as_array).into_iter().flatten().any(|entry| entry[key] == *wanted)
    };
    let index_goes = capacity.index.is_some_and(|index| !names(global_indexes::FIELD, INDEX, index));
    let replica_goes = declared(replicas::FIELD).is_some()
        && capacity.region.is_some_and(|region| !names(replicas::FIELD, replicas::REGION, region));
    let by_request = declared("billingMode").is_some_and(|mode| mode == "PAY_PER_REQUEST");
    said || index_goes || replica_goes || by_request
}

fn of_list(list: Option<&Value>) -> impl Iterator<Item = (String, &Value)> {
    let entries = list.and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| Some((entry[NAME].as_str()?.to_owned(), entry)))
}

/// The steps that take indexes or replicas away, after the end of their auto scaling, which nobody would find any more.
/// They wait until it is known what is registered; what waits for indexes or replicas itself, waits for another round.
pub(super) fn going_after(field: &'static str, steps: &mut Steps, going: Vec<Step>) -> Vec<Step> {
    if steps.unread.iter().any(|(unread, _)| *unread == field) {
        return Vec::new();
    }
    let after: &[_] = if field == OF_REPLICAS { &[OF_REPLICAS] } else { &[FIELD] };
    let goes = |step: &Step| going.iter().any(|going| step.after.contains(&going.field));
    steps.steps.retain(|step| step.field != field || !goes(step));
    going.into_iter().map(|step| Step { after, ..step }).collect()
}
