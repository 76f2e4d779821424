//! The leases of ACK's controllers and of kro's, which Cairn holds while it acts in their names.

use std::time::Duration;

use cairn_runtime::{
    claim::{Claim, ClaimKeeper, LeaseName, Timing},
    clock::Clock,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::harness::{World, pass};

const LEASES: [&str; 4] =
    ["ack-dynamodb.services.k8s.aws", "ack-s3.services.k8s.aws", "ack-s3control.services.k8s.aws", "cairn"];

fn fenced() -> World {
    World { unfenced: false, ..World::ack() }
}

/// A controller of ACK's that holds the lease of its service.
async fn acks_controller(world: &World, service: &str) -> (Claim, CancellationToken) {
    another(world, world.groups.ack_lease(service)).await
}

/// Another controller that holds a lease.
async fn another(world: &World, name: String) -> (Claim, CancellationToken) {
    let lease = LeaseName { namespace: "default".into(), name };
    let clock = Clock::simulated(world.api.clock().now());
    let (claim, keeper) = ClaimKeeper::new(world.api.client(), lease, "another-pod", Timing::default(), clock);
    let stop = CancellationToken::new();
    tokio::spawn(keeper.run(stop.clone()));
    claim.acquired().await;
    (claim, stop)
}

fn holder(world: &World, name: &str) -> Value {
    let lease = world.api.object("coordination.k8s.io", "leases", Some("default"), name);
    lease.map(|lease| lease["spec"]["holderIdentity"].clone()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_while_acks_controller_of_any_service_holds_its_lease() {
    for service in ["s3", "dynamodb"] {
        let world = fenced();
        let (_, stop) = acks_controller(&world, service).await;
        let _operator = world.start("one");
        world.create("photos", json!({"name": "photos-of-a"})).await;
        pass(Duration::from_mins(10)).await;
        assert!(world.aws.calls().is_empty() && world.object("photos").unwrap()["status"].is_null());
        stop.cancel();
        world.until_ready("photos").await;
        assert!(LEASES.iter().all(|name| holder(&world, name) == "one"));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_while_kro_holds_its_lease() {
    let world = World::kro();
    let (_, stop) = another(&world, "controller.kro.run".into()).await;
    let _operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    pass(Duration::from_mins(10)).await;
    assert!(world.aws.calls().is_empty() && world.object("photos").unwrap()["status"].is_null());
    stop.cancel();
    world.until_ready("photos").await;
    assert_eq!(holder(&world, "controller.kro.run"), "one");
    let without = World::kro().flag("--enable-composition=false");
    let (_, _stop) = another(&without, "controller.kro.run".into()).await;
    let _operator = without.start("one");
    without.create("photos", json!({"name": "photos-of-a"})).await;
    without.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn acks_controller_does_not_become_leader_before_cairn_has_stopped() {
    let world = fenced();
    let operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    let lease = LeaseName { namespace: "default".into(), name: world.groups.ack_lease("s3") };
    let clock = Clock::simulated(world.api.clock().now());
    let (claim, keeper) = ClaimKeeper::new(world.api.client(), lease, "acks-pod", Timing::default(), clock);
    tokio::spawn(keeper.run(CancellationToken::new()));
    pass(Duration::from_mins(10)).await;
    assert!(!claim.held());
    operator.stop().await;
    claim.acquired().await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_lost_ends_all_mutations() {
    let world = fenced();
    let _operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    world.api.fail(
        |call: &cairn_testkit::api::ApiCall| {
            call.resource == "leases" && call.name.as_deref() == Some("ack-s3.services.k8s.aws")
        },
        cairn_testkit::Fault::Status(500),
    );
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    world.patch("photos", json!({"spec": {"versioning": {"status": "Enabled"}}})).await;
    pass(Duration::from_mins(10)).await;
    assert!(world.mutations().is_empty(), "{:?}", world.mutations());
    world.api.clear_faults();
    world.until_ready("photos").await;
}

#[tokio::test(start_paused = true)]
async fn of_two_processes_the_one_with_cairns_lease_gets_them_all() {
    let world = fenced();
    let first = world.start("one");
    pass(Duration::from_mins(1)).await;
    let _second = world.start("two");
    pass(Duration::from_mins(1)).await;
    assert!(LEASES.iter().all(|name| holder(&world, name) == "one"));
    first.kill();
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    assert!(LEASES.iter().all(|name| holder(&world, name) == "two"));
}

#[tokio::test(start_paused = true)]
async fn under_our_own_names_acks_leases_are_not_touched() {
    let world = World::new();
    let _operator = world.start("one");
    world.create("photos", json!({"name": "photos-of-a"})).await;
    world.until_ready("photos").await;
    assert_eq!(world.api.objects("coordination.k8s.io", "leases").len(), 1);
}
