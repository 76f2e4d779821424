//! Parts of a bucket's configuration.

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        BucketCannedAcl, BucketVersioningStatus, ObjectOwnership, OwnershipControls, OwnershipControlsRule,
        PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
        ServerSideEncryptionConfiguration, ServerSideEncryptionRule, Tag, Tagging, VersioningConfiguration,
    },
};
use cairn_testkit::aws::{Aws, BucketSeed};

use crate::support::s3;

fn bucket() -> (Aws, Client) {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let client = s3(&aws, "us-east-1");
    (aws, client)
}

/// The error code of a failed call.
macro_rules! code {
    ($call:expr) => {
        $call.send().await.unwrap_err().code().unwrap_or_default().to_owned()
    };
}

fn tagging(tags: &[(&str, &str)]) -> Tagging {
    let tag = |(key, value): &(&str, &str)| Tag::builder().key(*key).value(*value).build().unwrap();
    Tagging::builder().set_tag_set(Some(tags.iter().map(tag).collect())).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn tags() {
    let (aws, client) = bucket();
    assert_eq!(code!(client.get_bucket_tagging().bucket("mine")), "NoSuchTagSet");
    client.put_bucket_tagging().bucket("mine").tagging(tagging(&[("a", "1"), ("b", "")])).send().await.unwrap();
    let read = client.get_bucket_tagging().bucket("mine").send().await.unwrap();
    assert_eq!(read.tag_set().len(), 2);
    assert_eq!(aws.bucket("mine").unwrap().tags["b"], "");
    let put = |tags: Tagging| client.put_bucket_tagging().bucket("mine").tagging(tags);
    assert_eq!(code!(put(tagging(&[("a", "1"), ("a", "2")]))), "InvalidTag");
    assert_eq!(code!(put(tagging(&[("aws:x", "1")]))), "InvalidTag");
    let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "")).collect();
    assert_eq!(code!(put(tagging(&many))), "BadRequest");
    put(tagging(&many[..50])).send().await.unwrap();
    client.delete_bucket_tagging().bucket("mine").send().await.unwrap();
    assert_eq!(code!(client.get_bucket_tagging().bucket("mine")), "NoSuchTagSet");
}

#[tokio::test(start_paused = true)]
async fn versioning() {
    let (_, client) = bucket();
    assert_eq!(client.get_bucket_versioning().bucket("mine").send().await.unwrap().status(), None);
    for status in [BucketVersioningStatus::Enabled, BucketVersioningStatus::Suspended] {
        let wanted = VersioningConfiguration::builder().status(status.clone()).build();
        client.put_bucket_versioning().bucket("mine").versioning_configuration(wanted).send().await.unwrap();
        let read = client.get_bucket_versioning().bucket("mine").send().await.unwrap();
        assert_eq!(read.status(), Some(&status));
    }
    let none = VersioningConfiguration::builder().build();
    let put = client.put_bucket_versioning().bucket("mine").versioning_configuration(none);
    assert_eq!(code!(put), "IllegalVersioningConfigurationException");
    client.create_bucket().bucket("locked").object_lock_enabled_for_bucket(true).send().await.unwrap();
    let suspend = VersioningConfiguration::builder().status(BucketVersioningStatus::Suspended).build();
    let put = client.put_bucket_versioning().bucket("locked").versioning_configuration(suspend);
    assert_eq!(code!(put), "InvalidBucketState");
}

fn encryption(algorithm: ServerSideEncryption, key: Option<&str>) -> ServerSideEncryptionConfiguration {
    let by_default = ServerSideEncryptionByDefault::builder().sse_algorithm(algorithm);
    let by_default = by_default.set_kms_master_key_id(key.map(str::to_owned)).build().unwrap();
    let rule = ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by_default).build();
    ServerSideEncryptionConfiguration::builder().rules(rule).build().unwrap()
}

async fn rule(client: &Client) -> (String, Option<String>, Option<bool>) {
    let read = client.get_bucket_encryption().bucket("mine").send().await.unwrap();
    let rule = &read.server_side_encryption_configuration().unwrap().rules()[0];
    let by_default = rule.apply_server_side_encryption_by_default().unwrap();
    let key = by_default.kms_master_key_id().map(str::to_owned);
    (by_default.sse_algorithm().as_str().to_owned(), key, rule.bucket_key_enabled())
}

#[tokio::test(start_paused = true)]
async fn encryption_is_never_nothing() {
    let (_, client) = bucket();
    assert_eq!(rule(&client).await, ("AES256".into(), None, Some(false)));
    let put = |configuration| {
        client.put_bucket_encryption().bucket("mine").server_side_encryption_configuration(configuration)
    };
    put(encryption(ServerSideEncryption::AwsKms, Some("key"))).send().await.unwrap();
    assert_eq!(rule(&client).await, ("aws:kms".into(), Some("key".into()), Some(false)));
    assert_eq!(code!(put(encryption(ServerSideEncryption::Aes256, Some("key")))), "InvalidArgument");
    assert_eq!(code!(put(encryption(ServerSideEncryption::from("rot13"), None))), "MalformedXML");
    client.delete_bucket_encryption().bucket("mine").send().await.unwrap();
    assert_eq!(rule(&client).await, ("AES256".into(), None, Some(false)));
}

#[tokio::test(start_paused = true)]
async fn public_access_is_blocked_until_it_is_not() {
    let (_, client) = bucket();
    let get = || client.get_public_access_block().bucket("mine");
    let new = get().send().await.unwrap().public_access_block_configuration.unwrap();
    assert_eq!((new.block_public_acls, new.restrict_public_buckets), (Some(true), Some(true)));
    let some = PublicAccessBlockConfiguration::builder().block_public_acls(true).build();
    let put = client.put_public_access_block().bucket("mine").public_access_block_configuration(some);
    put.send().await.unwrap();
    let now = get().send().await.unwrap().public_access_block_configuration.unwrap();
    assert_eq!((now.block_public_acls, now.block_public_policy), (Some(true), Some(false)));
    client.delete_public_access_block().bucket("mine").send().await.unwrap();
    assert_eq!(code!(get()), "NoSuchPublicAccessBlockConfiguration");
}

fn ownership(ownership: ObjectOwnership) -> OwnershipControls {
    let rule = OwnershipControlsRule::builder().object_ownership(ownership).build().unwrap();
    OwnershipControls::builder().rules(rule).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn ownership_decides_about_acls() {
    let (_, client) = bucket();
    let get = || client.get_bucket_ownership_controls().bucket("mine");
    let new = get().send().await.unwrap().ownership_controls.unwrap();
    assert_eq!(new.rules()[0].object_ownership(), &ObjectOwnership::BucketOwnerEnforced);
    let put_acl = |acl| client.put_bucket_acl().bucket("mine").acl(acl);
    assert_eq!(code!(put_acl(BucketCannedAcl::Private)), "AccessControlListNotSupported");
    let preferred = ownership(ObjectOwnership::BucketOwnerPreferred);
    client.put_bucket_ownership_controls().bucket("mine").ownership_controls(preferred).send().await.unwrap();
    put_acl(BucketCannedAcl::Private).send().await.unwrap();
    assert_eq!(code!(put_acl(BucketCannedAcl::PublicRead)), "AccessDenied");
    let acl = client.get_bucket_acl().bucket("mine").send().await.unwrap();
    assert_eq!(acl.grants().len(), 1);
    assert_eq!(acl.grants()[0].grantee().unwrap().id(), acl.owner().unwrap().id());
    client.delete_public_access_block().bucket("mine").send().await.unwrap();
    put_acl(BucketCannedAcl::PublicRead).send().await.unwrap();
    assert_eq!(client.get_bucket_acl().bucket("mine").send().await.unwrap().grants().len(), 2);
    client.delete_bucket_ownership_controls().bucket("mine").send().await.unwrap();
    assert_eq!(code!(get()), "OwnershipControlsNotFoundError");
}

#[tokio::test(start_paused = true)]
async fn creation_takes_ownership_and_acl() {
    let (aws, client) = bucket();
    let create = |name: &str| client.create_bucket().bucket(name).acl("log-delivery-write".into());
    assert_eq!(code!(create("refused")), "InvalidBucketAclWithObjectOwnership");
    create("logs").object_ownership(ObjectOwnership::ObjectWriter).send().await.unwrap();
    assert_eq!(client.get_bucket_acl().bucket("logs").send().await.unwrap().grants().len(), 3);
    assert!(aws.bucket("logs").unwrap().config["ownershipControls"].contains("ObjectWriter"));
    assert_eq!(aws.bucket("refused"), None);
}

fn policy(principal: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Resource":"{resource}"}}]}}"#
    )
}

#[tokio::test(start_paused = true)]
async fn policies() {
    let (_, client) = bucket();
    let (public, private) = (r#""*""#, r#"{"AWS":"111122223333"}"#);
    let put = |policy: &str| client.put_bucket_policy().bucket("mine").policy(policy);
    assert_eq!(code!(client.get_bucket_policy().bucket("mine")), "NoSuchBucketPolicy");
    assert_eq!(code!(client.get_bucket_policy_status().bucket("mine")), "NoSuchBucketPolicy");
    assert_eq!(code!(put("{")), "MalformedPolicy");
    assert_eq!(code!(put("{}")), "MalformedPolicy");
    assert_eq!(code!(put(&policy(private, "arn:aws:s3:::other/*"))), "MalformedPolicy");
    assert_eq!(code!(put(&policy(public, "arn:aws:s3:::mine/*"))), "AccessDenied");
    let text = policy(private, "arn:aws:s3:::mine/*");
    put(&text).send().await.unwrap();
    assert_eq!(client.get_bucket_policy().bucket("mine").send().await.unwrap().policy(), Some(text.as_str()));
    let is_public = async || {
        let read = client.get_bucket_policy_status().bucket("mine").send().await.unwrap();
        read.policy_status().unwrap().is_public()
    };
    assert_eq!(is_public().await, Some(false));
    client.delete_public_access_block().bucket("mine").send().await.unwrap();
    put(&policy(public, "arn:aws:s3:::mine/*")).send().await.unwrap();
    assert_eq!(is_public().await, Some(true));
    client.delete_bucket_policy().bucket("mine").send().await.unwrap();
    assert_eq!(code!(client.get_bucket_policy().bucket("mine")), "NoSuchBucketPolicy");
}

#[tokio::test(start_paused = true)]
async fn drift_happens_behind_everybodys_back() {
    let (aws, client) = bucket();
    let xml = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    assert!(aws.set_config("mine", "versioning", xml));
    let read = client.get_bucket_versioning().bucket("mine").send().await.unwrap();
    assert_eq!(read.status(), Some(&BucketVersioningStatus::Enabled));
    assert!(aws.remove_config("mine", "publicAccessBlock"));
    let gone = client.get_public_access_block().bucket("mine");
    assert_eq!(code!(gone), "NoSuchPublicAccessBlockConfiguration");
    assert!(!aws.set_config("mine", "no-such-thing", xml));
    assert_eq!(aws.bucket("mine").unwrap().config["versioning"], xml);
}
