//! The security token service.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider};
use aws_credential_types::{
    Credentials,
    provider::{ProvideCredentials, SharedCredentialsProvider},
};
use aws_sdk_s3::{
    error::ProvideErrorMetadata,
    types::{BucketLocationConstraint, CreateBucketConfiguration},
};
use aws_sdk_sts::{operation::assume_role::builders::AssumeRoleFluentBuilder, types::Tag};
use cairn_testkit::{
    Fault, Matcher,
    aws::{Aws, RoleSeed},
};

async fn config(aws: &Aws, access_key: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(aws.http_client())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .time_source(aws.clock().clone())
        .retry_config(RetryConfig::disabled())
        .load()
        .await
}

#[tokio::test(start_paused = true)]
async fn the_account_follows_from_the_access_key() {
    let aws = Aws::new();
    aws.set_account("AKIAOTHER", "444455556666");
    for (key, account) in [("AKIAMINE", "111122223333"), ("AKIAOTHER", "444455556666")] {
        let sts = aws_sdk_sts::Client::new(&config(&aws, key).await);
        let identity = sts.get_caller_identity().send().await.unwrap();
        assert_eq!(identity.account(), Some(account));
    }
    let call = &aws.calls()[0];
    assert_eq!((call.service.as_str(), call.operation.as_str()), ("sts", "GetCallerIdentity"));
    assert_eq!((call.region.as_str(), call.status), ("eu-west-1", 200));
}

const ROLE: &str = "arn:aws:iam::444455556666:role/path/operator";

#[tokio::test(start_paused = true)]
async fn a_role_acts_in_its_own_account() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(ROLE));
    let base = config(&aws, "AKIAMINE").await;
    let provider = AssumeRoleProvider::builder(ROLE).session_name("cairn").configure(&base).build().await;
    let role = as_session(&base, provider.provide_credentials().await.unwrap());
    let identity = aws_sdk_sts::Client::new(&role).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("444455556666"));
    assert_eq!(identity.arn(), Some("arn:aws:sts::444455556666:assumed-role/operator/cairn"));
    let s3 = aws_sdk_s3::Client::new(&role);
    let here = CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::EuWest1).build();
    s3.create_bucket().bucket("theirs").create_bucket_configuration(here).send().await.unwrap();
    assert_eq!(aws.bucket("theirs").unwrap().account, "444455556666");
}

fn as_session(base: &SdkConfig, credentials: Credentials) -> SdkConfig {
    let credentials = SharedCredentialsProvider::new(credentials);
    base.to_builder().credentials_provider(credentials).build()
}

/// Asks for a session of [`ROLE`] and gives the error, if it is one, as code and message.
async fn assume(
    base: &SdkConfig,
    ask: impl FnOnce(AssumeRoleFluentBuilder) -> AssumeRoleFluentBuilder,
) -> Result<Credentials, (String, String)> {
    let call = aws_sdk_sts::Client::new(base).assume_role().role_arn(ROLE).role_session_name("cairn");
    match ask(call).send().await {
        Ok(answer) => {
            let given = answer.credentials.unwrap();
            Ok(Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), None, "test"))
        }
        Err(error) => Err((error.code().unwrap().to_owned(), error.message().unwrap_or_default().to_owned())),
    }
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

async fn denied(base: &SdkConfig, ask: impl FnOnce(AssumeRoleFluentBuilder) -> AssumeRoleFluentBuilder, action: &str) {
    let (code, message) = assume(base, ask).await.unwrap_err();
    assert_eq!(code, "AccessDenied");
    assert!(message.contains(action) && message.contains(ROLE), "{message}");
}

#[tokio::test(start_paused = true)]
async fn the_trust_policy_decides() {
    let aws = Aws::new();
    let base = config(&aws, "AKIAMINE").await;
    denied(&base, |call| call, "sts:AssumeRole").await;
    aws.put_role(RoleSeed::new(ROLE).trusts("999999999999"));
    denied(&base, |call| call, "sts:AssumeRole").await;
    aws.put_role(RoleSeed::new(ROLE).trusts("arn:aws:iam::111122223333:user/testkit").external_id("tenant-7"));
    denied(&base, |call| call, "sts:AssumeRole").await;
    denied(&base, |call| call.external_id("tenant-8"), "sts:AssumeRole").await;
    denied(&base, |call| call.external_id("tenant-7").tags(tag("a", "b")), "sts:TagSession").await;
    assert!(assume(&base, |call| call.external_id("tenant-7")).await.is_ok());
    aws.put_role(RoleSeed::new(ROLE).require_tag("kubernetes-namespace", "team-a"));
    denied(&base, |call| call, "sts:AssumeRole").await;
    denied(&base, |call| call.tags(tag("kubernetes-namespace", "team-b")), "sts:AssumeRole").await;
    assert!(assume(&base, |call| call.tags(tag("kubernetes-namespace", "team-a"))).await.is_ok());
    let sessions = aws.sessions();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[0].external_id.as_deref(), Some("tenant-7"));
    assert_eq!(sessions[1].tags["kubernetes-namespace"], "team-a");
}

#[tokio::test(start_paused = true)]
async fn a_session_ends_with_its_time() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(ROLE));
    let base = config(&aws, "AKIAMINE").await;
    let role = as_session(&base, assume(&base, |call| call.duration_seconds(900)).await.unwrap());
    let (s3, sts) = (aws_sdk_s3::Client::new(&role), aws_sdk_sts::Client::new(&role));
    tokio::time::advance(Duration::from_secs(899)).await;
    assert!(s3.list_buckets().send().await.is_ok());
    tokio::time::advance(Duration::from_secs(1)).await;
    let error = s3.list_buckets().send().await.unwrap_err();
    assert_eq!((error.code(), error.raw_response().unwrap().status().as_u16()), (Some("ExpiredToken"), 400));
    let error = sts.get_caller_identity().send().await.unwrap_err();
    assert_eq!((error.code(), error.raw_response().unwrap().status().as_u16()), (Some("ExpiredToken"), 403));
}

#[tokio::test(start_paused = true)]
async fn a_session_needs_its_token() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(ROLE));
    let base = config(&aws, "AKIAMINE").await;
    let session = assume(&base, |call| call).await.unwrap();
    for (key, code) in [(session.access_key_id(), "InvalidToken"), ("ASIAINVENTED", "InvalidAccessKeyId")] {
        let forged = Credentials::new(key, "secret", Some("another".into()), None, "test");
        let s3 = aws_sdk_s3::Client::new(&as_session(&base, forged));
        assert_eq!(s3.list_buckets().send().await.unwrap_err().code(), Some(code));
    }
}

#[tokio::test(start_paused = true)]
async fn limits_are_those_of_the_api() {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(ROLE).allow_tags().longest_session(Duration::from_hours(2)));
    let base = config(&aws, "AKIAMINE").await;
    let session = as_session(&base, assume(&base, |call| call.duration_seconds(7_200)).await.unwrap());
    let invalid = |outcome: Result<Credentials, (String, String)>, word: &str| {
        let (code, message) = outcome.unwrap_err();
        assert!(code == "ValidationError" && message.contains(word), "{code} {message}");
    };
    invalid(assume(&base, |call| call.duration_seconds(899)).await, "durationSeconds");
    invalid(assume(&base, |call| call.duration_seconds(7_201)).await, "MaxSessionDuration");
    invalid(assume(&base, |call| call.role_session_name("a b")).await, "roleSessionName");
    invalid(assume(&base, |call| call.role_session_name("x".repeat(65))).await, "roleSessionName");
    invalid(assume(&base, |call| call.external_id("%")).await, "externalId");
    invalid(assume(&base, |call| call.tags(tag("a", "1")).tags(tag("A", "2"))).await, "tags");
    aws.put_role(RoleSeed::new(ROLE).trusts("444455556666").longest_session(Duration::from_hours(2)));
    invalid(assume(&session, |call| call.duration_seconds(7_200)).await, "role chaining");
    assert!(assume(&session, |call| call).await.is_ok(), "a role may assume a role");
    let (code, message) = assume(&base, |call| call.policy("{}")).await.unwrap_err();
    assert!(code == "NotImplemented" && message.contains("Policy"), "{message}");
}

#[tokio::test(start_paused = true)]
async fn errors_are_those_of_the_query_protocol() {
    let aws = Aws::new();
    aws.fail(Matcher::operation("GetCallerIdentity").nth(1), Fault::Error(403, "ExpiredToken"));
    let sts = aws_sdk_sts::Client::new(&config(&aws, "AKIAMINE").await);
    let error = sts.get_caller_identity().send().await.unwrap_err();
    assert_eq!(error.code(), Some("ExpiredToken"));
}
