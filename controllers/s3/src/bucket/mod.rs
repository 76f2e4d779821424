//! The kind `Bucket`.

mod arrange;
mod calls;
mod directory;
mod emptying;
mod naming;
mod parts;
mod permissions;
mod references;

use cairn_aws::unmade;
use cairn_core::{
    api::Kind,
    failure::Failure,
    observed::{Desired, Existence, Present, Reading},
    owner::Owner,
    plan::{Action, Step},
    rules::{Gone, KindRules, Naming},
    scope::Scope,
    tags::{self, Tags},
};
use cairn_crds::s3::{BUCKET, BucketSpec};
use cairn_runtime::kind::{Created, Creation, ManagedKind};
use serde_json::{Map, Value, json};

use crate::{
    client::{S3, Scoped},
    zone::Zone,
};

/// How a bucket behaves.
pub static RULES: KindRules = KindRules {
    service: "s3",
    kind: "Bucket",
    naming: Naming::Named,
    identifiers: &["name"],
    locate: "GetBucketTagging",
    tags: "tagging",
    tag: "PutBucketTagging",
    untag: None,
    list_tags: None,
    create: "CreateBucket",
    delete: "DeleteBucket",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: arrange::arrange,
    parts: parts::RULES,
    references: references::REFERENCES,
    secrets: &[],
    permissions: permissions::PERMISSIONS,
    resources: &[
        "arn:{partition}:s3:::*",
        "arn:{partition}:s3express:*:*:bucket/*",
        "arn:{partition}:s3tables:*:*:bucket/*",
    ],
};

/// Buckets.
#[derive(Clone, Debug)]
pub struct BucketKind {
    s3: S3,
}

impl BucketKind {
    /// Buckets that are reached by `s3`.
    #[must_use]
    pub fn new(s3: S3) -> Self {
        Self { s3 }
    }
}

impl ManagedKind for BucketKind {
    type Spec = BucketSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &BUCKET
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn identity(&self, spec: &BucketSpec) -> Option<String> {
        spec.name.clone()
    }

    fn region<'s>(&self, spec: &'s BucketSpec) -> Option<&'s str> {
        spec.create_bucket_configuration.as_ref()?.location_constraint.as_deref()
    }

    fn desired(&self, spec: &BucketSpec) -> Result<Desired, String> {
        parts::check(spec)?;
        let fields = serde_json::to_value(spec).map_err(|error| error.to_string())?;
        let tags = spec.tagging.as_ref().map(|tagging| tagging.tag_set.as_slice());
        let mut desired = Desired::of(&RULES, &fields).with_tags(tags);
        let parts = &mut desired.parts;
        if let Some(owner) = &spec.object_ownership {
            parts.entry("ownershipControls").or_insert_with(|| json!({"rules": [{"objectOwnership": owner}]}));
        }
        if let Some(granted) = parts::granted(spec)? {
            parts.insert("accessControlPolicy", granted);
        }
        Ok(desired)
    }

    /// `location` is what CreateBucket answered: outside the first region it is a URL. AWS does not say what that is for
    /// directory buckets.
    fn status(&self, client: &Scoped, identity: &str) -> Map<String, Value> {
        if Zone::of(identity).is_some() {
            return Map::new();
        }
        let location = match client.location_constraint() {
            None => format!("/{identity}"),
            Some(_) => format!("http://{identity}.s3.amazonaws.com/"),
        };
        Map::from_iter([("location".to_owned(), json!(location))])
    }

    fn tags_as_declared(&self, tags: &Tags) -> Value {
        json!({"tagSet": tags::list(tags)})
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.s3.connect(scope).await
    }

    fn own_name(&self, client: &Scoped, owner: &Owner) -> Result<Option<String>, String> {
        naming::name(owner, client.account(), client.region()).map(Some)
    }

    async fn locate(&self, client: &Scoped, identity: &str) -> Result<Existence, Failure> {
        calls::locate(client, identity).await
    }

    async fn read(&self, client: &Scoped, identity: &str, _: &Present, field: &'static str) -> Reading {
        if Zone::of(identity).is_some() && !directory::PARTS.contains(&field) {
            return Ok(None);
        }
        parts::get(field, client, identity).await
    }

    async fn create(&self, client: &Scoped, creation: Creation<'_>) -> Result<Created, Failure> {
        let bucket = creation.identity.unwrap_or_default();
        let locked = creation.parts.get("objectLockEnabledForBucket").and_then(Value::as_bool);
        calls::create(client, bucket, creation.tags, locked).await?;
        Ok(Created { identity: bucket.into(), incarnation: None })
    }

    async fn apply(&self, client: &Scoped, identity: &str, step: &Step) -> Result<(), Failure> {
        match &step.action {
            Action::Tag(change) => calls::tag(client, identity, change).await,
            Action::Put { value } => parts::put(step, client, identity, value).await,
            Action::Clear => parts::delete(step.field, client, identity).await,
            Action::ClearEntry { name } => parts::delete_entry(step.field, client, identity, name).await,
            Action::Create { .. } | Action::Untag(_) => Err(no_such_part(step.field)),
        }
    }

    fn empties(&self, spec: &BucketSpec) -> bool {
        spec.deletion.as_ref().and_then(|deletion| deletion.empty_first).unwrap_or(false)
    }

    async fn empty(&self, client: &Scoped, identity: &str) -> Result<Option<u64>, Failure> {
        emptying::empty(client, identity).await
    }

    async fn delete(&self, client: &Scoped, identity: &str) -> Result<(), Failure> {
        calls::delete(client, identity).await
    }
}

/// A field that is no part of a bucket: a defect that tests rule out.
fn no_such_part(field: &str) -> Failure {
    unmade(field, &"no such part of a bucket")
}

#[cfg(test)]
mod tests;
