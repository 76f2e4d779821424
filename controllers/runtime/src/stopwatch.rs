//! What one reconcile tells of itself while it runs: its log lines belong together, and it is known when it first called
//! AWS and when AWS last answered.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{task_local, time::Instant};
use tracing::{Instrument, Span, debug, error_span, field::Empty};

use crate::{key::ObjectKey, metrics::Metrics};

task_local! {
    static CURRENT: Stopwatch;
}

/// One HTTP attempt at AWS that is over.
#[derive(Clone, Copy, Debug)]
pub struct AwsAttempt<'a> {
    /// Service, for example `s3`.
    pub service: &'a str,
    /// Operation, for example `GetBucketTagging`.
    pub operation: &'a str,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// AWS's id of the request, if an answer named one.
    pub request_id: Option<&'a str>,
    /// How long it took.
    pub latency: Duration,
}

/// Of one reconcile.
pub(crate) struct Stopwatch {
    kind: Box<str>,
    metrics: Metrics,
    span: Span,
    times: Mutex<Times>,
}

#[derive(Clone, Copy, Debug)]
struct Times {
    /// When the edit was seen that it is about; taken at the first call.
    edited: Option<Instant>,
    /// When AWS last answered.
    answered: Option<Instant>,
}

impl Stopwatch {
    /// A stopwatch for the reconcile with this number. `edited` is when the edit was seen that the reconcile is about.
    pub(crate) fn new(kind: &str, key: &ObjectKey, number: u64, edited: Option<Instant>, metrics: Metrics) -> Self {
        // Enabled under every filter: what lines there are name their object.
        let span = error_span!("reconcile", kind, object = %key, reconcile = number, aws_request_id = Empty);
        let times = Mutex::new(Times { edited, answered: None });
        Self { kind: kind.into(), metrics, span, times }
    }

    /// Runs a reconcile under it.
    pub(crate) async fn run<T>(self, work: impl Future<Output = T>) -> T {
        let span = self.span.clone();
        CURRENT.scope(self, work).instrument(span).await
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn aws_answered(&self, attempt: AwsAttempt<'_>) {
        let AwsAttempt { request_id, latency, .. } = attempt;
        let now = Instant::now();
        let edited = {
            let mut times = self.times();
            times.answered = Some(now);
            times.edited.take()
        };
        if let Some(edited) = edited {
            let called = now.checked_sub(latency).unwrap_or(now);
            self.metrics.edit_to_first_call(&self.kind, called.saturating_duration_since(edited));
        }
        if let Some(id) = request_id {
            self.span.record("aws_request_id", id);
        }
        // Inside, the SDK has spans of its own, which know nothing of the object.
        self.span.in_scope(|| attempt.log());
    }

    fn ready(&self) {
        if let Some(answered) = self.times().answered.take() {
            self.metrics.answer_to_ready(&self.kind, answered.elapsed());
        }
    }
}

impl AwsAttempt<'_> {
    fn log(self) {
        let Self { service, operation, status, request_id, latency } = self;
        let milliseconds = latency.as_secs_f64() * 1e3;
        debug!(service, operation, status, request_id, milliseconds, "AWS was called");
    }
}

/// Tells of an attempt at AWS the log, and the reconcile that made it.
pub fn aws_answered(attempt: AwsAttempt<'_>) {
    if CURRENT.try_with(|watch| watch.aws_answered(attempt)).is_err() {
        attempt.log();
    }
}

/// Says that the object is Ready from now on.
pub(crate) fn ready() {
    let _ = CURRENT.try_with(Stopwatch::ready);
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: AwsAttempt<'static> = AwsAttempt {
        service: "s3",
        operation: "HeadBucket",
        status: Some(200),
        request_id: Some("ID"),
        latency: Duration::from_secs(1),
    };

    async fn second() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_call_after_an_edit_and_the_last_answer_before_ready_count() {
        let metrics = Metrics::new();
        let edited = Instant::now();
        second().await;
        let watch = Stopwatch::new("Bucket", &ObjectKey::new("ns", "a"), 1, Some(edited), metrics.clone());
        let reconcile = async {
            for _ in 0..2 {
                second().await;
                second().await;
                aws_answered(CALL);
            }
            second().await;
            ready();
            ready();
        };
        watch.run(reconcile).await;
        let text = metrics.encode();
        for line in [
            r#"cairn_edit_to_first_aws_call_seconds_sum{kind="Bucket"} 2.0"#,
            r#"cairn_edit_to_first_aws_call_seconds_count{kind="Bucket"} 1"#,
            r#"cairn_aws_answer_to_ready_seconds_sum{kind="Bucket"} 1.0"#,
            r#"cairn_aws_answer_to_ready_seconds_count{kind="Bucket"} 1"#,
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_no_edit_caused_and_what_is_outside_a_reconcile_is_not_counted() {
        let metrics = Metrics::new();
        aws_answered(CALL);
        ready();
        let watch = Stopwatch::new("Bucket", &ObjectKey::new("ns", "a"), 1, None, metrics.clone());
        watch.run(async { aws_answered(CALL) }).await;
        assert!(!metrics.encode().contains("edit_to_first_aws_call_seconds_count{"));
    }
}
