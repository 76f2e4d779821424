//! Kinesis data streams that changes go to, by values.

use serde_json::{Value, json};

use super::support::{Model, on_demand, with};

const STREAM: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/changes";
const OTHER: &str = "arn:aws:kinesis:eu-west-1:111122223333:stream/other";

fn body(stream: &str, more: Value) -> Value {
    with(json!({ "TableName": "orders", "StreamArn": stream }), more)
}

fn destinations(model: &mut Model) -> Value {
    let answer = model.on_table("DescribeKinesisStreamingDestination", json!({})).unwrap();
    answer["KinesisDataStreamDestinations"].clone()
}

fn entry(stream: &str, status: &str, precision: &str) -> Value {
    json!({
        "StreamArn": stream, "DestinationStatus": status, "ApproximateCreationDateTimePrecision": precision,
    })
}

#[test]
fn a_destination_comes_changes_and_goes() {
    let mut model = Model::with(json!({}));
    let plain = model.table().configuration();
    assert_eq!(destinations(&mut model), json!([]));
    let answer = model.call("EnableKinesisStreamingDestination", body(STREAM, json!({}))).unwrap();
    assert_eq!(answer["DestinationStatus"], "ENABLING");
    let says = "must be ACTIVE to perform DISABLE";
    let code = model.refused("DisableKinesisStreamingDestination", body(STREAM, json!({})), says);
    assert_eq!(code, "ValidationException");
    model.rest();
    assert_eq!(destinations(&mut model), json!([entry(STREAM, "ACTIVE", "MILLISECOND")]));
    assert_ne!(model.table().configuration(), plain);
    let precise = |precision: &str| {
        let precision = json!({ "ApproximateCreationDateTimePrecision": precision });
        body(STREAM, json!({ "UpdateKinesisStreamingConfiguration": precision }))
    };
    let says = "already set to the desired value of MILLISECOND";
    let code = model.refused("UpdateKinesisStreamingDestination", precise("MILLISECOND"), says);
    assert_eq!(code, "ValidationException");
    let code = model.refused("UpdateKinesisStreamingDestination", body(STREAM, json!({})), "must be specified");
    assert_eq!(code, "ValidationException");
    let answer = model.call("UpdateKinesisStreamingDestination", precise("MICROSECOND")).unwrap();
    assert_eq!(answer["DestinationStatus"], "UPDATING");
    model.rest();
    assert_eq!(destinations(&mut model), json!([entry(STREAM, "ACTIVE", "MICROSECOND")]));
    let answer = model.call("DisableKinesisStreamingDestination", body(STREAM, json!({}))).unwrap();
    assert_eq!(answer["DestinationStatus"], "DISABLING");
    model.rest();
    assert_eq!(destinations(&mut model), json!([entry(STREAM, "DISABLED", "MICROSECOND")]));
    assert_eq!(model.table().configuration(), plain);
}

#[test]
fn there_is_one_at_a_time() {
    let mut model = Model::with(json!({}));
    let precision = json!({ "ApproximateCreationDateTimePrecision": "MICROSECOND" });
    let precise = json!({ "EnableKinesisStreamingConfiguration": precision });
    let answer = model.call("EnableKinesisStreamingDestination", body(STREAM, precise)).unwrap();
    assert_eq!(answer["EnableKinesisStreamingConfiguration"], precision);
    model.rest();
    for stream in [STREAM, OTHER] {
        let says = "must be DISABLED or ENABLE_FAILED to perform ENABLE";
        let code = model.refused("EnableKinesisStreamingDestination", body(stream, json!({})), says);
        assert_eq!(code, "ValidationException");
    }
    model.call("DisableKinesisStreamingDestination", body(STREAM, json!({}))).unwrap();
    model.rest();
    model.call("EnableKinesisStreamingDestination", body(OTHER, json!({}))).unwrap();
    model.rest();
    let both = json!([entry(STREAM, "DISABLED", "MICROSECOND"), entry(OTHER, "ACTIVE", "MILLISECOND")]);
    assert_eq!(destinations(&mut model), both);
    model.call("DisableKinesisStreamingDestination", body(OTHER, json!({}))).unwrap();
    model.rest();
    model.call("EnableKinesisStreamingDestination", body(STREAM, json!({}))).unwrap();
    let again = json!([entry(OTHER, "DISABLED", "MILLISECOND"), entry(STREAM, "ENABLING", "MILLISECOND")]);
    assert_eq!(destinations(&mut model), again);
}

#[test]
fn what_is_asked_is_checked() {
    let mut model = Model::new();
    model.call("CreateTable", on_demand()).unwrap();
    let code = model.refused("EnableKinesisStreamingDestination", body(STREAM, json!({})), "being created");
    assert_eq!(code, "ResourceInUseException");
    model.rest();
    let code = model.refused("DisableKinesisStreamingDestination", body(STREAM, json!({})), "changes not found");
    assert_eq!(code, "ResourceNotFoundException");
    let far = "arn:aws:kinesis:us-east-1:111122223333:stream/changes";
    for stream in [far, "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/x"] {
        let code =
            model.refused("EnableKinesisStreamingDestination", body(stream, json!({})), "Invalid Kinesis stream");
        assert_eq!(code, "ValidationException");
    }
}
