//! Parts of a table.

use jiff::Timestamp;
use serde::Serialize;

use super::shape::{BillingMode, TableClass};

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
