//! Replicas that come, change and go. AWS is at work on one at a time, and changes nothing else of the table meanwhile.

use cairn_core::{
    failure::{Class, Failure},
    observed::{Desired, Present},
    plan::{Action, Awaited, Step},
};
use serde_json::{Value, json};

use super::{
    super::{
        UPDATE,
        parts::{STREAM, consistency, replicas, witnesses},
    },
    strong, value, with_words,
};

/// The fields of the spec that are about replicas.
pub(super) const FIELDS: [&str; 3] = [replicas::FIELD, consistency::FIELD, witnesses::FIELD];

/// What is to be done about replicas.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// Replicas that go: they come before all else, because much is refused of a table that has some.
    pub(super) going: Vec<Step>,
    /// Replicas that change and that come, after all that they are to have.
    pub(super) coming: Vec<Step>,
    /// What AWS is at work on.
    pub(super) awaited: Vec<Awaited>,
    /// How soon replicas agree is declared otherwise than it is.
    pub(super) immutable: bool,
    /// Replicas that AWS does not get on with.
    pub(super) failed: Vec<(&'static str, Failure)>,
}

/// Sorts the steps that serve the fields of [`FIELDS`].
pub(super) fn sort(steps: Vec<Step>, desired: &Desired, present: &Present) -> Sorted {
    let mut sorted = Sorted {
        failed: failed(desired, present),
        immutable: steps.iter().any(|step| step.field == consistency::FIELD && !step.before.is_null()),
        awaited: awaited(present),
        ..Sorted::default()
    };
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    let steps = steps.into_iter().filter(|step| step.field != consistency::FIELD);
    if strong::is_meant(desired, present) {
        let (puts, going): (Vec<_>, Vec<_>) = steps.partition(is_put);
        let (coming, changed): (Vec<_>, Vec<_>) = puts.into_iter().partition(|step| step.before.is_null());
        let changed = changed.iter().filter_map(|step| Some(changes(step, value(step)?)));
        sorted.going = strong::goes(&going).into_iter().collect();
        sorted.coming = strong::comes(&coming).into_iter().chain(changed).collect();
        return sorted;
    }
    for step in steps {
        match &step.action {
            Action::ClearEntry { name } => sorted.going.push(goes(&step, name)),
            Action::Put { value } if step.before.is_null() => new.push(comes(&step, value)),
            Action::Put { value } => changed.push(changes(&step, value)),
            _ => {}
        }
    }
    changed.extend(new.first().and_then(|step| stream_before(step, desired, present)));
    changed.extend(new);
    sorted.coming = changed;
    sorted
}

fn is_put(step: &Step) -> bool {
    matches!(step.action, Action::Put { .. })
}

fn states(present: &Present) -> impl Iterator<Item = (&str, &str, &Value)> {
    let all = present.status.get("replicas").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|replica| Some((replica[replicas::REGION].as_str()?, replica["replicaStatus"].as_str()?, replica)))
}

/// What AWS is at work on, in words.
pub(in super::super) fn awaited(present: &Present) -> Vec<Awaited> {
    let words = |(region, state, replica): (&str, &str, &Value)| match state {
        "CREATING" => Some(match replica["replicaStatusPercentProgress"].as_str() {
            Some(progress) => format!("creating the replica in {region} ({progress} %)"),
            None => format!("creating the replica in {region}"),
        }),
        "UPDATING" => Some(format!("changing the replica in {region}")),
        "DELETING" => Some(format!("deleting the replica in {region}")),
        _ => None,
    };
    states(present).filter_map(words).map(|words| Awaited { field: replicas::FIELD, words }).collect()
}

/// What is wrong with declared replicas. Source: DynamoDB API reference, `ReplicaDescription.ReplicaStatus`.
fn failed(desired: &Desired, present: &Present) -> Vec<(&'static str, Failure)> {
    let declared = desired.parts.get(replicas::FIELD).and_then(Value::as_array);
    let is_declared = |region: &str| declared.into_iter().flatten().any(|replica| replica[replicas::REGION] == *region);
    let wrong = states(present).filter(|(region, state, _)| {
        !matches!(*state, "ACTIVE" | "CREATING" | "UPDATING" | "DELETING") && is_declared(region)
    });
    wrong.map(|(region, state, replica)| (replicas::FIELD, failure(region, state, replica))).collect()
}

fn failure(region: &str, state: &str, replica: &Value) -> Failure {
    let way_out = match state {
        "CREATION_FAILED" => "take it out of tableReplicas, and put it there again when that has been done",
        "INACCESSIBLE_ENCRYPTION_CREDENTIALS" => "permit DynamoDB to use the KMS key of the replica again",
        "REPLICATION_NOT_AUTHORIZED" => "permit DynamoDB to replicate, by the resource policies of the replicas",
        "REGION_DISABLED" => "enable the region for the account; AWS takes the replica out of the group after 20 hours",
        _ => "AWS tells what to do in its console",
    };
    let told = replica["replicaStatusDescription"].as_str().map(|told| format!(": {told}")).unwrap_or_default();
    Failure {
        operation: UPDATE.into(),
        code: state.into(),
        message: format!("the replica in {region} is {state}{told}; {way_out}"),
        request_id: None,
        class: Class::Invalid,
        ambiguous: false,
    }
}

/// Replicas need a stream of both images. Where there is none, and nobody says a word on streams, it begins for them.
fn stream_before(first: &Step, desired: &Desired, present: &Present) -> Option<Step> {
    let there = present.parts.get(STREAM).cloned().flatten()?;
    if desired.parts.contains_key(STREAM) || there["streamEnabled"] == true {
        return None;
    }
    let members = json!({STREAM: {"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"}});
    let words = "beginning the stream that replicas need".to_owned();
    let step = with_words(first, members, words);
    Some(Step { before: json!({STREAM: there}), ..step })
}

/// Whether replicas need the stream that a step would end because nobody says a word on streams any more.
pub(super) fn need(step: &Step, desired: &Desired, present: &Present) -> bool {
    let are_there = states(present).next().is_some();
    let declared = desired.parts.get(replicas::FIELD).and_then(Value::as_array);
    let come = declared.is_some_and(|replicas| !replicas.is_empty());
    step.field == STREAM
        && !desired.parts.contains_key(STREAM)
        && (are_there || come && step.before["streamViewType"] == "NEW_AND_OLD_IMAGES")
}

fn goes(step: &Step, region: &str) -> Step {
    with_words(step, deletion(region), format!("deleting the replica in {region}"))
}

/// The request that deletes the replica in a region.
pub(in super::super) fn deletion(region: &str) -> Value {
    json!({"replicaUpdates": [{"delete": {replicas::REGION: region}}]})
}

fn comes(step: &Step, replica: &Value) -> Step {
    let words = format!("creating the replica in {}", region(replica));
    with_words(step, json!({"replicaUpdates": [{"create": replica}]}), words)
}

fn changes(step: &Step, replica: &Value) -> Step {
    let document = json!({"replicaUpdates": [{"update": replicas::changed(replica, &step.before)}]});
    with_words(step, document, format!("changing the replica in {}", region(replica)))
}

fn region(replica: &Value) -> &str {
    replica[replicas::REGION].as_str().unwrap_or_default()
}
