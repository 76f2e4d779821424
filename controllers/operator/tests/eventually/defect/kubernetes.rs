//! Between the operator and the API server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use cairn_testkit::api::{ApiBody, ApiService};
use futures::{FutureExt, future::BoxFuture};
use http::{Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use kube::client::Body;
use serde_json::Value;
use tower::{BoxError, Service};

use super::Defect;

/// The lists that were asked for last, by their address: the cache of an API server.
pub(crate) type Lists = Arc<Mutex<BTreeMap<String, Bytes>>>;

#[derive(Clone, Debug)]
struct Tampering {
    inner: ApiService,
    defect: Defect,
    lists: Lists,
}

/// A client whose requests are tampered with.
pub(crate) fn tampered_client(inner: ApiService, defect: Defect, lists: &Lists) -> kube::Client {
    kube::Client::new(Tampering { inner, defect, lists: Arc::clone(lists) }, "default")
}

impl Service<Request<Body>> for Tampering {
    type Response = Response<ApiBody>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Self { mut inner, defect, lists } = self.clone();
        async move {
            let list = listed(&request).filter(|_| defect == Defect::StaleListTrusted);
            let answer = inner.call(tampered(request, defect).await?).await?;
            match list {
                Some(list) if answer.status() == StatusCode::OK => cached(answer, list, &lists).await,
                _ => Ok(answer),
            }
        }
        .boxed()
    }
}

/// The address of a list of objects, if a request asks for one.
fn listed(request: &Request<Body>) -> Option<String> {
    let (is_read, uri): (_, &Uri) = (request.method() == Method::GET, request.uri());
    let whole = !uri.query().is_some_and(|query| query.contains("watch=") || query.contains("continue="));
    let of_kinds = ["/buckets", "/tables"].iter().any(|plural| uri.path().ends_with(plural));
    (is_read && whole && of_kinds).then(|| uri.path().to_owned())
}

/// Answers with what was listed the time before.
async fn cached(answer: Response<ApiBody>, list: String, lists: &Lists) -> Result<Response<ApiBody>, BoxError> {
    let (parts, body) = answer.into_parts();
    let now = body.collect().await?.to_bytes();
    let before = lists.lock().unwrap_or_else(PoisonError::into_inner).insert(list, now.clone());
    let body = Full::new(before.unwrap_or(now)).map_err(|never| match never {}).boxed_unsync();
    Ok(Response::from_parts(parts, body))
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
        Defect::StaleListTrusted => drop(metadata.and_then(|metadata| metadata.remove("resourceVersion"))),
        _ => {}
    }
    Ok(Request::from_parts(parts, Body::from(patch.to_string().into_bytes())))
}
