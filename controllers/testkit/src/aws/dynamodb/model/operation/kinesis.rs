//! Kinesis data streams that changes go to.

use serde_json::{Value, json};

use super::{
    super::{
        context::Context,
        dynamo::Dynamo,
        failure::Outcome,
        kinesis::Destination,
        shape::{
            DescribeKinesisStreamingDestination, DisableKinesisStreamingDestination, EnableKinesisStreamingDestination,
            UpdateKinesisStreamingDestination,
        },
        table::Table,
    },
    Operation,
};

/// Stores the table and answers with the state of one destination.
fn answer(dynamo: &mut Dynamo, table: Table, stream: &str) -> Value {
    let status = table.destinations.iter().find(|destination| destination.stream_arn == stream);
    let status = status.map(|destination| destination.status);
    let answer = json!({ "TableName": table.name, "StreamArn": stream, "DestinationStatus": status });
    dynamo.put(table);
    answer
}

impl Operation for EnableKinesisStreamingDestination {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let asked = self.enable_kinesis_streaming_configuration.as_ref();
        let table = dynamo.found(context, &self.table_name)?.enable_destination(context, &self.stream_arn, asked)?;
        let mut answer = answer(dynamo, table, &self.stream_arn);
        if let Some(asked) = asked {
            answer["EnableKinesisStreamingConfiguration"] = json!(asked);
        }
        Ok(answer)
    }
}

impl Operation for DisableKinesisStreamingDestination {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.found(context, &self.table_name)?.disable_destination(context, &self.stream_arn)?;
        Ok(answer(dynamo, table, &self.stream_arn))
    }
}

impl Operation for UpdateKinesisStreamingDestination {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let asked = self.update_kinesis_streaming_configuration.as_ref();
        let table = dynamo.found(context, &self.table_name)?.update_destination(context, &self.stream_arn, asked)?;
        let mut answer = answer(dynamo, table, &self.stream_arn);
        answer["UpdateKinesisStreamingConfiguration"] = json!(asked);
        Ok(answer)
    }
}

impl Operation for DescribeKinesisStreamingDestination {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.seen(context, &self.table_name)?;
        let destinations: Vec<Value> = table.destinations.iter().map(Destination::describe).collect();
        Ok(json!({ "TableName": table.name, "KinesisDataStreamDestinations": destinations }))
    }
}
