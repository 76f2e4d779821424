//! Counts every request that passes, also one that is given up before the answer.

use std::task::{Context, Poll};

use futures::{FutureExt, future::BoxFuture};
use http::{Request, Response, StatusCode};
use tokio::time::Instant;
use tower::{Layer, Service};

use super::request::{Described, describe};
use crate::metrics::Metrics;

/// Puts a [`Counted`] around a service.
#[derive(Clone, Debug)]
pub struct CountLayer {
    metrics: Metrics,
}

impl CountLayer {
    /// A layer that counts into `metrics`.
    #[must_use]
    pub fn new(metrics: &Metrics) -> Self {
        Self { metrics: metrics.clone() }
    }
}

impl<S> Layer<S> for CountLayer {
    type Service = Counted<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Counted::new(inner, &self.metrics)
    }
}

/// A service whose requests are counted by verb, resource and outcome.
#[derive(Clone, Debug)]
pub struct Counted<S> {
    inner: S,
    metrics: Metrics,
}

impl<S> Counted<S> {
    pub(super) fn new(inner: S, metrics: &Metrics) -> Self {
        Self { inner, metrics: metrics.clone() }
    }
}

impl<S, B, C> Service<Request<B>> for Counted<S>
where
    S: Service<Request<B>, Response = Response<C>>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let attempt = Attempt::begin(describe(request.method(), request.uri()), self.metrics.clone());
        let answer = self.inner.call(request);
        async move {
            let answer = answer.await;
            attempt.end(answer.as_ref().map_or("error", |answer| class(answer.status())));
            answer
        }
        .boxed()
    }
}

/// Counts itself when it ends, however it ends.
struct Attempt {
    described: Described,
    outcome: &'static str,
    started: Instant,
    metrics: Metrics,
}

impl Attempt {
    fn begin(described: Described, metrics: Metrics) -> Self {
        Self { described, outcome: "cancelled", started: Instant::now(), metrics }
    }

    fn end(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        let Described { verb, resource } = &self.described;
        self.metrics.kubernetes_request(verb, resource, self.outcome, self.started.elapsed());
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
