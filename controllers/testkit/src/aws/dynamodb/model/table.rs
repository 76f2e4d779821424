//! A table as a value.

use jiff::Timestamp;
use serde::Serialize;

use super::{
    change::Pending,
    context::{Caller, Context, arn},
    shape::{
        AttributeDefinition, BillingMode, KeySchemaElement, LocalSecondaryIndex, Projection, StreamViewType,
        TableClass, Tag,
    },
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

/// How throughput is paid for, and how that came about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Billing {
    /// How it is paid for.
    pub mode: BillingMode,
    /// When it was last set to on-demand, at creation or later.
    pub on_demand_since: Option<Timestamp>,
    /// When the table was switched to on-demand.
    pub switches: Vec<Timestamp>,
}

/// Encryption.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encryption {
    /// ARN of the key; nothing for the one that AWS owns.
    pub key: Option<String>,
    /// Whether it is changing.
    pub updating: bool,
    /// When it was changed.
    pub changes: Vec<Timestamp>,
}

/// How a table is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Class {
    /// Nothing is standard, for a table of which nobody ever said.
    pub class: Option<TableClass>,
    /// When it was changed.
    pub changes: Vec<Timestamp>,
}

/// State of time to live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TimeToLiveStatus {
    /// About to be on.
    Enabling,
    /// On.
    Enabled,
    /// About to be off.
    Disabling,
    /// Off.
    #[default]
    Disabled,
}

/// Time to live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeToLive {
    /// State.
    pub status: TimeToLiveStatus,
    /// The attribute that says when an item expires; nothing while it is off.
    pub attribute: Option<String>,
    /// When it was last changed.
    pub changed: Option<Timestamp>,
}

/// Continuous backups and point-in-time recovery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContinuousBackups {
    /// Whether they are there already.
    pub available: bool,
    /// Days and start of point-in-time recovery, while that is on.
    pub recovery: Option<Recovery>,
}

/// Point-in-time recovery that is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// How far back, in days.
    pub days: i64,
    /// Since when.
    pub since: Timestamp,
}

/// A resource policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The document, as it was written.
    pub document: String,
    /// Its revision.
    pub revision: String,
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
    /// Time to live.
    pub time_to_live: TimeToLive,
    /// Continuous backups.
    pub backups: ContinuousBackups,
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
