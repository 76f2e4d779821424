//! Backups.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    context::{Caller, Context, check_name},
    describe::{pruned, seconds, some},
    failure::{Failure, Outcome},
    shape::BackupTypeFilter,
    table::{IndexStatus, Table, TableStatus},
};

/// How long a backup is kept that DynamoDB makes of a table that is deleted (API reference of `BackupDetails`).
const KEPT: std::time::Duration = std::time::Duration::from_hours(35 * 24);

/// Who made a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BackupType {
    /// Somebody.
    User,
    /// DynamoDB, of a table that was deleted while it could be restored to a point in time.
    System,
}

impl BackupType {
    pub(super) fn is_of(self, filter: BackupTypeFilter) -> bool {
        match filter {
            BackupTypeFilter::All => true,
            BackupTypeFilter::User => self == Self::User,
            BackupTypeFilter::System => self == Self::System,
            BackupTypeFilter::AwsBackup => false,
        }
    }
}

/// A backup.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// ARN.
    pub arn: String,
    /// Name, which others may have too.
    pub name: String,
    /// Account and region.
    pub home: Caller,
    /// Who made it.
    pub kind: BackupType,
    /// When it was asked for.
    pub created: Timestamp,
    /// When it is ready.
    pub available: Timestamp,
    /// When it vanishes, if it does so by itself.
    pub expires: Option<Timestamp>,
    /// The table as it was.
    pub table: Table,
}

impl Backup {
    /// A backup of `table` that somebody asks for.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a table that is created or deleted, or has no continuous backups yet.
    pub(super) fn create(context: &Context, table: &Table, name: &str, number: u64) -> Outcome<Self> {
        check_name("backupName", name)?;
        if matches!(table.status, TableStatus::Creating | TableStatus::Deleting) {
            let message = format!("Table is being created or deleted: {}", table.name);
            return Err(Failure::new("TableInUseException", message));
        }
        if !table.backups.available {
            let message = format!("Backups are being enabled for the table: {}. Please retry later", table.name);
            return Err(Failure::new("ContinuousBackupsUnavailableException", message));
        }
        let available = context.after(context.settings.timing.backup);
        Ok(Self::of(context, table, name.to_owned(), BackupType::User, available, number))
    }

    /// The backup that is made of a table that is deleted, if one is.
    pub(super) fn last(context: &Context, table: &Table, number: u64) -> Option<Self> {
        table.backups.recovery?;
        let name = format!("{}$DeletedTableBackup", table.name);
        let backup = Self::of(context, table, name, BackupType::System, context.now, number);
        Some(Self { expires: Some(context.after(KEPT)), ..backup })
    }

    fn of(context: &Context, table: &Table, name: String, kind: BackupType, available: Timestamp, number: u64) -> Self {
        Self {
            arn: format!("{}/backup/{}", table.arn(), stamp(context.now, number)),
            name,
            home: context.caller.clone(),
            kind,
            created: context.now,
            available,
            expires: None,
            table: table.clone(),
        }
    }

    /// Whether it is still being made.
    #[must_use]
    pub fn is_creating(&self, now: Timestamp) -> bool {
        now < self.available
    }

    /// `BackupDetails`, with this state instead of the one it has if it is deleted.
    pub(super) fn details(&self, now: Timestamp, deleted: bool) -> Value {
        let status = match (deleted, self.is_creating(now)) {
            (true, _) => "DELETED",
            (false, true) => "CREATING",
            (false, false) => "AVAILABLE",
        };
        pruned(json!({
            "BackupArn": self.arn,
            "BackupName": self.name,
            "BackupSizeBytes": 0,
            "BackupStatus": status,
            "BackupType": self.kind,
            "BackupCreationDateTime": seconds(self.created),
            "BackupExpiryDateTime": self.expires.map(seconds),
        }))
    }

    /// `BackupSummary`.
    pub(super) fn summary(&self, now: Timestamp) -> Value {
        let mut summary = self.details(now, false);
        summary["TableName"] = json!(self.table.name);
        summary["TableId"] = json!(self.table.id);
        summary["TableArn"] = json!(self.table.arn());
        summary
    }

    /// `BackupDescription`.
    pub(super) fn describe(&self, now: Timestamp, deleted: bool) -> Value {
        let table = &self.table;
        let shown = table.describe(self.created);
        let global = table.indexes.iter().filter(|index| index.status != IndexStatus::Deleting);
        let global = global.map(|index| {
            let capacity = &index.throughput.provisioned;
            json!({
                "IndexName": index.name,
                "KeySchema": index.keys,
                "Projection": index.projection,
                "ProvisionedThroughput": {
                    "ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write,
                },
            })
        });
        let capacity = &table.throughput.provisioned;
        let time_to_live = table.time_to_live.attribute.as_ref().map(|_| table.describe_time_to_live());
        pruned(json!({
            "BackupDetails": self.details(now, deleted),
            "SourceTableDetails": {
                "TableName": table.name,
                "TableId": table.id,
                "TableArn": table.arn(),
                "TableSizeBytes": 0,
                "ItemCount": 0,
                "KeySchema": table.keys,
                "TableCreationDateTime": seconds(table.created),
                "BillingMode": table.billing.mode,
                "OnDemandThroughput": shown.get("OnDemandThroughput"),
                "ProvisionedThroughput": {
                    "ReadCapacityUnits": capacity.read, "WriteCapacityUnits": capacity.write,
                },
            },
            "SourceTableFeatureDetails": {
                "LocalSecondaryIndexes": some(table.local_indexes.clone()),
                "GlobalSecondaryIndexes": some(global.collect::<Vec<_>>()),
                "StreamDescription": shown.get("StreamSpecification"),
                "TimeToLiveDescription": time_to_live,
                "SSEDescription": shown.get("SSEDescription"),
            },
        }))
    }
}

/// What distinguishes backups, exports and imports of a table: milliseconds, and a number that is given once.
pub(super) fn stamp(now: Timestamp, number: u64) -> String {
    format!("{:014}-{number:08x}", now.as_millisecond())
}
