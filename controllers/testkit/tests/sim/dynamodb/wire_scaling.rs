//! Application Auto Scaling through the real client.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_applicationautoscaling::{
    Client,
    config::{BehaviorVersion, Config, Region, retry::RetryConfig},
    error::ProvideErrorMetadata,
    types::{
        MetricType, PolicyType, PredefinedMetricSpecification, ScalableDimension, ServiceNamespace,
        TargetTrackingScalingPolicyConfiguration,
    },
};
use cairn_testkit::{Fault, aws::Aws};

use super::{
    support::client,
    wire::{attribute, hash},
};

fn scaling(aws: &Aws) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws.http_client())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIAMINE", "secret", None, None, "test"))
        .time_source(aws.clock().clone())
        .retry_config(RetryConfig::disabled());
    Client::from_conf(config.build())
}

async fn register(client: &Client, min: i32, max: i32) -> Result<String, Option<String>> {
    let register = client
        .register_scalable_target()
        .service_namespace(ServiceNamespace::Dynamodb)
        .resource_id("table/orders")
        .scalable_dimension(ScalableDimension::DynamoDbTableReadCapacityUnits)
        .min_capacity(min)
        .max_capacity(max);
    let registered = register.send().await.map_err(|error| error.code().map(str::to_owned))?;
    Ok(registered.scalable_target_arn().unwrap().to_owned())
}

async fn with_table(aws: &Aws) {
    let units = aws_sdk_dynamodb::types::ProvisionedThroughput::builder();
    let units = units.read_capacity_units(1).write_capacity_units(1).build().unwrap();
    let create = client(aws, "eu-west-1").create_table().table_name("orders").provisioned_throughput(units);
    create.attribute_definitions(attribute("id")).key_schema(hash("id")).send().await.unwrap();
    tokio::time::advance(Duration::from_secs(2)).await;
}

#[tokio::test(start_paused = true)]
async fn targets_policies_and_tags() {
    let aws = Aws::new();
    let client = scaling(&aws);
    assert_eq!(register(&client, 4, 9).await, Err(Some("ValidationException".to_owned())));
    with_table(&aws).await;
    let arn = register(&client, 4, 9).await.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(aws.table("eu-west-1", "orders").unwrap().throughput.provisioned.read, 4);
    let describe = client.describe_scalable_targets().service_namespace(ServiceNamespace::Dynamodb);
    let targets = describe.send().await.unwrap();
    let target = &targets.scalable_targets()[0];
    assert_eq!((target.min_capacity(), target.max_capacity()), (4, 9));
    assert_eq!(target.creation_time().secs(), aws.clock().now().as_second() - 1);
    let metric = PredefinedMetricSpecification::builder();
    let metric = metric.predefined_metric_type(MetricType::DynamoDbReadCapacityUtilization).build().unwrap();
    let tracking = TargetTrackingScalingPolicyConfiguration::builder().target_value(70.0);
    let tracking = tracking.predefined_metric_specification(metric).build().unwrap();
    let put = client
        .put_scaling_policy()
        .policy_name("reads")
        .service_namespace(ServiceNamespace::Dynamodb)
        .resource_id("table/orders")
        .scalable_dimension(ScalableDimension::DynamoDbTableReadCapacityUnits)
        .policy_type(PolicyType::TargetTrackingScaling)
        .target_tracking_scaling_policy_configuration(tracking);
    assert_eq!(put.send().await.unwrap().alarms().len(), 2);
    let describe = client.describe_scaling_policies().service_namespace(ServiceNamespace::Dynamodb);
    let policies = describe.send().await.unwrap();
    assert_eq!(policies.scaling_policies()[0].policy_name(), "reads");
    client.tag_resource().resource_arn(&arn).tags("k", "v").send().await.unwrap();
    let tags = client.list_tags_for_resource().resource_arn(&arn).send().await.unwrap();
    assert_eq!(tags.tags().unwrap()["k"], "v");
    let call = aws.calls().into_iter().find(|call| call.operation == "PutScalingPolicy").unwrap();
    assert_eq!((call.service.as_str(), call.table.as_deref()), ("application-autoscaling", Some("orders")));
    assert!(call.is_write());
}

#[tokio::test(start_paused = true)]
async fn its_faults_are_its_own() {
    let aws = Aws::new();
    with_table(&aws).await;
    let client = scaling(&aws);
    let throttled = aws.throttle("RegisterScalableTarget");
    assert_eq!(register(&client, 1, 2).await, Err(Some("ThrottlingException".to_owned())));
    drop(throttled);
    aws.fail("RegisterScalableTarget", Fault::StatusAfterCommit(500));
    assert_eq!(register(&client, 1, 2).await, Err(Some("InternalServiceException".to_owned())));
    assert_eq!(aws.dynamodb(|dynamo, _| dynamo.scalable_targets().count()), 1);
    aws.clear_faults();
    aws.eventual_reads(Duration::from_secs(5));
    let describe = || client.describe_scalable_targets().service_namespace(ServiceNamespace::Dynamodb).send();
    let deregister = client
        .deregister_scalable_target()
        .service_namespace(ServiceNamespace::Dynamodb)
        .resource_id("table/orders")
        .scalable_dimension(ScalableDimension::DynamoDbTableReadCapacityUnits);
    deregister.send().await.unwrap();
    assert_eq!(describe().await.unwrap().scalable_targets().len(), 1);
    tokio::time::advance(Duration::from_secs(5)).await;
    assert_eq!(describe().await.unwrap().scalable_targets().len(), 0);
    let other = client.describe_scalable_targets().service_namespace(ServiceNamespace::Ecs).send().await.unwrap_err();
    assert_eq!(other.code(), Some("NotImplemented"));
}
