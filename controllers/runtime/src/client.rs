//! The connection to the API server: one HTTP/2 connection for many requests, each of them counted.
//!
//! kube's own stack speaks HTTP/1.1 alone (one connection for each watch) and repeats answers of 429 and 5xx for up to
//! a quarter of an hour. Here no request is repeated: who sends it decides, knowing what it may have done.

mod count;
mod request;

use std::{str::FromStr, time::Duration};

use http::{HeaderValue, Uri, header::USER_AGENT, uri::Scheme};
use hyper_rustls::{FixedServerNameResolver, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client as HttpClient,
        connect::{Connect, HttpConnector},
    },
    rt::{TokioExecutor, TokioTimer},
};
use kube::{
    Client, Config,
    client::{Body, ClientBuilder, ConfigExt},
};
use rustls::pki_types::ServerName;
use tower::{BoxError, ServiceBuilder};

pub use count::{CountLayer, Counted};

use crate::metrics::Metrics;

/// How long a connection may be silent before the server is asked whether it is there.
const PING_AFTER: Duration = Duration::from_secs(30);

/// How long the server may take to say so.
const PONG_WITHIN: Duration = Duration::from_secs(15);

/// Why no connection could be prepared.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The configuration is not usable.
    #[error("kubernetes configuration is not usable: {0}")]
    Config(#[from] kube::Error),
    /// The name that the server's certificate should have is no name.
    #[error("tls server name {0:?} is no valid name")]
    ServerName(String),
}

/// A client for the cluster of `config`, over HTTP/2 where the server speaks it and HTTP/1.1 where it does not. Every
/// call makes a client with connections of its own. Behind a proxy it is kube's own stack, HTTP/1.1 alone.
///
/// # Errors
/// [`ClientError`] when certificates, keys or names in the configuration are not usable.
pub fn build(mut config: Config, metrics: &Metrics) -> Result<Client, ClientError> {
    install_crypto();
    config.default_retry = false;
    config.headers.push((USER_AGENT, HeaderValue::from_static(concat!("cairn/", env!("CARGO_PKG_VERSION")))));
    if config.proxy_url.is_some() {
        return Ok(ClientBuilder::try_from(config)?.with_layer(&CountLayer::new(metrics)).build());
    }
    let http = plain_connector(&config);
    if is_plain(&config.cluster_url) {
        stack(&config, http, metrics)
    } else {
        stack(&config, tls_connector(&config, http)?, metrics)
    }
}

/// Wraps a service that stands in for the API server, so that its requests are counted as those of [`build`] are.
#[must_use]
pub fn instrument<S>(service: S, metrics: &Metrics) -> Counted<S> {
    Counted::new(service, metrics)
}

fn stack<C>(config: &Config, connector: C, metrics: &Metrics) -> Result<Client, ClientError>
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let http: HttpClient<_, Body> = HttpClient::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_keep_alive_interval(PING_AFTER)
        .http2_keep_alive_timeout(PONG_WITHIN)
        .http2_keep_alive_while_idle(true)
        .http2_adaptive_window(true)
        .build(connector);
    let service = ServiceBuilder::new()
        .layer(CountLayer::new(metrics))
        .layer(config.base_uri_layer())
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(http);
    Ok(Client::new(service, config.default_namespace.clone()))
}

fn plain_connector(config: &Config) -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector.set_nodelay(true);
    connector.set_connect_timeout(config.connect_timeout);
    connector.set_keepalive(Some(PING_AFTER));
    connector
}

fn tls_connector(config: &Config, http: HttpConnector) -> Result<HttpsConnector<HttpConnector>, ClientError> {
    let mut builder = HttpsConnectorBuilder::new().with_tls_config(config.rustls_client_config()?).https_or_http();
    if let Some(name) = &config.tls_server_name {
        let name = ServerName::try_from(name.clone()).map_err(|_| ClientError::ServerName(name.clone()))?;
        builder = builder.with_server_name_resolver(FixedServerNameResolver::new(name));
    }
    Ok(builder.enable_all_versions().wrap_connector(http))
}

fn is_plain(url: &Uri) -> bool {
    url.scheme() == Scheme::from_str("http").ok().as_ref()
}

fn install_crypto() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread installed one in between, which is as good.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    }
}

#[cfg(test)]
mod tests;
