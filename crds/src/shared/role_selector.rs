//! `IAMRoleSelector`: which role is assumed for which objects. ACK's fields carry ACK's names and mean what they mean
//! there; the others are ours.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
};

/// A rule that says which role is assumed for which objects.
pub static IAM_ROLE_SELECTOR: Kind = Kind {
    home: Home::Shared,
    reach: Reach::Cluster,
    kind: "IAMRoleSelector",
    plural: "iamroleselectors",
    description: "Which IAM role Cairn assumes for which objects. Whoever may write it decides who acts as whom in AWS.",
    columns: &[
        Column::text("Role", ".spec.arn"),
        Column { name: "Priority", path: ".spec.priority", kind: "integer", priority: 0 },
        Column::text("Namespaces", ".spec.namespaceSelector.names").wide(),
        Column::text("Kinds", ".spec.resourceTypeSelector[*].kind").wide(),
    ],
    spec: schema::of::<IamRoleSelectorSpec>,
    status: schema::of::<IamRoleSelectorStatus>,
};

/// Which role is assumed for which objects. All selectors that are given have to match; one that is left out matches
/// everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct IamRoleSelectorSpec {
    /// The role. Its trust policy must let Cairn's own identity assume it. It cannot be changed.
    #[schemars(
        length(min = 20, max = 2048),
        regex(pattern = r"^arn:aws[a-z0-9-]*:iam::[0-9]{12}:role/([!-~]+/)?[A-Za-z0-9_+=,.@-]{1,64}$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "arn is immutable: create another selector for another role"}
        ])
    )]
    pub arn: String,
    /// The namespaces of the objects. Names and labels both have to match. Without it the selector is for all
    /// namespaces. A selector with resourceLabelSelector needs it, because every author of objects can write labels:
    /// `{}` says that all namespaces are meant. Objects that match without it wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_selector: Option<NamespaceSelector>,
    /// The kinds of the objects, any of which has to match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 256), extend("x-kubernetes-list-type" = "atomic"))]
    pub resource_type_selector: Vec<ResourceType>,
    /// Labels of the objects. They choose among the selectors for the object's namespace. Where selectors name the
    /// namespace and the object's labels match none of them, it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_label_selector: Option<LabelSelector>,
    /// External id that the role's trust policy asks for (sts:ExternalId).
    #[serde(rename = "externalID", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 2, max = 1224), regex(pattern = r"^[A-Za-z0-9_+=,.@:/-]+$"))]
    pub external_id: Option<String>,
    /// Name of the session, as CloudTrail shows it; `cairn` by default. It may hold `%K8S_NAMESPACE%`,
    /// `%K8S_RESOURCE_NAME%`, `%K8S_RESOURCE_KIND%` and `%CONTROLLER_SERVICE%`, and is cut to the 64 characters that
    /// AWS allows. Each different name is a session of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 2, max = 256),
        regex(
            pattern = r"^([A-Za-z0-9_+=,.@-]|%(K8S_NAMESPACE|K8S_RESOURCE_NAME|K8S_RESOURCE_KIND|CONTROLLER_SERVICE)%)+$"
        )
    )]
    pub session_name: Option<String>,
    /// Tags of the session, for conditions on aws:PrincipalTag, for example `kubernetes-namespace: "%K8S_NAMESPACE%"`.
    /// Values may hold what sessionName may; mind that an object's name is its author's choice. There are none by
    /// default, because with tags AWS asks for the permission sts:TagSession too, in the role's trust policy. Each
    /// different set of values is a session of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(
        schema_with = "session_tags",
        extend("x-kubernetes-validations" = [
            {"rule": "self.all(key, size(key) > 0 && size(key) <= 128)", "message": "keys of session tags have 1 to 128 characters"},
            {"rule": "self.all(key, !key.startsWith('aws:'))", "message": "keys of session tags that start with aws: belong to AWS"}
        ])
    )]
    pub session_tags: BTreeMap<String, String>,
    /// For how long a session is good; 3600 by default. The role must allow it, and AWS allows no more than 3600 where
    /// Cairn's own identity is an assumed role, as with EKS Pod Identity: it is cut to that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 900, max = 43200))]
    pub session_duration_seconds: Option<u32>,
    /// Which selector wins where several match: the one with the highest priority, 0 by default. Where two share the
    /// highest, none does, and the objects say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
}

/// Namespaces, by name and by label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceSelector {
    /// Names, any of which has to be the namespace's; empty: every name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub names: Vec<String>,
    /// Labels that the namespace has to carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label_selector: Option<LabelSelector>,
}

/// Kinds of objects. What is left out matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceType {
    /// API group, for example `s3.aws.cairn.run`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Version, for example `v1alpha1`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Kind, for example `Bucket`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// Labels, all of which have to match.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    /// Labels with their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// Conditions on labels, as in other selectors of Kubernetes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub match_expressions: Vec<LabelRequirement>,
}

/// A condition on one label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LabelRequirement {
    /// The label.
    pub key: String,
    /// What has to hold.
    pub operator: LabelOperator,
    /// The values that `In` and `NotIn` speak of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-kubernetes-list-type" = "atomic"))]
    pub values: Vec<String>,
}

/// What has to hold of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum LabelOperator {
    /// It has one of the values.
    In,
    /// It has none of the values, or is not there.
    NotIn,
    /// It is there.
    Exists,
    /// It is not there.
    DoesNotExist,
}

/// Nothing: what a selector leads to is said on the objects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct IamRoleSelectorStatus {}

fn session_tags(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "maxProperties": 50,
        "additionalProperties": {
            "type": "string",
            "maxLength": 256,
            "pattern": r"^([\p{L}\p{Z}\p{N}_.:/=+@-]|%(K8S_NAMESPACE|K8S_RESOURCE_NAME|K8S_RESOURCE_KIND|CONTROLLER_SERVICE)%)*$"
        }
    })
}
