//! What is under way, and how it ends.

use std::{cmp::Ordering, time::Duration};

use jiff::Timestamp;

use super::{
    context::Context,
    part::TimeToLiveStatus,
    replica::ReplicaOverrides,
    shape::{BillingMode, TableClass},
    table::{Index, IndexStatus, Table, TableStatus},
    throughput::Throughput,
};

/// The end of something that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// When it ends.
    pub at: Timestamp,
    /// What is different then.
    pub change: Change,
}

/// What is different when something has ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The table is created, or updated, and its indexes with it.
    Active,
    /// The table is deleted.
    Gone,
    /// Throughput is paid for so.
    Billing(BillingMode),
    /// The table's throughput.
    Throughput(Throughput),
    /// The throughput of the index of this name.
    IndexThroughput(String, Throughput),
    /// Encryption with this key.
    Encryption(Option<String>),
    /// The table's class.
    Class(TableClass),
    /// The index of this name is being filled from now on.
    Backfilling(String),
    /// The index of this name is ready.
    IndexActive(String),
    /// The index of this name is deleted.
    IndexGone(String),
    /// The stream of this label, disabled a day ago, is deleted.
    StreamGone(String),
    /// Time to live is on, or off.
    TimeToLive,
    /// Contributor insights of the table, or of the index of this name, are on or off.
    Insights(Option<String>),
    /// The Kinesis streaming destination of this ARN is on, off or changed.
    Destination(String),
    /// The replica in this region is ready, and differs so.
    Replica(String, ReplicaOverrides),
    /// The replica in this region is deleted.
    ReplicaGone(String),
    /// The witness is ready.
    Witness,
    /// The witness is deleted.
    WitnessGone,
    /// Continuous backups are there.
    BackupsAvailable,
}

impl Table {
    /// The table as it is at `now`, when no request comes in between.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        let mut table = self.clone();
        table.settle(now);
        table
    }

    /// When something that is under way ends next.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.pending.first().map(|pending| pending.at)
    }

    /// Ends what ends until `now`.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let due = self.pending.iter().take_while(|pending| pending.at <= now).count();
        for pending in self.pending.drain(..due).collect::<Vec<_>>() {
            self.end(pending);
        }
    }

    /// Lets `change` come `duration` from now, after what ends at the same time.
    pub(super) fn schedule(&mut self, context: &Context, duration: Duration, change: Change) {
        let at = context.after(duration);
        let place = self.pending.partition_point(|pending| pending.at.cmp(&at) != Ordering::Greater);
        self.pending.insert(place, Pending { at, change });
    }

    fn end(&mut self, Pending { at, change }: Pending) {
        match change {
            Change::Active => self.activate(),
            Change::Gone => self.gone = true,
            Change::Billing(mode) => self.switch(mode, at),
            Change::Throughput(throughput) => self.throughput = throughput,
            Change::IndexThroughput(name, throughput) => self.on_index(&name, |index| index.throughput = throughput),
            Change::Encryption(key) => {
                self.encryption.key = key;
                self.encryption.updating = false;
            }
            Change::Class(class) => self.class.class = Some(class),
            Change::Backfilling(name) => self.on_index(&name, |index| index.backfilling = Some(true)),
            Change::IndexActive(name) => self.on_index(&name, |index| {
                index.status = IndexStatus::Active;
                index.backfilling = Some(false);
            }),
            Change::IndexGone(name) => {
                self.indexes.retain(|index| index.name != name);
                self.insights.remove(&Some(name));
                self.prune_attributes();
            }
            Change::StreamGone(label) => {
                if self.stream.is_none() && self.stream_label.as_ref() == Some(&label) {
                    (self.stream_label, self.stream_policy) = (None, None);
                }
            }
            Change::TimeToLive => self.end_time_to_live(),
            Change::Insights(index) => {
                if let Some(insights) = self.insights.get_mut(&index) {
                    insights.end(at);
                }
            }
            Change::Destination(stream) => {
                let mut destinations = self.destinations.iter_mut();
                if let Some(destination) = destinations.find(|destination| destination.stream_arn == stream) {
                    destination.end();
                }
            }
            Change::Replica(region, overrides) => self.replication.ready(&region, overrides),
            Change::ReplicaGone(region) => self.replication.gone(&region),
            Change::Witness => self.replication.witness_ready(),
            Change::WitnessGone => self.replication.witness = None,
            Change::BackupsAvailable => self.backups.available = true,
        }
    }

    fn activate(&mut self) {
        let created = self.status == TableStatus::Creating;
        self.status = TableStatus::Active;
        if let Some(restore) = &mut self.restore {
            restore.in_progress = false;
        }
        for index in &mut self.indexes {
            if index.status == IndexStatus::Updating || created && index.backfilling.is_none() {
                index.status = IndexStatus::Active;
            }
        }
    }

    fn switch(&mut self, mode: BillingMode, at: Timestamp) {
        self.billing.mode = mode;
        if mode == BillingMode::PayPerRequest {
            self.billing.on_demand_since = Some(at);
        }
    }

    fn on_index(&mut self, name: &str, change: impl FnOnce(&mut Index)) {
        if let Some(index) = self.index_mut(name) {
            change(index);
        }
    }

    fn end_time_to_live(&mut self) {
        let time_to_live = &mut self.time_to_live;
        match time_to_live.status {
            TimeToLiveStatus::Enabling => time_to_live.status = TimeToLiveStatus::Enabled,
            TimeToLiveStatus::Disabling => {
                time_to_live.status = TimeToLiveStatus::Disabled;
                time_to_live.attribute = None;
            }
            TimeToLiveStatus::Enabled | TimeToLiveStatus::Disabled => {}
        }
    }
}
