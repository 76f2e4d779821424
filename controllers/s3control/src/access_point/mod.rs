//! The kind `AccessPoint`.

mod calls;
mod parts;

use cairn_aws::unmade;
use cairn_core::{
    api::Kind,
    failure::Failure,
    iam::Permission,
    observed::{Desired, Existence, Present, Reading},
    plan::{Action, Step},
    reference::ReferenceRule,
    rules::{Gone, KindRules, Naming},
    scope::Scope,
    tags::{self, Tags},
};
use cairn_crds::s3control::{ACCESS_POINT, AccessPointSpec};
use cairn_runtime::kind::{Created, Creation, ManagedKind};
use serde_json::Value;

use crate::client::{S3Control, Scoped};

const LOCATE: &str = "GetAccessPoint";
const CREATE: &str = "CreateAccessPoint";

/// How an access point behaves.
pub static RULES: KindRules = KindRules {
    service: "s3control",
    kind: "AccessPoint",
    naming: Naming::Named,
    identifiers: &["name"],
    locate: LOCATE,
    tags: "tags",
    tag: "TagResource",
    untag: Some("UntagResource"),
    list_tags: Some("ListTagsForResource"),
    create: CREATE,
    delete: "DeleteAccessPoint",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: KindRules::AS_THEY_ARE,
    parts: parts::RULES,
    references: &[ReferenceRule {
        path: "bucketRef",
        fills: "bucket",
        service: "s3",
        kind: "Bucket",
        // A Bucket need not say the name that it has.
        takes: "status.record.identity",
    }],
    secrets: &[],
    // Source: the service authorization reference for Amazon S3.
    permissions: &[
        row(CREATE, &["s3:CreateAccessPoint", "s3:TagResource"]),
        row("DeleteAccessPoint", &["s3:DeleteAccessPoint"]),
        row("DeleteAccessPointPolicy", &["s3:DeleteAccessPointPolicy"]),
        row(LOCATE, &["s3:GetAccessPoint"]),
        row("GetAccessPointPolicy", &["s3:GetAccessPointPolicy"]),
        row("ListTagsForResource", &["s3:ListTagsForResource"]),
        row("PutAccessPointPolicy", &["s3:PutAccessPointPolicy"]),
        row("TagResource", &["s3:TagResource"]),
        row("UntagResource", &["s3:UntagResource"]),
    ],
    resources: &["arn:{partition}:s3:*:*:accesspoint/*"],
};

const fn row(operation: &'static str, actions: &'static [&'static str]) -> Permission {
    Permission { operation, actions }
}

/// Access points.
#[derive(Clone, Debug)]
pub struct AccessPointKind {
    control: S3Control,
}

impl AccessPointKind {
    /// Access points that are reached by `control`.
    #[must_use]
    pub fn new(control: S3Control) -> Self {
        Self { control }
    }
}

impl ManagedKind for AccessPointKind {
    type Spec = AccessPointSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &ACCESS_POINT
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn identity(&self, spec: &AccessPointSpec) -> Option<String> {
        Some(spec.name.clone())
    }

    fn desired(&self, spec: &AccessPointSpec) -> Result<Desired, String> {
        cairn_aws::policy::check_field(parts::POLICY, spec.policy.as_deref())?;
        let fields = serde_json::to_value(spec).map_err(|error| error.to_string())?;
        Ok(Desired::of(&RULES, &fields).with_tags(spec.tags.as_deref()))
    }

    fn tags_as_declared(&self, tags: &Tags) -> Value {
        tags::list(tags)
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.control.connect(scope, calls::arn).await
    }

    async fn locate(&self, client: &Scoped, identity: &str) -> Result<Existence, Failure> {
        calls::locate(client, identity).await
    }

    async fn tags(&self, client: &Scoped, identity: &str) -> Result<Tags, Failure> {
        calls::tags(client, identity).await
    }

    async fn read(&self, client: &Scoped, identity: &str, _: &Present, field: &'static str) -> Reading {
        if field == parts::POLICY { calls::policy(client, identity).await } else { Err(no_such_part(field)) }
    }

    async fn create(&self, client: &Scoped, creation: Creation<'_>) -> Result<Created, Failure> {
        calls::create(client, creation.identity.unwrap_or_default(), creation.parts, creation.tags).await
    }

    async fn apply(&self, client: &Scoped, identity: &str, step: &Step) -> Result<(), Failure> {
        match &step.action {
            Action::Tag(change) => calls::tag(client, identity, &change.set).await,
            Action::Untag(keys) => calls::untag(client, identity, keys).await,
            Action::Put { value } if step.field == parts::POLICY => calls::put_policy(client, identity, value).await,
            Action::Clear if step.field == parts::POLICY => calls::delete_policy(client, identity).await,
            _ => Err(no_such_part(step.field)),
        }
    }

    async fn delete(&self, client: &Scoped, identity: &str) -> Result<(), Failure> {
        calls::delete(client, identity).await
    }
}

/// A field that is no part of an access point: a defect that tests rule out.
fn no_such_part(field: &str) -> Failure {
    unmade(field, &"no such part of an access point")
}
