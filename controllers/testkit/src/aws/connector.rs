//! AWS as an HTTP client of the SDK.

use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use http_body_util::BodyExt;

use super::{Aws, answer::Answer, route::RawRequest};
use crate::process::Process;

/// The way of one process to AWS.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    aws: Aws,
    process: Process,
    settings: HttpConnectorSettings,
}

impl Connector {
    pub(super) fn new(aws: Aws, process: Process) -> Self {
        Self { aws, process, settings: HttpConnectorSettings::default() }
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let raw = read(request).await?;
        let answer = self.aws.dispatch(&self.process, raw);
        let answer = match self.settings.read_timeout() {
            Some(limit) => {
                tokio::time::timeout(limit, answer).await.map_err(|late| ConnectorError::timeout(late.into()))?
            }
            None => answer.await,
        };
        write(answer.map_err(|dropped| ConnectorError::io(dropped.into()))?)
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Self { settings: settings.clone(), ..self.clone() })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

async fn read(request: HttpRequest) -> Result<RawRequest, ConnectorError> {
    let uri: Uri = request.uri().parse().map_err(|error: http::uri::InvalidUri| ConnectorError::user(error.into()))?;
    let method = request.method().to_owned();
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let query = query.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
    let (host, path) = (uri.host().unwrap_or_default().to_owned(), uri.path().to_owned());
    let body = request.into_body().collect().await.map_err(ConnectorError::user)?.to_bytes();
    Ok(RawRequest { method, host, path, query, headers, body })
}

fn write(answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let status = answer.status.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
