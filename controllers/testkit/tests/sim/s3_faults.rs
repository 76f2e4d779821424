//! Faults, hooks, crashes and eventual reads of AWS.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    config::{retry::RetryConfig, timeout::TimeoutConfig},
    error::{ProvideErrorMetadata, SdkError},
    types::{Tag, Tagging},
};
use cairn_testkit::{
    Fault, Matcher, Process,
    aws::{Aws, AwsCall, BucketSeed},
};

use crate::support::{s3, s3_config};

fn tagging(value: &str) -> Tagging {
    let tag = Tag::builder().key("k").value(value).build().unwrap();
    Tagging::builder().tag_set(tag).build().unwrap()
}

async fn put_tag(client: &Client, value: &str) -> Result<(), Option<String>> {
    let sent = client.put_bucket_tagging().bucket("mine").tagging(tagging(value)).send().await;
    sent.map(drop).map_err(|error| error.code().map(str::to_owned))
}

fn tag(aws: &Aws) -> Option<String> {
    aws.bucket("mine").unwrap().tags.get("k").cloned()
}

#[tokio::test(start_paused = true)]
async fn failures_before_and_after_the_write() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    for (value, fault, code, written) in [
        ("1", Fault::Status(503), Some("SlowDown"), None),
        ("2", Fault::Status(500), Some("InternalError"), None),
        ("3", Fault::StatusAfterCommit(500), Some("InternalError"), Some("3")),
        ("4", Fault::DropBefore, None, Some("3")),
        ("5", Fault::DropAfter, None, Some("5")),
        ("6", Fault::Error(409, "OperationAborted"), Some("OperationAborted"), Some("5")),
        ("7", Fault::ErrorAfterCommit(503, "SlowDown"), Some("SlowDown"), Some("7")),
    ] {
        aws.fail(Matcher::operation("PutBucketTagging").bucket("mine").first(1), fault);
        assert_eq!(put_tag(&client, value).await, Err(code.map(str::to_owned)), "{fault:?}");
        assert_eq!(tag(&aws).as_deref(), written, "{fault:?}");
    }
    put_tag(&client, "8").await.unwrap();
    let statuses: Vec<u16> = aws.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [503, 500, 500, 0, 0, 409, 503, 204]);
    assert_eq!(aws.calls()[0].code.as_deref(), Some("SlowDown"));
}

#[tokio::test(start_paused = true)]
async fn every_attempt_of_the_sdk_is_counted() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let config = s3_config(&aws, &Process::new(), "us-east-1", "AKIAMINE").retry_config(RetryConfig::standard());
    let client = Client::from_conf(config.build());
    aws.fail(Matcher::operation("HeadBucket").first(2), Fault::Status(503));
    client.head_bucket().bucket("mine").send().await.unwrap();
    let statuses: Vec<u16> = aws.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [503, 503, 200]);
}

#[tokio::test(start_paused = true)]
async fn guards_lift_what_they_stand_for() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    let denied = aws.deny("PutBucketTagging");
    assert_eq!(put_tag(&client, "1").await, Err(Some("AccessDenied".to_owned())));
    drop(denied);
    let throttled = aws.throttle(|call: &AwsCall| call.is_write());
    assert_eq!(put_tag(&client, "2").await, Err(Some("SlowDown".to_owned())));
    client.head_bucket().bucket("mine").send().await.unwrap();
    drop(throttled);
    let down = aws.region_down("us-east-1");
    let error = client.head_bucket().bucket("mine").send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    drop(down);
    put_tag(&client, "3").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_limited_for_those_that_are_meant() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    let limit = aws.limit(AwsCall::is_write, 4.0);
    let burst = async || {
        let mut taken = 0;
        for _ in 0..10 {
            taken += u32::from(put_tag(&client, "1").await.is_ok());
            client.head_bucket().bucket("mine").send().await.unwrap();
        }
        taken
    };
    assert_eq!(burst().await, 4);
    tokio::time::advance(Duration::from_millis(500)).await;
    assert_eq!(burst().await, 2);
    tokio::time::advance(Duration::from_mins(1)).await;
    assert_eq!(burst().await, 4);
    assert!(aws.calls().iter().all(|call| call.status < 400 || call.code.as_deref() == Some("SlowDown")));
    drop(limit);
    assert_eq!(burst().await, 10);
}

#[tokio::test(start_paused = true)]
async fn slow_answers_and_none_take_virtual_time() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    let started = tokio::time::Instant::now();
    aws.fail(Matcher::operation("HeadBucket").nth(1), Fault::Delay(Duration::from_secs(20)));
    client.head_bucket().bucket("mine").send().await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(20));
    aws.fail("HeadBucket", Fault::Never);
    let timeouts = [
        TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(30)).build(),
        TimeoutConfig::builder().read_timeout(Duration::from_secs(30)).build(),
    ];
    for timeouts in timeouts {
        let config = s3_config(&aws, &Process::new(), "us-east-1", "AKIAMINE").timeout_config(timeouts);
        let started = tokio::time::Instant::now();
        Client::from_conf(config.build()).head_bucket().bucket("mine").send().await.unwrap_err();
        assert_eq!(started.elapsed(), Duration::from_secs(30));
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_write_lands_after_its_caller_gave_up() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    aws.fail(Matcher::operation("PutBucketTagging").nth(1), Fault::Late(Duration::from_secs(10)));
    put_tag(&client, "late").await.unwrap_err();
    put_tag(&client, "early").await.unwrap();
    tokio::time::sleep(Duration::from_secs(11)).await;
    assert_eq!(tag(&aws).as_deref(), Some("late"));
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_comes_after_the_write() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    aws.fail("PutBucketTagging", Fault::SlowAnswer(Duration::from_mins(1)));
    let given_up = tokio::time::timeout(Duration::from_secs(30), put_tag(&client, "done")).await;
    assert!(given_up.is_err());
    assert_eq!(tag(&aws).as_deref(), Some("done"));
    put_tag(&client, "again").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn reads_may_lag() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    put_tag(&client, "old").await.unwrap();
    aws.eventual_reads(Duration::from_secs(5));
    let read = async || -> Option<String> {
        let tags = client.get_bucket_tagging().bucket("mine").send().await.ok()?;
        Some(tags.tag_set()[0].value().to_owned())
    };
    assert_eq!(read().await.as_deref(), Some("old"), "what everybody has seen stays");
    put_tag(&client, "new").await.unwrap();
    assert_eq!(read().await.as_deref(), Some("old"));
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(read().await.as_deref(), Some("new"));

    client.create_bucket().bucket("fresh").send().await.unwrap();
    client.head_bucket().bucket("fresh").send().await.unwrap_err();
    client.delete_bucket().bucket("mine").send().await.unwrap();
    client.head_bucket().bucket("mine").send().await.unwrap();
    tokio::time::advance(Duration::from_secs(5)).await;
    client.head_bucket().bucket("fresh").send().await.unwrap();
    client.head_bucket().bucket("mine").send().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_crash_comes_right_after_the_call() {
    let aws = Aws::new();
    let process = Process::new();
    let client = Client::from_conf(s3_config(&aws, &process, "us-east-1", "AKIAMINE").build());
    let crash = aws.crash_after("CreateBucket");
    let controller = tokio::spawn(async move {
        client.create_bucket().bucket("mine").send().await.unwrap();
        client.delete_bucket().bucket("mine").send().await.unwrap();
    });
    let call = crash.await;
    assert_eq!((call.operation.as_str(), call.status), ("CreateBucket", 200));
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert!(!controller.is_finished());
    controller.abort();
    assert_eq!(aws.bucket_names(), ["mine"]);
    s3(&aws, "us-east-1").head_bucket().bucket("mine").send().await.unwrap();
}
