//! Between the operator and the API server.

use std::task::{Context, Poll};

use cairn_testkit::api::{ApiBody, ApiService};
use futures::{FutureExt, future::BoxFuture};
use http::{Method, Request, Response};
use kube::client::Body;
use serde_json::Value;
use tower::{BoxError, Service};

use super::Defect;

#[derive(Clone, Debug)]
struct Tampering {
    inner: ApiService,
    defect: Defect,
}

/// A client whose requests are tampered with.
pub(crate) fn tampered_client(inner: ApiService, defect: Defect) -> kube::Client {
    kube::Client::new(Tampering { inner, defect }, "default")
}

impl Service<Request<Body>> for Tampering {
    type Response = Response<ApiBody>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self { mut inner, defect } = self.clone();
        async move { inner.call(tampered(request, defect).await?).await }.boxed()
    }
}

async fn tampered(request: Request<Body>, defect: Defect) -> Result<Request<Body>, BoxError> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::PATCH {
        return Ok(Request::from_parts(parts, body));
    }
    let bytes = body.collect_bytes().await?;
    let mut patch: Value = serde_json::from_slice(&bytes)?;
    let metadata = patch.get_mut("metadata").and_then(Value::as_object_mut);
    match defect {
        // Only where it is put there: a list of finalizers that is empty takes it away.
        Defect::FinalizerSkipped => drop(metadata.and_then(|metadata| metadata.remove("finalizers"))),
        Defect::IntentSkipped => {
            if let Some(record) = patch.pointer_mut("/status/record").and_then(Value::as_object_mut) {
                drop((record.remove("intent"), record.remove("doubtfulAt")));
            }
        }
        _ => {}
    }
    Ok(Request::from_parts(parts, Body::from(patch.to_string().into_bytes())))
}
