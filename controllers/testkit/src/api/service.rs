//! The API server as a tower service.

use std::task::{Context, Poll};

use bytes::Bytes;
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use kube::client::Body;
use tower::{BoxError, Service};

use super::{
    ApiCall, ApiServer,
    request::{self, Answer, AnswerBody, RawRequest},
    target::{Path, Query},
    watch,
};
use crate::process::Process;

/// Body of an answer.
pub type ApiBody = UnsyncBoxBody<Bytes, BoxError>;

/// The API server as seen by one process; what [`kube::Client::new`] takes, and what layers may be put around.
#[derive(Clone, Debug)]
pub struct ApiService {
    server: ApiServer,
    process: Process,
}

impl ApiService {
    pub(super) fn new(server: ApiServer, process: Process) -> Self {
        Self { server, process }
    }

    async fn answer(self, request: Request<Body>) -> Result<Response<ApiBody>, BoxError> {
        let raw = read(request).await?;
        let call = self.call_of(&raw);
        let answer = self.server.traffic.run(&self.server, &self.process, call, raw).await?;
        self.write(answer)
    }

    fn call_of(&self, raw: &RawRequest) -> ApiCall {
        let path = raw.path.clone();
        let resource = path.as_ref().map_or_else(|| raw.uri_path.clone(), |path| path.plural.clone());
        let path = path.unwrap_or_default();
        ApiCall {
            verb: raw.verb.to_owned(),
            group: path.group,
            resource,
            subresource: path.subresource,
            namespace: path.namespace,
            name: path.name,
            code: 0,
            reason: None,
            at: self.server.clock.now(),
        }
    }

    fn write(&self, answer: Answer) -> Result<Response<ApiBody>, BoxError> {
        let media = if matches!(answer.body, AnswerBody::Text(_)) { "text/plain" } else { "application/json" };
        let body = match answer.body {
            AnswerBody::Text(text) => Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync(),
            AnswerBody::Json(body) => {
                Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync()
            }
            AnswerBody::Watch(spec) => {
                let stream = watch::stream(*spec, &self.server.store, &self.process);
                StreamBody::new(stream.map_ok(Frame::data).map_err(BoxError::from).boxed()).boxed_unsync()
            }
        };
        let mut builder = Response::builder().status(answer.status);
        for warning in &answer.warnings {
            // 299 is a warning of no special sort; nobody signs it.
            builder = builder.header(http::header::WARNING, format!("299 - {warning:?}"));
        }
        Ok(builder.header(http::header::CONTENT_TYPE, media).body(body)?)
    }
}

async fn read(request: Request<Body>) -> Result<RawRequest, BoxError> {
    let (parts, body) = request.into_parts();
    let path = Path::parse(parts.uri.path());
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    Ok(RawRequest {
        verb: request::verb(&parts.method, path.as_ref(), &query),
        uri_path: parts.uri.path().to_owned(),
        path,
        query,
        headers: parts.headers,
        body: body.collect_bytes().await?,
    })
}

impl Service<Request<Body>> for ApiService {
    type Response = Response<ApiBody>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.clone().answer(request).boxed()
    }
}
