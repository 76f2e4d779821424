//! Counts every HTTP attempt that leaves for AWS.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef},
        },
        orchestrator::Metadata,
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::{ConfigBag, Storable, StoreReplace};
use cairn_core::scope::Region;

use crate::Account;

/// One HTTP attempt.
#[derive(Clone, Copy, Debug)]
pub struct AwsCall<'a> {
    /// Service as the SDK names it, in lower case, for example `s3`.
    pub service: &'a str,
    /// Operation, for example `GetBucketTagging`.
    pub operation: &'a str,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// From the moment the request left to its answer.
    pub latency: Duration,
}

/// Is told of every attempt.
pub trait CallObserver: fmt::Debug + Send + Sync {
    /// Called after each attempt, on the task that made it: it must not block.
    fn called(&self, call: AwsCall<'_>);

    /// Called once, when it is known who the operator itself is in AWS, and in which region that was asked.
    fn identified(&self, _account: &Account, _region: &Region) {}
}

/// An SDK interceptor that tells a [`CallObserver`].
#[derive(Clone, Debug)]
pub struct Meter(Arc<dyn CallObserver>);

impl Meter {
    /// A meter that tells `observer`.
    #[must_use]
    pub fn new(observer: Arc<dyn CallObserver>) -> Self {
        Self(observer)
    }

    pub(crate) fn identified(&self, account: &Account, region: &Region) {
        self.0.identified(account, region);
    }
}

#[derive(Debug)]
struct Sent(Instant);

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "CairnMeter"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        cfg.interceptor_state().store_put(Sent(Instant::now()));
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (Some(sent), Some(metadata)) = (cfg.load::<Sent>(), cfg.load::<Metadata>()) else { return Ok(()) };
        self.0.called(AwsCall {
            service: &metadata.service().to_ascii_lowercase(),
            operation: metadata.name(),
            status: context.response().map(|response| response.status().as_u16()),
            latency: sent.0.elapsed(),
        });
        cfg.interceptor_state().unset::<Sent>();
        Ok(())
    }
}
