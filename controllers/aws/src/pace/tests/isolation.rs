//! What goes wrong in one account or region is nobody else's.

use cairn_core::failure::Class;
use cairn_testkit::{Fault, Matcher, aws::AwsCall};
use tokio::time::Instant;

use super::*;

const OTHER: &str = "444455556666";

async fn all(reads: usize, scoped: &Scoped) -> Result<(), Failure> {
    for _ in 0..reads {
        scoped.look().await?;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_throttling_of_one_account_leaves_another_at_full_pace() {
    let world = World::new();
    let (one, other) = (world.scoped(ACCOUNT, REGION), world.scoped(OTHER, REGION));
    world.throttle(&one, Access::Read).await;
    let start = Instant::now();
    all(300, &other).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    all(5, &one).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(800), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn throttled_reads_leave_mutations_at_full_pace() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Read).await;
    let start = Instant::now();
    for _ in 0..100 {
        scoped.tag().await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_outage_of_one_region_leaves_another_at_full_pace() {
    let world = World::new();
    let (lost, other) = (world.scoped(ACCOUNT, REGION), world.scoped(ACCOUNT, "us-west-2"));
    let _down = world.aws.region_down(REGION);
    for _ in 0..5 {
        lost.look().await.unwrap_err();
    }
    let refused = lost.look().await.unwrap_err();
    assert_eq!((refused.code.as_str(), refused.class), ("RegionDown", Class::Unreachable));
    let start = Instant::now();
    all(300, &other).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// How often a read is tried whose first two attempts AWS fails.
async fn attempts(world: &World, scoped: &Scoped) -> usize {
    let account = scoped.session.account().id.clone();
    let failing = Matcher::when(move |call: &AwsCall| call.account == account && call.operation == LOOK);
    world.aws.clear_calls();
    world.aws.fail(failing.first(2), Fault::Status(500));
    drop(scoped.look().await);
    world.aws.clear_faults();
    world.aws.calls().len()
}

#[tokio::test(start_paused = true)]
async fn retries_that_one_account_used_up_are_left_to_another() {
    let world = World::new();
    // The SDK keeps its retry state for the whole process: these accounts are in no other test.
    let (one, other) = (world.scoped("777700000001", REGION), world.scoped("777700000002", REGION));
    let mut tries = 0;
    while attempts(&world, &one).await > 1 {
        // An answer in between, so that this is no outage.
        one.tag().await.unwrap();
        tries += 1;
        assert!(tries < 500, "retries without end");
    }
    assert_eq!(attempts(&world, &other).await, 3);
}
