//! Nothing is lost or made twice, whatever is cut off, late or unanswered.

use std::time::Duration;

use cairn_testkit::{Fault, Matcher, aws::dynamodb::model::BillingMode};
use serde_json::json;

use super::{count, full, provisioned, table, tag, units, world};
use crate::{
    harness::{World, pass},
    points::{self, every_crash, every_error},
};

#[tokio::test(start_paused = true)]
async fn reads_that_lag_behind_make_no_second_create_and_orphan_nothing() {
    for delete_at_once in [false, true] {
        let world = world(Duration::from_secs(1));
        world.aws.eventual_reads(Duration::from_secs(3));
        let _operator = world.start("one");
        world.create("orders", full()).await;
        world.until("it is made", |world| table(world).is_some()).await;
        if delete_at_once {
            world.delete("orders").await;
            world.until_gone("orders").await;
            assert!(world.aws.tables().is_empty());
        } else {
            world.until_ready("orders").await;
        }
        assert_eq!(count(&world, "CreateTable"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn ambiguous_answers_are_resolved_by_reading() {
    let faults =
        || [Fault::StatusAfterCommit(500), Fault::DropAfter, Fault::Late(Duration::from_secs(2)), Fault::Never];
    for operation in ["CreateTable", "UpdateTable", "TagResource", "DeleteTable"] {
        for (n, fault) in faults().into_iter().enumerate() {
            let world = world(Duration::from_millis(300));
            let _operator = world.start("one");
            world.aws.fail(Matcher::operation(operation).nth(1), fault);
            world.create("orders", full()).await;
            world.until_ready("orders").await;
            let mut edit = provisioned(9);
            edit["tags"] = json!([{"key": "team", "value": "b"}]);
            world.patch("orders", json!({"spec": edit})).await;
            world.until_ready("orders").await;
            let found = table(&world).unwrap();
            assert_eq!((units(&found).1, tag(&found, "team").as_deref()), (9, Some("b")), "{operation} {n}");
            world.delete("orders").await;
            world.until_gone("orders").await;
            pass(Duration::from_mins(2)).await;
            assert!(world.aws.tables().is_empty(), "{operation} {n}: left behind");
        }
    }
}

/// What a user does, and what has to be true in the end.
#[derive(Clone, Copy, Debug)]
enum Story {
    Create,
    Update,
    Delete,
}

impl points::Story for Story {
    fn world(self) -> World {
        World { unfenced: true, ..world(Duration::from_millis(500)) }
    }

    async fn prepare(self, world: &World) {
        if matches!(self, Self::Create) {
            return;
        }
        let operator = world.start("before");
        world.create("orders", full()).await;
        world.until_ready("orders").await;
        operator.stop().await;
    }

    async fn act(self, world: &World) {
        match self {
            Self::Create => world.create("orders", full()).await,
            Self::Update => {
                let edit = json!({
                    "billingMode": "PAY_PER_REQUEST",
                    "provisionedThroughput": null,
                    "tags": [{"key": "env", "value": "b"}],
                });
                world.patch("orders", json!({"spec": edit})).await;
            }
            Self::Delete => world.delete("orders").await,
        }
    }

    async fn done(self, world: &World) {
        match self {
            Self::Create | Self::Update => world.until_ready("orders").await,
            Self::Delete => world.until_gone("orders").await,
        }
    }

    fn check(self, world: &World, point: &str) {
        let (Self::Create | Self::Update) = self else {
            assert!(world.aws.tables().is_empty(), "{point}");
            return;
        };
        assert_eq!(world.aws.tables().len(), 1, "{point}");
        let table = table(world).unwrap();
        let created = matches!(self, Self::Create);
        let mode = if created { BillingMode::Provisioned } else { BillingMode::PayPerRequest };
        assert_eq!(table.billing.mode, mode, "{point}");
        assert_eq!(tag(&table, "team").is_some(), created, "{point}");
        assert_eq!(tag(&table, "env").is_some(), !created, "{point}");
        assert!(tag(&table, "cairn.run/owner").is_some(), "{point}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_survives_a_crash_before_and_after_every_call() {
    every_crash(Story::Create).await;
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
async fn a_create_survives_every_error_at_every_call() {
    every_error(Story::Create).await;
}

#[tokio::test(start_paused = true)]
async fn an_update_survives_every_error_at_every_call() {
    every_error(Story::Update).await;
}

#[tokio::test(start_paused = true)]
async fn a_delete_survives_every_error_at_every_call() {
    every_error(Story::Delete).await;
}
