//! What a user declares and takes back before it was recorded: AWS may have it already, and it has to go all the same.

use std::time::Duration;

use cairn_testkit::{
    Fault, Matcher,
    aws::{AwsCall, BucketSeed},
};
use serde_json::{Value, json};

use crate::{
    harness::{REGION, World},
    points::{self, Story as _, every_crash},
    spec, tables,
};

const BUCKET: &str = "photos-of-a";

/// Parts that go from AWS when they go from the spec.
const GOING: [&str; 2] = ["metrics", "policy"];

/// What a user declares, to take it back.
#[derive(Clone, Copy, Debug)]
enum Regret {
    /// A bucket with parts, and then without them.
    Create,
    /// Parts of a bucket that is there.
    Add,
    /// Other values of what was declared before.
    Change,
    /// The same as [`Regret::Create`], over a bucket that somebody made by hand.
    Adopt,
}

impl Regret {
    /// What was declared before.
    fn before() -> Value {
        let mut spec = spec::minimal(BUCKET);
        spec["tagging"] = tags(&[("team", "a")]);
        spec["versioning"] = json!({"status": "Enabled"});
        spec["policy"] = json!(spec::policy("arn:aws:s3:::photos-of-a/one"));
        spec
    }

    /// What is declared, and what takes it back.
    fn patches(self) -> (Value, Value) {
        if matches!(self, Self::Change) {
            let other = json!({
                "policy": spec::policy("arn:aws:s3:::photos-of-a/two"),
                "tagging": tags(&[("team", "b")]),
                "versioning": {"status": "Suspended"},
            });
            let mut before = Self::before();
            before.as_object_mut().unwrap().remove("name");
            return (other, before);
        }
        let parts = spec::parts(BUCKET).into_iter().filter(|(field, _)| GOING.contains(field));
        let mut declared: Value = parts.map(|(field, value)| (field.to_owned(), value)).collect();
        let mut none: Value = GOING.into_iter().map(|field| (field.to_owned(), Value::Null)).collect();
        declared["tagging"] = tags(&[("team", "a"), ("env", "a")]);
        none["tagging"] = tags(&[("team", "a")]);
        (declared, none)
    }
}

fn tags(tags: &[(&str, &str)]) -> Value {
    json!({"tagSet": tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect::<Vec<_>>()})
}

impl points::Story for Regret {
    fn world(self) -> World {
        World::quiet().flag("--adoption-namespaces=*")
    }

    async fn prepare(self, world: &World) {
        let spec = match self {
            Self::Create => return,
            Self::Adopt => {
                world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION).tag("theirs", "1"));
                return;
            }
            Self::Add => spec::minimal(BUCKET),
            Self::Change => Self::before(),
        };
        let operator = world.start("before");
        world.create("photos", spec).await;
        world.until_ready("photos").await;
        operator.stop().await;
    }

    async fn act(self, world: &World) {
        let (mut declared, _) = self.patches();
        let annotations: &[_] = match self {
            Self::Add | Self::Change => return world.patch("photos", json!({"spec": declared})).await,
            Self::Create => &[],
            Self::Adopt => &[("adoption-policy", "adopt-or-create")],
        };
        declared["name"] = json!(BUCKET);
        world.create_annotated("photos", declared, annotations).await;
    }

    async fn meanwhile(self, world: &World) {
        world.patch("photos", json!({"spec": self.patches().1})).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("photos").await;
    }

    fn check(self, world: &World, point: &str) {
        let bucket = world.aws.bucket(BUCKET).unwrap();
        assert_eq!(bucket.tags.get("team").map(String::as_str), Some("a"), "{point}");
        assert_eq!(bucket.tags.contains_key("theirs"), matches!(self, Self::Adopt), "{point}");
        if matches!(self, Self::Change) {
            assert!(bucket.config["policy"].contains("/one"), "{point}: {}", bucket.config["policy"]);
            assert!(bucket.config["versioning"].contains("Enabled"), "{point}: {}", bucket.config["versioning"]);
            return;
        }
        assert!(!bucket.tags.contains_key("env"), "{point}");
        let left: Vec<_> = bucket.config.iter().filter(|(field, _)| GOING.contains(&field.as_str())).collect();
        assert!(left.is_empty(), "{point}: {left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_new_bucket_declared_goes_after_a_crash() {
    every_crash(Regret::Create).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_added_to_a_bucket_goes_after_a_crash() {
    every_crash(Regret::Add).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_is_changed_back_after_a_crash() {
    every_crash(Regret::Change).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_added_to_an_adopted_bucket_goes_after_a_crash() {
    every_crash(Regret::Adopt).await;
}

/// Lets the user take it back while the answer to the nth call is on its way; tells whether there was such a call.
async fn taken_back_at(story: Regret, n: u64) -> bool {
    let world = story.world();
    story.prepare(&world).await;
    story.act(&world).await;
    world.forget_calls();
    let writes = Matcher::when(AwsCall::is_write).nth(n);
    world.aws.fail(writes, Fault::SlowAnswer(Duration::from_secs(3)));
    let operator = world.start("one");
    let sent = async {
        while u64::try_from(world.mutations().len()).unwrap() < n {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let was_sent = tokio::time::timeout(Duration::from_mins(1), sent).await.is_ok();
    if was_sent {
        story.meanwhile(&world).await;
        story.done(&world).await;
        story.check(&world, &format!("{story:?}, taken back at call {n}"));
    }
    operator.kill();
    was_sent
}

#[tokio::test(start_paused = true)]
async fn what_is_taken_back_while_it_is_carried_out_goes() {
    for story in [Regret::Create, Regret::Add, Regret::Change, Regret::Adopt] {
        let mut calls = 0;
        while taken_back_at(story, calls + 1).await {
            calls += 1;
        }
        assert!(calls >= 3, "{story:?} makes {calls} calls");
    }
}

/// Tags of a table, which are no part of it.
#[derive(Clone, Copy, Debug)]
struct TableTags;

impl points::Story for TableTags {
    fn world(self) -> World {
        World { unfenced: true, ..tables::world(Duration::from_millis(500)) }
    }

    async fn prepare(self, world: &World) {
        let operator = world.start("before");
        world.create("orders", tables::full()).await;
        world.until_ready("orders").await;
        operator.stop().await;
    }

    async fn act(self, world: &World) {
        let more = json!([{"key": "team", "value": "b"}, {"key": "env", "value": "a"}]);
        world.patch("orders", json!({"spec": {"tags": more}})).await;
    }

    async fn meanwhile(self, world: &World) {
        world.patch("orders", json!({"spec": {"tags": tables::full()["tags"]}})).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("orders").await;
    }

    fn check(self, world: &World, point: &str) {
        let table = tables::table(world).unwrap();
        let tags = (tables::tag(&table, "team"), tables::tag(&table, "env"));
        assert_eq!(tags, (Some("a".into()), None), "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn tags_of_a_table_that_are_taken_back_after_a_crash_go() {
    every_crash(TableTags).await;
}
