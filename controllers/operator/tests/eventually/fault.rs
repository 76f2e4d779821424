//! What goes wrong, and with which calls.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use cairn_testkit::{Fault, Matcher, api::ApiCall, aws::AwsCall};
use fastrand::Rng;

use crate::{coverage::Coverage, world::World};

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Throttled,
    ErrorBefore,
    ErrorAfter,
    DroppedBefore,
    DroppedAfter,
    Late,
    Slow,
    SlowAnswer,
    NoAnswer,
    Conflict,
}

impl Class {
    pub(crate) const OF_AWS: &[Self] = &[
        Self::Throttled,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::DroppedBefore,
        Self::DroppedAfter,
        Self::Late,
        Self::Slow,
        Self::SlowAnswer,
        Self::NoAnswer,
    ];
    pub(crate) const OF_KUBERNETES: &[Self] = &[
        Self::Conflict,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::DroppedBefore,
        Self::DroppedAfter,
        Self::Slow,
        Self::SlowAnswer,
    ];

    fn fault(self) -> Fault {
        match self {
            Self::Throttled => Fault::Error(503, "SlowDown"),
            Self::ErrorBefore => Fault::Status(500),
            Self::ErrorAfter => Fault::StatusAfterCommit(500),
            Self::DroppedBefore => Fault::DropBefore,
            Self::DroppedAfter => Fault::DropAfter,
            Self::Late => Fault::Late(Duration::from_secs(8)),
            Self::Slow => Fault::Delay(Duration::from_secs(4)),
            Self::SlowAnswer => Fault::SlowAnswer(Duration::from_secs(25)),
            Self::NoAnswer => Fault::Never,
            Self::Conflict => Fault::Status(409),
        }
    }
}

/// The calls to AWS that meet faults, by operation.
pub(crate) const AWS_STEPS: &[&str] = &[
    "GetBucketTagging",
    "CreateBucket",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketEncryption",
    "PutBucketPolicy",
    "PutBucketOwnershipControls",
    "PutPublicAccessBlock",
    "DeleteBucketPolicy",
    "DeleteBucket",
    "GetBucketPolicy",
    "GetBucketVersioning",
    "DescribeTable",
    "CreateTable",
    "UpdateTable",
    "TagResource",
    "UntagResource",
    "ListTagsOfResource",
    "DeleteTable",
];

/// The requests to Kubernetes that meet faults.
pub(crate) const KUBERNETES_STEPS: &[&str] = &["patch", "patch status", "list", "watch", "lease", "event"];

fn is_step(call: &ApiCall, step: &str) -> bool {
    let about = call.resource.as_str();
    match step {
        "patch" => call.verb == "patch" && call.subresource.is_none() && about != "events",
        "patch status" => call.verb == "patch" && call.subresource.is_some(),
        "lease" => call.is_write() && about == "leases",
        "event" => call.is_write() && about == "events",
        verb => call.verb == verb && about != "leases",
    }
}

/// Lets the next so many calls of some operation fail; tells which, and in words.
pub(crate) fn arm_aws(world: &World, rng: &mut Rng, coverage: &Coverage) -> (&'static str, String) {
    let step = AWS_STEPS[rng.usize(..AWS_STEPS.len())];
    let class = Class::OF_AWS[rng.usize(..Class::OF_AWS.len())];
    let (times, meant) = times(class, rng);
    let (hits, coverage) = (counter(times), coverage.clone());
    world.late.fetch_or(class == Class::Late, Ordering::SeqCst);
    let test = move |call: &AwsCall| call.operation == step && take(&hits, || coverage.hit(step, class));
    world.aws.fail(Matcher::when(test), class.fault());
    (step, format!("fault: {class:?} for {meant} of {step}"))
}

/// Lets the next so many requests of some sort to Kubernetes fail, but not those of users.
pub(crate) fn arm_kubernetes(world: &World, rng: &mut Rng, coverage: &Coverage) -> String {
    let step = KUBERNETES_STEPS[rng.usize(..KUBERNETES_STEPS.len())];
    let class = Class::OF_KUBERNETES[rng.usize(..Class::OF_KUBERNETES.len())];
    let (times, meant) = times(class, rng);
    let (hits, coverage, user) = (counter(times), coverage.clone(), Arc::clone(&world.user));
    let test = move |call: &ApiCall| {
        !user.load(Ordering::SeqCst) && is_step(call, step) && take(&hits, || coverage.hit(step, class))
    };
    world.api.fail(Matcher::when(test), class.fault());
    format!("fault: {class:?} for {meant} of {step}")
}

fn times(class: Class, rng: &mut Rng) -> (u64, String) {
    let once = matches!(class, Class::Late | Class::NoAnswer | Class::SlowAnswer);
    let times = if once { 1 } else { rng.u64(1..4) };
    (times, format!("the next {times}"))
}

fn counter(times: u64) -> Arc<AtomicU64> {
    Arc::new(AtomicU64::new(times))
}

fn take(left: &AtomicU64, hit: impl FnOnce()) -> bool {
    let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    if taken {
        hit();
    }
    taken
}

/// What happens to all watches at once.
pub(crate) fn disturb(world: &World, rng: &mut Rng) -> String {
    let what = rng.usize(..5);
    match what {
        0 => world.api.break_watches(),
        1 => world.api.end_watches(),
        2 => {
            world.api.compact();
            world.api.break_watches();
        }
        _ => {
            world.api.freeze_watches();
            if what == 4 {
                world.api.break_watches();
            }
            let (api, held) = (world.api.clone(), Duration::from_secs(rng.u64(1..30)));
            tokio::spawn(async move {
                tokio::time::sleep(held).await;
                api.thaw_watches();
            });
        }
    }
    let happenings =
        ["watches break", "watches end", "410 for watches", "watches lag", "watches lag and break, lists are stale"];
    format!("fault: {}", happenings[what])
}

/// A flag that is shared.
pub(crate) fn flag() -> Arc<AtomicBool> {
    Arc::default()
}
