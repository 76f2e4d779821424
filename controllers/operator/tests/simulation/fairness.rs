//! A fresh edit goes first, whatever else there is to do: thousands of objects to be checked, or thousands that fail in
//! another namespace.
//!
//! The crowds are put there as a restart or a rebuilt cluster leaves them, and not made by the operator: their buckets
//! exist and are theirs, and every one of them has to be looked at. Each call to AWS takes as long as the test says, and
//! always the same time, so that workers are free all at once or not at all.

use std::{collections::BTreeMap, time::Duration};

use cairn_core::owner::Owner;
use cairn_testkit::{
    Fault, FaultGuard,
    aws::{AwsCall, BucketSeed},
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::{
    harness::{GROUP, REGION, Running, World, pass},
    spec,
};

/// What an edit may wait for its first call to AWS, in 99 of 100 cases: design §8.
const AT_ONCE: SignedDuration = SignedDuration::from_millis(100);
/// What a call to AWS usually takes.
const USUAL: Duration = Duration::from_millis(80);
/// The namespace of the crowd.
const BUSY: &str = "busy";
/// The namespace of the edits, which is the harness's own.
const MINE: &str = "default";

impl World {
    /// Puts an object there and the bucket that is its own.
    fn seed(&self, namespace: &str, name: &str) {
        let owner = Owner {
            cluster: "cluster-1".into(),
            service: "s3".into(),
            kind: "Bucket".into(),
            namespace: namespace.into(),
            name: name.into(),
        };
        let bucket = BucketSeed::new(&bucket(namespace, name)).region(REGION);
        self.aws.put_bucket(&owner.tags().iter().fold(bucket, |bucket, (key, value)| bucket.tag(key, value)));
        let object = json!({
            "apiVersion": format!("{GROUP}/v1alpha1"), "kind": "Bucket",
            "metadata": {"name": name, "namespace": namespace}, "spec": wanted(namespace, name),
        });
        self.api.seed(&object).unwrap();
    }

    fn seed_crowd(&self, namespace: &str, count: usize) {
        self.api.namespace(namespace);
        for number in 0..count {
            self.seed(namespace, &crowd(number));
        }
    }

    /// Every call for a bucket of that namespace takes so long.
    fn slow(&self, namespace: &'static str, latency: Duration) -> FaultGuard {
        self.aws.fail_while(move |call: &AwsCall| is_of(call, namespace), Fault::Delay(latency))
    }

    /// Makes a new object and changes one of the crowd or of those that are ready, in turn, one edit in each interval.
    /// Tells how long each waited for its first call to AWS, the shortest first.
    async fn edit(&self, edits: usize, every: Duration, known: impl Fn(usize) -> String) -> Vec<SignedDuration> {
        let mut edited = BTreeMap::new();
        for number in 0..edits {
            let name = if number % 2 == 0 { format!("new-{number}") } else { known(number) };
            edited.insert(bucket(MINE, &name), self.aws.clock().now());
            if number % 2 == 0 {
                self.create(&name, wanted(MINE, &name)).await;
            } else {
                self.patch(&name, json!({"spec": {"versioning": {"status": "Suspended"}}})).await;
            }
            pass(every).await;
        }
        let calls = self.aws_calls();
        let mut waits: Vec<_> = edited.iter().map(|(bucket, at)| waited(&calls, bucket, *at)).collect();
        waits.sort();
        waits
    }
}

/// How long it took from the edit to the first call for that bucket; forever where there was none.
fn waited(calls: &[AwsCall], bucket: &str, edited: Timestamp) -> SignedDuration {
    let first = calls.iter().filter(|call| call.bucket.as_deref() == Some(bucket) && call.at >= edited);
    first.map(|call| call.at.duration_since(edited)).min().unwrap_or(SignedDuration::MAX)
}

fn is_of(call: &AwsCall, namespace: &str) -> bool {
    call.bucket.as_ref().is_some_and(|bucket| bucket.starts_with(namespace))
}

fn bucket(namespace: &str, name: &str) -> String {
    format!("{namespace}-{name}")
}

fn crowd(number: usize) -> String {
    format!("crowd-{number:05}")
}

fn wanted(namespace: &str, name: &str) -> Value {
    let mut wanted = spec::minimal(&bucket(namespace, name));
    wanted["versioning"] = json!({"status": "Enabled"});
    wanted
}

/// What 99 of 100 do not exceed. They are sorted.
fn p99(waits: &[SignedDuration]) -> SignedDuration {
    waits[(waits.len() * 99).div_ceil(100) - 1]
}

#[tokio::test(start_paused = true)]
async fn an_edit_does_not_wait_behind_ten_thousand_checks() {
    const CROWD: usize = 10_000;
    const EDITS: usize = 200;
    let world = World::quiet();
    world.seed_crowd(MINE, CROWD);
    let _usual = world.slow(MINE, USUAL);
    let _operator = world.start("one");
    world.until("the first checks", |world| world.aws_calls().len() > 100).await;
    let waits = world.edit(EDITS, Duration::from_millis(53), |number| crowd(CROWD - 1 - number)).await;
    assert!(p99(&waits) < AT_ONCE, "{waits:?}");
    let touched: Vec<_> = world.objects().into_iter().filter(|object| object["status"].is_object()).collect();
    assert!(touched.len() < CROWD / 2, "there was no crowd any more: {}", touched.len());
    assert!(touched.len() > EDITS * 2, "the checks stood still: {}", touched.len());
}

/// A namespace in which objects are ready, beside one in which thousands were just made.
async fn beside_a_crowd(world: &World) -> Running {
    const CROWD: usize = 5_000;
    const READY: usize = 100;
    let operator = world.start("one");
    for number in 0..READY {
        let name = crowd(number);
        world.create(&name, wanted(MINE, &name)).await;
    }
    let mine = |world: &World| world.objects().iter().all(|object| object["status"]["ackResourceMetadata"].is_object());
    world.until("mine are ready", mine).await;
    world.forget_calls();
    world.seed_crowd(BUSY, CROWD);
    operator
}

/// One edit in each interval beside a crowd that waits for `latency` and is refused.
async fn edits_beside_refusals_after(latency: Duration, every: Duration) -> Vec<SignedDuration> {
    let world = World::quiet();
    let _operator = beside_a_crowd(&world).await;
    let _refused = world.aws.deny(|call: &AwsCall| is_of(call, BUSY));
    let _slow = (world.slow(BUSY, latency), world.slow(MINE, USUAL));
    let refused = |world: &World| world.aws_calls().iter().filter(|call| call.status == 403).count();
    world.until("the first refusals", |world| refused(world) > 20).await;
    let waits = world.edit(100, every, crowd).await;
    assert!(refused(&world) > 40, "the crowd stood still");
    waits
}

#[tokio::test(start_paused = true)]
async fn five_thousand_failing_objects_do_not_delay_another_namespace() {
    let waits = edits_beside_refusals_after(USUAL, Duration::from_millis(83)).await;
    assert!(p99(&waits) < AT_ONCE, "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn workers_that_wait_for_slow_answers_of_one_namespace_are_not_missed_in_another() {
    let waits = edits_beside_refusals_after(Duration::from_secs(4), Duration::from_millis(203)).await;
    assert!(p99(&waits) < AT_ONCE, "{waits:?}");
}

/// In a throttled account nobody is called at once; but nobody waits behind the crowd either.
#[tokio::test(start_paused = true)]
async fn in_a_throttled_account_another_namespace_waits_for_its_own_turn_alone() {
    let world = World::quiet();
    let _operator = beside_a_crowd(&world).await;
    let _limit = world.aws.limit(|call: &AwsCall| call.service == "s3", 20.0);
    let throttled = |world: &World| world.aws_calls().iter().any(|call| call.code.as_deref() == Some("SlowDown"));
    world.until("a throttle", throttled).await;
    pass(Duration::from_secs(10)).await;
    let waits = world.edit(40, Duration::from_millis(2_003), crowd).await;
    assert!(p99(&waits) < SignedDuration::from_millis(500), "{waits:?}");
}
