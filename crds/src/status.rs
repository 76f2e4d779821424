//! What every AWS kind carries in its status.

use std::collections::BTreeMap;

use k8s_openapi::{
    apimachinery::pkg::apis::meta::v1::{Condition, Time},
    jiff::Timestamp,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::{Map, Value, json};

/// Where the resource lives in AWS. Named and spelt as in ACK, because graphs in the wild read it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AckResourceMetadata {
    /// Amazon Resource Name of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// Twelve-digit id of the AWS account that owns the resource.
    #[serde(rename = "ownerAccountID")]
    pub owner_account_id: String,
    /// AWS region of the resource.
    pub region: String,
    /// AWS partition: `aws`, `aws-cn`, `aws-us-gov`, ….
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<String>,
}

/// How the object came to own its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Ownership {
    /// This object created the resource.
    Created,
    /// The resource was there before, and this object took it over because it was told to.
    Adopted,
}

/// A create that was about to be sent. It is gone again as soon as the outcome is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Intent {
    /// When the read before the create found nothing in AWS.
    #[schemars(schema_with = "date_time")]
    pub absent_at: Timestamp,
    /// Where AWS lists what the create makes, for kinds whose resources are found again in a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listing: Option<Listing>,
}

impl Intent {
    /// Before a create whose read found nothing at that time.
    #[must_use]
    pub fn at(absent_at: Timestamp) -> Self {
        Self { absent_at, listing: None }
    }
}

/// A list of AWS as it was before a create, so that what is new in it can be told from what was there. Times are by
/// AWS's clock alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Listing {
    /// What the listed resources belong to.
    pub parent: String,
    /// The name of those that are meant. Others may have it too.
    pub name: String,
    /// When the newest of them was made; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "date_time")]
    pub newest_at: Option<Timestamp>,
    /// Ids of those that were made at that very time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newest: Vec<String>,
}

/// What another manager wrote where Cairn writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherWrite {
    /// Name of the field manager.
    pub manager: String,
    /// When it last wrote to the status, to the second; absent for the finalizer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "date_time")]
    pub at: Option<Timestamp>,
}

/// What Cairn remembers about an object from one reconcile to the next. Written by the controller alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Version of this structure; 1 today.
    pub version: u32,
    /// Name of the resource in AWS, once a create was intended or the resource was found to be ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
    /// AWS's own id of the very resource, where it has one: another of the same name would have another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incarnation: Option<String>,
    /// Evidence that the resource is this object's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Ownership>,
    /// An unfinished create.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<Intent>,
    /// The create took no tags, and the owner's are still to be written.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub untagged: bool,
    /// When a create was last sent whose outcome is unknown. It may take effect late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "date_time")]
    pub doubtful_at: Option<Timestamp>,
    /// Paths of the leaves that were declared when last applied, by part of the spec.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub declared: BTreeMap<String, Vec<String>>,
    /// Which version of each Secret was last carried out, by the way to the field that names it: a digest of names, UID
    /// and resource version, never of the content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// Digest of all inputs that were last carried out in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Digest of all inputs whose plan is in the status, because it is not to be carried out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<String>,
    /// When Cairn last changed the resource or found its inputs changed. The time of the next check derives from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "date_time")]
    pub changed_at: Option<Timestamp>,
    /// Under ACK's names: what others had written to the status and the finalizer before Cairn did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherWrite>,
}

/// One call to AWS that would be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStep {
    /// Field of the spec that it serves; `spec` for the resource as a whole.
    pub field: String,
    /// AWS operation, for example `PutBucketVersioning`.
    pub operation: String,
    /// What AWS has there, as JSON; absent for nothing. Cut when long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it would have, as JSON; absent for nothing. Cut when long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What would be done in AWS, in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishedPlan {
    /// The calls.
    pub steps: Vec<PlannedStep>,
    /// How many calls more there are than are listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The part of the status that is the same for every AWS kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommonStatus {
    /// Where the resource lives in AWS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack_resource_metadata: Option<AckResourceMetadata>,
    /// `Ready`, `Reconciling` and `Stalled`, as kstatus reads them.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "of_anybody")]
    #[schemars(schema_with = "conditions")]
    pub conditions: Vec<Condition>,
    /// The last request to reconcile that was carried out, as the annotation gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_handled_reconcile_at: Option<String>,
    /// What would be done in AWS, where the object is paused, only plans, or only reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PublishedPlan>,
    /// The `metadata.generation` that this status speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_generation: Option<i64>,
    /// What Cairn remembers from one reconcile to the next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// Wraps a timestamp as the API machinery's `Time`.
#[must_use]
pub fn time(at: Timestamp) -> Time {
    Time(at)
}

/// Conditions as whoever has written them: the schema asks for type and status alone, and a time that nobody gave is the
/// earliest.
fn of_anybody<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Condition>, D::Error> {
    let complete = |mut condition: Map<String, Value>| {
        if condition.get("lastTransitionTime").is_none_or(Value::is_null) {
            condition.insert("lastTransitionTime".into(), json!(Timestamp::UNIX_EPOCH));
        }
        serde_json::from_value(Value::Object(condition)).map_err(D::Error::custom)
    };
    Vec::deserialize(from)?.into_iter().map(complete).collect()
}

fn date_time(_: &mut SchemaGenerator) -> Schema {
    schema(json!({"type": "string", "format": "date-time"}))
}

/// `listType: map` keyed by `type`, so that another manager may add conditions of its own.
pub(crate) fn conditions(_: &mut SchemaGenerator) -> Schema {
    schema(json!({
        "description": "`Ready`, `Reconciling` and `Stalled`, as kstatus reads them.",
        "type": "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
        "items": {
            "type": "object",
            "required": ["type", "status"],
            "properties": {
                "type": {"type": "string"},
                "status": {"type": "string", "enum": ["True", "False", "Unknown"]},
                "observedGeneration": {"type": "integer", "format": "int64"},
                "lastTransitionTime": {"type": "string", "format": "date-time"},
                "reason": {"type": "string"},
                "message": {"type": "string"}
            }
        }
    }))
}

fn schema(value: serde_json::Value) -> Schema {
    Schema::try_from(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_tells_no_more_than_it_must_can_be_read() {
        let status: CommonStatus =
            serde_json::from_value(json!({"conditions": [{"type": "Audited", "status": "True"}]})).unwrap();
        let [condition] = status.conditions.as_slice() else { panic!("{status:?}") };
        assert_eq!((condition.type_.as_str(), condition.last_transition_time.0), ("Audited", Timestamp::UNIX_EPOCH));
        assert!(serde_json::from_value::<CommonStatus>(json!({"conditions": ["Audited"]})).is_err());
    }
}
