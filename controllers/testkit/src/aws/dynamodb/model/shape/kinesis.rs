//! Requests on Kinesis data streams that changes go to.

use serde::{Deserialize, Serialize};

/// Precision of the times in a Kinesis data stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Precision {
    /// Milliseconds.
    #[default]
    Millisecond,
    /// Microseconds.
    Microsecond,
}

/// How changes are streamed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct StreamingConfiguration {
    /// Precision of times.
    pub approximate_creation_date_time_precision: Option<Precision>,
}

/// `EnableKinesisStreamingDestination`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct EnableKinesisStreamingDestination {
    /// Name or ARN.
    pub table_name: String,
    /// ARN of the Kinesis data stream.
    pub stream_arn: String,
    /// How.
    pub enable_kinesis_streaming_configuration: Option<StreamingConfiguration>,
}

/// `DisableKinesisStreamingDestination`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DisableKinesisStreamingDestination {
    /// Name or ARN.
    pub table_name: String,
    /// ARN of the Kinesis data stream.
    pub stream_arn: String,
}

/// `UpdateKinesisStreamingDestination`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct UpdateKinesisStreamingDestination {
    /// Name or ARN.
    pub table_name: String,
    /// ARN of the Kinesis data stream.
    pub stream_arn: String,
    /// How from now on.
    pub update_kinesis_streaming_configuration: Option<StreamingConfiguration>,
}

/// `DescribeKinesisStreamingDestination`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct DescribeKinesisStreamingDestination {
    /// Name or ARN.
    pub table_name: String,
}
