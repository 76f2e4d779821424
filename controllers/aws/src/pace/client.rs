//! The HTTP client under the SDK through which every attempt passes.

use std::{sync::Arc, time::Duration};

use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        connector_metadata::ConnectorMetadata,
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::{RuntimeComponents, RuntimeComponentsBuilder},
    },
};
use aws_smithy_types::config_bag::ConfigBag;

use super::{
    Access, Admission, Lane, Pacer,
    flight::{Log, no_answer},
};
use crate::meter::Label;

/// Where calls go, and how.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    /// Twelve-digit id; empty when it is not known.
    pub(crate) account: Arc<str>,
    /// Region.
    pub(crate) region: Arc<str>,
    /// Whether they may change something.
    pub(crate) access: Access,
    /// For how long all attempts of one call together may be on their way.
    pub(crate) limit: Duration,
}

impl Route {
    pub(crate) fn lane(&self, service: &Arc<str>) -> Lane {
        Lane {
            account: self.account.clone(),
            region: self.region.clone(),
            service: service.clone(),
            access: self.access,
        }
    }

    /// A mutation that waits here is inside the time that it has, so half of that is left for the call itself. It need
    /// not wait here at all: see [`Admission`].
    fn patience(&self) -> Option<Duration> {
        (self.access == Access::Mutate).then_some(self.limit / 2)
    }
}

/// An HTTP client that keeps the pace.
#[derive(Clone, Debug)]
pub(crate) struct Paced {
    inner: SharedHttpClient,
    pacer: Pacer,
    route: Arc<Route>,
}

impl Paced {
    pub(crate) fn new(inner: SharedHttpClient, pacer: Pacer, route: Route) -> Self {
        Self { inner, pacer, route: Arc::new(route) }
    }
}

impl HttpClient for Paced {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, pacer: self.pacer.clone(), route: self.route.clone() })
    }

    fn validate_base_client_config(&self, of: &RuntimeComponentsBuilder, cfg: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_base_client_config(of, cfg)
    }

    fn validate_final_config(&self, of: &RuntimeComponents, cfg: &ConfigBag) -> Result<(), BoxError> {
        self.inner.validate_final_config(of, cfg)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.connector_metadata()
    }
}

#[derive(Clone, Debug)]
struct Connector {
    inner: SharedHttpConnector,
    pacer: Pacer,
    route: Arc<Route>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().attempt(request))
    }
}

impl Connector {
    async fn attempt(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let label = request.extension::<Label>().cloned().unwrap_or_default();
        let limit = self.route.limit.saturating_sub(label.spent());
        if limit.is_zero() {
            return Err(no_answer());
        }
        let lane = self.route.lane(&label.service);
        let flight = if let Some(flight) = Admission::take(&lane) {
            flight
        } else {
            let boarded = self.pacer.board(&lane, self.route.patience()).await;
            boarded.map_err(|refused| ConnectorError::user(refused.into()))?
        };
        let mut log = Log::new(self.pacer.observer(), &label);
        flight.fly(self.inner.call(request), limit, &mut log).await
    }
}
