//! Kinesis data streams that a table's changes go to.

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    change::Change,
    context::Context,
    failure::{Failure, Outcome},
    shape::{Precision, StreamingConfiguration},
    table::{Table, TableStatus},
};

/// State of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum DestinationStatus {
    /// About to be on.
    Enabling,
    /// On.
    Active,
    /// About to be off.
    Disabling,
    /// Off.
    Disabled,
    /// Changing.
    Updating,
}

/// A Kinesis data stream that changes go to, or went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// ARN of the stream.
    pub stream_arn: String,
    /// State.
    pub status: DestinationStatus,
    /// Precision of times.
    pub precision: Precision,
}

impl Destination {
    /// Ends what is under way.
    pub(super) fn end(&mut self) {
        self.status = match self.status {
            DestinationStatus::Enabling | DestinationStatus::Updating | DestinationStatus::Active => {
                DestinationStatus::Active
            }
            DestinationStatus::Disabling | DestinationStatus::Disabled => DestinationStatus::Disabled,
        };
    }

    pub(super) fn describe(&self) -> Value {
        json!({
            "StreamArn": self.stream_arn,
            "DestinationStatus": self.status,
            "ApproximateCreationDateTimePrecision": self.precision,
        })
    }
}

fn asked_precision(asked: Option<&StreamingConfiguration>) -> Option<Precision> {
    asked.and_then(|asked| asked.approximate_creation_date_time_precision)
}

fn wrong_state(what: &str, needs: &str) -> Failure {
    let state = format!("KinesisStreamingDestination must be {needs} to perform {what} operation.");
    let what = what.to_lowercase();
    Failure::validation(format!("Table is not in a valid state to {what} Kinesis Streaming Destination: {state}"))
}

impl Table {
    /// The table after `EnableKinesisStreamingDestination`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a stream of another region, and a table that has a destination already.
    pub fn enable_destination(
        &self,
        context: &Context,
        stream: &str,
        asked: Option<&StreamingConfiguration>,
    ) -> Outcome<Self> {
        check_stream(context, stream)?;
        self.check_streamable()?;
        if self.destinations.iter().any(|destination| destination.status != DestinationStatus::Disabled) {
            return Err(wrong_state("ENABLE", "DISABLED or ENABLE_FAILED"));
        }
        let mut table = self.clone();
        table.destinations.retain(|destination| destination.stream_arn != stream);
        table.destinations.push(Destination {
            stream_arn: stream.to_owned(),
            status: DestinationStatus::Enabling,
            precision: asked_precision(asked).unwrap_or_default(),
        });
        table.schedule(context, context.settings.timing.destination, Change::Destination(stream.to_owned()));
        Ok(table)
    }

    /// The table after `DisableKinesisStreamingDestination`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a destination that is not there, or not active.
    pub fn disable_destination(&self, context: &Context, stream: &str) -> Outcome<Self> {
        self.move_destination(context, stream, "DISABLE", |destination| {
            destination.status = DestinationStatus::Disabling;
            Ok(())
        })
    }

    /// The table after `UpdateKinesisStreamingDestination`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: a destination that is not there, or not active, or that is so already.
    pub fn update_destination(
        &self,
        context: &Context,
        stream: &str,
        asked: Option<&StreamingConfiguration>,
    ) -> Outcome<Self> {
        let precision = asked_precision(asked).ok_or_else(|| {
            Failure::validation("Invalid Request: ApproximateCreationDateTimePrecision must be specified")
        })?;
        let id = self.id.clone();
        self.move_destination(context, stream, "UPDATE", |destination| {
            if destination.precision == precision {
                return Err(Failure::validation(format!(
                    "Invalid Request: Precision is already set to the desired value of {} for tableId: {id}, kdsArn: \
                     {stream}",
                    format!("{precision:?}").to_uppercase()
                )));
            }
            destination.precision = precision;
            destination.status = DestinationStatus::Updating;
            Ok(())
        })
    }

    fn move_destination(
        &self,
        context: &Context,
        stream: &str,
        what: &str,
        change: impl FnOnce(&mut Destination) -> Outcome<()>,
    ) -> Outcome<Self> {
        self.check_streamable()?;
        let mut table = self.clone();
        let destination = table.destinations.iter_mut().find(|destination| destination.stream_arn == stream);
        let destination = destination.ok_or_else(|| {
            Failure::not_found(format!("Table: {}, KinesisStreamingDestination: {stream} not found", self.name))
        })?;
        if destination.status != DestinationStatus::Active {
            return Err(wrong_state(what, "ACTIVE"));
        }
        change(destination)?;
        table.schedule(context, context.settings.timing.destination, Change::Destination(stream.to_owned()));
        Ok(table)
    }

    fn check_streamable(&self) -> Outcome<()> {
        match self.status {
            TableStatus::Active | TableStatus::Updating => Ok(()),
            TableStatus::Creating | TableStatus::Deleting => self.check_changeable(),
        }
    }
}

/// A stream must be in the table's region ("Using Kinesis Data Streams to capture changes to DynamoDB").
fn check_stream(context: &Context, stream: &str) -> Outcome<()> {
    let parts: Vec<&str> = stream.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "kinesis", region, _, name] if *region == context.caller.region && name.starts_with("stream/") => {
            Ok(())
        }
        _ => Err(Failure::validation(format!("Invalid Kinesis stream ARN: {stream}"))),
    }
}
