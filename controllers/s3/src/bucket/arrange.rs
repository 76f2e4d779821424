//! The order of steps where it depends on what they do.

use cairn_core::{
    leaf,
    observed::{Desired, Present},
    plan::{Action, Inputs, Step, Steps},
};
use serde_json::Value;

use super::parts;

const OWNERSHIP: &str = "ownershipControls";
const LISTS: &[&str] = &["acl", "accessControlPolicy"];
const REPLICATION: &str = "replication";
const VERSIONING: &str = "versioning";

/// What a part waits for by its description is right for switching on. In the other direction it is the other way
/// round: S3 switches access control lists off only while none grants anything to others, and versioning only where
/// nothing is replicated.
pub(super) fn arrange(steps: &mut Steps, inputs: Inputs<'_>, _: &Present) {
    parts::split_metadata(steps);
    keep_one_list(steps, inputs.desired);
    let sets = |field: &str, path: &str, wanted: &str| {
        let of_field = |step: &&Step| step.field == field;
        let put = steps.steps.iter().find(of_field).and_then(|step| value(&step.action));
        put.and_then(|value| leaf::get(value, path)).is_some_and(|found| found == wanted)
    };
    let lists_off = sets(OWNERSHIP, "rules.0.objectOwnership", "BucketOwnerEnforced");
    let versions_off = sets(VERSIONING, "status", "Suspended");
    for step in &mut steps.steps {
        step.after = match step.field {
            OWNERSHIP if lists_off => LISTS,
            list if lists_off && LISTS.contains(&list) => &["publicAccessBlock"],
            VERSIONING if versions_off => &[REPLICATION],
            REPLICATION if versions_off => &[],
            _ => step.after,
        };
    }
}

/// There is one access control list, however it is said: where another field says it now, the former one is not reset.
fn keep_one_list(steps: &mut Steps, desired: &Desired) {
    let declared = |field: &str| desired.parts.contains_key(field);
    if LISTS.iter().any(|list| declared(list)) {
        steps.steps.retain(|step| !LISTS.contains(&step.field) || declared(step.field));
    }
}

fn value(action: &Action) -> Option<&Value> {
    match action {
        Action::Put { value } => Some(value),
        _ => None,
    }
}
