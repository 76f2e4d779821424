//! Tables as answers show them.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    capacity::Capacity,
    restore::Restore,
    shape::LocalSecondaryIndex,
    table::{Index, Table, TableStatus},
    throughput::Throughput,
};

/// How long before now the latest restorable time is (API reference of `PointInTimeRecoveryDescription`).
const RESTORABLE_AFTER: Duration = Duration::from_mins(5);

/// A time as JSON 1.0 has it: seconds since 1970.
pub(super) fn seconds(time: Timestamp) -> f64 {
    time.as_duration().as_secs_f64()
}

/// A value without the members of objects that are null, which AWS leaves out.
pub(super) fn pruned(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let set = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(set.map(|(name, value)| (name, pruned(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(pruned).collect()),
        other => other,
    }
}

/// Nothing instead of an empty list.
pub(super) fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    Some(list).filter(|list| !list.is_empty())
}

/// The times to which a table can be restored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) earliest: Timestamp,
    pub(super) latest: Timestamp,
}

impl Window {
    pub(super) fn contains(self, time: Timestamp) -> bool {
        (self.earliest..=self.latest).contains(&time)
    }
}

impl Table {
    /// `TableDescription`, in the JSON of the wire.
    #[must_use]
    pub fn describe(&self, now: Timestamp) -> Value {
        let stream = self.stream.map(|view| json!({ "StreamEnabled": true, "StreamViewType": view }));
        let class = self.class.class.map(|class| {
            json!({ "TableClass": class, "LastUpdateDateTime": self.class.changes.last().copied().map(seconds) })
        });
        // Indexes of a table that is being deleted are not shown (API reference of TableDescription).
        let (local, global) = match self.status {
            TableStatus::Deleting => (Vec::new(), Vec::new()),
            _ => (self.describe_local(), self.indexes.iter().map(|index| self.describe_index(index, now)).collect()),
        };
        pruned(json!({
            "TableName": self.name,
            "TableArn": self.arn(),
            "TableId": self.id,
            "TableStatus": self.status,
            "CreationDateTime": seconds(self.created),
            "AttributeDefinitions": self.attributes,
            "KeySchema": self.keys,
            "ProvisionedThroughput": capacity(&self.throughput.provisioned, now),
            "BillingModeSummary": self.billing_summary(),
            "OnDemandThroughput": bounds(&self.throughput),
            "WarmThroughput": warm(&self.throughput),
            "LocalSecondaryIndexes": some(local),
            "GlobalSecondaryIndexes": some(global),
            "StreamSpecification": stream,
            "LatestStreamLabel": self.stream_label,
            "LatestStreamArn": self.stream_arn(),
            "SSEDescription": self.describe_encryption(),
            "TableClassSummary": class,
            "DeletionProtectionEnabled": self.deletion_protection,
            "RestoreSummary": self.restore.as_ref().map(Restore::describe),
            "Replicas": some(self.describe_replicas()),
            "GlobalTableWitnesses": some(self.describe_witness()),
            "GlobalTableVersion": self.replication.version(),
            "MultiRegionConsistency": self.replication.shown_consistency(),
            "ItemCount": 0,
            "TableSizeBytes": 0,
        }))
    }

    fn billing_summary(&self) -> Option<Value> {
        // A table that was never on-demand has none (API reference of BillingModeSummary).
        let since = self.billing.on_demand_since?;
        Some(json!({ "BillingMode": self.billing.mode, "LastUpdateToPayPerRequestDateTime": seconds(since) }))
    }

    fn describe_encryption(&self) -> Option<Value> {
        let status = if self.encryption.updating { "UPDATING" } else { "ENABLED" };
        let key = self.encryption.key.as_ref();
        let shown = key.is_some() || self.encryption.updating;
        shown.then(|| json!({ "Status": status, "SSEType": key.map(|_| "KMS"), "KMSMasterKeyArn": key }))
    }

    fn describe_local(&self) -> Vec<Value> {
        let describe = |index: &LocalSecondaryIndex| {
            json!({
                "IndexName": index.index_name,
                "IndexArn": self.index_arn(&index.index_name),
                "KeySchema": index.key_schema,
                "Projection": index.projection,
                "IndexSizeBytes": 0,
                "ItemCount": 0,
            })
        };
        self.local_indexes.iter().map(describe).collect()
    }

    fn describe_index(&self, index: &Index, now: Timestamp) -> Value {
        json!({
            "IndexName": index.name,
            "IndexArn": self.index_arn(&index.name),
            "KeySchema": index.keys,
            "Projection": index.projection,
            "IndexStatus": index.status,
            "Backfilling": index.backfilling,
            "ProvisionedThroughput": capacity(&index.throughput.provisioned, now),
            "OnDemandThroughput": bounds(&index.throughput),
            "WarmThroughput": warm(&index.throughput),
            "IndexSizeBytes": 0,
            "ItemCount": 0,
        })
    }

    fn index_arn(&self, name: &str) -> String {
        format!("{}/index/{name}", self.arn())
    }

    /// `TimeToLiveDescription`.
    #[must_use]
    pub fn describe_time_to_live(&self) -> Value {
        let time_to_live = &self.time_to_live;
        pruned(json!({ "TimeToLiveStatus": time_to_live.status, "AttributeName": time_to_live.attribute }))
    }

    /// `ContinuousBackupsDescription`.
    #[must_use]
    pub fn describe_backups(&self, now: Timestamp) -> Value {
        let (recovery, window) = (self.backups.recovery, self.window(now));
        pruned(json!({
            "ContinuousBackupsStatus": if self.backups.available { "ENABLED" } else { "DISABLED" },
            "PointInTimeRecoveryDescription": {
                "PointInTimeRecoveryStatus": if recovery.is_some() { "ENABLED" } else { "DISABLED" },
                "RecoveryPeriodInDays": recovery.map(|recovery| recovery.days),
                "EarliestRestorableDateTime": window.map(|window| seconds(window.earliest)),
                "LatestRestorableDateTime": window.map(|window| seconds(window.latest)),
            },
        }))
    }

    /// The times to which it can be restored, if there are any.
    pub(super) fn window(&self, now: Timestamp) -> Option<Window> {
        let recovery = self.backups.recovery?;
        let days = Duration::from_hours(24 * recovery.days.unsigned_abs());
        let earliest = now.checked_sub(days).unwrap_or(Timestamp::MIN).max(recovery.since);
        let latest = now.checked_sub(RESTORABLE_AFTER).unwrap_or(Timestamp::MIN);
        (earliest <= latest).then_some(Window { earliest, latest })
    }
}

fn capacity(capacity: &Capacity, now: Timestamp) -> Value {
    json!({
        "ReadCapacityUnits": capacity.read,
        "WriteCapacityUnits": capacity.write,
        "LastIncreaseDateTime": capacity.increased.map(seconds),
        "LastDecreaseDateTime": capacity.decreases.last().copied().map(seconds),
        "NumberOfDecreasesToday": capacity.decreases_today(now),
    })
}

/// Both bounds when there is one, -1 for the other.
fn bounds(throughput: &Throughput) -> Option<Value> {
    let (reads, writes) = (throughput.max_reads, throughput.max_writes);
    let any = reads.is_some() || writes.is_some();
    any.then(|| json!({ "MaxReadRequestUnits": reads.unwrap_or(-1), "MaxWriteRequestUnits": writes.unwrap_or(-1) }))
}

fn warm(throughput: &Throughput) -> Value {
    let (reads, writes) = (throughput.warm_reads, throughput.warm_writes);
    json!({ "ReadUnitsPerSecond": reads, "WriteUnitsPerSecond": writes, "Status": "ACTIVE" })
}
