use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, extract::Request as Incoming, http::StatusCode, routing::any};
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Bytes;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams},
};
use tokio::net::TcpListener;

use super::*;

type Seen = Arc<Mutex<Vec<String>>>;

/// A server that answers everything with 503 and writes down what it was asked.
async fn unavailable() -> (Uri, Seen) {
    let seen = Seen::default();
    let noted = Arc::clone(&seen);
    let app = Router::new().fallback(any(move |request: Incoming| {
        let agent = request.headers()[USER_AGENT].to_str().unwrap().to_owned();
        noted.lock().unwrap().push(format!("{} {} {agent}", request.method(), request.uri()));
        async { StatusCode::SERVICE_UNAVAILABLE }
    }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{address}/prefix").parse().unwrap(), seen)
}

#[tokio::test]
async fn a_request_is_sent_once_with_our_name_below_the_path_of_the_cluster() {
    let (url, seen) = unavailable().await;
    let metrics = Metrics::new();
    let api: Api<ConfigMap> = Api::namespaced(build(Config::new(url), &metrics).unwrap(), "ns");
    let patch = Patch::Merge(serde_json::json!({"data": {}}));
    api.patch("a", &PatchParams::default(), &patch).await.unwrap_err();
    let agent = concat!("cairn/", env!("CARGO_PKG_VERSION"));
    assert_eq!(*seen.lock().unwrap(), [format!("PATCH /prefix/api/v1/namespaces/ns/configmaps/a? {agent}")]);
    let text = metrics.encode();
    let counted = r#"cairn_kubernetes_requests_total{verb="patch",resource="configmaps",outcome="5xx"} 1"#;
    assert!(text.contains(counted), "{text}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_an_error_that_is_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let metrics = Metrics::new();
    let api: Api<ConfigMap> = Api::namespaced(build(Config::new(url), &metrics).unwrap(), "ns");
    api.get("a").await.unwrap_err();
    let text = metrics.encode();
    assert!(text.contains(r#"{verb="get",resource="configmaps",outcome="error"} 1"#), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_given_up_is_counted_as_well() {
    let metrics = Metrics::new();
    let silent = tower::service_fn(|_: Request<Body>| async {
        tokio::time::sleep(Duration::from_hours(1)).await;
        Ok::<_, Infallible>(Response::new(Full::<Bytes>::default()))
    });
    let api: Api<ConfigMap> = Api::namespaced(Client::new(instrument(silent, &metrics), "default"), "ns");
    let (params, object) = (PostParams::default(), ConfigMap::default());
    let created = api.create(&params, &object);
    assert!(tokio::time::timeout(Duration::from_secs(1), created).await.is_err());
    let text = metrics.encode();
    assert!(text.contains(r#"{verb="create",resource="configmaps",outcome="cancelled"} 1"#), "{text}");
    assert!(text.contains(r#"request_duration_seconds_sum{verb="create",resource="configmaps"} 1.0"#), "{text}");
}

#[tokio::test]
async fn an_unusable_configuration_is_an_error_and_no_panic() {
    let mut config = Config::new("https://127.0.0.1:1".parse().unwrap());
    config.root_cert = Some(vec![b"no certificate".to_vec()]);
    assert!(matches!(build(config, &Metrics::new()), Err(ClientError::Config(_))));
    let mut config = Config::new("https://127.0.0.1:1".parse().unwrap());
    config.accept_invalid_certs = true;
    config.tls_server_name = Some("not a name".into());
    assert!(matches!(build(config, &Metrics::new()), Err(ClientError::ServerName(_))));
}
