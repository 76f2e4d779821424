//! Whom S3 tells what happens in a bucket.

mod merge;

use aws_sdk_s3::types::NotificationConfiguration;
use cairn_core::{
    failure::Failure,
    observed::Reading,
    rules::{PartRules, Rule},
};
use serde_json::Value;

use super::Part;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    struct NotificationConfiguration {
        "eventBridgeConfiguration" => event_bridge_configuration,
        "lambdaFunctionConfigurations" => lambda_function_configurations,
        "queueConfigurations" => queue_configurations,
        "topicConfigurations" => topic_configurations,
    }
    try struct LambdaFunctionConfiguration {
        "events" => events,
        "filter" => filter,
        "id" => id,
        "lambdaFunctionARN" => lambda_function_arn,
    }
    try struct QueueConfiguration { "events" => events, "filter" => filter, "id" => id, "queueARN" => queue_arn }
    try struct TopicConfiguration { "events" => events, "filter" => filter, "id" => id, "topicARN" => topic_arn }
    struct NotificationConfigurationFilter { "key" => key }
    struct S3KeyFilter { "filterRules" => filter_rules }
    struct FilterRule { "name" => name, "value" => value }
    struct EventBridgeConfiguration {}
    enum Event
    enum FilterRuleName
}

pub(super) struct Notification;

impl Part for Notification {
    /// One document holds everybody's entries. There is no call that takes it away: writing an empty one does.
    const RULES: PartRules = PartRules {
        field: "notification",
        rule: Rule::Merged(merge::MERGE),
        get: "GetBucketNotificationConfiguration",
        put: "PutBucketNotificationConfiguration",
        delete: Some("PutBucketNotificationConfiguration"),
        same: |a, b| merge::MEANING.same(a, b),
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, bucket: &str) -> Reading {
        let answer = fetch!(client, bucket, get_bucket_notification_configuration, Self::RULES.get)?;
        let configuration = NotificationConfiguration::builder()
            .set_event_bridge_configuration(answer.event_bridge_configuration)
            .set_lambda_function_configurations(answer.lambda_function_configurations)
            .set_queue_configurations(answer.queue_configurations)
            .set_topic_configurations(answer.topic_configurations)
            .build();
        let value = encode(&configuration);
        Ok(value.as_object().is_some_and(|value| !value.is_empty()).then_some(value))
    }

    async fn put(client: &Scoped, bucket: &str, value: &Value) -> Result<(), Failure> {
        let value = decode(Self::RULES.put, value)?;
        send!(client, bucket, put_bucket_notification_configuration.notification_configuration(value), Self::RULES.put)
    }

    async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
        let none = NotificationConfiguration::builder().build();
        send!(client, bucket, put_bucket_notification_configuration.notification_configuration(none), Self::RULES.put)
    }
}
