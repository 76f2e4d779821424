//! What exists in AWS.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::time::Instant;

use super::{
    dynamodb::History as DynamoDb,
    s3::Objects,
    s3control::State as Control,
    sts::{RoleSeed, Session},
};
use crate::clock::Clock;

/// The account of access keys that nobody assigned.
pub(super) const DEFAULT_ACCOUNT: &str = "111122223333";

/// One bucket.
#[derive(Clone, Debug)]
pub(super) struct Bucket {
    pub(super) name: String,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) created: Timestamp,
    /// What is stored under each sub-resource, by its query name.
    pub(super) config: BTreeMap<&'static str, String>,
    pub(super) objects: Objects,
    /// Uploads that are not finished, by key and id.
    pub(super) uploads: BTreeSet<(String, String)>,
}

/// Everything that exists, and what it was a moment ago.
#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) accounts: BTreeMap<String, String>,
    /// Sessions of assumed roles by access key.
    pub(super) sessions: BTreeMap<String, Session>,
    /// Roles by ARN.
    pub(super) roles: BTreeMap<String, RoleSeed>,
    pub(super) ignore_create_tags: bool,
    pub(super) dynamodb: DynamoDb,
    pub(super) control: Control,
    lag: Duration,
    buckets: BTreeMap<String, History>,
    requests: u64,
}

/// The states of one bucket, the oldest first; none is absence.
#[derive(Debug)]
struct History {
    /// State before the first entry of `later`.
    base: Option<Arc<Bucket>>,
    later: Vec<(Instant, Option<Arc<Bucket>>)>,
}

impl History {
    fn now(&self) -> Option<&Arc<Bucket>> {
        self.later.last().map_or(self.base.as_ref(), |(_, bucket)| bucket.as_ref())
    }

    /// What was there `lag` ago.
    fn past(&self, lag: Duration) -> Option<&Arc<Bucket>> {
        let old = self.later.iter().rfind(|(at, _)| at.elapsed() >= lag);
        old.map_or(self.base.as_ref(), |(_, bucket)| bucket.as_ref())
    }

    /// Forgets what no read can see any more.
    fn prune(&mut self, lag: Duration) {
        if let Some(last) = self.later.iter().rposition(|(at, _)| at.elapsed() >= lag) {
            let gone = self.later.drain(..=last).next_back();
            self.base = gone.and_then(|(_, bucket)| bucket);
        }
    }
}

impl World {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            accounts: BTreeMap::new(),
            sessions: BTreeMap::new(),
            roles: BTreeMap::new(),
            ignore_create_tags: false,
            dynamodb: DynamoDb::default(),
            control: Control::default(),
            lag: Duration::ZERO,
            buckets: BTreeMap::new(),
            requests: 0,
        }
    }

    pub(super) fn set_lag(&mut self, lag: Duration) {
        // Lags hide what happens from now on, not what everybody has seen.
        let before = self.lag;
        for history in self.buckets.values_mut() {
            history.prune(before);
        }
        self.lag = lag;
        self.dynamodb.set_lag(lag, self.clock.now());
    }

    pub(super) fn account(&self, access_key: &str) -> String {
        self.accounts.get(access_key).map_or(DEFAULT_ACCOUNT, String::as_str).to_owned()
    }

    /// An access key for a new session.
    pub(super) fn next_session_key(&self) -> String {
        format!("ASIA{:016}", self.sessions.len() + 1)
    }

    /// Lets a session of an assumed role act in the role's account.
    pub(super) fn open_session(&mut self, access_key: &str, account: &str, session: Session) {
        self.accounts.insert(access_key.to_owned(), account.to_owned());
        self.sessions.insert(access_key.to_owned(), session);
    }

    pub(super) fn next_request_id(&mut self) -> String {
        self.requests += 1;
        format!("TESTKIT{:09}", self.requests)
    }

    /// The bucket as it is.
    pub(super) fn bucket(&self, name: &str) -> Option<&Arc<Bucket>> {
        self.buckets.get(name)?.now()
    }

    /// The bucket as reads see it.
    pub(super) fn seen(&self, name: &str) -> Option<&Arc<Bucket>> {
        self.buckets.get(name)?.past(self.lag)
    }

    /// All buckets as they are.
    pub(super) fn buckets(&self) -> impl Iterator<Item = &Arc<Bucket>> {
        self.buckets.values().filter_map(History::now)
    }

    /// All buckets as reads see them.
    pub(super) fn seen_buckets(&self) -> impl Iterator<Item = &Arc<Bucket>> {
        self.buckets.values().filter_map(|history| history.past(self.lag))
    }

    /// Stores a bucket.
    pub(super) fn put(&mut self, bucket: Bucket) {
        let name = bucket.name.clone();
        self.write(&name, Some(Arc::new(bucket)));
    }

    /// Removes a bucket.
    pub(super) fn remove(&mut self, name: &str) {
        self.write(name, None);
    }

    fn write(&mut self, name: &str, bucket: Option<Arc<Bucket>>) {
        let lag = self.lag;
        let history = self.buckets.entry(name.to_owned()).or_insert(History { base: None, later: Vec::new() });
        history.prune(lag);
        history.later.push((Instant::now(), bucket));
    }
}
