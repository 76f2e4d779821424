//! Reads wait for their turn, and are given up with their region.

use cairn_core::failure::Class;
use cairn_testkit::{Fault, Matcher};
use futures::future::join_all;
use tokio::time::Instant;

use super::*;
use crate::pace::Caller;

/// How many reads of `REGION` it takes without an answer until the region is taken for down.
const SILENT: usize = 5;

#[tokio::test(start_paused = true)]
async fn waiting_does_not_count_as_being_on_the_way() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Read).await;
    let start = Instant::now();
    let answers = join_all((0..150).map(|_| scoped.look())).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(start.elapsed() > Duration::from_secs(9), "longer than a read may be on its way");
}

#[tokio::test(start_paused = true)]
async fn all_attempts_of_one_read_share_its_time() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.aws.fail(LOOK, Fault::Delay(Duration::from_secs(3)));
    world.aws.fail(Matcher::operation(LOOK).first(2), Fault::Status(500));
    let start = Instant::now();
    let failure = scoped.look().await.unwrap_err();
    assert_eq!(failure.class, Class::Unreachable);
    assert!(failure.message.contains("no answer in time"), "{failure}");
    assert_eq!(world.aws.calls().len(), 2, "the third did not get its three seconds");
    assert!(start.elapsed() >= Duration::from_secs(8) && start.elapsed() < Duration::from_secs(12));
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_is_told_that_aws_throttles() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Read).await;
    let _all = world.aws.throttle(|_: &cairn_testkit::aws::AwsCall| true);
    let caller = Caller::new("a");
    let start = Instant::now();
    let answers = caller.run(join_all((0..300).map(|_| scoped.look()))).await;
    let failures: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert!(failures.iter().any(|failure| failure.code == "NoTurn" && failure.class == Class::Throttled));
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(caller.come_back(), None);
}

#[tokio::test(start_paused = true)]
async fn who_is_dropped_while_waiting_was_not_sent() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Read).await;
    for _ in 0..20 {
        assert!(tokio::time::timeout(Duration::from_millis(1), scoped.look()).await.is_err());
    }
    assert!(world.aws.calls().is_empty());
    assert!(world.ear.told().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_namespace_with_five_thousand_waiting_calls_costs_another_a_slot() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.throttle(&scoped, Access::Read).await;
    let busy = scoped.clone();
    let crowd = tokio::spawn(async move {
        let caller = Caller::new("busy");
        caller.run(join_all((0..5_000).map(|_| busy.look()))).await.len()
    });
    tokio::time::sleep(Duration::from_secs(2)).await;
    let start = Instant::now();
    Caller::new("mine").run(scoped.look()).await.unwrap();
    assert!(start.elapsed() <= Duration::from_millis(400), "{:?}", start.elapsed());
    assert_eq!(crowd.await.unwrap(), 5_000);
}

#[tokio::test(start_paused = true)]
async fn a_region_without_any_answer_is_noticed_and_reads_are_given_up() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    let silent = world.aws.fail_while(|_: &cairn_testkit::aws::AwsCall| true, Fault::Never);
    let caller = Caller::new("a");
    let start = Instant::now();
    let answers = caller.run(join_all((0..SILENT * 2).map(|_| scoped.look()))).await;
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    for failure in answers.into_iter().map(Result::unwrap_err) {
        assert_eq!((failure.code.as_str(), failure.ambiguous), ("RegionDown", false));
        assert!(failure.to_string().contains("s3 in eu-west-1 does not answer"), "{failure}");
    }
    assert_eq!(caller.come_back(), Some(Duration::from_secs(1)));
    drop(silent);
    tokio::time::sleep(Duration::from_secs(1)).await;
    scoped.look().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_single_read_without_an_answer_is_enough_in_time() {
    let world = World::new();
    let mut scoped = world.scoped(ACCOUNT, REGION);
    scoped.session = scoped.session.with_read_timeout(Duration::from_mins(1));
    let silent = world.aws.fail_while(|_: &cairn_testkit::aws::AwsCall| true, Fault::Never);
    let start = Instant::now();
    let failure = world.look_once(&scoped).await.unwrap_err();
    assert_eq!((failure.code.as_str(), start.elapsed()), ("RegionDown", Duration::from_secs(25)));
    drop(silent);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_no_outage() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.aws.fail(Matcher::operation(LOOK).first(1), Fault::Delay(Duration::from_secs(7)));
    scoped.look().await.unwrap();
    let told = world.ear.told();
    assert!(!told.iter().any(|told| matches!(told, Told::Region(..))), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn what_happens_is_told() {
    let world = World::new();
    let scoped = world.scoped(ACCOUNT, REGION);
    world.aws.fail(Matcher::operation(LOOK).first(1), Fault::Delay(Duration::from_secs(1)));
    world.aws.fail(Matcher::operation("PutBucketTagging").first(1), Fault::Error(503, "SlowDown"));
    scoped.look().await.unwrap();
    scoped.tag().await.unwrap_err();
    scoped.tag().await.unwrap();
    let lane = Lane { account: ACCOUNT.into(), region: REGION.into(), service: "s3".into(), access: Access::Mutate };
    let tagged = |status| Told::Called("s3:PutBucketTagging".into(), Some(status), Duration::ZERO);
    let told = world.ear.told();
    let expected = [
        Told::Waited(Access::Read, Duration::ZERO),
        Told::Called(format!("s3:{LOOK}"), Some(200), Duration::from_secs(1)),
        Told::Waited(Access::Mutate, Duration::ZERO),
        Told::Throttled(lane),
        Told::Paced(Access::Mutate, Some(5.0)),
        tagged(503),
        Told::Waited(Access::Mutate, Duration::from_millis(200)),
    ];
    assert_eq!(told[..expected.len()], expected);
    assert!(matches!(&told[expected.len()..], [Told::Paced(_, Some(_)), last] if *last == tagged(204)), "{told:?}");
}
