//! What is beside tables, through the real client.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    primitives::DateTime,
    types::{
        ApproximateCreationDateTimePrecision, BackupStatus, ContributorInsightsAction, ContributorInsightsMode,
        ContributorInsightsStatus, CreateReplicationGroupMemberAction, DestinationStatus,
        EnableKinesisStreamingConfiguration, ExportStatus, ImportStatus, InputFormat, MultiRegionConsistency,
        PointInTimeRecoverySpecification, ReplicaStatus, ReplicationGroupUpdate, S3BucketSource, StreamSpecification,
        StreamViewType, TableCreationParameters, TableStatus,
    },
};
use cairn_testkit::aws::Aws;

use super::{
    support::client,
    wire::{attribute, creation, hash, status},
};

/// A client, and the ARN of a table that has come to rest.
async fn table(aws: &Aws) -> (Client, String) {
    let client = client(aws, "eu-west-1");
    let stream = StreamSpecification::builder().stream_enabled(true).stream_view_type(StreamViewType::NewAndOldImages);
    let created = creation(&client, "orders").stream_specification(stream.build().unwrap()).send().await.unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
    (client, created.table_description().unwrap().table_arn().unwrap().to_owned())
}

async fn recoverable(client: &Client) {
    let on = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build().unwrap();
    let update = client.update_continuous_backups().table_name("orders");
    update.point_in_time_recovery_specification(on).send().await.unwrap();
    tokio::time::advance(Duration::from_hours(1)).await;
}

#[tokio::test(start_paused = true)]
async fn insights_and_destinations() {
    let aws = Aws::new();
    let (client, _) = table(&aws).await;
    let update = client.update_contributor_insights().table_name("orders");
    let update = update.contributor_insights_action(ContributorInsightsAction::Enable);
    update.contributor_insights_mode(ContributorInsightsMode::ThrottledKeys).send().await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let shown = client.describe_contributor_insights().table_name("orders").send().await.unwrap();
    assert_eq!(shown.contributor_insights_status(), Some(&ContributorInsightsStatus::Enabled));
    assert_eq!(shown.contributor_insights_mode(), Some(&ContributorInsightsMode::ThrottledKeys));
    let stream = "arn:aws:kinesis:eu-west-1:111122223333:stream/changes";
    let precise = EnableKinesisStreamingConfiguration::builder()
        .approximate_creation_date_time_precision(ApproximateCreationDateTimePrecision::Microsecond);
    let enable = client.enable_kinesis_streaming_destination().table_name("orders").stream_arn(stream);
    enable.enable_kinesis_streaming_configuration(precise.build()).send().await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let shown = client.describe_kinesis_streaming_destination().table_name("orders").send().await.unwrap();
    let destination = &shown.kinesis_data_stream_destinations()[0];
    assert_eq!(destination.destination_status(), Some(&DestinationStatus::Active));
    let disable = client.disable_kinesis_streaming_destination().table_name("orders").stream_arn(stream);
    assert_eq!(disable.send().await.unwrap().destination_status(), Some(&DestinationStatus::Disabling));
}

#[tokio::test(start_paused = true)]
async fn policies() {
    let aws = Aws::new();
    let (client, arn) = table(&aws).await;
    let none = client.get_resource_policy().resource_arn(&arn).send().await.unwrap_err();
    assert!(none.as_service_error().unwrap().is_policy_not_found_exception());
    let document = r#"{"Statement":[]}"#;
    let put = client.put_resource_policy().resource_arn(&arn).policy(document).send().await.unwrap();
    let got = client.get_resource_policy().resource_arn(&arn).send().await.unwrap();
    assert_eq!((got.policy(), got.revision_id()), (Some(document), put.revision_id()));
    client.delete_resource_policy().resource_arn(&arn).send().await.unwrap();
    assert_eq!(aws.calls().last().unwrap().table.as_deref(), Some("orders"));
}

#[tokio::test(start_paused = true)]
async fn backups_and_restores() {
    let aws = Aws::new();
    let (client, _) = table(&aws).await;
    let created = client.create_backup().table_name("orders").backup_name("first").send().await.unwrap();
    let arn = created.backup_details().unwrap().backup_arn().to_owned();
    let early = client.delete_backup().backup_arn(&arn).send().await.unwrap_err();
    assert!(early.as_service_error().unwrap().is_backup_in_use_exception());
    tokio::time::advance(Duration::from_secs(1)).await;
    let shown = client.describe_backup().backup_arn(&arn).send().await.unwrap();
    let shown = shown.backup_description().unwrap();
    assert_eq!(shown.backup_details().unwrap().backup_status(), &BackupStatus::Available);
    assert_eq!(shown.source_table_details().unwrap().table_name(), "orders");
    let listed = client.list_backups().table_name("orders").time_range_lower_bound(DateTime::from_secs(0)).send().await;
    assert_eq!(listed.unwrap().backup_summaries().len(), 1);
    let restore = client.restore_table_from_backup().backup_arn(&arn).target_table_name("again");
    let restored = restore.send().await.unwrap();
    assert!(restored.table_description().unwrap().restore_summary().unwrap().restore_in_progress());
    let restore = client.restore_table_from_backup().backup_arn(&arn).target_table_name("orders");
    let there = restore.send().await.unwrap_err();
    assert!(there.as_service_error().unwrap().is_table_already_exists_exception());
    recoverable(&client).await;
    assert_eq!(status(&client, "again").await, Some(TableStatus::Active));
    let at = DateTime::from_secs(aws.clock().now().as_second() - 1800);
    let restore = client.restore_table_to_point_in_time().source_table_name("orders").target_table_name("earlier");
    let restored = restore.restore_date_time(at).send().await.unwrap();
    let summary = restored.table_description().unwrap().restore_summary().unwrap().clone();
    assert_eq!(summary.restore_date_time(), &at);
    let calls = aws.calls();
    assert_eq!(calls.last().unwrap().table.as_deref(), Some("earlier"));
    let backup = calls.iter().find(|call| call.operation == "DescribeBackup").unwrap();
    assert_eq!(backup.table.as_deref(), Some("orders"));
    client.delete_backup().backup_arn(&arn).send().await.unwrap();
    let gone = client.describe_backup().backup_arn(&arn).send().await.unwrap_err();
    assert!(gone.as_service_error().unwrap().is_backup_not_found_exception());
}

#[tokio::test(start_paused = true)]
async fn exports_and_imports() {
    let aws = Aws::new();
    let (client, arn) = table(&aws).await;
    let off = client.export_table_to_point_in_time().table_arn(&arn).s3_bucket("exports").send().await.unwrap_err();
    assert!(off.as_service_error().unwrap().is_point_in_time_recovery_unavailable_exception());
    recoverable(&client).await;
    let started = client.export_table_to_point_in_time().table_arn(&arn).s3_bucket("exports").send().await.unwrap();
    let export = started.export_description().unwrap().export_arn().unwrap().to_owned();
    tokio::time::advance(Duration::from_secs(5)).await;
    let ended = client.describe_export().export_arn(&export).send().await.unwrap();
    assert_eq!(ended.export_description().unwrap().export_status(), Some(&ExportStatus::Completed));
    assert_eq!(client.list_exports().send().await.unwrap().export_summaries().len(), 1);
    let parameters = TableCreationParameters::builder()
        .table_name("imported")
        .attribute_definitions(attribute("id"))
        .key_schema(hash("id"))
        .billing_mode(aws_sdk_dynamodb::types::BillingMode::PayPerRequest);
    let import = client
        .import_table()
        .s3_bucket_source(S3BucketSource::builder().s3_bucket("imports").build().unwrap())
        .input_format(InputFormat::DynamodbJson)
        .table_creation_parameters(parameters.build().unwrap());
    let started = import.send().await.unwrap();
    assert_eq!(aws.calls().last().unwrap().table.as_deref(), Some("imported"));
    let import = started.import_table_description().unwrap().import_arn().unwrap().to_owned();
    assert_eq!(status(&client, "imported").await, Some(TableStatus::Creating));
    tokio::time::advance(Duration::from_secs(5)).await;
    let ended = client.describe_import().import_arn(&import).send().await.unwrap();
    assert_eq!(ended.import_table_description().unwrap().import_status(), Some(&ImportStatus::Completed));
    assert_eq!(client.list_imports().send().await.unwrap().import_summary_list().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn replicas() {
    let aws = Aws::new();
    let (here, _) = table(&aws).await;
    let create = CreateReplicationGroupMemberAction::builder().region_name("us-east-1").build().unwrap();
    let update = ReplicationGroupUpdate::builder().create(create).build();
    here.update_table().table_name("orders").replica_updates(update.clone()).send().await.unwrap();
    let there = client(&aws, "us-east-1");
    assert_eq!(status(&there, "orders").await, Some(TableStatus::Creating));
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(status(&there, "orders").await, Some(TableStatus::Active));
    let shown = here.describe_table().table_name("orders").send().await.unwrap().table().unwrap().clone();
    assert_eq!(shown.replicas()[0].replica_status(), Some(&ReplicaStatus::Active));
    assert_eq!(shown.multi_region_consistency(), Some(&MultiRegionConsistency::Eventual));
    let again = here.update_table().table_name("orders").replica_updates(update).send().await.unwrap_err();
    assert_eq!(again.code(), Some("ValidationException"));
}
