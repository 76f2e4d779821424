//! The HTTP server for probes, metrics and debugging.
//!
//! `/healthz` says whether the loops go on, `/readyz` which named checks hold, `/metrics` what was counted, and
//! `/debug/queue` what waits. A standby that does not hold the claim is ready: it is warm.

mod health;

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::future::join_all;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

pub use health::{Check, Health, Pulse};

use crate::{
    metrics::{self, Metrics},
    queue::{Queue, Snapshot},
};

/// How long open connections may take to finish at shutdown.
const GRACE: Duration = Duration::from_secs(3);

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The address is none.
    #[error("{address:?} is no address to listen on: expected for example \"[::]:8080\", \":8080\" or \"0\" for none")]
    Address {
        /// The address as given.
        address: String,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// What the server shows.
#[derive(Clone, Debug)]
pub struct Admin {
    health: Health,
    metrics: Metrics,
    queues: Vec<(String, Queue)>,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Bound {
    listeners: Vec<(TcpListener, Router)>,
}

impl Admin {
    /// A server that shows these.
    #[must_use]
    pub fn new(health: Health, metrics: Metrics) -> Self {
        Self { health, metrics, queues: Vec::new() }
    }

    /// Shows the queue of a kind as well.
    #[must_use]
    pub fn queue(mut self, kind: &str, queue: &Queue) -> Self {
        self.queues.push((kind.to_owned(), queue.clone()));
        self
    }

    /// Listens on one address for the probes and on one for metrics and debugging, or on one for all if they are
    /// equal. An address is written as `[::]:8080`, as `:8080` for all interfaces, or as `0` for none.
    ///
    /// # Errors
    /// [`AdminError`] when an address is none or cannot be listened on.
    pub async fn bind(self, probes: &str, metrics: &str) -> Result<Bound, AdminError> {
        let (probes_at, metrics_at) = (address(probes)?, address(metrics)?);
        let plan = if probes_at == metrics_at {
            vec![(probes_at, self.clone().probes().merge(self.insights()))]
        } else {
            vec![(probes_at, self.clone().probes()), (metrics_at, self.insights())]
        };
        let mut listeners = Vec::new();
        for (address, router) in plan {
            if let Some(address) = address {
                listeners.push((listen(address).await?, router));
            }
        }
        Ok(Bound { listeners })
    }

    fn probes(self) -> Router {
        Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz)).with_state(self)
    }

    fn insights(self) -> Router {
        Router::new().route("/metrics", get(show_metrics)).route("/debug/queue", get(show_queues)).with_state(self)
    }
}

impl Bound {
    /// Where the server listens: for probes, then for metrics if that is another address.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners.iter().filter_map(|(listener, _)| listener.local_addr().ok()).collect()
    }

    /// Answers until `shutdown`.
    pub async fn serve(self, shutdown: CancellationToken) {
        info!(addresses = ?self.addresses(), "admin server listens");
        let stop = shutdown.clone();
        let serving = join_all(self.listeners.into_iter().map(|(listener, router)| {
            let stop = stop.clone().cancelled_owned();
            let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
            async move { serving.await }
        }));
        until_grace_is_over(serving, shutdown).await;
    }
}

async fn until_grace_is_over(serving: impl Future<Output = Vec<io::Result<()>>>, shutdown: CancellationToken) {
    let over = async {
        shutdown.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving => {
            for error in ended.into_iter().filter_map(Result::err) {
                warn!(%error, "admin server failed");
            }
        }
        () = over => {}
    }
}

fn address(text: &str) -> Result<Option<SocketAddr>, AdminError> {
    if text == "0" {
        return Ok(None);
    }
    let port = text.strip_prefix(':').and_then(|port| port.parse().ok());
    let parsed = match port {
        Some(port) => Some(SocketAddr::from((Ipv6Addr::UNSPECIFIED, port))),
        None => text.parse().ok(),
    };
    parsed.map(Some).ok_or_else(|| AdminError::Address { address: text.to_owned() })
}

/// Listens; on a machine without IPv6 "all interfaces" means all of IPv4.
async fn listen(address: SocketAddr) -> Result<TcpListener, AdminError> {
    let source = match TcpListener::bind(address).await {
        Ok(listener) => return Ok(listener),
        Err(source) => source,
    };
    if address.ip() == IpAddr::V6(Ipv6Addr::UNSPECIFIED) && source.kind() != io::ErrorKind::AddrInUse {
        let fallback = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
        return TcpListener::bind(fallback).await.map_err(|source| AdminError::Bind { address: fallback, source });
    }
    Err(AdminError::Bind { address, source })
}

async fn healthz(State(admin): State<Admin>) -> Response {
    answer(&admin.health.silent(), "stuck")
}

async fn readyz(State(admin): State<Admin>) -> Response {
    answer(&admin.health.not_ready(), "waiting")
}

async fn show_metrics(State(admin): State<Admin>) -> Response {
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], admin.metrics.encode()).into_response()
}

async fn show_queues(State(admin): State<Admin>) -> Response {
    let queues: Map<String, Value> =
        admin.queues.iter().map(|(kind, queue)| (kind.clone(), describe(&queue.snapshot()))).collect();
    as_json(StatusCode::OK, &Value::Object(queues))
}

fn describe(snapshot: &Snapshot) -> Value {
    let lanes: Map<String, Value> = snapshot
        .lanes
        .iter()
        .map(|lane| {
            let shown = json!({"depth": lane.depth, "oldestSeconds": lane.oldest.as_secs_f64()});
            (lane.priority.as_str().to_owned(), shown)
        })
        .collect();
    json!({"ready": lanes, "delayed": snapshot.delayed, "inFlight": snapshot.in_flight})
}

/// `ok`, or what is wrong under the given word.
fn answer(wrong: &[(String, String)], word: &str) -> Response {
    if wrong.is_empty() {
        return as_json(StatusCode::OK, &json!({"status": "ok"}));
    }
    let wrong: Map<String, Value> = wrong.iter().map(|(name, why)| (name.clone(), json!(why))).collect();
    as_json(StatusCode::SERVICE_UNAVAILABLE, &json!({"status": "failing", word: wrong}))
}

fn as_json(status: StatusCode, body: &Value) -> Response {
    (status, [(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

#[cfg(test)]
mod tests;
