//! Secrets in.

use std::time::Duration;

use cairn_core::api::Kind;
use cairn_testkit::Fault as ApiFault;
use serde_json::{Value, json};

use crate::{
    cloud::Fault,
    fixture::{JOB, NET},
    world::{HERE, World, pass, secret},
};

const BOTH: [&Kind; 2] = [&NET, &JOB];

fn password(world: &World, kind: &Kind) -> Value {
    world.cloud.only(kind.kind).1.fields.get("password").cloned().unwrap_or_default()
}

/// Everything that anybody may read in the cluster, but the Secrets themselves.
fn all_that_is_shown(world: &World) -> String {
    let group = "test.aws.cairn.run";
    let objects = [world.api.objects(group, "nets"), world.api.objects(group, "jobs")];
    format!("{objects:?} {:?}", world.api.objects("events.k8s.io", "events"))
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_carried_out_and_followed() {
    for kind in BOTH {
        let world = World::of(kind);
        let _operator = world.start();
        world.put_secret(HERE, "login", "hunter2").await;
        let spec = json!({"password": secret("login"), "login": {"user": "me", "password": secret("login")}});
        world.create("a", spec).await;
        world.until_ready("a").await;
        assert_eq!(password(&world, kind), "hunter2");
        assert_eq!(world.cloud.only(kind.kind).1.fields["login"], json!({"user": "me", "password": "hunter2"}));
        let calls = if *kind.kind == *"Net" { &["Create", "Modify", "Modify"][..] } else { &["Create"][..] };
        assert_eq!(world.cloud.mutations(), calls);
        world.assert_quiet(kind.kind).await;
        pass(Duration::from_hours(30)).await;
        assert!(world.cloud.mutations().is_empty(), "a check finds no difference in what AWS does not tell");
        world.put_secret(HERE, "login", "correct horse").await;
        let changed = tokio::time::Instant::now();
        world.until("it is followed", |world| password(world, kind) == "correct horse").await;
        assert!(changed.elapsed() < Duration::from_millis(200), "{:?}", changed.elapsed());
        world.until_ready("a").await;
        assert_eq!(world.cloud.only(kind.kind).1.fields["login"]["password"], "correct horse");
        world.assert_quiet(kind.kind).await;
        let shown = all_that_is_shown(&world);
        assert!(!shown.contains("hunter2") && !shown.contains("correct horse"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_secret_and_a_missing_key_heal_when_they_appear() {
    for kind in BOTH {
        let world = World::of(kind);
        let _operator = world.start();
        world.create("a", json!({"password": {"name": "login", "key": "other"}})).await;
        assert_eq!(world.until_says("a", "DependencyNotReady").await, "password: Secret team/login does not exist");
        world.put_secret(HERE, "login", "hunter2").await;
        world.until_tells("a", &["password: Secret team/login has no key other"]).await;
        assert!(world.cloud.mutations().is_empty() && world.object("a").unwrap()["status"]["record"].is_null());
        world.patch("a", json!({"spec": {"password": {"key": "k"}}})).await;
        world.until_ready("a").await;
        assert_eq!(password(&world, kind), "hunter2");
        world.delete_secret("login").await;
        world.until_says("a", "DependencyNotReady").await;
        assert_eq!(password(&world, kind), "hunter2", "what is in AWS stays");
        world.put_secret(HERE, "login", "hunter3").await;
        world.until_ready("a").await;
        assert_eq!(password(&world, kind), "hunter3");
    }
}

#[tokio::test(start_paused = true)]
async fn other_steps_that_fail_do_not_send_a_secret_twice() {
    let world = World::of(&JOB);
    let _operator = world.start();
    world.put_secret(HERE, "login", "hunter2").await;
    world.create("a", json!({"size": 1, "password": secret("login")})).await;
    world.until_ready("a").await;
    world.put_secret(HERE, "login", "hunter3").await;
    world.until("it is followed", |world| password(world, &JOB) == "hunter3").await;
    world.until_ready("a").await;
    world.forget_calls();
    world.cloud.fail("Modify", 1, Fault::Refused("InvalidParameterValue"));
    world.patch("a", json!({"spec": {"size": 2}})).await;
    world.until_says("a", "Refused").await;
    world.until_ready("a").await;
    assert_eq!(world.cloud.mutations(), ["Modify", "Modify"], "both are of the size");
}

#[tokio::test(start_paused = true)]
async fn a_secret_whose_answer_was_lost_is_sent_again() {
    let world = World::of(&NET);
    let _operator = world.start();
    world.put_secret(HERE, "one", "hunter2").await;
    world.put_secret(HERE, "two", "hunter3").await;
    world.create("a", json!({"password": secret("one")})).await;
    world.until_ready("a").await;
    world.cloud.fail("Modify", 1, Fault::Lost);
    // The second is in AWS, and nobody knows; then the object goes back to the first.
    world.patch("a", json!({"spec": {"password": secret("two")}})).await;
    world.until("the second is in AWS", |world| password(world, &NET) == "hunter3").await;
    world.patch("a", json!({"spec": {"password": secret("one")}})).await;
    world.until_ready("a").await;
    assert_eq!(password(&world, &NET), "hunter2");
}

#[tokio::test(start_paused = true)]
async fn a_plan_and_a_failure_say_nothing_of_the_content() {
    let world = World::of(&NET);
    let _operator = world.start();
    world.put_secret(HERE, "login", "refused-by-aws").await;
    world.create("a", json!({"password": secret("login")})).await;
    let message = world.until_says("a", "Refused").await;
    assert!(message.contains("\"(from secret)\" is too short"), "{message}");
    let metadata = json!({"name": "b", "namespace": HERE, "annotations": {"aws.cairn.run/mode": "Plan"}});
    world.create_with(&JOB, &metadata, json!({"password": secret("login")})).await;
    let world = World { kind: &JOB, ..world };
    world.until_says("b", "Planned").await;
    let plan = &world.object("b").unwrap()["status"]["plan"];
    let after = plan["steps"][0]["after"].as_str().unwrap();
    assert!(after.contains("{\"password\":\"(from secret)\"}"), "{plan}");
    let shown = all_that_is_shown(&world);
    assert!(!shown.contains("refused-by-aws"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn without_the_right_no_secret_is_asked_for() {
    let world = World { secrets: false, ..World::of(&NET) };
    world.put_secret(HERE, "login", "hunter2").await;
    world.api.clear_calls();
    let _operator = world.start();
    world.create("a", json!({"password": secret("login")})).await;
    let message = world.until_says("a", "NotAllowed").await;
    assert!(message.contains("set secrets.enabled in the chart"), "{message}");
    assert!(!world.api.calls().iter().any(|call| call.resource == "secrets"));
}

#[tokio::test(start_paused = true)]
async fn a_right_that_is_missing_is_told_and_looked_for_again() {
    let world = World::of(&NET);
    let denied = world.api.fail_while(
        |call: &cairn_testkit::api::ApiCall| call.resource == "secrets" && call.verb == "list",
        ApiFault::Status(403),
    );
    let _operator = world.start();
    world.put_secret(HERE, "login", "hunter2").await;
    world.create("a", json!({"password": secret("login")})).await;
    let message = world.until_says("a", "NotAllowed").await;
    assert!(message.contains("password: Secret team/login cannot be read"), "{message}");
    drop(denied);
    world.until_ready("a").await;
}
