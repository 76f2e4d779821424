//! A bucket, cut off before and after every call and with every error at every call.

use cairn_testkit::aws::BucketSeed;
use serde_json::json;

use crate::{
    harness::{REGION, World},
    points::{self, every_crash, every_error},
    spec,
};

const BUCKET: &str = "photos-of-a";

/// What a user does, and what has to be true in the end.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    /// With everything that can be declared.
    CreateWhole,
    Update,
    /// Of what declares everything.
    UpdateWhole,
    Delete,
    /// Take over a bucket that somebody made by hand, by this policy.
    Adopt(&'static str),
}

impl points::Story for Story {
    fn world(self) -> World {
        match self {
            Self::Adopt(_) => World::new().flag("--adoption-namespaces=*").unhurried(),
            _ => World::new().unhurried(),
        }
    }

    async fn prepare(self, world: &World) {
        if matches!(self, Self::Adopt(_)) {
            world.aws.put_bucket(&BucketSeed::new(BUCKET).region(REGION).tag("team", "a"));
            world.set_versioning(BUCKET, "Enabled");
        }
        if matches!(self, Self::Create | Self::CreateWhole | Self::Adopt(_)) {
            return;
        }
        let operator = world.start("before");
        let spec = if matches!(self, Self::UpdateWhole) { spec::full(BUCKET) } else { spec::usual(BUCKET) };
        world.create("photos", spec).await;
        world.until_ready("photos").await;
        operator.stop().await;
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create => world.create("photos", spec::usual(BUCKET)).await,
            Self::CreateWhole => world.create("photos", spec::full(BUCKET)).await,
            Self::Update | Self::UpdateWhole => world.patch("photos", json!({"spec": edited()})).await,
            Self::Delete => world.delete("photos").await,
            Self::Adopt(policy) => {
                let spec = json!({"name": BUCKET, "encryption": spec::encryption("key-1")});
                world.create_annotated("photos", spec, &[("adoption-policy", policy)]).await;
            }
        }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Delete => world.until_gone("photos").await,
            _ => world.until_ready("photos").await,
        }
    }

    /// Everything that can be declared is some twenty calls, which do not depend on each other for the most part.
    fn stride(self) -> u64 {
        if matches!(self, Self::CreateWhole | Self::UpdateWhole) { 8 } else { 1 }
    }

    fn check(self, world: &World, point: &str) {
        if matches!(self, Self::Delete) {
            assert!(world.aws.bucket_names().is_empty(), "{point}");
            return;
        }
        assert_eq!(world.aws.bucket_names(), [BUCKET], "{point}");
        let bucket = world.aws.bucket(BUCKET).unwrap();
        if let Self::Adopt(policy) = self {
            let object = world.object("photos").unwrap();
            assert_eq!(object["status"]["record"]["ownership"], "Adopted", "{point}");
            assert_eq!(bucket.tags["team"], "a", "{point}");
            assert!(bucket.tags.contains_key("cairn.run/owner"), "{point}");
            let encrypted = bucket.config.get("encryption").is_some_and(|document| document.contains("key-1"));
            assert_eq!(encrypted, policy == "adopt-or-create", "{point}");
            let filled = object["spec"]["versioning"]["status"] == "Enabled";
            assert_eq!(filled, policy == "adopt", "{point}: {}", object["spec"]);
            return;
        }
        let created = matches!(self, Self::Create | Self::CreateWhole);
        let key = if created { "key-1" } else { "key-2" };
        assert!(bucket.config["encryption"].contains(key), "{point}");
        assert!(bucket.config["versioning"].contains("Enabled"), "{point}");
        assert_eq!(bucket.config.contains_key("policy"), created, "{point}");
        assert!(bucket.tags.contains_key("cairn.run/owner"), "{point}");
        assert_eq!(bucket.tags.get("team").map(String::as_str), Some("a"), "{point}");
    }
}

fn edited() -> serde_json::Value {
    json!({"encryption": spec::encryption("key-2"), "policy": null, "ownershipControls": null})
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn a_create_that_declares_everything_survives_crashes() {
    every_crash(Story::CreateWhole).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_of_what_declares_everything_survives_crashes() {
    every_crash(Story::UpdateWhole).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Update).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Delete).await;
}

#[tokio::test(start_paused = true)]
async fn an_adoption_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Adopt("adopt")).await;
    every_crash(Story::Adopt("adopt-or-create")).await;
}

/// A world whose operator died right after its CreateBucket took effect.
async fn died_after_create(world: World) -> World {
    world.create("photos", spec::full(BUCKET)).await;
    let operator = world.start("crashing");
    let process = operator.process.clone();
    world.aws.crash_after("CreateBucket").await;
    process.kill();
    operator.kill();
    assert_eq!(world.aws.bucket_names(), [BUCKET]);
    world
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_deleted_after_the_crash_leaves_no_bucket_behind() {
    let world = died_after_create(World::new()).await;
    world.delete("photos").await;
    let _operator = world.start("after");
    world.until_gone("photos").await;
    assert!(world.aws.bucket_names().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_crash_is_survived_where_an_emulator_ignores_the_tags_of_the_create() {
    let world = World::new().flag("--aws-endpoint-url=https://s3.example.com").flag("--aws-endpoint-use-path-style");
    world.aws.ignore_create_tags(true);
    let world = died_after_create(world).await;
    let _operator = world.start("after");
    world.until_ready("photos").await;
    assert!(world.aws.bucket(BUCKET).unwrap().tags.contains_key("cairn.run/owner"));
    assert_eq!(world.mutations().iter().filter(|operation| *operation == "CreateBucket").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_every_error_at_every_call() {
    every_error(Story::CreateWhole).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_every_error_at_every_call() {
    every_error(Story::Update).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_every_error_at_every_call() {
    every_error(Story::Delete).await;
}
