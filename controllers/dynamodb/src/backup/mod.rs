//! The kind `Backup`.

pub(crate) mod calls;

use cairn_aws::{Arn, unmade};
use cairn_core::{
    api::Kind,
    failure::Failure,
    iam::Permission,
    listed::{Listed, Place},
    observed::{Desired, Existence, Present, Reading},
    plan::Step,
    reference::ReferenceRule,
    rules::{Gone, KindRules, Naming, PartRules},
    scope::Scope,
};
use cairn_crds::dynamodb::{BACKUP, BackupSpec};
use cairn_runtime::kind::{Created, Creation, ManagedKind};
use serde_json::Value;

use crate::client::{DynamoDb, Scoped};

const LOCATE: &str = "DescribeBackup";
pub(crate) const CREATE: &str = "CreateBackup";
const DELETE: &str = "DeleteBackup";
const LIST: &str = "ListBackups";

const TABLE: &str = "tableName";
const NAME: &str = "backupName";

/// What a backup is made with.
const BORN: PartRules = PartRules { get: LOCATE, put: CREATE, ..PartRules::BORN };

/// How a backup behaves. It has no tags: `TagResource` takes tables alone.
pub static RULES: KindRules = KindRules {
    service: "dynamodb",
    kind: "Backup",
    naming: Naming::Listed,
    identifiers: &["arn"],
    locate: LOCATE,
    tags: "",
    tag: "",
    untag: None,
    list_tags: None,
    create: CREATE,
    delete: DELETE,
    asynchronous: true,
    gone: Gone::Missed(
        "AWS has this backup no more: somebody deleted it, or it expired. None is made in its place, because that would \
         hold what the table has today; delete the object, or create another for another backup",
    ),
    arrange: KindRules::AS_THEY_ARE,
    parts: &[PartRules { field: TABLE, same: same_table, ..BORN }, PartRules { field: NAME, ..BORN }],
    references: &[ReferenceRule {
        path: "tableRef",
        fills: TABLE,
        service: "dynamodb",
        kind: "Table",
        takes: "spec.tableName",
    }],
    secrets: &[],
    permissions: &[
        Permission { operation: CREATE, actions: &["dynamodb:CreateBackup"] },
        Permission { operation: DELETE, actions: &["dynamodb:DeleteBackup"] },
        Permission { operation: LOCATE, actions: &["dynamodb:DescribeBackup"] },
        Permission { operation: LIST, actions: &["dynamodb:ListBackups"] },
    ],
    resources: &["arn:{partition}:dynamodb:*:*:table/*"],
};

/// Name of the table that a name or an ARN says.
fn table_name(table: &str) -> &str {
    Arn::parse(table).and_then(|arn| arn.resource.strip_prefix("table/")).unwrap_or(table)
}

fn same_table(a: &Value, b: &Value) -> bool {
    a.as_str().map(table_name) == b.as_str().map(table_name)
}

/// Backups.
#[derive(Clone, Debug)]
pub struct BackupKind {
    dynamodb: DynamoDb,
}

impl BackupKind {
    /// Backups that are reached by `dynamodb`.
    #[must_use]
    pub fn new(dynamodb: DynamoDb) -> Self {
        Self { dynamodb }
    }
}

impl ManagedKind for BackupKind {
    type Spec = BackupSpec;
    type Client = Scoped;

    fn kind(&self) -> &'static Kind {
        &BACKUP
    }

    fn rules(&self) -> &'static KindRules {
        &RULES
    }

    fn place(&self, spec: &BackupSpec) -> Option<Place> {
        let parent = table_name(spec.table_name.as_deref()?).to_owned();
        Some(Place { parent, name: spec.backup_name.clone() })
    }

    fn left_by_ack(&self, _: &BackupSpec, arn: Option<&str>) -> Option<String> {
        arn.map(Into::into)
    }

    fn desired(&self, spec: &BackupSpec) -> Result<Desired, String> {
        let fields = serde_json::to_value(spec).map_err(|error| error.to_string())?;
        Ok(Desired::of(&RULES, &fields))
    }

    async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        self.dynamodb.connect(scope).await
    }

    async fn list(&self, client: &Scoped, place: &Place) -> Result<Vec<Listed>, Failure> {
        let all = calls::of_table(client, &place.parent).await?;
        Ok(calls::listed(&all, &place.name))
    }

    async fn locate(&self, client: &Scoped, identity: &str) -> Result<Existence, Failure> {
        calls::locate(client, identity).await
    }

    async fn read(&self, _: &Scoped, _: &str, _: &Present, field: &'static str) -> Reading {
        Err(no_such_part(field))
    }

    async fn create(&self, client: &Scoped, creation: Creation<'_>) -> Result<Created, Failure> {
        calls::create(client, creation.parts).await
    }

    async fn apply(&self, _: &Scoped, _: &str, step: &Step) -> Result<(), Failure> {
        Err(no_such_part(step.field))
    }

    async fn delete(&self, client: &Scoped, identity: &str) -> Result<(), Failure> {
        calls::delete(client, identity).await
    }
}

/// A change of what never changes: a defect that tests rule out.
fn no_such_part(field: &str) -> Failure {
    unmade(field, &"no such part of a backup")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_the_same_by_its_name_and_by_its_arn() {
        let (name, arn) = (json!("orders"), json!("arn:aws:dynamodb:eu-west-1:111122223333:table/orders"));
        assert!(same_table(&name, &arn) && same_table(&arn, &arn) && !same_table(&name, &json!("order")));
        let spec =
            |table: &Value| serde_json::from_value(json!({"backupName": "nightly", "tableName": table})).unwrap();
        let kind = |table: &Value| {
            let spec: BackupSpec = spec(table);
            (table_name(spec.table_name.as_deref().unwrap()).to_owned(), spec.backup_name)
        };
        assert_eq!(kind(&name), kind(&arn));
    }

    #[test]
    fn every_call_has_its_permissions() {
        for operation in RULES.operations() {
            assert!(!RULES.actions(operation).is_empty(), "{operation}");
        }
    }
}
