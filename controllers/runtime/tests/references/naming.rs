//! Resources to which AWS gives an id: one for each object, whatever happens to answers.

use std::time::Duration;

use serde_json::json;

use crate::{
    cloud::Fault,
    fixture::{ALL, JOB, SHOT},
    world::{HERE, World},
};

#[tokio::test(start_paused = true)]
async fn a_resource_is_created_once_and_then_left_alone() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        world.create("a", json!({"size": 1})).await;
        world.until_ready("a").await;
        let (id, found) = world.cloud.only(kind.kind);
        let object = world.object("a").unwrap();
        assert_eq!((&object["status"]["id"], &object["status"]["record"]["identity"]), (&json!(id), &json!(id)));
        assert_eq!(found.tags.get("cairn.run/name").is_some_and(|name| name == "a"), kind.kind != SHOT.kind);
        let calls = match kind.kind {
            "Net" => &["Find", "Create", "Describe"][..],
            "Job" => &["Create", "Describe"][..],
            _ => &["List", "Create", "Describe"][..],
        };
        assert_eq!(world.cloud.calls(), calls);
        assert!(object["status"]["record"]["intent"].is_null(), "a read has shown it");
        world.assert_quiet(kind.kind).await;
        world.patch("a", json!({"spec": {"size": 2}})).await;
        world.until_ready("a").await;
        assert_eq!(world.cloud.only(kind.kind).1.fields["size"], 2);
        assert_eq!(world.cloud.mutations(), ["Modify"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_whose_answer_is_lost_is_found_again() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        world.cloud.fail("Create", 1, Fault::Lost);
        world.create("a", json!({"size": 1})).await;
        world.until_ready("a").await;
        world.cloud.only(kind.kind);
        world.assert_quiet(kind.kind).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_that_takes_effect_late_makes_no_second_one() {
    for kind in ALL {
        for seconds in [1, 20, 50] {
            let world = World::of(kind);
            let _operator = world.start();
            world.cloud.fail("Create", 1, Fault::Late(Duration::from_secs(seconds)));
            world.create("a", json!({"size": 1})).await;
            world.until_ready("a").await;
            world.assert_quiet(&format!("{} {seconds}", kind.kind)).await;
            world.cloud.only(kind.kind);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_is_shown_late_is_waited_for() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        world.cloud.lag(Duration::from_secs(40));
        world.create("a", json!({"size": 1})).await;
        world.until_ready("a").await;
        world.patch("a", json!({"spec": {"size": 2}})).await;
        world.until("the size is 2", |world| world.cloud.only(kind.kind).1.fields["size"] == 2).await;
        world.until_ready("a").await;
        world.cloud.only(kind.kind);
    }
}

#[tokio::test(start_paused = true)]
async fn a_resource_that_was_taken_away_is_made_again_once() {
    for kind in ALL {
        // With the answer to the second creation, and without it.
        for answer in [true, false] {
            let world = World::of(kind);
            let _operator = world.start();
            world.create("a", json!({"size": 1})).await;
            world.until_ready("a").await;
            let (first, _) = world.cloud.only(kind.kind);
            tokio::time::sleep(Duration::from_mins(2)).await;
            world.cloud.lose(&first);
            if !answer {
                world.cloud.fail("Create", 1, Fault::Lost);
            }
            world.patch("a", json!({"spec": {"size": 2}})).await;
            world.until("there is another", |world| world.cloud.resources(kind.kind).len() == 1).await;
            world.until_ready("a").await;
            let (second, found) = world.cloud.only(kind.kind);
            assert_ne!(first, second);
            assert_eq!(found.fields["size"], 2);
            assert_eq!(world.object("a").unwrap()["status"]["record"]["identity"], second);
            world.assert_quiet(kind.kind).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_create_leaves_nothing_to_look_for() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        world.cloud.fail("Create", 1, Fault::Refused("InvalidParameterValue"));
        world.create("a", json!({"size": 1})).await;
        world.until_says("a", "Refused").await;
        assert!(world.object("a").unwrap()["status"]["record"]["intent"].is_null());
        world.until_ready("a").await;
        world.cloud.only(kind.kind);
    }
}

#[tokio::test(start_paused = true)]
async fn an_edit_between_a_lost_create_and_its_repetition_loses_nothing() {
    let world = World::of(&JOB);
    world.cloud.fail("Create", 1, Fault::CrashAfter);
    world.create("a", json!({"size": 1})).await;
    let operator = world.start();
    world.until("the operator died", |_| operator.process.is_dead()).await;
    world.patch("a", json!({"spec": {"size": 2}})).await;
    let _operator = world.start();
    let message = world.until_says("a", "Refused").await;
    assert!(message.contains("parameters differ"), "{message}");
    assert!(world.object("a").unwrap()["status"]["record"]["intent"].is_object(), "what was made is not forgotten");
    world.patch("a", json!({"spec": {"size": 1}})).await;
    world.until_ready("a").await;
    world.patch("a", json!({"spec": {"size": 2}})).await;
    world.until_ready("a").await;
    assert_eq!(world.cloud.only("Job").1.fields["size"], 2);
}

#[tokio::test(start_paused = true)]
async fn what_is_adopted_by_its_id_and_gone_is_made_under_another() {
    for kind in ALL {
        let world = World::of(kind);
        let _operator = world.start();
        let annotations = json!({
            "aws.cairn.run/adoption-policy": "adopt-or-create",
            "aws.cairn.run/adoption-fields": "{\"id\": \"gone-1\"}",
        });
        let metadata = json!({"name": "a", "namespace": HERE, "annotations": annotations});
        world.create_with(kind, &metadata, json!({"size": 1})).await;
        world.until_ready("a").await;
        let (id, _) = world.cloud.only(kind.kind);
        world.patch("a", json!({"spec": {"size": 2}})).await;
        world.until_ready("a").await;
        assert_eq!(world.cloud.only(kind.kind).0, id);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_adopted_by_its_id_is_the_objects_from_then_on() {
    for kind in ALL {
        let world = World::of(kind);
        let id = world.cloud.put(kind.kind);
        let _operator = world.start();
        let fields = json!({"id": id}).to_string();
        let annotations =
            json!({"aws.cairn.run/adoption-policy": "adopt-or-create", "aws.cairn.run/adoption-fields": fields});
        let metadata = json!({"name": "a", "namespace": HERE, "annotations": annotations});
        world.create_with(kind, &metadata, json!({"size": 1})).await;
        world.until_ready("a").await;
        let (found, resource) = world.cloud.only(kind.kind);
        assert_eq!((found, &resource.fields["size"]), (id, &json!(1)));
        assert_eq!(resource.tags.contains_key("cairn.run/name"), kind.kind != SHOT.kind);
    }
}
