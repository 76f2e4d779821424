//! The Kinesis data stream that a table's changes go to.

use aws_sdk_dynamodb::types::{DestinationStatus, KinesisDataStreamDestination};
use cairn_core::{
    failure::Failure,
    observed::{Present, Reading},
    plan::{Action, Step},
    rules::{Effect, PartRules, Rule},
};
use serde_json::Value;

use super::Apart;
use crate::{
    client::{Scoped, fetch, send},
    wire::{decode, encode, wire},
};

wire! {
    struct KinesisDataStreamDestination {
        "streamARN" => stream_arn,
        "approximateCreationDateTimePrecision" => approximate_creation_date_time_precision,
    }
    enum ApproximateCreationDateTimePrecision
    struct EnableKinesisStreamingConfiguration {
        "approximateCreationDateTimePrecision" => approximate_creation_date_time_precision,
    }
    struct UpdateKinesisStreamingConfiguration {
        "approximateCreationDateTimePrecision" => approximate_creation_date_time_precision,
    }
}

const FIELD: &str = "kinesisStreamingDestinations";
const STREAM: &str = "streamARN";
const PRECISION: &str = "approximateCreationDateTimePrecision";
pub(in super::super) const CHANGE: &str = "UpdateKinesisStreamingDestination";

pub(super) struct Kinesis;

impl Apart for Kinesis {
    /// A table has one destination at a time. What goes to another's stream stays.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Entries(STREAM),
        get: "DescribeKinesisStreamingDestination",
        put: "EnableKinesisStreamingDestination",
        delete: Some("DisableKinesisStreamingDestination"),
        same: |a, b| a[PRECISION].is_null() || a[PRECISION] == b[PRECISION],
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, _: &Present) -> Reading {
        let answer = fetch!(client, describe_kinesis_streaming_destination.table_name(table), Self::RULES.get)?;
        let all = answer.kinesis_data_stream_destinations.unwrap_or_default();
        let on: Vec<_> = all.iter().filter(|destination| is_on(destination)).map(encode).collect();
        Ok((!on.is_empty()).then(|| on.into()))
    }

    async fn put(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
        let stream = decode::<String>(Self::RULES.put, &value[STREAM])?;
        let how = decode(Self::RULES.put, value)?;
        send!(
            client,
            enable_kinesis_streaming_destination
                .table_name(table)
                .stream_arn(stream)
                .enable_kinesis_streaming_configuration(how),
            Self::RULES.put
        )
    }

    async fn take_away(client: &Scoped, table: &str, stream: &str) -> Result<(), Failure> {
        send!(
            client,
            disable_kinesis_streaming_destination.table_name(table).stream_arn(stream),
            "DisableKinesisStreamingDestination"
        )
    }
}

/// Changes how exactly the times of changes are told to a stream that they go to.
pub(in super::super) async fn change(client: &Scoped, table: &str, value: &Value) -> Result<(), Failure> {
    let stream = decode::<String>(CHANGE, &value[STREAM])?;
    let how = decode(CHANGE, value)?;
    send!(
        client,
        update_kinesis_streaming_destination
            .table_name(table)
            .stream_arn(stream)
            .update_kinesis_streaming_configuration(how),
        CHANGE
    )
}

/// Source: DynamoDB API reference, `KinesisDataStreamDestination.DestinationStatus`.
fn is_on(destination: &KinesisDataStreamDestination) -> bool {
    let on = [DestinationStatus::Active, DestinationStatus::Enabling, DestinationStatus::Updating];
    destination.destination_status.as_ref().is_some_and(|status| on.contains(status))
}

/// A destination that is there is changed by a call of its own. Another is taken only after the first is over.
pub(in super::super) fn in_turn(steps: Vec<Step>) -> Vec<Step> {
    let ends = |step: &Step| step.field == FIELD && matches!(step.action, Action::ClearEntry { .. });
    let ending = steps.iter().any(ends);
    let turn = |mut step: Step| {
        if step.field != FIELD {
            return Some(step);
        }
        match &step.action {
            Action::ClearEntry { name } => {
                step.words = Some(format!("ending what goes to {name}"));
                step.effect = Effect::Lasting;
            }
            _ if ending => return None,
            _ if !step.before.is_null() => step.operation = CHANGE,
            _ => {}
        }
        Some(step)
    };
    steps.into_iter().filter_map(turn).collect()
}
