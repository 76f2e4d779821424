//! How long things take, how many there may be, and what reads show late.

use std::{collections::BTreeMap, time::Duration};

/// What a test may turn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// How long transitions take.
    pub timing: Timing,
    /// Quotas.
    pub limits: Limits,
    /// What reads show late.
    pub visibility: Visibility,
    /// The id of the KMS key behind each alias, which is written `alias/name`. A key is in every region and account.
    pub aliases: BTreeMap<String, String>,
    /// Buckets to and from which exports and imports fail, with the code of the failure, such as `S3NoSuchBucket`.
    pub failing_buckets: BTreeMap<String, String>,
}

/// How long transitions take.
///
/// The defaults keep the order of AWS (an index is slower than a flag) and are short, so that simulated days stay cheap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// `CREATING` of a table.
    pub create: Duration,
    /// `UPDATING` of a table, unless something below says otherwise.
    pub update: Duration,
    /// `DELETING` of a table.
    pub delete: Duration,
    /// First phase of a new index, during which its table is `UPDATING`.
    pub index_allocation: Duration,
    /// Second phase of a new index, during which its table is `ACTIVE`.
    pub index_backfill: Duration,
    /// `DELETING` of an index; its table is `ACTIVE` again after [`update`](Self::update).
    pub index_delete: Duration,
    /// `UPDATING` of a table whose key of encryption changes.
    pub encryption: Duration,
    /// `ENABLING` and `DISABLING` of time to live.
    pub time_to_live: Duration,
    /// From the end of a table's `CREATING` until its continuous backups are there.
    pub backups_available: Duration,
    /// `ENABLING` and `DISABLING` of contributor insights.
    pub insights: Duration,
    /// `ENABLING`, `UPDATING` and `DISABLING` of a Kinesis streaming destination.
    pub destination: Duration,
    /// `CREATING` of a backup.
    pub backup: Duration,
    /// `CREATING` of a table that is restored.
    pub restore: Duration,
    /// `IN_PROGRESS` of an export.
    pub export: Duration,
    /// `IN_PROGRESS` of an import, and `CREATING` of its table.
    pub import: Duration,
    /// `CREATING` of a replica or witness; its table is `ACTIVE` again after [`update`](Self::update).
    pub replica_create: Duration,
    /// `DELETING` of a replica or witness.
    pub replica_delete: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let ms = Duration::from_millis;
        Self {
            create: ms(800),
            update: ms(500),
            delete: ms(600),
            index_allocation: ms(700),
            index_backfill: ms(2500),
            index_delete: ms(1500),
            encryption: ms(1000),
            time_to_live: ms(1200),
            backups_available: ms(400),
            insights: ms(900),
            destination: ms(700),
            backup: ms(600),
            restore: ms(3000),
            export: ms(4000),
            import: ms(3500),
            replica_create: ms(2800),
            replica_delete: ms(1600),
        }
    }
}

/// Quotas; those that AWS documents are its own ("Quotas in Amazon DynamoDB").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Tables an account may have in a region.
    pub tables: usize,
    /// Tables that may be created, updated or deleted at the same time.
    pub simultaneous: usize,
    /// Tables with indexes that may be created at the same time.
    pub simultaneous_indexed: usize,
    /// Global secondary indexes of a table.
    pub global_indexes: usize,
    /// Local secondary indexes of a table.
    pub local_indexes: usize,
    /// Names in `NonKeyAttributes`, summed over the indexes of a table.
    pub projected: usize,
    /// Tags of a resource.
    pub tags: usize,
    /// Tags in one page of `ListTagsOfResource`. AWS does not document it.
    pub tags_page: usize,
    /// Bytes of a resource policy.
    pub policy_bytes: usize,
    /// Restores that may run at the same time.
    pub restores: usize,
    /// Imports that may run at the same time.
    pub imports: usize,
    /// Changes of a table's class in 30 days.
    pub class_changes: usize,
    /// Switches to on-demand in 24 hours.
    pub on_demand_switches: usize,
    /// Changes of encryption in 24 hours.
    pub encryption_changes: usize,
    /// Decreases of throughput in a UTC day after which one an hour is left.
    pub decreases: usize,
    /// Time between two changes of a table's time to live ("it can take up to one hour").
    pub time_to_live_interval: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tables: 2500,
            simultaneous: 500,
            simultaneous_indexed: 250,
            global_indexes: 20,
            local_indexes: 5,
            projected: 100,
            tags: 50,
            tags_page: 10,
            policy_bytes: 20 * 1024,
            restores: 50,
            imports: 50,
            class_changes: 2,
            on_demand_switches: 4,
            encryption_changes: 4,
            decreases: 4,
            time_to_live_interval: Duration::from_hours(1),
        }
    }
}

/// What reads show late, beyond what `Aws::eventual_reads` does to every read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visibility {
    /// How long after `CreateTable` a table is not found by reads of it (API reference of `DescribeTable`).
    pub new_table: Duration,
    /// Whether `ListTagsOfResource` finds no table that is being created. AWS does not document it; users of other
    /// tools report it.
    pub hide_tags_while_creating: bool,
}
