//! The kind `TableExport`.

mod calls;
mod parts;

use cairn_aws::unmade;
use cairn_core::{
    api::Kind,
    failure::Failure,
    iam::Permission,
    observed::{Desired, Existence, Present, Reading},
    plan::Step,
    reference::ReferenceRule,
    rules::{Gone, KindRules, Naming},
    scope::Scope,
};
use cairn_crds::dynamodb::{TABLE_EXPORT, TableExportSpec};
use cairn_runtime::kind::{Created, Creation, ManagedKind};

use crate::client::{DynamoDb, Scoped};

const LOCATE: &str = "DescribeExport";
const CREATE: &str = "ExportTableToPointInTime";

/// How an export behaves. AWS takes no tags for it, has nothing to delete, and forgets it after a while.
pub static RULES: KindRules = KindRules {
    service: "dynamodb",
    kind: "TableExport",
    naming: Naming::Token,
    identifiers: &["arn"],
    locate: LOCATE,
    tags: "",
    tag: "",
    untag: None,
    list_tags: None,
    create: CREATE,
    delete: "",
    asynchronous: true,
    gone: Gone::Forgotten(
        "AWS does not know this export any more, and nothing tells how it ended; create another object for another export",
    ),
    arrange: KindRules::AS_THEY_ARE,
    parts: parts::RULES,
    references: &[
        ReferenceRule {
            path: "tableRef",
            fills: parts::TABLE_NAME,
            service: "dynamodb",
            kind: "Table",
            takes: "spec.tableName",
        },
        ReferenceRule {
            path: "s3BucketRef",
            fills: parts::BUCKET,
            service: "s3",
            kind: "Bucket",
            // A Bucket need not say the name that it has.
            takes: "status.record.identity",
        },
    ],
    secrets: &[],
    // Source: DynamoDB developer guide, "Requesting a table export in DynamoDB", Setting up permissions.
    permissions: &[
        Permission {
            operation: CREATE,
            actions: &[
                "dynamodb:ExportTableToPointInTime",
                "s3:AbortMultipartUpload",
                "s3:PutObject",
                "s3:PutObjectAcl",
            ],
        },
        Permission { operation: LOCATE, actions: &["dynamodb:DescribeExport"] },
    ],
    resources: &["arn:{partition}:dynamodb:*:*:table/*", "arn:{partition}:s3:::*/*"],
};

/// Exports.
#[derive(Clone, Debug)]
pub struct TableExportKind {
    dynamodb: DynamoDb,
}

impl TableExportKind {
    /// Exports that are reached by `dynamodb`.
    #[must_use]
    pub fn new(dynamodb: DynamoDb) -> Self {
        Self { dynamodb }
    }
}

impl ManagedKind for TableExportKind {
    type Spec = TableExportSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &TABLE_EXPORT
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn desired(&self, spec: &TableExportSpec) -> Result<Desired, String> {
        let fields = serde_json::to_value(spec).map_err(|error| error.to_string())?;
        Ok(Desired::of(&RULES, &fields))
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.dynamodb.connect(scope).await
    }

    async fn locate(&self, client: &Scoped, identity: &str) -> Result<Existence, Failure> {
        calls::locate(client, identity).await
    }

    async fn read(&self, _: &Scoped, _: &str, _: &Present, field: &'static str) -> Reading {
        Err(no_such_part(field))
    }

    async fn create(&self, client: &Scoped, creation: Creation<'_>) -> Result<Created, Failure> {
        calls::create(client, creation.token, creation.parts).await
    }

    async fn apply(&self, _: &Scoped, _: &str, step: &Step) -> Result<(), Failure> {
        Err(no_such_part(step.field))
    }

    async fn delete(&self, _: &Scoped, _: &str) -> Result<(), Failure> {
        Err(no_such_part("spec"))
    }
}

/// Something that is never asked of an export: a defect that tests rule out.
fn no_such_part(field: &str) -> Failure {
    unmade(field, &"no such part of an export")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_has_its_permissions() {
        for operation in RULES.operations() {
            assert!(!RULES.actions(operation).is_empty(), "{operation}");
        }
    }
}
