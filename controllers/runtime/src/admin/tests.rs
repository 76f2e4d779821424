use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use super::*;
use crate::{
    key::ObjectKey,
    queue::{Backoff, Priority},
};

async fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let answer = client.get(format!("http://{address}{path}").parse().unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn as_value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

async fn serve(admin: Admin, probes: &str, metrics: &str) -> (Vec<SocketAddr>, CancellationToken) {
    let bound = admin.bind(probes, metrics).await.unwrap();
    let (addresses, shutdown) = (bound.addresses(), CancellationToken::new());
    tokio::spawn(bound.serve(shutdown.clone()));
    (addresses, shutdown)
}

const ANY: &str = "127.0.0.1:0";

#[tokio::test]
async fn readiness_names_what_is_missing() {
    let health = Health::new();
    let (list, lease) = (health.check("list"), health.check("lease"));
    let (addresses, _shutdown) = serve(Admin::new(health, Metrics::new()), ANY, "0").await;
    lease.ready();
    let (status, body) = get(addresses[0], "/readyz").await;
    assert_eq!(status, 503);
    assert_eq!(as_value(&body), json!({"status": "failing", "waiting": {"list": "starting"}}));
    list.ready();
    assert_eq!(get(addresses[0], "/readyz").await, (200, r#"{"status":"ok"}"#.to_owned()));
    list.not_ready("no list");
    assert_eq!(get(addresses[0], "/readyz").await.0, 503);
    assert_eq!(get(addresses[0], "/healthz").await.0, 200);
    assert_eq!(get(addresses[0], "/metrics").await.0, 404);
}

#[tokio::test(start_paused = true)]
async fn a_loop_that_stops_is_found() {
    let health = Health::new();
    let pulse = health.pulse("lease", Duration::from_secs(30));
    tokio::time::advance(Duration::from_secs(29)).await;
    assert!(health.silent().is_empty());
    pulse.beat();
    tokio::time::advance(Duration::from_secs(31)).await;
    assert_eq!(health.silent(), [("lease".to_owned(), "silent for 31 s".to_owned())]);
    pulse.beat();
    assert!(health.silent().is_empty());
}

#[tokio::test]
async fn equal_addresses_share_one_listener() {
    let queue = Queue::new(Backoff::seeded(1));
    queue.add(ObjectKey::new("ns", "a"), Priority::Edit);
    let admin = Admin::new(Health::new(), Metrics::new()).queue("Bucket", &queue);
    let (addresses, _shutdown) = serve(admin, ANY, ANY).await;
    assert_eq!(addresses.len(), 1);
    for path in ["/healthz", "/readyz", "/metrics", "/debug/queue"] {
        assert_eq!(get(addresses[0], path).await.0, 200, "{path}");
    }
    let (_, body) = get(addresses[0], "/debug/queue").await;
    let shown = &as_value(&body)["Bucket"];
    assert_eq!((&shown["ready"]["edit"]["depth"], &shown["inFlight"]), (&json!(1), &json!(0)));
    assert!(get(addresses[0], "/metrics").await.1.ends_with("# EOF\n"));
}

#[tokio::test]
async fn different_addresses_do_not_and_both_end_at_shutdown() {
    let admin = Admin::new(Health::new(), Metrics::new());
    let bound = admin.bind(ANY, "0.0.0.0:0").await.unwrap();
    let addresses = bound.addresses();
    assert_eq!(addresses.len(), 2);
    let shutdown = CancellationToken::new();
    let serving = tokio::spawn(bound.serve(shutdown.clone()));
    assert_eq!(get(addresses[0], "/healthz").await.0, 200);
    assert_eq!(get(addresses[1], "/metrics").await.0, 200);
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(30), serving).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_is_none_or_taken_is_an_error() {
    let admin = Admin::new(Health::new(), Metrics::new());
    let error = admin.clone().bind("everywhere", "0").await.unwrap_err();
    assert!(error.to_string().starts_with("\"everywhere\" is no address"), "{error}");
    let taken = TcpListener::bind(ANY).await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(matches!(admin.bind(&address, "0").await, Err(AdminError::Bind { .. })));
}

#[test]
fn addresses_are_read_as_other_operators_write_them() {
    let parsed = |text| address(text).unwrap().map(|address| address.to_string());
    assert_eq!(parsed(":8080").as_deref(), Some("[::]:8080"));
    assert_eq!(parsed("[::]:8080").as_deref(), Some("[::]:8080"));
    assert_eq!(parsed("10.0.0.1:80").as_deref(), Some("10.0.0.1:80"));
    assert_eq!(parsed("0"), None);
}
