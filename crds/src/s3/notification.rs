//! Whom S3 tells what happens in a bucket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::shared::ResourceReference;

/// Whom S3 tells what happens in the bucket. Entries that are not named here stay as they are. An entry with no `id` is
/// recognised by what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationConfiguration {
    /// Lambda functions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub lambda_function_configurations: Option<Vec<LambdaFunctionConfiguration>>,
    /// SQS queues.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub queue_configurations: Option<Vec<QueueConfiguration>>,
    /// SNS topics.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub topic_configurations: Option<Vec<TopicConfiguration>>,
    /// `EventBridge`, which is told everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_bridge_configuration: Option<EventBridgeConfiguration>,
}

/// Everything is told to `EventBridge`. It has no fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventBridgeConfiguration {}

/// What a Lambda function is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.lambdaFunctionARN) != has(self.lambdaFunctionRef)", "message": "an entry of a function needs either lambdaFunctionARN or lambdaFunctionRef"}
]))]
pub struct LambdaFunctionConfiguration {
    /// Name of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub id: Option<String>,
    /// ARN of the function.
    #[serde(rename = "lambdaFunctionARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), regex(pattern = r"^arn:[^:]+:lambda:"))]
    pub lambda_function_arn: Option<String>,
    /// The object of the function, whose ARN fills `lambdaFunctionARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lambda_function_ref: Option<ResourceReference>,
    /// What is told, for example `s3:ObjectCreated:*`.
    #[schemars(length(min = 1, max = 50), inner(regex(pattern = r"^s3:[A-Za-z*:-]{1,100}$")), extend("x-kubernetes-list-type" = "atomic"))]
    pub events: Vec<String>,
    /// Of which objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<NotificationFilter>,
}

/// What an SQS queue is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.queueARN) != has(self.queueRef)", "message": "an entry of a queue needs either queueARN or queueRef"}
]))]
pub struct QueueConfiguration {
    /// Name of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub id: Option<String>,
    /// ARN of the queue.
    #[serde(rename = "queueARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), regex(pattern = r"^arn:[^:]+:sqs:"))]
    pub queue_arn: Option<String>,
    /// The object of the queue, whose ARN fills `queueARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_ref: Option<ResourceReference>,
    /// What is told, for example `s3:ObjectCreated:*`.
    #[schemars(length(min = 1, max = 50), inner(regex(pattern = r"^s3:[A-Za-z*:-]{1,100}$")), extend("x-kubernetes-list-type" = "atomic"))]
    pub events: Vec<String>,
    /// Of which objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<NotificationFilter>,
}

/// What an SNS topic is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.topicARN) != has(self.topicRef)", "message": "an entry of a topic needs either topicARN or topicRef"}
]))]
pub struct TopicConfiguration {
    /// Name of the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 255))]
    pub id: Option<String>,
    /// ARN of the topic.
    #[serde(rename = "topicARN", skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048), regex(pattern = r"^arn:[^:]+:sns:"))]
    pub topic_arn: Option<String>,
    /// The object of the topic, whose ARN fills `topicARN`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_ref: Option<ResourceReference>,
    /// What is told, for example `s3:ObjectCreated:*`.
    #[schemars(length(min = 1, max = 50), inner(regex(pattern = r"^s3:[A-Za-z*:-]{1,100}$")), extend("x-kubernetes-list-type" = "atomic"))]
    pub events: Vec<String>,
    /// Of which objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<NotificationFilter>,
}

/// Of which objects somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationFilter {
    /// By their keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<NotificationKeyFilter>,
}

/// Of which keys somebody is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationKeyFilter {
    /// At most one `prefix` and one `suffix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(max = 2),
        extend(
            "x-kubernetes-list-type" = "atomic",
            "x-kubernetes-validations" = [{"rule": "size(self) < 2 || (self[0].name in ['prefix', 'Prefix']) != (self[1].name in ['prefix', 'Prefix'])", "message": "filterRules has at most one prefix and one suffix"}]
        )
    )]
    pub filter_rules: Option<Vec<NotificationFilterRule>>,
}

/// How a key begins or ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NotificationFilterRule {
    /// Which end.
    pub name: NotificationFilterName,
    /// What is there.
    #[schemars(length(max = 1024))]
    pub value: String,
}

/// Which end of a key. S3 itself writes both with a capital letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum NotificationFilterName {
    /// It begins so.
    #[serde(rename = "prefix")]
    Prefix,
    /// The same, as S3 writes it.
    #[serde(rename = "Prefix")]
    CapitalPrefix,
    /// It ends so.
    #[serde(rename = "suffix")]
    Suffix,
    /// The same, as S3 writes it.
    #[serde(rename = "Suffix")]
    CapitalSuffix,
}
