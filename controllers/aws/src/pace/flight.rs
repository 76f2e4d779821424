//! One attempt, from the permission to send it to its answer.

use std::{sync::Arc, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::ConnectorError};
use tokio::time::{Instant, sleep, timeout};

use super::{
    Access, Caller, Lane, Outcome, Refused, answer,
    guard::{Entry, Health},
    limiter::Limiter,
    pacer::Door,
    region::Region,
    room::Held,
};
use crate::{AwsCall, CallObserver, failure::request_id, meter::Label};

/// A call that gets no answer counts as a failure each time that this has passed: a region from which nothing comes at
/// all is noticed long before the call is given up, and at once where several calls are waiting.
const SILENCE: Duration = Duration::from_secs(5);
/// How long a try whether a region answers may take.
const PROBE: Duration = Duration::from_secs(3);

/// The permission to send one attempt. Nothing was sent when it is dropped before [`Flight::fly`].
#[derive(Debug)]
pub(crate) struct Flight {
    lane: Lane,
    caller: Caller,
    door: Door,
    slot: Held<Limiter>,
    entry: Held<Region>,
}

impl Flight {
    pub(super) fn new(lane: Lane, caller: Caller, door: Door, slot: Held<Limiter>, entry: Held<Region>) -> Self {
        Self { lane, caller, door, slot, entry }
    }

    pub(super) fn lane(&self) -> &Lane {
        &self.lane
    }

    /// Sends, waits for the whole answer for no longer than `limit`, and learns from it. A read is given up when the
    /// region turns out to be down.
    pub(super) async fn fly(
        mut self,
        send: impl Future<Output = Result<HttpResponse, ConnectorError>>,
        limit: Duration,
        log: &mut Log<'_>,
    ) -> Result<HttpResponse, ConnectorError> {
        self.note(Outcome::Unknown);
        let limit = if self.is_probe() { limit.min(PROBE) } else { limit };
        let answer = tokio::select! {
            biased;
            answer = timeout(limit, async { answer::whole(send.await?).await }) => {
                answer.unwrap_or_else(|_| Err(no_answer()))
            }
            () = self.lost() => {
                let Lane { region, service, .. } = self.lane.clone();
                Err(ConnectorError::user(Refused::Down { region, service }.into()))
            }
        };
        if let Ok(response) = &answer {
            log.status = Some(response.status().as_u16());
            log.request_id = request_id(response.headers());
        }
        self.learn(&answer, log.observer);
        answer
    }

    fn is_probe(&self) -> bool {
        *self.entry.pass() == Entry::Probe
    }

    fn note(&mut self, outcome: Outcome) {
        self.slot.note(outcome);
        self.entry.note(outcome);
    }

    /// Returns when the region is down and the attempt is a read that can be given up. Tells the region meanwhile when
    /// no answer comes.
    async fn lost(&self) {
        if self.is_probe() {
            return std::future::pending().await;
        }
        let mut health = self.door.health.clone();
        let suspect = async {
            loop {
                sleep(SILENCE).await;
                self.door.room.with(Region::suspect);
            }
        };
        let down = async {
            match self.lane.access {
                Access::Read => drop(health.wait_for(|health| *health == Health::Down).await),
                Access::Mutate => std::future::pending().await,
            }
        };
        tokio::select! {
            () = suspect => {}
            () = down => {}
        }
    }

    fn learn(mut self, answer: &Result<HttpResponse, ConnectorError>, observer: &dyn CallObserver) {
        let outcome = match answer {
            Ok(response) => answer::outcome(response),
            Err(error) if error.is_user() => Outcome::Unknown,
            Err(_) => Outcome::Failed,
        };
        if outcome == Outcome::Throttled {
            observer.throttled(&self.lane);
        }
        self.note(outcome);
        let Self { caller, door, slot, entry, .. } = self;
        // Both are told by being dropped, and only then it is known whether the region is down.
        drop((slot, entry));
        if !matches!(outcome, Outcome::Answered | Outcome::Throttled) {
            caller.call_back(|| door.room.with(Region::come_back));
        }
    }
}

/// What a call gets whose time is used up.
pub(super) fn no_answer() -> ConnectorError {
    ConnectorError::timeout("no answer in time".into())
}

/// Tells of an attempt when it is over, however it ends.
pub(super) struct Log<'a> {
    observer: &'a dyn CallObserver,
    label: &'a Label,
    sent: Instant,
    status: Option<u16>,
    request_id: Option<String>,
}

impl<'a> Log<'a> {
    /// An attempt that is sent now.
    pub(super) fn new(observer: &'a Arc<dyn CallObserver>, label: &'a Label) -> Self {
        Self { observer: observer.as_ref(), label, sent: Instant::now(), status: None, request_id: None }
    }
}

impl Drop for Log<'_> {
    fn drop(&mut self) {
        let (latency, status) = (self.sent.elapsed(), self.status);
        self.label.spend(latency);
        self.observer.called(AwsCall {
            service: &self.label.service,
            operation: &self.label.operation,
            status,
            request_id: self.request_id.as_deref(),
            latency,
        });
    }
}
