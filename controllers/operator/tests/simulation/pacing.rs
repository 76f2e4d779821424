//! AWS is called at the pace that it bears: an account that is throttled, a region that is lost, a crowded namespace.

use std::{collections::BTreeMap, time::Duration};

use cairn_testkit::{Fault, FaultGuard, aws::AwsCall};
use kube::{
    Api,
    api::{DynamicObject, PostParams},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    harness::{GROUP, REGION, World, pass},
    spec,
};

const OTHER: &str = "us-west-2";
/// How many objects are in the region that is lost, and how many in the other.
const LOST: usize = 70;
const OTHERS: usize = 20;
/// How often each object is checked, so that there is something to lose.
const PERIOD: Duration = Duration::from_mins(2);

impl World {
    async fn create_in(&self, namespace: &str, name: &str, spec: Value) {
        self.api.namespace(namespace);
        let object = json!({
            "apiVersion": format!("{GROUP}/v1alpha1"), "kind": "Bucket",
            "metadata": {"name": name, "namespace": namespace}, "spec": spec,
        });
        let object: DynamicObject = serde_json::from_value(object).unwrap();
        let resource = cairn_runtime::engine::resource(cairn_crds::KINDS[0], &cairn_crds::Groups::default());
        let api = Api::<DynamicObject>::namespaced_with(self.api.client(), namespace, &resource);
        api.create(&PostParams::default(), &object).await.unwrap();
    }

    async fn create_in_region(&self, region: &str, name: &str) {
        let mut wanted = spec::minimal(&bucket(region, name));
        wanted["createBucketConfiguration"] = json!({"locationConstraint": region});
        wanted["versioning"] = json!({"status": "Enabled"});
        self.create(&format!("{region}-{name}"), wanted).await;
    }

    fn all_ready(&self) -> bool {
        self.objects().iter().all(|object| holds(object, "Ready"))
    }

    /// Looks less often than [`World::until`], because it looks at everything.
    async fn until_all_ready(&self) {
        let wait = async {
            while !self.all_ready() {
                pass(Duration::from_secs(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_hours(1), wait).await.unwrap();
    }

    fn s3_calls(&self, region: &str) -> Vec<AwsCall> {
        self.aws_calls().into_iter().filter(|call| call.region == region).collect()
    }

    /// Calls of each region in the next period.
    async fn calls_of_a_period(&self) -> (usize, usize) {
        self.forget_calls();
        pass(PERIOD).await;
        (self.s3_calls(REGION).len(), self.s3_calls(OTHER).len())
    }
}

fn bucket(region: &str, name: &str) -> String {
    format!("bucket-{region}-{name}")
}

fn holds(object: &Value, condition: &str) -> bool {
    let conditions = object["status"]["conditions"].as_array();
    conditions.is_some_and(|all| all.iter().any(|c| c["type"] == condition && c["status"] == "True"))
}

/// How many of the calls were sent in each second.
fn by_second(calls: &[AwsCall]) -> BTreeMap<i64, usize> {
    let mut seconds = BTreeMap::new();
    for call in calls {
        *seconds.entry(call.at.as_second()).or_default() += 1;
    }
    seconds
}

fn throttles(calls: &[AwsCall]) -> usize {
    calls.iter().filter(|call| call.code.as_deref() == Some("SlowDown")).count()
}

#[tokio::test(start_paused = true)]
async fn a_throttled_account_is_called_close_to_what_it_bears_and_nothing_is_lost() {
    const BEARS: usize = 20;
    const OBJECTS: usize = 600;
    const MINUTES: u64 = 3;
    let world = World::quiet();
    let _limit = world.aws.limit(|call: &AwsCall| call.service == "s3", 20.0);
    let _operator = world.start("one");
    for number in 0..OBJECTS {
        world.create(&format!("photos-{number}"), spec::usual(&format!("bucket-{number}"))).await;
    }
    pass(Duration::from_secs(30)).await;
    // Over some minutes, because how long a refused call waits is drawn by chance.
    world.forget_calls();
    pass(Duration::from_mins(MINUTES)).await;
    let calls = world.aws_calls();
    let (throttled, borne) = (throttles(&calls), BEARS * 60 * usize::try_from(MINUTES).unwrap());
    let taken = calls.len() - throttled;
    assert!(taken >= borne * 6 / 10, "{taken} calls of {borne}");
    assert!(throttled <= borne / 60, "{throttled} throttles in {taken} calls");
    world.until_all_ready().await;
    assert_eq!(world.aws.bucket_names().len(), OBJECTS);
}

/// A world with objects in two regions.
async fn two_regions() -> World {
    let world = World::quiet().flag(&format!("--reconcile-default-resync-seconds={}", PERIOD.as_secs()));
    for number in 0..LOST {
        world.create_in_region(REGION, &number.to_string()).await;
    }
    for number in 0..OTHERS {
        world.create_in_region(OTHER, &number.to_string()).await;
    }
    world
}

/// One region is lost for 15 minutes and comes back.
async fn a_region_is_lost(lose: impl FnOnce(&World) -> FaultGuard) {
    let world = two_regions().await;
    let _operator = world.start("one");
    world.until_all_ready().await;
    pass(PERIOD).await;
    let usual = world.calls_of_a_period().await;
    assert_eq!(usual, (LOST * 2, OTHERS * 2));

    let outage = lose(&world);
    world.create_in_region(REGION, "new").await;
    // Until it is noticed, calls of the lost region may hold up workers.
    pass(PERIOD / 2).await;
    for minute in 0..7 {
        let (probes, others) = world.calls_of_a_period().await;
        assert_eq!(others, usual.1, "{minute}");
        let a_minute = probes / 2;
        assert!((45..=61).contains(&a_minute), "{a_minute} probes a minute");
        assert!(!world.objects().iter().any(|object| holds(object, "Stalled")));
        let edited = Instant::now();
        let name = format!("{OTHER}-0");
        let status = if minute % 2 == 0 { "Suspended" } else { "Enabled" };
        world.patch(&name, json!({"spec": {"versioning": {"status": status}}})).await;
        world.until_ready(&name).await;
        assert!(edited.elapsed() < Duration::from_secs(1), "{:?}", edited.elapsed());
        pass(PERIOD.saturating_sub(edited.elapsed())).await;
    }

    world.forget_calls();
    drop(outage);
    pass(Duration::from_mins(2)).await;
    assert!(world.all_ready());
    let back = by_second(&world.s3_calls(REGION));
    assert!(back.values().take(3).sum::<usize>() <= 9 && back.values().all(|calls| *calls <= 24), "a herd: {back:?}");
    let creates = world.aws_calls().iter().filter(|call| call.operation == "CreateBucket").count();
    assert_eq!(creates, 1, "the new one, and none again");
    let (calls, others) = world.calls_of_a_period().await;
    assert_eq!((calls, others), (usual.0 + 2, usual.1));
    assert!(world.mutations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_region_that_answers_503_for_15_minutes_is_spared_and_back_within_two() {
    let of_region = |call: &AwsCall| call.region == REGION;
    a_region_is_lost(|world| world.aws.fail_while(of_region, Fault::Error(503, "ServiceUnavailable"))).await;
}

#[tokio::test(start_paused = true)]
async fn a_region_that_answers_nothing_for_15_minutes_is_spared_and_back_within_two() {
    a_region_is_lost(|world| world.aws.fail_while(|call: &AwsCall| call.region == REGION, Fault::Never)).await;
}

#[tokio::test(start_paused = true)]
async fn a_single_object_in_a_lost_region_is_back_as_fast() {
    let world = World::quiet();
    let _operator = world.start("one");
    let lost = world.aws.fail_while(|call: &AwsCall| call.region == REGION, Fault::Never);
    world.create_in_region(REGION, "only").await;
    pass(Duration::from_mins(15)).await;
    drop(lost);
    let back = Instant::now();
    world.until_ready(&format!("{REGION}-only")).await;
    assert!(back.elapsed() < Duration::from_secs(5), "{:?}", back.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_crowded_namespace_does_not_hold_up_another() {
    const CROWD: usize = 200;
    let world = World::quiet();
    let _limit = world.aws.limit(|call: &AwsCall| call.service == "s3", 10.0);
    let _operator = world.start("one");
    for number in 0..CROWD {
        world.create_in("busy", &format!("photos-{number}"), spec::usual(&format!("busy-{number}"))).await;
    }
    pass(Duration::from_secs(20)).await;
    let start = Instant::now();
    world.create_in("mine", "photos", spec::usual("mine")).await;
    let mine = |world: &World| world.api.object(GROUP, "buckets", Some("mine"), "photos");
    world.until("mine is ready", |world| mine(world).is_some_and(|object| holds(&object, "Ready"))).await;
    let took = start.elapsed();
    let busy = world.objects().iter().filter(|object| !holds(object, "Ready")).count();
    assert!(took < Duration::from_secs(15), "{took:?} while {busy} wait");
    assert!(busy > CROWD / 2, "{busy} wait, which is no crowd");
    world.until_all_ready().await;
}
