//! Counts every HTTP attempt that leaves for AWS.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut},
        },
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use cairn_core::scope::Region;

use crate::{Account, pace::Lane};

/// One HTTP attempt.
#[derive(Clone, Copy, Debug)]
pub struct AwsCall<'a> {
    /// Service as the SDK names it, in lower case, for example `s3`.
    pub service: &'a str,
    /// Operation, for example `GetBucketTagging`.
    pub operation: &'a str,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// AWS's id of the request, if an answer named one.
    pub request_id: Option<&'a str>,
    /// From the moment the request left to its whole answer, or to when it was given up.
    pub latency: Duration,
}

/// Is told of every attempt, and of the pace. All of this happens on tasks that make calls: it must not block.
pub trait CallObserver: fmt::Debug + Send + Sync {
    /// Called after each attempt that was sent.
    fn called(&self, call: AwsCall<'_>);

    /// Called once, when it is known who the operator itself is in AWS, and in which region that was asked.
    fn identified(&self, _account: &Account, _region: &Region) {}

    /// Called for each attempt, when it is sent or turned away: for how long it waited for its turn.
    fn waited(&self, _lane: &Lane, _waited: Duration) {}

    /// Called when AWS throttled an attempt.
    fn throttled(&self, _lane: &Lane) {}

    /// Called when the rate at which calls are sent at most changes, in calls a second; `None` for no limit.
    fn paced(&self, _lane: &Lane, _rate: Option<f64>) {}

    /// Called when a region of a service stops to answer, or answers again.
    fn region(&self, _region: &str, _service: &str, _answers: bool) {}
}

/// An SDK interceptor that says at each attempt which call it belongs to. Without it, calls of all services count as of
/// one without a name.
#[derive(Clone, Debug)]
pub struct Meter {
    observer: Arc<dyn CallObserver>,
    service: Option<&'static str>,
}

impl Meter {
    /// A meter that tells `observer`.
    #[must_use]
    pub fn new(observer: Arc<dyn CallObserver>) -> Self {
        Self { observer, service: None }
    }

    /// The same, but every call counts as one of that service. It is for operations of one service that another's hosts
    /// answer: whether those answer at all is then known of both together.
    #[must_use]
    pub fn counting_as(self, service: &'static str) -> Self {
        Self { service: Some(service), ..self }
    }

    pub(crate) fn observer(&self) -> &Arc<dyn CallObserver> {
        &self.observer
    }
}

/// What an attempt carries from the SDK to the HTTP client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Label {
    pub(crate) service: Arc<str>,
    pub(crate) operation: Arc<str>,
    spent: Spent,
}

impl Label {
    /// For how long earlier attempts of the same call were on their way.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_micros(self.spent.0.load(Ordering::Relaxed))
    }

    pub(crate) fn spend(&self, time: Duration) {
        self.spent.0.fetch_add(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Microseconds that the attempts of one call were on their way.
#[derive(Clone, Debug, Default)]
struct Spent(Arc<AtomicU64>);

impl Storable for Spent {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "CairnMeter"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        cfg.interceptor_state().store_put(Spent::default());
        Ok(())
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(metadata) = cfg.load::<Metadata>() {
            context.request_mut().add_extension(Label {
                service: self.service.map_or_else(|| metadata.service().to_ascii_lowercase().into(), Arc::from),
                operation: metadata.name().into(),
                spent: cfg.load::<Spent>().cloned().unwrap_or_default(),
            });
        }
        Ok(())
    }
}
