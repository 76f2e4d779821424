//! DynamoDB through the real client.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    operation::RequestId,
    types::{
        AttributeDefinition, BillingMode, GlobalSecondaryIndex, IndexStatus, KeySchemaElement, KeyType,
        PointInTimeRecoverySpecification, Projection, ProjectionType, ScalarAttributeType, SseSpecification,
        StreamSpecification, StreamViewType, TableStatus, Tag, TimeToLiveSpecification, TimeToLiveStatus, VectorIndex,
    },
};
use cairn_testkit::{Process, aws::Aws};

use super::support::{client, config};

pub(crate) fn attribute(name: &str) -> AttributeDefinition {
    let attribute = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    attribute.build().unwrap()
}

pub(crate) fn hash(name: &str) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(KeyType::Hash).build().unwrap()
}

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().unwrap()
}

pub(crate) fn creation(
    client: &Client,
    name: &str,
) -> aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder {
    let create = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    create.attribute_definitions(attribute("id")).key_schema(hash("id"))
}

pub(crate) async fn status(client: &Client, name: &str) -> Option<TableStatus> {
    let described = client.describe_table().table_name(name).send().await;
    described.ok()?.table().unwrap().table_status().cloned()
}

#[tokio::test(start_paused = true)]
async fn a_table_lives_on_virtual_time() {
    let aws = Aws::new();
    aws.dynamodb(|dynamo, _| dynamo.settings_mut().timing.create = Duration::from_millis(200));
    let client = client(&aws, "eu-west-1");
    let index = GlobalSecondaryIndex::builder()
        .index_name("by-b")
        .key_schema(hash("b"))
        .projection(Projection::builder().projection_type(ProjectionType::All).build());
    let created = creation(&client, "orders")
        .attribute_definitions(attribute("b"))
        .global_secondary_indexes(index.build().unwrap())
        .stream_specification(
            StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(StreamViewType::NewImage)
                .build()
                .unwrap(),
        )
        .sse_specification(SseSpecification::builder().enabled(true).build())
        .tags(tag("k", "v"))
        .send()
        .await
        .unwrap();
    assert!(created.request_id().is_some());
    let created = created.table_description().unwrap();
    assert_eq!(created.table_status(), Some(&TableStatus::Creating));
    assert_eq!(created.global_secondary_indexes()[0].index_status(), Some(&IndexStatus::Creating));
    assert_eq!(created.creation_date_time().unwrap().secs(), aws.clock().now().as_second());
    assert!(created.latest_stream_arn().unwrap().contains(":table/orders/stream/2026-01-01T"));
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Creating));
    tokio::time::advance(Duration::from_millis(200)).await;
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Active));
    client.delete_table().table_name("orders").send().await.unwrap();
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Deleting));
    tokio::time::advance(Duration::from_secs(1)).await;
    let gone = client.describe_table().table_name("orders").send().await.unwrap_err();
    assert!(gone.as_service_error().unwrap().is_resource_not_found_exception());
    assert_eq!(gone.message(), Some("Requested resource not found: Table: orders not found"));
    assert!(aws.calls().iter().all(|call| call.service == "dynamodb" && call.table.as_deref() == Some("orders")));
    let writes: Vec<String> =
        aws.calls().into_iter().filter(cairn_testkit::aws::AwsCall::is_write).map(|call| call.operation).collect();
    assert_eq!(writes, ["CreateTable", "DeleteTable"]);
}

#[tokio::test(start_paused = true)]
async fn an_update_goes_through() {
    let aws = Aws::new();
    let client = client(&aws, "eu-west-1");
    creation(&client, "orders").send().await.unwrap();
    let early = client.update_table().table_name("orders").deletion_protection_enabled(true).send().await.unwrap_err();
    assert!(early.as_service_error().unwrap().is_resource_in_use_exception());
    tokio::time::advance(Duration::from_secs(2)).await;
    client.update_table().table_name("orders").deletion_protection_enabled(true).send().await.unwrap();
    assert_eq!(status(&client, "orders").await, Some(TableStatus::Updating));
    tokio::time::advance(Duration::from_secs(1)).await;
    let protected = client.delete_table().table_name("orders").send().await.unwrap_err();
    assert_eq!(protected.code(), Some("ValidationException"));
    assert!(aws.table("eu-west-1", "orders").unwrap().deletion_protection);
    assert!(aws.edit_table("eu-west-1", "orders", |table| table.deletion_protection = false));
    client.delete_table().table_name("orders").send().await.unwrap();
    assert!(!aws.edit_table("eu-west-1", "other", |_| {}));
}

#[tokio::test(start_paused = true)]
async fn settings_and_tags_go_through() {
    let aws = Aws::new();
    let client = client(&aws, "eu-west-1");
    let created = creation(&client, "orders").tags(tag("b", "2")).tags(tag("a", "1")).send().await.unwrap();
    let arn = created.table_description().unwrap().table_arn().unwrap().to_owned();
    tokio::time::advance(Duration::from_secs(2)).await;
    client.tag_resource().resource_arn(&arn).tags(tag("c", "3")).send().await.unwrap();
    client.untag_resource().resource_arn(&arn).tag_keys("a").send().await.unwrap();
    aws.dynamodb(|dynamo, _| dynamo.settings_mut().limits.tags_page = 1);
    let pages = client.list_tags_of_resource().resource_arn(&arn).send().await.unwrap();
    let token = pages.next_token().unwrap();
    let rest = client.list_tags_of_resource().resource_arn(&arn).next_token(token).send().await.unwrap();
    assert_eq!((pages.tags(), rest.tags()), ([tag("b", "2")].as_slice(), [tag("c", "3")].as_slice()));
    let ttl = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires").build().unwrap();
    client.update_time_to_live().table_name("orders").time_to_live_specification(ttl).send().await.unwrap();
    let described = client.describe_time_to_live().table_name("orders").send().await.unwrap();
    let described = described.time_to_live_description().unwrap();
    assert_eq!(described.time_to_live_status(), Some(&TimeToLiveStatus::Enabling));
    let recovery = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true);
    let recovery = recovery.recovery_period_in_days(7).build().unwrap();
    let update = client.update_continuous_backups().table_name("orders");
    update.point_in_time_recovery_specification(recovery).send().await.unwrap();
    let described = client.describe_continuous_backups().table_name("orders").send().await.unwrap();
    let described = described.continuous_backups_description().unwrap().point_in_time_recovery_description().unwrap();
    assert_eq!(described.recovery_period_in_days(), Some(7));
    let missing = client.describe_continuous_backups().table_name("other").send().await.unwrap_err();
    assert!(missing.as_service_error().unwrap().is_table_not_found_exception());
    assert_eq!(client.list_tables().send().await.unwrap().table_names(), ["orders"]);
}

#[tokio::test(start_paused = true)]
async fn accounts_regions_and_endpoints_are_apart() {
    let aws = Aws::new();
    aws.set_account("AKIAOTHER", "444455556666");
    creation(&client(&aws, "eu-west-1"), "orders").send().await.unwrap();
    creation(&client(&aws, "cn-north-1"), "orders").send().await.unwrap();
    let arns: Vec<String> = aws.tables().iter().map(cairn_testkit::aws::dynamodb::model::Table::arn).collect();
    let expected = ["aws-cn:dynamodb:cn-north-1", "aws:dynamodb:eu-west-1"];
    assert_eq!(arns, expected.map(|arn| format!("arn:{arn}:111122223333:table/orders")));
    let other = Client::from_conf(config(&aws, &Process::new(), "eu-west-1", "AKIAOTHER").build());
    assert_eq!(status(&other, "orders").await, None);
    let base = || config(&aws, &Process::new(), "eu-west-1", "AKIAMINE");
    let account = aws_credential_types::Credentials::builder()
        .access_key_id("AKIAMINE")
        .secret_access_key("secret")
        .account_id("111122223333")
        .provider_name("test")
        .build();
    for (what, config) in [
        ("fips", base().use_fips(true)),
        ("dual stack", base().use_dual_stack(true)),
        ("account endpoint", base().credentials_provider(account)),
        ("own endpoint", base().endpoint_url("http://localhost:8000")),
    ] {
        let client = Client::from_conf(config.build());
        assert_eq!(status(&client, "orders").await, Some(TableStatus::Creating), "{what}");
        assert_eq!(aws.calls().last().unwrap().region, "eu-west-1", "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_simulated_says_so() {
    let aws = Aws::new();
    let client = client(&aws, "eu-west-1");
    let error = client.describe_limits().send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotImplemented"));
    assert_eq!(error.message(), Some("the testkit's DynamoDB does not simulate DescribeLimits"));
    let error =
        creation(&client, "orders").set_vector_indexes(Some(Vec::<VectorIndex>::new())).send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotImplemented"));
    assert!(error.message().unwrap().contains("VectorIndexes of CreateTable"));
    assert!(aws.tables().is_empty());
}
