//! A mutation that waits is not sent, and is not in doubt.

use cairn_core::failure::Class;
use cairn_testkit::{Fault, Matcher};
use futures::future::join_all;
use tokio::time::Instant;

use super::*;
use crate::pace::Caller;

#[tokio::test(start_paused = true)]
async fn an_admitted_mutation_is_sent_without_waiting() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Mutate).await;
    let crowd = scoped.clone();
    let crowd = tokio::spawn(async move { join_all((0..30).map(|_| crowd.tag())).await });
    tokio::task::yield_now().await;
    let admission = scoped.session.admit("s3", "PutBucketTagging").await.unwrap();
    let start = Instant::now();
    admission.carry(scoped.tag()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    admission.carry(scoped.tag()).await.unwrap();
    assert!(start.elapsed() > Duration::ZERO, "an admission is for one");
    crowd.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn waiting_for_admission_takes_longer_than_a_mutation_may() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Mutate).await;
    let start = Instant::now();
    let caller = Caller::new("a");
    let mutations = (0..150).map(async |_| {
        let admission = scoped.session.admit("s3", "PutBucketTagging").await?;
        admission.carry(scoped.tag()).await
    });
    let answers = caller.run(join_all(mutations)).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(start.elapsed() > scoped.session.mutation_timeout());
}

#[tokio::test(start_paused = true)]
async fn an_admission_that_is_not_used_is_given_back() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Mutate).await;
    drop(scoped.session.admit("s3", "PutBucketTagging").await.unwrap());
    let start = Instant::now();
    scoped.tag().await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_admission_is_for_one_kind_of_call() {
    let world = World::new();
    let (here, there) = (world.scoped(ACCOUNT, REGION), world.scoped(ACCOUNT, "us-west-2"));
    let admission = here.session.admit("s3", "PutBucketTagging").await.unwrap();
    world.throttle(&there, Access::Mutate).await;
    let start = Instant::now();
    admission.carry(there.tag()).await.unwrap();
    assert!(start.elapsed() > Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_admission_half_of_the_time_is_left_for_the_call() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Mutate).await;
    let start = Instant::now();
    let answers = join_all((0..100).map(|_| scoped.tag())).await;
    assert_eq!(start.elapsed(), scoped.session.mutation_timeout() / 2);
    let sent = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(world.aws.calls().len(), sent);
    for failure in answers.into_iter().filter_map(Result::err) {
        assert_eq!((failure.class, failure.ambiguous), (Class::Throttled, false), "{failure}");
    }
}

/// The SDK takes a body that nobody reads for a connection that stalls; ours is only waiting.
#[tokio::test(start_paused = true)]
async fn a_long_wait_is_no_stalled_connection() {
    let world = World::new();
    let mut scoped = world.scoped(ACCOUNT, REGION);
    scoped.session = scoped.session.with_mutation_timeout(Duration::from_mins(2));
    let config = aws_sdk_s3::config::Builder::from(&scoped.session.mutating()).interceptor(scoped.session.meter());
    scoped.write = Client::from_conf(config.build());
    world.throttle(&scoped, Access::Mutate).await;
    let start = Instant::now();
    let answers = join_all((0..400).map(|_| scoped.tag())).await;
    assert!(answers.iter().all(Result::is_ok));
    assert!(start.elapsed() > Duration::from_secs(25), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_mutation_is_no_probe() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    let _down = world.aws.fail_while(Matcher::operation(LOOK), Fault::DropBefore);
    for _ in 0..5 {
        scoped.look().await.unwrap_err();
    }
    world.aws.clear_calls();
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let failure = scoped.tag().await.unwrap_err();
        assert_eq!((failure.class, failure.ambiguous), (Class::Unreachable, false));
        let failure = scoped.session.admit("s3", "PutBucketTagging").await.unwrap_err();
        assert_eq!((failure.operation.as_str(), failure.code.as_str()), ("PutBucketTagging", "RegionDown"));
    }
    assert!(world.aws.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_mutation_under_way_is_not_given_up_with_its_region() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.aws.fail(Matcher::operation("PutBucketTagging").first(1), Fault::Delay(Duration::from_secs(6)));
    world.aws.fail(LOOK, Fault::DropBefore);
    let (tagged, ()) = tokio::join!(scoped.tag(), async {
        for _ in 0..5 {
            scoped.look().await.unwrap_err();
        }
    });
    tagged.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_mutation_that_was_sent_and_not_answered_is_in_doubt() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.aws.fail("PutBucketTagging", Fault::Never);
    let failure = scoped.tag().await.unwrap_err();
    assert_eq!((failure.class, failure.ambiguous), (Class::Unreachable, true));
}
