//! What is refused to the public in an account: a setting, which nobody creates, owns or deletes.

use std::time::Duration;

use cairn_crds::s3control::ACCOUNT_PUBLIC_ACCESS_BLOCK;
use cairn_testkit::{Matcher, aws::RoleSeed};
use k8s_openapi::api::core::v1::Namespace;
use kube::{
    Api,
    api::{Patch, PatchParams, PostParams},
};
use serde_json::{Value, json};

use crate::{
    harness::{World, pass},
    points::{self, errors_of_aws, every_crash},
};

const ACCOUNT: &str = "111122223333";
const OTHER: &str = "444455556666";
const FIELDS: [(&str, &str); 4] = [
    ("blockPublicACLs", "BlockPublicAcls"),
    ("blockPublicPolicy", "BlockPublicPolicy"),
    ("ignorePublicACLs", "IgnorePublicAcls"),
    ("restrictPublicBuckets", "RestrictPublicBuckets"),
];

fn world() -> World {
    World::about(&ACCOUNT_PUBLIC_ACCESS_BLOCK)
}

/// All four settings alike.
fn all(on: bool) -> Value {
    let fields: Value = FIELDS.into_iter().map(|(field, _)| (field.to_owned(), json!(on))).collect();
    json!({ "publicAccessBlockConfiguration": fields })
}

/// Whether AWS has each of the four settings; `None` where it has no configuration.
fn in_aws(world: &World, account: &str) -> Option<[bool; 4]> {
    let block = world.aws.account_block(account)?;
    Some(FIELDS.map(|(_, name)| block[name]))
}

async fn objects_follow_each_other(world: &World, first: &str, then: &str) {
    world.create(first, all(true)).await;
    pass(Duration::from_secs(2)).await;
    world.create(then, all(false)).await;
}

#[tokio::test(start_paused = true)]
async fn an_account_is_told_once_and_keeps_what_it_has_when_the_object_goes() {
    let world = world();
    let operator = world.start("one");
    world.create("account", all(true)).await;
    world.until_ready("account").await;
    assert_eq!(world.operations(), ["GetPublicAccessBlock", "PutPublicAccessBlock"]);
    let written: Vec<_> = world.kubernetes_calls().into_iter().filter(|call| call.verb != "create").collect();
    assert_eq!(written.len(), 2, "{written:?}");
    assert_eq!(in_aws(&world, ACCOUNT), Some([true; 4]));
    let object = world.object("account").unwrap();
    assert!(object["metadata"]["finalizers"].is_null(), "{object}");
    assert_eq!(object["status"]["ackResourceMetadata"]["ownerAccountID"], ACCOUNT);
    operator.stop().await;
    world.forget_calls();
    let _operator = world.start("two");
    pass(Duration::from_mins(5)).await;
    assert!(world.operations().is_empty(), "a restart is free: {:?}", world.operations());
    world.delete("account").await;
    world.until_gone("account").await;
    pass(Duration::from_mins(5)).await;
    assert!(world.operations().is_empty(), "{:?}", world.operations());
    assert_eq!(in_aws(&world, ACCOUNT), Some([true; 4]));
}

#[tokio::test(start_paused = true)]
async fn a_check_is_one_call_and_puts_back_what_was_changed() {
    let world = world().flag("--reconcile-default-resync-seconds=600");
    let _operator = world.start("one");
    world.create("account", all(true)).await;
    world.until_ready("account").await;
    world.forget_calls();
    world.until("a check", |world| !world.operations().is_empty()).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(world.operations(), ["GetPublicAccessBlock"]);
    assert!(world.kubernetes_calls().is_empty(), "{:?}", world.kubernetes_calls());
    world.aws.set_account_block(ACCOUNT, false);
    world.until("it is put back", |world| in_aws(world, ACCOUNT) == Some([true; 4])).await;
    world.until("it is told", |world| world.events("DriftCorrected") == 1).await;
    assert_eq!(world.mutations(), ["PutPublicAccessBlock"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_declared_stays_and_only_false_takes_a_protection_away() {
    let world = world();
    world.aws.set_account_block(ACCOUNT, true);
    let _operator = world.start("one");
    world.create("account", json!({"publicAccessBlockConfiguration": {"blockPublicACLs": true}})).await;
    world.until_ready("account").await;
    assert!(world.mutations().is_empty(), "AWS has it already");
    let part = |block: Value| json!({"spec": {"publicAccessBlockConfiguration": block}});
    world.patch("account", part(json!({"blockPublicACLs": null}))).await;
    world.until("it is told", |world| world.events("NoLongerManaged") == 1).await;
    world.until_ready("account").await;
    assert!(world.mutations().is_empty());
    world.patch("account", part(json!({"blockPublicPolicy": false}))).await;
    world.until_ready("account").await;
    assert_eq!(in_aws(&world, ACCOUNT), Some([true, false, true, true]));
}

#[tokio::test(start_paused = true)]
async fn of_two_objects_the_older_is_heard_and_the_younger_follows_when_it_goes() {
    let world = World { unfenced: true, ..world() };
    let operator = world.start("one");
    objects_follow_each_other(&world, "older", "younger").await;
    world.until_ready("older").await;
    world.until_reason("younger", "NotOwned").await;
    let (_, _, message, stalled) = world.ready("younger").unwrap();
    assert!(stalled && message.contains("AccountPublicAccessBlock default/older"), "{message}");
    assert_eq!(in_aws(&world, ACCOUNT), Some([true; 4]));
    pass(Duration::from_hours(3)).await;
    assert_eq!(world.mutations(), ["PutPublicAccessBlock"]);
    operator.stop().await;
    let _operator = world.start("two");
    pass(Duration::from_mins(1)).await;
    world.forget_calls();
    world.delete("older").await;
    world.until_ready("younger").await;
    assert_eq!(in_aws(&world, ACCOUNT), Some([false; 4]));
    assert_eq!(world.operations(), ["GetPublicAccessBlock", "PutPublicAccessBlock"]);
}

#[tokio::test(start_paused = true)]
async fn objects_that_were_there_before_the_operator_are_heard_by_their_age() {
    let world = world();
    objects_follow_each_other(&world, "z", "a").await;
    let _operator = world.start("one");
    world.until_ready("z").await;
    world.until_reason("a", "NotOwned").await;
    assert_eq!(world.mutations(), ["PutPublicAccessBlock"]);
    assert_eq!(in_aws(&world, ACCOUNT), Some([true; 4]));
}

#[tokio::test(start_paused = true)]
async fn an_object_of_another_account_stands_in_nobodys_way_until_it_comes_to_the_same() {
    let world = world();
    let role = format!("arn:aws:iam::{OTHER}:role/cairn");
    let selector = json!({
        "apiVersion": "aws.cairn.run/v1alpha1", "kind": "IAMRoleSelector", "metadata": {"name": "team"},
        "spec": {"arn": role, "namespaceSelector": {"labelSelector": {"matchLabels": {"team": "b"}}}},
    });
    let resource = cairn_runtime::engine::resource(&cairn_crds::shared::IAM_ROLE_SELECTOR, &world.groups);
    let selectors: Api<kube::core::DynamicObject> = Api::all_with(world.api.client(), &resource);
    selectors.create(&PostParams::default(), &serde_json::from_value(selector).unwrap()).await.unwrap();
    let namespaces: Api<Namespace> = Api::all(world.api.client());
    let label = |team: Value| Patch::Merge(json!({"metadata": {"labels": {"team": team}}}));
    let _operator = world.start("one");
    // The role is not there yet: the older object speaks for nothing.
    namespaces.patch("default", &PatchParams::default(), &label(json!("b"))).await.unwrap();
    world.create("older", all(true)).await;
    world.until("it stalls", |world| world.ready("older").is_some_and(|ready| !ready.0)).await;
    world.aws.put_role(RoleSeed::new(&role));
    world.until_ready("older").await;
    assert_eq!(in_aws(&world, OTHER), Some([true; 4]));
    selectors.delete("team", &kube::api::DeleteParams::default()).await.unwrap();
    world.create("younger", all(false)).await;
    world.until_ready("younger").await;
    assert_eq!((in_aws(&world, OTHER), in_aws(&world, ACCOUNT)), (Some([true; 4]), Some([false; 4])));
}

#[tokio::test(start_paused = true)]
async fn a_plan_is_shown_and_not_carried_out() {
    let world = world();
    let _operator = world.start("one");
    world.create_annotated("account", all(true), &[("mode", "Plan")]).await;
    world.until_reason("account", "Planned").await;
    assert_eq!(world.object("account").unwrap()["status"]["plan"]["steps"][0]["operation"], "PutPublicAccessBlock");
    assert!(world.mutations().is_empty());
    world.create_annotated("adopting", all(true), &[("adoption-policy", "adopt")]).await;
    world.until_reason("adopting", "InvalidSpec").await;
    assert!(world.ready("adopting").unwrap().2.contains("nobody owns"));
}

/// An account is told what it is to refuse while things fail.
#[derive(Clone, Copy, Debug)]
struct Telling;

impl points::Story for Telling {
    fn world(self) -> World {
        world().unhurried()
    }

    async fn prepare(self, _: &World) {}

    async fn act(self, world: &World) {
        world.create("account", all(true)).await;
    }

    async fn done(self, world: &World) {
        world.until_ready("account").await;
    }

    fn check(self, world: &World, point: &str) {
        assert_eq!(in_aws(world, ACCOUNT), Some([true; 4]), "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_call_does_no_harm() {
    every_crash(Telling).await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_any_call_does_no_harm() {
    for (operation, error) in ["GetPublicAccessBlock", "PutPublicAccessBlock"]
        .into_iter()
        .flat_map(|operation| errors_of_aws().into_iter().map(move |error| (operation, error)))
    {
        let world = World { unfenced: true, ..world() };
        world.aws.fail(Matcher::operation(operation).nth(1), error);
        let _operator = world.start("one");
        world.create("account", all(true)).await;
        world.until_ready("account").await;
        assert_eq!(in_aws(&world, ACCOUNT), Some([true; 4]), "{error:?} at {operation}");
        assert!(world.mutations().len() <= 2, "{error:?} at {operation}: {:?}", world.mutations());
    }
}
