//! The loop that acquires, renews and releases the lease.

use std::{future::Future, time::Duration};

use jiff::Timestamp;
use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::MicroTime,
};
use kube::{Api, Client, api::PostParams};
use tokio::{sync::watch, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::{
    Claim, Holding, Kind,
    decision::{Decision, Record, Sighting, decide},
};
use crate::{
    admin::{Check, Pulse},
    clock::Clock,
};

/// How often a release is tried: a renewal that was on its way may come between reading and writing.
const RELEASE_ATTEMPTS: usize = 3;

/// Where the lease is.
#[derive(Clone, Debug)]
pub struct LeaseName {
    /// Namespace of the Lease.
    pub namespace: String,
    /// Name of the Lease.
    pub name: String,
}

/// The times of a claim.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// For how long a renewal is good, and how long a candidate waits for a holder that is silent.
    pub duration: Duration,
    /// How often the holder renews; also the longest that one request may take.
    pub renew_every: Duration,
    /// How often a candidate looks, and a holder tries again after a failure.
    pub retry_every: Duration,
}

impl Default for Timing {
    /// 15, 4 and 2 seconds.
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { duration: seconds(15), renew_every: seconds(4), retry_every: seconds(2) }
    }
}

impl Timing {
    /// How long the holder itself relies on a renewal: a little less than candidates wait, for clocks that do not run
    /// at quite the same speed.
    fn relied_on(&self) -> Duration {
        self.duration.saturating_sub(self.duration / 50)
    }

    fn seconds(&self) -> i32 {
        i32::try_from(self.duration.as_millis().div_ceil(1000)).unwrap_or(i32::MAX)
    }
}

/// Keeps a [`Claim`] by a Lease.
#[derive(Debug)]
pub struct ClaimKeeper {
    api: Api<Lease>,
    name: String,
    identity: String,
    timing: Timing,
    clock: Clock,
    pulse: Option<Pulse>,
    behind: Option<Claim>,
    check: Option<Check>,
    /// The holder of whom it was told last.
    told: Option<String>,
    holding: watch::Sender<Option<Holding>>,
    /// The lease as last read or written; `None` when it has to be read first.
    lease: Option<Lease>,
    seen: Option<Sighting>,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
enum StepError {
    #[error("somebody else wrote the lease meanwhile")]
    Conflict,
    #[error("no answer in time")]
    Timeout,
    #[error("{0}")]
    Kube(#[from] kube::Error),
}

impl ClaimKeeper {
    /// A keeper, and the claim that it keeps. `identity` has to be unique among processes that run at the same time.
    /// The client should be one of its own, so that no other traffic delays a renewal.
    #[must_use]
    pub fn new(client: Client, lease: LeaseName, identity: &str, timing: Timing, clock: Clock) -> (Claim, Self) {
        let (holding, told) = watch::channel(None);
        let keeper = Self {
            api: Api::namespaced(client, &lease.namespace),
            name: lease.name,
            identity: identity.to_owned(),
            timing,
            clock,
            pulse: None,
            behind: None,
            check: None,
            told: None,
            holding,
            lease: None,
            seen: None,
        };
        (Claim(Kind::Lease(told)), keeper)
    }

    /// Shows at each turn of the loop that it goes on.
    #[must_use]
    pub fn beating(self, pulse: Pulse) -> Self {
        Self { pulse: Some(pulse), ..self }
    }

    /// Competes for the lease only while `first` is held, and gives it up otherwise: of several processes the one that
    /// holds the first lease gets all of them.
    #[must_use]
    pub fn behind(self, first: Claim) -> Self {
        Self { behind: Some(first), ..self }
    }

    /// Tells by the check whether somebody else holds the lease. Waiting for a lease that goes before this one is no
    /// such thing.
    #[must_use]
    pub fn telling(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }

    /// Acquires and renews until `shutdown`, then releases. To be shut down after everything that acts under the
    /// claim has stopped: the next process may begin at once.
    pub async fn run(mut self, shutdown: CancellationToken) {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.keep() => {}
        }
        self.holding.send_replace(None);
        if let Err(error) = self.release().await {
            warn!(%error, "lease could not be released and has to run out");
        }
    }

    async fn keep(&mut self) {
        loop {
            if let Some(pulse) = &self.pulse {
                pulse.beat();
            }
            self.wait_for_the_first().await;
            let next = match self.step().await {
                Ok(next) => next,
                Err(error) => self.after_failure(&error),
            };
            tokio::time::sleep_until(next).await;
        }
    }

    async fn wait_for_the_first(&mut self) {
        let Some(first) = self.behind.clone().filter(|first| !first.held()) else { return };
        if self.held() {
            self.lose("the lease that goes before it is lost");
            if let Err(error) = self.release().await {
                warn!(%error, "lease could not be released and has to run out");
            }
        }
        self.tell(None);
        first.acquired().await;
        self.lease = None;
    }

    /// One turn. Returns when the next is due.
    async fn step(&mut self) -> Result<Instant, StepError> {
        if self.lease.is_none() || !self.held() {
            self.look().await?;
        }
        let now = Instant::now();
        match decide(&self.identity, self.held(), self.seen.as_ref(), now) {
            Decision::Wait(left) => {
                self.lose("another process holds the lease");
                self.tell(self.seen.as_ref().and_then(|seen| seen.record.holder.clone()));
                Ok(left.min(now + self.timing.retry_every))
            }
            Decision::Renew => {
                let since = self.holding.borrow().and_then(|holding| holding.since);
                self.write(since).await
            }
            Decision::Take | Decision::Create => {
                self.lose("the lease is free");
                let since = self.seen.as_ref().and_then(|seen| seen.record.renewed);
                self.write(since).await
            }
        }
    }

    async fn look(&mut self) -> Result<(), StepError> {
        self.lease = in_time(self.timing.renew_every, self.api.get_opt(&self.name)).await?;
        let now = Instant::now();
        self.seen = self.lease.as_ref().map(|lease| {
            let record = Record::of(lease.spec.as_ref(), self.timing.duration);
            Sighting::after(self.seen.as_ref(), record, now)
        });
        Ok(())
    }

    /// Writes our name and the time into the lease, and relies on it from the moment before it was sent.
    async fn write(&mut self, since: Option<Timestamp>) -> Result<Instant, StepError> {
        let sent = Instant::now();
        let lease = self.ours();
        let params = PostParams::default();
        let answer = if self.lease.is_some() {
            in_time(self.timing.renew_every, self.api.replace(&self.name, &params, &lease)).await?
        } else {
            in_time(self.timing.renew_every, self.api.create(&params, &lease)).await?
        };
        let record = Record::of(answer.spec.as_ref(), self.timing.duration);
        self.seen = Some(Sighting::after(None, record, Instant::now()));
        self.lease = Some(answer);
        self.tell(None);
        self.hold(Holding { until: sent + self.timing.relied_on(), since });
        Ok(sent + self.timing.renew_every)
    }

    fn ours(&self) -> Lease {
        let mut lease = self.lease.clone().unwrap_or_default();
        lease.metadata.name = Some(self.name.clone());
        let before = lease.spec.take().unwrap_or_default();
        let now = Some(MicroTime(self.clock.now()));
        let stays = before.holder_identity.as_deref() == Some(&self.identity);
        lease.spec = Some(LeaseSpec {
            holder_identity: Some(self.identity.clone()),
            lease_duration_seconds: Some(self.timing.seconds()),
            acquire_time: if stays { before.acquire_time } else { now.clone() },
            renew_time: now,
            lease_transitions: Some(before.lease_transitions.unwrap_or(0).saturating_add(i32::from(!stays))),
            ..before
        });
        lease
    }

    fn after_failure(&mut self, error: &StepError) -> Instant {
        self.lease = None;
        if !self.held() {
            self.lose("it ran out");
        }
        debug!(%error, held = self.held(), "step of the lease failed");
        Instant::now() + self.timing.retry_every
    }

    fn held(&self) -> bool {
        self.holding.borrow().is_some_and(|holding| holding.covers(Duration::ZERO))
    }

    fn hold(&self, holding: Holding) {
        if self.holding.send_replace(Some(holding)).is_none() {
            info!(lease = self.name, "claim acquired");
        }
    }

    fn lose(&self, why: &str) {
        if self.holding.send_replace(None).is_some() {
            warn!(lease = self.name, why, "claim lost");
        }
    }

    /// Tells who else holds the lease, once for each.
    fn tell(&mut self, other: Option<String>) {
        let Some(check) = &self.check else { return };
        match &other {
            None => check.ready(),
            Some(holder) => {
                let why = format!("nothing is done while {holder} holds the lease {}", self.name);
                check.not_ready(&why);
                if self.told != other {
                    warn!(lease = self.name, holder, "nothing is done while another process holds the lease");
                }
            }
        }
        self.told = other;
    }

    async fn release(&mut self) -> Result<(), StepError> {
        let mut released = Ok(());
        for _ in 0..RELEASE_ATTEMPTS {
            self.look().await?;
            released = self.write_free().await;
            if !matches!(released, Err(StepError::Conflict)) {
                break;
            }
        }
        released
    }

    async fn write_free(&self) -> Result<(), StepError> {
        let Some(mut lease) = self.lease.clone() else { return Ok(()) };
        let Some(spec) = lease.spec.as_mut().filter(|spec| spec.holder_identity.as_deref() == Some(&self.identity))
        else {
            return Ok(());
        };
        spec.holder_identity = Some(String::new());
        spec.renew_time = Some(MicroTime(self.clock.now()));
        in_time(self.timing.renew_every, self.api.replace(&self.name, &PostParams::default(), &lease)).await?;
        info!(lease = self.name, "claim released");
        Ok(())
    }
}

async fn in_time<T>(limit: Duration, request: impl Future<Output = kube::Result<T>>) -> Result<T, StepError> {
    match tokio::time::timeout(limit, request).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(kube::Error::Api(status))) if status.code == 409 => Err(StepError::Conflict),
        Ok(Err(error)) => Err(error.into()),
        Err(_) => Err(StepError::Timeout),
    }
}
