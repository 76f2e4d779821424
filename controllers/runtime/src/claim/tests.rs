use std::{
    convert::Infallible,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
};

use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Bytes;
use k8s_openapi::api::coordination::v1::Lease;
use kube::{Client, client::Body};
use serde_json::json;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{admin::Health, clock::Clock};

const SECOND: Duration = Duration::from_secs(1);

/// The part of an API server that keeps one Lease.
#[derive(Default)]
struct Server {
    lease: Option<Lease>,
    version: u64,
    writes: usize,
}

impl Server {
    fn answer(&mut self, method: &Method, body: &[u8]) -> Response<Full<Bytes>> {
        match (method.as_str(), self.lease.clone()) {
            ("GET", Some(lease)) => respond(StatusCode::OK, &lease),
            ("GET" | "PUT", None) => failure(StatusCode::NOT_FOUND),
            ("POST", None) => self.write(StatusCode::CREATED, serde_json::from_slice(body).unwrap()),
            ("PUT", Some(lease)) => {
                let sent: Lease = serde_json::from_slice(body).unwrap();
                if sent.metadata.resource_version != lease.metadata.resource_version {
                    return failure(StatusCode::CONFLICT);
                }
                self.write(StatusCode::OK, sent)
            }
            _ => failure(StatusCode::CONFLICT),
        }
    }

    fn write(&mut self, status: StatusCode, mut lease: Lease) -> Response<Full<Bytes>> {
        self.version += 1;
        self.writes += 1;
        lease.metadata.resource_version = Some(self.version.to_string());
        self.lease = Some(lease.clone());
        respond(status, &lease)
    }
}

fn respond(status: StatusCode, body: &impl serde::Serialize) -> Response<Full<Bytes>> {
    let body = Full::from(serde_json::to_vec(body).unwrap());
    Response::builder().status(status).body(body).unwrap()
}

fn failure(status: StatusCode) -> Response<Full<Bytes>> {
    let reason = if status == StatusCode::NOT_FOUND { "NotFound" } else { "Conflict" };
    let code = status.as_u16();
    respond(status, &json!({"kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": ""}))
}

/// What happens to the requests of one process on their way.
#[derive(Clone, Copy)]
enum Network {
    Good,
    /// Every answer takes so long.
    SlowAnswers(Duration),
    /// Every request and every answer is late or lost, as drawn from the seed.
    Bad(u64),
}

impl Network {
    /// How long the way takes; `None` when the message never arrives.
    fn way(self, step: u64) -> Option<Duration> {
        match self {
            Self::Good => Some(Duration::ZERO),
            Self::SlowAnswers(time) => Some(if step.is_multiple_of(2) { time } else { Duration::ZERO }),
            Self::Bad(seed) => bad_way(seed, step),
        }
    }
}

fn bad_way(seed: u64, step: u64) -> Option<Duration> {
    let mut hasher = DefaultHasher::new();
    (seed, step).hash(&mut hasher);
    let drawn = hasher.finish();
    (!drawn.is_multiple_of(8)).then(|| Duration::from_millis(drawn / 8 % 5 * (drawn / 64 % 1_500)))
}

fn client(server: &Arc<Mutex<Server>>, network: Network) -> Client {
    let (server, steps) = (Arc::clone(server), Arc::new(Mutex::new(0)));
    let step = move || {
        let mut steps = steps.lock().unwrap();
        *steps += 1;
        *steps
    };
    let service = tower::service_fn(move |request: Request<Body>| {
        let (server, there, back) = (Arc::clone(&server), network.way(step()), network.way(step()));
        async move {
            travel(there).await;
            let method = request.method().clone();
            let body = request.into_body().collect_bytes().await.unwrap();
            let answer = server.lock().unwrap().answer(&method, &body);
            travel(back).await;
            Ok::<_, Infallible>(answer)
        }
    });
    Client::new(service, "default")
}

async fn travel(way: Option<Duration>) {
    match way {
        Some(way) => tokio::time::sleep(way).await,
        None => std::future::pending().await,
    }
}

struct Process {
    claim: Claim,
    shutdown: CancellationToken,
    run: JoinHandle<()>,
}

fn start(server: &Arc<Mutex<Server>>, identity: &str, network: Network) -> Process {
    let lease = LeaseName { namespace: "cairn".into(), name: "operator".into() };
    let clock = Clock::simulated(Timestamp::UNIX_EPOCH + Duration::from_secs(1_000_000));
    let (claim, keeper) = ClaimKeeper::new(client(server, network), lease, identity, Timing::default(), clock);
    let shutdown = CancellationToken::new();
    Process { claim, run: tokio::spawn(keeper.run(shutdown.clone())), shutdown }
}

async fn acquired(process: &Process) -> Duration {
    let begin = Instant::now();
    tokio::time::timeout(SECOND * 120, process.claim.acquired()).await.unwrap();
    begin.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_new_lease_is_taken_at_once_and_kept() {
    let server = Arc::default();
    let process = start(&server, "a", Network::Good);
    assert!(!process.claim.held());
    assert!(acquired(&process).await < SECOND);
    assert_eq!(process.claim.since(), None);
    for _ in 0..100 {
        tokio::time::sleep(SECOND).await;
        assert_eq!(process.claim.permits(SECOND * 10), Ok(()));
    }
    let needed = SECOND * 15;
    assert_eq!(process.claim.permits(needed), Err(NotHeld { needed }));
    assert!((25..=26).contains(&server.lock().unwrap().writes));
}

#[tokio::test(start_paused = true)]
async fn a_standby_waits_for_the_full_duration_after_a_crash() {
    let server = Arc::default();
    let first = start(&server, "a", Network::Good);
    acquired(&first).await;
    let second = start(&server, "b", Network::Good);
    tokio::time::sleep(SECOND * 60).await;
    assert!(first.claim.held() && !second.claim.held());
    first.run.abort();
    let renewed = server.lock().unwrap().lease.clone().unwrap().spec.unwrap().renew_time.unwrap().0;
    let waited = acquired(&second).await;
    assert!(!first.claim.held());
    assert!(waited >= SECOND * 11 && waited <= SECOND * 18, "{waited:?}");
    assert_eq!(second.claim.since(), Some(renewed));
    let spec = server.lock().unwrap().lease.clone().unwrap().spec.unwrap();
    assert_eq!((spec.holder_identity.as_deref(), spec.lease_transitions), (Some("b"), Some(2)));
}

#[tokio::test(start_paused = true)]
async fn a_release_hands_over_at_once() {
    let server = Arc::default();
    let first = start(&server, "a", Network::Good);
    acquired(&first).await;
    let second = start(&server, "b", Network::Good);
    tokio::time::sleep(SECOND * 30).await;
    first.shutdown.cancel();
    first.run.await.unwrap();
    assert!(!first.claim.held());
    let waited = acquired(&second).await;
    assert!(waited <= Timing::default().retry_every, "{waited:?}");
    assert!(second.claim.since().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_same_process_takes_its_lease_back_at_once() {
    let server = Arc::default();
    let first = start(&server, "a", Network::Good);
    acquired(&first).await;
    first.run.abort();
    let renewed = server.lock().unwrap().lease.clone().unwrap().spec.unwrap().renew_time.unwrap().0;
    let again = start(&server, "a", Network::Good);
    assert!(acquired(&again).await < SECOND);
    assert_eq!(again.claim.since(), Some(renewed));
}

#[tokio::test(start_paused = true)]
async fn a_lease_taken_away_by_hand_ends_the_claim() {
    let server: Arc<Mutex<Server>> = Arc::default();
    let process = start(&server, "a", Network::Good);
    acquired(&process).await;
    {
        let mut server = server.lock().unwrap();
        let mut lease = server.lease.clone().unwrap();
        lease.spec.as_mut().unwrap().holder_identity = Some("somebody".into());
        server.write(StatusCode::OK, lease);
    }
    tokio::time::sleep(SECOND * 7).await;
    assert!(!process.claim.held());
    assert!(acquired(&process).await >= SECOND * 8, "somebody is given the full duration");
}

#[tokio::test(start_paused = true)]
async fn without_an_answer_the_claim_ends_by_itself() {
    let server: Arc<Mutex<Server>> = Arc::default();
    let process = start(&server, "a", Network::Good);
    acquired(&process).await;
    process.run.abort();
    tokio::time::sleep(SECOND * 14).await;
    assert!(process.claim.held() && process.claim.permits(SECOND).is_err());
    tokio::time::sleep(SECOND).await;
    assert!(!process.claim.held());
    assert_eq!(process.claim.since(), None);
}

#[tokio::test(start_paused = true)]
async fn an_unfenced_claim_is_always_held() {
    let since = Some(Timestamp::UNIX_EPOCH);
    let claim = Claim::unfenced(since);
    claim.acquired().await;
    assert_eq!((claim.permits(SECOND * 3600), claim.since()), (Ok(()), since));
}

/// Whenever a holder dies, also right after a renewal whose answer was slow, its claim ends before the next one's begins.
#[tokio::test(start_paused = true)]
async fn a_dead_holders_claim_ends_before_the_next_begins() {
    for moment in 0..60 {
        let server = Arc::default();
        let first = start(&server, "a", Network::SlowAnswers(SECOND * 3));
        acquired(&first).await;
        let second = start(&server, "b", Network::Good);
        tokio::time::sleep(SECOND * 20 + SECOND / 10 * moment).await;
        first.run.abort();
        while !second.claim.held() {
            tokio::time::sleep(SECOND / 100).await;
        }
        assert!(!first.claim.held(), "died at moment {moment}");
        second.run.abort();
    }
}

/// Over a network that delays and loses requests and answers, with processes that crash or stop and start again, two
/// claims are never held at once, and both processes get their share.
#[tokio::test(start_paused = true)]
async fn two_are_never_permitted_at_once() {
    let mut held = [0_u32; 2];
    for seed in 0..10 {
        let shares = lives_of_two(seed).await;
        held = [held[0] + shares[0], held[1] + shares[1]];
    }
    assert!(held.iter().all(|count| *count > 5_000), "{held:?}");
}

/// How often each of two processes was seen to hold the claim.
async fn lives_of_two(seed: u64) -> [u32; 2] {
    let server = Arc::default();
    let process = |index: usize, life: u64| {
        let network = Network::Bad(seed * 100_000 + life * 2 + u64::from(index == 1));
        start(&server, &format!("process-{index}-{life}"), network)
    };
    let mut held = [0; 2];
    let mut alive = [process(0, 0), process(1, 0)];
    // The claims of the dead count too: workers may outlive the loop that renews.
    let mut dead: Vec<Claim> = Vec::new();
    for step in 1..6_000_u64 {
        tokio::time::sleep(SECOND / 10).await;
        let claims = alive.iter().map(|process| &process.claim).chain(&dead);
        assert!(claims.filter(|claim| claim.held()).count() <= 1, "seed {seed}, step {step}");
        for (count, process) in held.iter_mut().zip(&alive) {
            *count += u32::from(process.claim.held());
        }
        if let Some((index, crash)) = death(seed, step) {
            let old = std::mem::replace(&mut alive[index], process(index, step));
            if crash {
                old.run.abort();
            } else {
                old.shutdown.cancel();
            }
            dead.push(old.claim);
        }
    }
    held
}

/// Who dies in this step, if anybody, and whether by a crash.
fn death(seed: u64, step: u64) -> Option<(usize, bool)> {
    let mut hasher = DefaultHasher::new();
    (seed, "death", step).hash(&mut hasher);
    let drawn = hasher.finish();
    drawn.is_multiple_of(400).then_some((usize::from(drawn / 400 % 2 == 1), drawn / 800 % 2 == 1))
}

#[tokio::test(start_paused = true)]
async fn a_claim_of_several_is_held_while_all_are() {
    let ((first, own), (second, other)) = (Claim::manual(), Claim::manual());
    let all = own.with([other]);
    first.hold(30 * SECOND);
    assert!(!all.held());
    let waiting = tokio::spawn({
        let all = all.clone();
        async move { all.acquired().await }
    });
    tokio::time::sleep(SECOND).await;
    assert!(!waiting.is_finished());
    second.hold(10 * SECOND);
    waiting.await.unwrap();
    assert!(all.permits(5 * SECOND).is_ok());
    assert!(all.permits(20 * SECOND).is_err(), "the shortest counts");
    tokio::time::sleep(11 * SECOND).await;
    assert!(!all.held());
}

#[tokio::test(start_paused = true)]
async fn the_second_lease_follows_the_first() {
    let server = Arc::new(Mutex::new(Server::default()));
    let (first, own) = Claim::manual();
    let lease = LeaseName { namespace: "ns".into(), name: "ack".into() };
    let client = client(&server, Network::Good);
    let (claim, keeper) = ClaimKeeper::new(client, lease, "me", Timing::default(), Clock::system());
    tokio::spawn(keeper.behind(own).run(CancellationToken::new()));
    tokio::time::sleep(20 * SECOND).await;
    assert!(!claim.held() && server.lock().unwrap().lease.is_none());
    first.hold(30 * SECOND);
    claim.acquired().await;
    tokio::time::sleep(40 * SECOND).await;
    assert!(!claim.held());
    let lease = server.lock().unwrap().lease.clone().unwrap();
    assert_eq!(lease.spec.unwrap().holder_identity.as_deref(), Some(""), "it is given up");
}

#[tokio::test(start_paused = true)]
async fn it_tells_who_else_holds_the_lease_and_nothing_while_another_goes_first() {
    let server = Arc::new(Mutex::new(Server::default()));
    let other = start(&server, "acks-controller", Network::Good);
    acquired(&other).await;
    let ((first, own), health) = (Claim::manual(), Health::new());
    let lease = LeaseName { namespace: "cairn".into(), name: "operator".into() };
    let (claim, keeper) =
        ClaimKeeper::new(client(&server, Network::Good), lease, "me", Timing::default(), Clock::system());
    let keeper = keeper.behind(own).telling(health.check("lease"));
    assert_eq!(health.not_ready().len(), 1, "nothing is known yet");
    tokio::spawn(keeper.run(CancellationToken::new()));
    tokio::time::sleep(SECOND).await;
    assert!(health.not_ready().is_empty(), "a standby is ready");
    first.hold(3600 * SECOND);
    tokio::time::sleep(20 * SECOND).await;
    let told = health.not_ready();
    assert!(told[0].1.contains("acks-controller holds the lease operator") && !claim.held(), "{told:?}");
    other.shutdown.cancel();
    claim.acquired().await;
    assert!(health.not_ready().is_empty());
}
