//! The security token service.

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, sts::AssumeRoleProvider};
use aws_credential_types::{Credentials, provider::ProvideCredentials};
use aws_sdk_s3::error::ProvideErrorMetadata;
use cairn_testkit::{Fault, Matcher, aws::Aws};

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

#[tokio::test(start_paused = true)]
async fn a_role_acts_in_its_own_account() {
    let aws = Aws::new();
    let base = config(&aws, "AKIAMINE").await;
    let provider = AssumeRoleProvider::builder("arn:aws:iam::444455556666:role/path/operator")
        .session_name("cairn")
        .configure(&base)
        .build()
        .await;
    let credentials = provider.provide_credentials().await.unwrap();
    let role =
        base.into_builder().credentials_provider(aws_sdk_sts::config::SharedCredentialsProvider::new(credentials));
    let identity = aws_sdk_sts::Client::new(&role.build()).get_caller_identity().send().await.unwrap();
    assert_eq!(identity.account(), Some("444455556666"));
    assert_eq!(identity.arn(), Some("arn:aws:sts::444455556666:assumed-role/operator/cairn"));
}

#[tokio::test(start_paused = true)]
async fn errors_are_those_of_the_query_protocol() {
    let aws = Aws::new();
    aws.fail(Matcher::operation("GetCallerIdentity").nth(1), Fault::Error(403, "ExpiredToken"));
    let sts = aws_sdk_sts::Client::new(&config(&aws, "AKIAMINE").await);
    let error = sts.get_caller_identity().send().await.unwrap_err();
    assert_eq!(error.code(), Some("ExpiredToken"));
}
