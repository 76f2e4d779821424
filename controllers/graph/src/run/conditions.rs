//! The conditions that a definition makes of its instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_cel::FaultKind;
use serde_json::{Value as Json, json};

use super::allowance::Allowance;
use super::report::Fault;
use super::world::{Memo, World};
use crate::program::{Program, Written};

/// A condition of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Condition {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// `True`, `False` or `Unknown`.
    pub status: String,
    /// A word for machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Words for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When the status last changed, as RFC 3339 has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_transition_time: Option<String>,
    /// The generation of the object that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
}

/// What an entry of `status.conditions` gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// These conditions.
    Made(Vec<Condition>),
    /// None yet: what it reads is not there. The types that it would make, as far as they are constants; nothing for
    /// one that is computed.
    Pending {
        /// Where, and what is not there.
        fault: Fault,
        /// The types.
        types: Vec<Option<String>>,
    },
    /// None without a change.
    Failed {
        /// Where, and why.
        fault: Fault,
        /// The types, as of one that is pending.
        types: Vec<Option<String>>,
    },
}

/// What is kept of the entries.
#[derive(Debug, Default)]
pub(super) struct Entries(Vec<Option<Memo<Entry>>>);

impl Entries {
    /// Evaluates the entries, those that read something that has changed.
    pub(super) fn evaluate(
        &mut self,
        program: &Program,
        world: &World,
        built_in: &[Condition],
        allowance: &mut Allowance,
    ) -> Vec<Entry> {
        let world = World { instance: Arc::new(with(&world.instance, built_in)), nodes: world.nodes.clone() };
        self.0.resize_with(program.conditions.len(), || None);
        let mut found = Vec::new();
        for (written, memo) in program.conditions.iter().zip(&mut self.0) {
            let reads = written.program.reads();
            found.push(Memo::recall(memo, program, reads, &world, || compute(written, program, &world, allowance)));
        }
        found
    }
}

/// The instance with the operator's conditions: `runtime.condition(schema, …)` reads them.
fn with(instance: &Json, built_in: &[Condition]) -> Json {
    let mut instance = instance.clone();
    if let Json::Object(fields) = &mut instance {
        fields.insert("status".into(), json!({"conditions": built_in}));
    }
    instance
}

fn compute(written: &Written, program: &Program, world: &World, allowance: &mut Allowance) -> Entry {
    let bindings = world.bindings(program, [&written.program]);
    let bound = written.program.bind(&bindings);
    let made = allowance.expression(&bound).and_then(|value| value.to_json());
    let types = written.program.checked().conditions.clone();
    let fault = |message: String| Fault { path: written.path.clone(), message };
    let made = match made {
        Ok(Json::Array(items)) => items,
        Ok(one) => vec![one],
        Err(error) if matches!(error.kind, FaultKind::Absent | FaultKind::Unbound) => {
            return Entry::Pending { fault: fault(error.message), types };
        }
        Err(error) => return Entry::Failed { fault: fault(error.message), types },
    };
    match made.into_iter().map(serde_json::from_value).collect::<Result<Vec<Condition>, _>>() {
        Ok(conditions) => Entry::Made(conditions),
        Err(error) => Entry::Failed { fault: fault(format!("this is no condition: {error}")), types },
    }
}

/// The conditions to write, from what the entries give and what was written before; `now` as RFC 3339 has it.
///
/// As in kro: a condition whose entry is pending stays as it was, the time of a condition changes with its status, and
/// of two of one type the first counts. Gives the types of those that do not count as well.
#[must_use]
pub fn merge(
    before: &[Condition],
    entries: &[Entry],
    generation: Option<i64>,
    now: &str,
) -> (Vec<Condition>, Vec<String>) {
    let mut written: Vec<Condition> = Vec::new();
    let mut repeated = Vec::new();
    let known = |kind: &str| before.iter().find(|condition| condition.kind == kind);
    for entry in entries {
        let Entry::Made(made) = entry else { continue };
        for condition in made {
            if written.iter().any(|other| other.kind == condition.kind) {
                repeated.push(condition.kind.clone());
                continue;
            }
            let same = known(&condition.kind).filter(|before| before.status == condition.status);
            let time = same.and_then(|before| before.last_transition_time.clone());
            written.push(Condition {
                last_transition_time: Some(time.unwrap_or_else(|| now.to_owned())),
                observed_generation: generation,
                ..condition.clone()
            });
        }
    }
    let open = |entry: &Entry| match entry {
        Entry::Made(_) => Vec::new(),
        Entry::Pending { types, .. } | Entry::Failed { types, .. } => types.clone(),
    };
    let open: BTreeSet<Option<String>> = entries.iter().flat_map(open).collect();
    let kept = |condition: &&Condition| open.contains(&Some(condition.kind.clone())) || open.contains(&None);
    let kept: Vec<&Condition> = before.iter().filter(kept).collect();
    for condition in kept {
        if !written.iter().any(|other| other.kind == condition.kind) {
            written.push(condition.clone());
        }
    }
    (written, repeated)
}
