//! Faults, crashes and eventual reads of DynamoDB.

use std::time::Duration;

use aws_sdk_dynamodb::{Client, error::ProvideErrorMetadata, types::TableStatus};
use cairn_testkit::{
    Fault, Matcher, Process,
    aws::{Aws, AwsCall},
};

use super::{
    support::{client, config},
    wire::{creation, status},
};

async fn protect(client: &Client, protected: bool) -> Result<(), Option<String>> {
    let update = client.update_table().table_name("orders").deletion_protection_enabled(protected);
    update.send().await.map(drop).map_err(|error| error.code().map(str::to_owned))
}

async fn with_table(aws: &Aws) -> Client {
    let client = client(aws, "eu-west-1");
    creation(&client, "orders").send().await.unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    client
}

fn protected(aws: &Aws) -> bool {
    aws.table("eu-west-1", "orders").unwrap().deletion_protection
}

#[tokio::test(start_paused = true)]
async fn failures_before_and_after_the_write() {
    let aws = Aws::new();
    let client = with_table(&aws).await;
    for (fault, code, written) in [
        (Fault::Status(500), Some("InternalServerError"), false),
        (Fault::Status(503), Some("ServiceUnavailable"), false),
        (Fault::StatusAfterCommit(500), Some("InternalServerError"), true),
        (Fault::DropBefore, None, false),
        (Fault::DropAfter, None, true),
        (Fault::Error(400, "LimitExceededException"), Some("LimitExceededException"), false),
        (Fault::ErrorAfterCommit(400, "ThrottlingException"), Some("ThrottlingException"), true),
    ] {
        let before = protected(&aws);
        aws.fail(Matcher::operation("UpdateTable").table("orders").first(1), fault);
        assert_eq!(protect(&client, !before).await, Err(code.map(str::to_owned)), "{fault:?}");
        assert_eq!(protected(&aws) != before, written, "{fault:?}");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    aws.fail(Matcher::operation("UpdateTable").table("another"), Fault::Status(500));
    protect(&client, !protected(&aws)).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn throttled_and_denied_in_its_own_words() {
    let aws = Aws::new();
    let client = with_table(&aws).await;
    let throttled = aws.throttle(AwsCall::is_write);
    assert_eq!(protect(&client, true).await, Err(Some("ThrottlingException".to_owned())));
    assert_eq!(aws.calls().last().unwrap().status, 400);
    drop(throttled);
    let denied = aws.deny("UpdateTable");
    assert_eq!(protect(&client, true).await, Err(Some("AccessDeniedException".to_owned())));
    drop(denied);
    protect(&client, true).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_crash_comes_right_after_the_call() {
    let aws = Aws::new();
    let process = Process::new();
    let mine = Client::from_conf(config(&aws, &process, "eu-west-1", "AKIAMINE").build());
    let crash = aws.crash_after("CreateTable");
    let controller = tokio::spawn(async move {
        creation(&mine, "orders").send().await.unwrap();
        mine.delete_table().table_name("orders").send().await.unwrap();
    });
    assert_eq!(crash.await.table.as_deref(), Some("orders"));
    assert!(process.is_dead());
    tokio::time::sleep(Duration::from_mins(1)).await;
    controller.abort();
    assert_eq!(status(&client(&aws, "eu-west-1"), "orders").await, Some(TableStatus::Active));
}

#[tokio::test(start_paused = true)]
async fn reads_may_lag() {
    let aws = Aws::new();
    let client = with_table(&aws).await;
    aws.eventual_reads(Duration::from_secs(5));
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Active), "what everybody has seen stays");
    protect(&client, true).await.unwrap();
    assert_eq!(protect(&client, false).await, Err(Some("ResourceInUseException".to_owned())), "writes see the present");
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Active));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Updating), "as it was five seconds ago");
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Active));

    creation(&client, "fresh").send().await.unwrap();
    assert_eq!(status(&client, "fresh").await, None);
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(status(&client, "fresh").await, Some(TableStatus::Creating));
    client.delete_table().table_name("fresh").send().await.unwrap();
    tokio::time::advance(Duration::from_secs(4)).await;
    assert_eq!(status(&client, "fresh").await, Some(TableStatus::Active));
    assert!(aws.edit_table("eu-west-1", "orders", |table| table.tags.clear()));
    aws.eventual_reads(Duration::ZERO);
    assert_eq!(status(&client, "fresh").await, None);
}
