//! The kind `Table`.

mod arrange;
mod calls;
mod departure;
mod describe;
mod import;
mod keys;
mod parts;
mod permissions;
mod restore;

use std::collections::BTreeMap;

use cairn_aws::unmade;
use cairn_core::{
    api::Kind,
    failure::Failure,
    observed::{Desired, Existence, Present, Reading},
    plan::{Action, Step},
    reference::ReferenceRule,
    rules::{Gone, KindRules, Naming},
    scope::Scope,
    tags::{self, Tags},
};
use cairn_crds::dynamodb::{TABLE, TableSpec};
use cairn_runtime::kind::{Before, Created, Creation, Departure, ManagedKind};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    backup,
    client::{DynamoDb, Scoped},
    wire::decode,
};

const LOCATE: &str = "DescribeTable";
const CREATE: &str = "CreateTable";
const UPDATE: &str = "UpdateTable";

const REFERENCES: &[ReferenceRule] = &[
    ReferenceRule {
        path: "sseSpecification.kmsMasterKeyRef",
        fills: "kmsMasterKeyID",
        service: "kms",
        kind: "Key",
        takes: "status.ackResourceMetadata.arn",
    },
    ReferenceRule {
        path: "importSourceSpecification.s3BucketSource.s3BucketRef",
        fills: "s3Bucket",
        service: "s3",
        kind: "Bucket",
        // A Bucket need not say the name that it has.
        takes: "status.record.identity",
    },
];

/// How a table behaves.
pub static RULES: KindRules = KindRules {
    service: "dynamodb",
    kind: "Table",
    naming: Naming::Named,
    identifiers: &["tableName"],
    locate: LOCATE,
    tags: "tags",
    tag: "TagResource",
    untag: Some("UntagResource"),
    list_tags: Some("ListTagsOfResource"),
    create: CREATE,
    delete: "DeleteTable",
    asynchronous: true,
    gone: Gone::MadeAgain,
    arrange: arrange::arrange,
    parts: parts::RULES,
    references: REFERENCES,
    secrets: &[],
    permissions: permissions::PERMISSIONS,
    resources: permissions::RESOURCES,
};

/// Tables.
#[derive(Clone, Debug)]
pub struct TableKind {
    dynamodb: DynamoDb,
}

impl TableKind {
    /// Tables that are reached by `dynamodb`.
    #[must_use]
    pub fn new(dynamodb: DynamoDb) -> Self {
        Self { dynamodb }
    }
}

impl ManagedKind for TableKind {
    type Spec = TableSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &TABLE
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn identity(&self, spec: &TableSpec) -> Option<String> {
        Some(spec.table_name.clone())
    }

    fn desired(&self, spec: &TableSpec) -> Result<Desired, String> {
        parts::check(spec)?;
        let fields = serde_json::to_value(spec).map_err(|error| error.to_string())?;
        let mut desired = Desired::of(&RULES, &fields).with_tags(spec.tags.as_deref());
        parts::imply(&mut desired.parts);
        parts::scaling::take_apart(&mut desired.parts);
        parts::take_apart(&mut desired.parts, RULES.parts);
        Ok(desired)
    }

    fn tags_as_declared(&self, tags: &Tags) -> Value {
        tags::list(tags)
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.dynamodb.connect(scope).await
    }

    async fn translate(&self, client: &Scoped, desired: &mut Desired) -> Result<(), Failure> {
        keys::translate(client, desired).await
    }

    async fn locate(&self, client: &Scoped, identity: &str) -> Result<Existence, Failure> {
        calls::locate(client, identity).await
    }

    async fn tags(&self, client: &Scoped, identity: &str) -> Result<Tags, Failure> {
        calls::tags(client, identity).await
    }

    async fn read(&self, client: &Scoped, identity: &str, present: &Present, field: &'static str) -> Reading {
        parts::get(field, client, identity, present).await
    }

    async fn create(&self, client: &Scoped, creation: Creation<'_>) -> Result<Created, Failure> {
        calls::create(client, creation.identity.unwrap_or_default(), creation).await
    }

    async fn apply(&self, client: &Scoped, identity: &str, step: &Step) -> Result<(), Failure> {
        match &step.action {
            Action::Tag(change) => calls::tag(client, identity, &change.set).await,
            Action::Untag(keys) => calls::untag(client, identity, keys).await,
            // What a replica has for itself, which stands below its list, is written in its region.
            Action::Put { value } if step.operation == UPDATE && !step.field.contains('.') => {
                calls::update(client, identity, value).await
            }
            Action::Put { value } if step.operation == backup::CREATE => {
                backup::calls::back_up(client, identity, value).await
            }
            Action::Put { value } if step.operation == parts::scaling::DEREGISTER => {
                parts::scaling::end_all(client, identity, &decode::<Vec<_>>(step.operation, value)?).await
            }
            Action::Put { value } if step.operation == parts::kinesis::CHANGE => {
                parts::kinesis::change(client, identity, value).await
            }
            Action::Put { value } => parts::put(step.field, client, identity, value).await,
            Action::Clear => parts::delete(step.field, client, identity).await,
            Action::ClearEntry { name } => parts::take_away(step.field, client, identity, name).await,
            Action::Create { .. } => Err(no_such_part(step.field)),
        }
    }

    fn again_at(&self, failure: &Failure) -> Option<Timestamp> {
        crate::failure::again_at(failure)
    }

    async fn before_delete(
        &self,
        client: &Scoped,
        spec: Option<&TableSpec>,
        departure: Departure<'_>,
    ) -> Result<Option<Before>, Failure> {
        departure::before_delete(client, spec, departure).await
    }

    async fn end_what_outlives(
        &self,
        client: &Scoped,
        identity: &str,
        declared: &BTreeMap<String, Vec<String>>,
    ) -> Result<(), Failure> {
        departure::end_what_outlives(client, identity, declared).await
    }

    async fn delete(&self, client: &Scoped, identity: &str) -> Result<(), Failure> {
        calls::delete(client, identity).await
    }
}

/// A field that is no part of a table: a defect that tests rule out.
fn no_such_part(field: &str) -> Failure {
    unmade(field, &"no such part of a table")
}

#[cfg(test)]
mod tests;
