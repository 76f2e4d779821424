//! `Backup`: field names are those of ACK's dynamodb-controller, which in turn are those of the DynamoDB API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    shared::ResourceReference,
    status::CommonStatus,
};

/// An on-demand backup of a `DynamoDB` table.
pub static BACKUP: Kind = Kind {
    home: Home::Service("dynamodb"),
    reach: Reach::Namespaced,
    kind: "Backup",
    plural: "backups",
    description: "An on-demand backup of an Amazon DynamoDB table, made once: of the table as it is when the object is \
                  created. It outlives the table. AWS takes no tags for such a backup.",
    columns: &[
        Column::text("Backup", ".spec.backupName"),
        Column::text("Status", ".status.backupStatus"),
        Column::READY,
        Column::REASON,
        Column::text("Created", ".status.backupCreationDateTime").wide(),
        Column::REGION,
        Column::ARN,
        Column::MESSAGE,
    ],
    spec: schema::of::<BackupSpec>,
    status: schema::of::<BackupStatus>,
};

/// The table of which a backup is made, and the backup's name. Neither can be changed: another backup takes another
/// object. There are no tags: `TagResource` of `DynamoDB` takes tables alone, and a backup belongs to its object by what the
/// object's status says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.tableName) != has(self.tableRef)", "message": "a backup needs either tableName or tableRef"}
]))]
pub struct BackupSpec {
    /// Name of the backup. Others of the table may have it too.
    #[schemars(
        length(min = 3, max = 255),
        regex(pattern = r"^[a-zA-Z0-9_.-]+$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "backupName is immutable; create another object for another backup"}
        ])
    )]
    pub backup_name: String,
    /// Name or ARN of the table, in the same account and region.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 1024),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "tableName is immutable; create another object for another backup"}
        ])
    )]
    pub table_name: Option<String>,
    /// The Table object, whose name in AWS fills `tableName`. The backup is made as soon as the table is ready, and does not
    /// need it after that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-kubernetes-validations" = [
        {"rule": "self == oldSelf", "message": "tableRef is immutable; create another object for another backup"}
    ]))]
    pub table_ref: Option<ResourceReference>,
}

/// What Cairn saw of the backup when it last looked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackupStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// When the backup was asked for, as RFC 3339. It is of that moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_creation_date_time: Option<String>,
    /// When AWS deletes the backup by itself, as RFC 3339. Only one that AWS made itself has such a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_expiry_date_time: Option<String>,
    /// Size in bytes. AWS counts about every six hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_size_bytes: Option<i64>,
    /// State: `CREATING` or `AVAILABLE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_status: Option<String>,
    /// Who made it: `USER` or `SYSTEM`; `AWS_BACKUP` for AWS's service of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup_type: Option<String>,
}
