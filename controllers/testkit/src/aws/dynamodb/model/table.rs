//! A table as a value.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    change::Pending,
    context::{Caller, Context, arn},
    insights::Insights,
    kinesis::Destination,
    part::{Billing, Class, ContinuousBackups, Encryption, Policy, TimeToLive},
    replica::Replication,
    restore::Restore,
    shape::{AttributeDefinition, KeySchemaElement, LocalSecondaryIndex, Projection, StreamViewType, Tag},
    throughput::Throughput,
};

/// State of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TableStatus {
    /// Not yet there.
    Creating,
    /// Changing; no further change is taken.
    Updating,
    /// About to vanish.
    Deleting,
    /// Ready.
    Active,
}

/// State of a global secondary index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum IndexStatus {
    /// Not yet there.
    Creating,
    /// Changing.
    Updating,
    /// About to vanish.
    Deleting,
    /// Ready.
    Active,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Name.
    pub name: String,
    /// Key.
    pub keys: Vec<KeySchemaElement>,
    /// What it holds.
    pub projection: Projection,
    /// State.
    pub status: IndexStatus,
    /// Whether it is being filled; nothing for an index that was created with its table.
    pub backfilling: Option<bool>,
    /// Throughput.
    pub throughput: Throughput,
}

/// A table.
///
/// It is the table of some instant: what is under way ends when [`at`](Self::at) is asked for a later one.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Account and region.
    pub home: Caller,
    /// `TableId`, of this table and no other, earlier or later one of the same name.
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
    /// State.
    pub status: TableStatus,
    /// Key attributes of it and its indexes.
    pub attributes: Vec<AttributeDefinition>,
    /// Key.
    pub keys: Vec<KeySchemaElement>,
    /// Local indexes.
    pub local_indexes: Vec<LocalSecondaryIndex>,
    /// Global indexes.
    pub indexes: Vec<Index>,
    /// How throughput is paid for.
    pub billing: Billing,
    /// Throughput.
    pub throughput: Throughput,
    /// What its stream shows, while it has one.
    pub stream: Option<StreamViewType>,
    /// Label of the stream it has, or had until a day ago.
    pub stream_label: Option<String>,
    /// Encryption.
    pub encryption: Encryption,
    /// How it is stored.
    pub class: Class,
    /// Whether it cannot be deleted.
    pub deletion_protection: bool,
    /// Tags, by key.
    pub tags: Vec<Tag>,
    /// Its resource policy.
    pub policy: Option<Policy>,
    /// The resource policy of its stream.
    pub stream_policy: Option<Policy>,
    /// Time to live.
    pub time_to_live: TimeToLive,
    /// Continuous backups.
    pub backups: ContinuousBackups,
    /// Contributor insights of the table and, by name, of indexes, where they are or were on.
    pub insights: BTreeMap<Option<String>, Insights>,
    /// Kinesis data streams that changes go to, or went to.
    pub destinations: Vec<Destination>,
    /// Replicas of it elsewhere.
    pub replication: Replication,
    /// What it was restored from.
    pub restore: Option<Restore>,
    /// What is under way, in the order of its ends.
    pub pending: Vec<Pending>,
    /// Whether it is deleted.
    pub gone: bool,
}

impl Table {
    /// ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        arn("dynamodb", &self.home.region, &self.home.account, &format!("table/{}", self.name))
    }

    /// ARN of the stream it has, or had until a day ago.
    #[must_use]
    pub fn stream_arn(&self) -> Option<String> {
        self.stream_label.as_ref().map(|label| format!("{}/stream/{label}", self.arn()))
    }

    /// A global index by name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }

    /// Whether reads see the table already.
    pub(super) fn is_seen(&self, context: &Context) -> bool {
        let visible = self.created.checked_add(context.settings.visibility.new_table);
        visible.is_ok_and(|visible| visible <= context.now)
    }

    pub(super) fn index_mut(&mut self, name: &str) -> Option<&mut Index> {
        self.indexes.iter_mut().find(|index| index.name == name)
    }

    /// Forgets the definitions of attributes that are in no key any more.
    pub(super) fn prune_attributes(&mut self) {
        let local = self.local_indexes.iter().flat_map(|index| &index.key_schema);
        let global = self.indexes.iter().flat_map(|index| &index.keys);
        let used: Vec<&str> =
            self.keys.iter().chain(local).chain(global).map(|key| key.attribute_name.as_str()).collect();
        let keep: Vec<bool> = self.attributes.iter().map(|a| used.contains(&a.attribute_name.as_str())).collect();
        let mut keep = keep.into_iter();
        self.attributes.retain(|_| keep.next().unwrap_or(false));
    }
}
