//! A story is cut off before and after every single call, and meets every sort of error at every call; it ends as it
//! would have, and then nothing is written any more.

use std::{
    env,
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use cairn_testkit::{Fault, Matcher, api::ApiCall, aws::AwsCall};

use futures::FutureExt;

use crate::harness::{World, pass_calmly};

/// What a user does, and what has to be true in the end.
pub(crate) trait Story: Copy + Debug {
    /// Where it happens.
    fn world(self) -> World;
    /// What was there before.
    async fn prepare(self, world: &World);
    /// What the user does.
    async fn act(self, world: &World);
    /// What the user does after a crash, before the next process starts.
    async fn meanwhile(self, _: &World) {}
    /// Waits until it is done.
    async fn done(self, world: &World);
    /// How many calls lie between two at which it is cut off: more than one for a story of many calls that are alike.
    fn stride(self) -> u64 {
        1
    }
    /// Asserts what has to be true in the end.
    fn check(self, world: &World, point: &str);
}

/// When a process dies.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Before,
    After,
}

/// Whom the call is to.
#[derive(Clone, Copy, Debug)]
enum Side {
    Aws,
    Kubernetes,
}

/// The calls that make a resource. There are others that begin with this word.
const CREATES: [&str; 6] =
    ["CreateBucket", "CreateTable", "ImportTable", "RestoreTableFromBackup", "CreateBackup", "CreateAccessPoint"];

/// So many calls at the beginning of a story are not alike.
const OF_ALL_SORTS: u64 = 3;

/// Set, each call meets each error and each crash: minutes for each story.
const EVERY_ERROR: &str = "CAIRN_EVERY_ERROR";

const SIDES: [Side; 2] = [Side::Aws, Side::Kubernetes];

/// Calls for identity are the same whatever the story.
fn is_to_aws(call: &AwsCall) -> bool {
    call.service != "sts"
}

/// Renewals of a lease go on whatever the story.
fn is_to_kubernetes(call: &ApiCall) -> bool {
    call.is_write() && call.resource != "leases"
}

fn to_aws(n: u64) -> Matcher<AwsCall> {
    Matcher::when(is_to_aws).nth(n)
}

fn to_kubernetes(n: u64) -> Matcher<ApiCall> {
    Matcher::when(is_to_kubernetes).nth(n)
}

/// Cuts the story off before and after each call, and starts another process each time.
pub(crate) async fn every_crash<S: Story>(story: S) {
    let stride = if env::var_os(EVERY_ERROR).is_some() { 1 } else { story.stride() };
    for (side, moment) in SIDES.into_iter().flat_map(|side| [(side, Moment::Before), (side, Moment::After)]) {
        let (mut points, mut call) = (0, 1);
        while crash_at(story, side, moment, call).await {
            points += 1;
            // The first calls are of all sorts: the reads before a creation, the creation, the first part.
            call += if call < OF_ALL_SORTS { 1 } else { stride };
        }
        assert!(points >= 1, "{story:?} makes no call to {side:?} to crash at");
    }
}

/// Tells whether there was such a call.
async fn crash_at<S: Story>(story: S, side: Side, moment: Moment, n: u64) -> bool {
    let world = begun(story, story.world()).await;
    let crash = match (side, moment) {
        (Side::Aws, Moment::Before) => world.aws.crash_before(to_aws(n)).map(drop).boxed(),
        (Side::Aws, Moment::After) => world.aws.crash_after(to_aws(n)).map(drop).boxed(),
        (Side::Kubernetes, Moment::Before) => world.api.crash_before(to_kubernetes(n)).map(drop).boxed(),
        (Side::Kubernetes, Moment::After) => world.api.crash_after(to_kubernetes(n)).map(drop).boxed(),
    };
    let operator = world.start("crashing");
    let crashed = tokio::time::timeout(Duration::from_mins(3), crash).await.is_ok();
    operator.kill();
    if crashed {
        story.meanwhile(&world).await;
        let _operator = world.start("after");
        let point = format!("{story:?}, {moment:?} {side:?} call {n}");
        ends_well(story, &world, &point, 1).await;
    }
    crashed
}

async fn begun<S: Story>(story: S, world: World) -> World {
    story.prepare(&world).await;
    story.act(&world).await;
    world.forget_calls();
    world
}

/// The story comes to its end with no more creating calls than so many, and then nothing is written.
async fn ends_well<S: Story>(story: S, world: &World, point: &str, creates: usize) {
    story.done(world).await;
    story.check(world, point);
    // What AWS refused made nothing.
    let creating = |call: &&AwsCall| CREATES.contains(&call.operation.as_str()) && !(400..500).contains(&call.status);
    let sent = world.aws_calls().iter().filter(creating).count();
    assert!(sent <= creates, "{point}: created {sent} times: {:?}", world.operations());
    // Whoever got no answer to its last word says it again.
    pass_calmly(world, Duration::from_mins(1)).await;
    world.forget_calls();
    pass_calmly(world, Duration::from_mins(30)).await;
    let quiet = world.mutations().is_empty() && world.kubernetes_calls().is_empty();
    assert!(quiet, "{point}: not quiet: {:?} {:?}", world.mutations(), world.kubernetes_calls());
}

/// What AWS answers to a call, or does not.
pub(crate) fn errors_of_aws() -> Vec<Fault> {
    vec![
        Fault::Error(503, "SlowDown"),
        Fault::Status(500),
        Fault::StatusAfterCommit(500),
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Late(Duration::from_secs(2)),
        Fault::Never,
        Fault::Error(403, "AccessDenied"),
        Fault::Error(409, "OperationAborted"),
        Fault::Error(400, "InvalidRequest"),
    ]
}

/// What Kubernetes answers to a write, or does not.
fn errors_of_kubernetes() -> Vec<Fault> {
    vec![
        Fault::Status(409),
        Fault::Status(429),
        Fault::Status(500),
        Fault::StatusAfterCommit(500),
        Fault::DropBefore,
        Fault::DropAfter,
    ]
}

/// Which calls meet which errors: with a stride of 1 each call meets each, otherwise each call some, and neighbours others.
fn stride() -> usize {
    if env::var_os(EVERY_ERROR).is_some() { 1 } else { 5 }
}

/// Lets each call meet several sorts of errors, or with [`EVERY_ERROR`] each, once.
pub(crate) async fn every_error<S: Story>(story: S) {
    let stride = stride();
    for side in SIDES {
        let mut points = 0;
        let errors = match side {
            Side::Aws => errors_of_aws(),
            Side::Kubernetes => errors_of_kubernetes(),
        };
        for (index, error) in errors.into_iter().enumerate() {
            let mut call = index % stride + 1;
            while error_at(story, side, error, u64::try_from(call).unwrap()).await {
                points += 1;
                call += stride;
            }
        }
        assert!(points >= 1, "{story:?} makes no call to {side:?} to fail");
    }
}

/// Tells whether there was such a call.
async fn error_at<S: Story>(story: S, side: Side, error: Fault, n: u64) -> bool {
    // No other process takes over here, so nothing is missed without a lease.
    let world = begun(story, World { unfenced: true, ..story.world() }).await;
    let seen = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&seen);
    let is_meant = move || counted.fetch_add(1, Ordering::SeqCst) + 1 == n;
    match side {
        Side::Aws => world.aws.fail(Matcher::when(move |call: &AwsCall| is_to_aws(call) && is_meant()), error),
        Side::Kubernetes => {
            world.api.fail(Matcher::when(move |call: &ApiCall| is_to_kubernetes(call) && is_meant()), error);
        }
    }
    let _operator = world.start("one");
    ends_well(story, &world, &format!("{story:?}, {error:?} at {side:?} call {n}"), usize::MAX).await;
    seen.load(Ordering::SeqCst) >= n
}
