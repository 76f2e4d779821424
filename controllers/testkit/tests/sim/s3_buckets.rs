//! Buckets as a whole.

use aws_sdk_s3::{
    Client,
    error::ProvideErrorMetadata,
    types::{BucketLocationConstraint, CreateBucketConfiguration, Tag},
};
use cairn_testkit::{
    Process,
    aws::{Aws, BucketSeed},
};

use crate::support::{s3, s3_config};

fn located(region: &str) -> CreateBucketConfiguration {
    CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build()
}

async fn create(client: &Client, name: &str, configuration: Option<CreateBucketConfiguration>) -> Result<(), String> {
    let sent = client.create_bucket().bucket(name).set_create_bucket_configuration(configuration).send().await;
    sent.map(drop).map_err(|error| error.code().unwrap_or_default().to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_bucket_is_created_found_and_deleted() {
    let aws = Aws::new();
    let client = s3(&aws, "eu-west-1");
    create(&client, "mine", Some(located("eu-west-1"))).await.unwrap();
    let head = client.head_bucket().bucket("mine").send().await.unwrap();
    assert_eq!(head.bucket_region(), Some("eu-west-1"));
    let location = client.get_bucket_location().bucket("mine").send().await.unwrap();
    assert_eq!(location.location_constraint().unwrap().as_str(), "eu-west-1");
    client.delete_bucket().bucket("mine").send().await.unwrap();
    let gone = client.head_bucket().bucket("mine").send().await.unwrap_err();
    assert!(gone.into_service_error().is_not_found());
    let operations: Vec<String> = aws.calls().into_iter().map(|call| call.operation).collect();
    assert_eq!(operations, ["CreateBucket", "HeadBucket", "GetBucketLocation", "DeleteBucket", "HeadBucket"]);
    assert!(aws.calls().iter().all(|call| call.bucket.as_deref() == Some("mine") && call.region == "eu-west-1"));
}

#[tokio::test(start_paused = true)]
async fn location_constraints_are_checked() {
    let aws = Aws::new();
    let (us, eu) = (s3(&aws, "us-east-1"), s3(&aws, "eu-west-1"));
    create(&us, "classic", None).await.unwrap();
    create(&us, "far-away", Some(located("ap-south-1"))).await.unwrap();
    assert_eq!(aws.bucket("far-away").unwrap().region, "ap-south-1");
    let failed =
        async |client: &Client, region: Option<&str>| create(client, "other", region.map(located)).await.unwrap_err();
    assert_eq!(failed(&us, Some("us-east-1")).await, "InvalidLocationConstraint");
    assert_eq!(failed(&us, Some("nowhere-1")).await, "InvalidLocationConstraint");
    assert_eq!(failed(&eu, None).await, "IllegalLocationConstraintException");
    assert_eq!(failed(&eu, Some("eu-north-1")).await, "IllegalLocationConstraintException");
    create(&eu, "old-style", Some(located("EU"))).await.unwrap();
    assert_eq!(aws.bucket("old-style").unwrap().region, "eu-west-1");
}

#[tokio::test(start_paused = true)]
async fn names_are_checked() {
    let aws = Aws::new();
    let client = s3(&aws, "us-east-1");
    let long = "x".repeat(64);
    for name in ["ab", "UPPER", "a_b", "-ab", "ab-", "a..b", "192.168.5.4", "xn--a", "a-s3alias", long.as_str()] {
        assert_eq!(create(&client, name, None).await, Err("InvalidBucketName".to_owned()), "{name}");
    }
    create(&client, "a.b-c", None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_owns_a_name_decides_the_answer() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("theirs").account("444455556666"));
    let (us, eu) = (s3(&aws, "us-east-1"), s3(&aws, "eu-west-1"));
    assert_eq!(create(&us, "theirs", None).await, Err("BucketAlreadyExists".to_owned()));
    create(&eu, "mine", Some(located("eu-west-1"))).await.unwrap();
    assert_eq!(create(&eu, "mine", Some(located("eu-west-1"))).await, Err("BucketAlreadyOwnedByYou".to_owned()));
    let tag = |value: &str| Tag::builder().key("k").value(value).build().unwrap();
    let tagged = |value: &str| CreateBucketConfiguration::builder().tags(tag(value)).build();
    create(&us, "old", Some(tagged("1"))).await.unwrap();
    create(&us, "old", Some(tagged("2"))).await.unwrap();
    assert_eq!(aws.bucket("old").unwrap().tags["k"], "1", "nothing changes");
    let denied = us.get_bucket_tagging().bucket("theirs").send().await.unwrap_err();
    assert_eq!(denied.code(), Some("AccessDenied"));
    let head = us.head_bucket().bucket("theirs").send().await.unwrap_err();
    assert_eq!(head.raw_response().unwrap().status().as_u16(), 403);
    let wrong = eu.get_bucket_location().bucket("mine").expected_bucket_owner("444455556666").send().await;
    assert_eq!(wrong.unwrap_err().code(), Some("AccessDenied"));
}

#[tokio::test(start_paused = true)]
async fn tags_come_with_the_bucket_unless_ignored() {
    let aws = Aws::new();
    let client = s3(&aws, "us-east-1");
    let tag = Tag::builder().key("owner").value("x & <y>").build();
    let configuration = CreateBucketConfiguration::builder().set_tags(tag.ok().map(|tag| vec![tag])).build();
    create(&client, "odd", Some(configuration.clone())).await.unwrap_err();
    let tag = Tag::builder().key("owner").value("x + y").build();
    let configuration = CreateBucketConfiguration::builder().set_tags(tag.ok().map(|tag| vec![tag])).build();
    create(&client, "tagged", Some(configuration.clone())).await.unwrap();
    assert_eq!(aws.bucket("tagged").unwrap().tags["owner"], "x + y");
    aws.ignore_create_tags(true);
    create(&client, "plain", Some(configuration)).await.unwrap();
    assert!(aws.bucket("plain").unwrap().tags.is_empty());
}

#[tokio::test(start_paused = true)]
async fn other_regions_are_pointed_to() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine").region("eu-west-1"));
    let error = s3(&aws, "us-west-2").get_bucket_tagging().bucket("mine").send().await.unwrap_err();
    assert_eq!(error.code(), Some("PermanentRedirect"));
    let response = error.raw_response().unwrap();
    assert_eq!(response.status().as_u16(), 301);
    assert_eq!(response.headers().get("x-amz-bucket-region"), Some("eu-west-1"));
    let head = s3(&aws, "us-west-2").head_bucket().bucket("mine").send().await.unwrap_err();
    assert_eq!(head.raw_response().unwrap().headers().get("x-amz-bucket-region"), Some("eu-west-1"));
    let global = s3_config(&aws, &Process::new(), "us-east-1", "AKIAMINE").endpoint_url("https://s3.amazonaws.com");
    let global = Client::from_conf(global.build());
    let error = global.get_bucket_tagging().bucket("mine").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AuthorizationHeaderMalformed"));
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
}

#[tokio::test(start_paused = true)]
async fn hosts_and_paths_name_the_same_bucket() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    aws.put_bucket(&BucketSeed::new("with.dots"));
    aws.put_bucket(&BucketSeed::new("china").region("cn-north-1"));
    for (region, name, path_style, endpoint) in [
        ("us-east-1", "mine", false, None),
        ("us-east-1", "mine", true, None),
        ("us-east-1", "with.dots", true, None),
        ("us-east-1", "mine", true, Some("http://localhost:4566")),
        ("us-east-1", "mine", false, Some("http://localhost:4566")),
        ("cn-north-1", "china", false, None),
    ] {
        let mut config = s3_config(&aws, &Process::new(), region, "AKIAMINE").force_path_style(path_style);
        config.set_endpoint_url(endpoint.map(str::to_owned));
        let client = Client::from_conf(config.build());
        let found = client.head_bucket().bucket(name).send().await.unwrap();
        assert_eq!(found.bucket_region(), Some(region), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_empty_buckets_are_deleted() {
    let aws = Aws::new();
    let client = s3(&aws, "us-east-1");
    create(&client, "mine", None).await.unwrap();
    assert!(aws.put_object("mine", "by/helper"));
    client.put_object().bucket("mine").key("by/sdk").body(b"content".to_vec().into()).send().await.unwrap();
    let listed = client.list_objects_v2().bucket("mine").prefix("by/").send().await.unwrap();
    assert_eq!(listed.contents().len(), 2);
    assert_eq!(listed.contents()[1].size(), Some(7));
    assert_eq!(client.list_object_versions().bucket("mine").send().await.unwrap().versions().len(), 2);
    assert_eq!(client.list_multipart_uploads().bucket("mine").send().await.unwrap().uploads().len(), 0);
    let full = client.delete_bucket().bucket("mine").send().await.unwrap_err();
    assert_eq!(full.code(), Some("BucketNotEmpty"));
    assert!(aws.empty_bucket("mine"));
    client.delete_bucket().bucket("mine").send().await.unwrap();
    assert_eq!(aws.bucket_names(), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn lists_show_the_accounts_own_in_pages() {
    let aws = Aws::new();
    for name in ["a-1", "a-2", "a-3", "b-1"] {
        aws.put_bucket(&BucketSeed::new(name).region("eu-west-1"));
    }
    aws.put_bucket(&BucketSeed::new("a-9").account("444455556666"));
    let client = s3(&aws, "us-east-1");
    let all = client.list_buckets().send().await.unwrap();
    assert_eq!(all.buckets().len(), 4);
    assert_eq!(all.buckets()[0].bucket_region(), None);
    let first = client.list_buckets().prefix("a-").max_buckets(2).send().await.unwrap();
    assert_eq!(first.buckets()[1].name(), Some("a-2"));
    assert_eq!(first.buckets()[1].bucket_region(), Some("eu-west-1"));
    let token = first.continuation_token().unwrap();
    let rest = client.list_buckets().prefix("a-").max_buckets(2).continuation_token(token).send().await.unwrap();
    assert_eq!(rest.buckets().len(), 1);
    assert_eq!(rest.continuation_token(), None);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_simulated_says_so() {
    let aws = Aws::new();
    aws.put_bucket(&BucketSeed::new("mine"));
    let error =
        s3(&aws, "us-east-1").get_bucket_metadata_table_configuration().bucket("mine").send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotImplemented"));
    assert_eq!(aws.calls()[0].operation, "GET ?metadataTable");
}
