//! The one operation of KMS that tells the key behind an alias; keys and aliases are those of the model of DynamoDB.

use serde_json::{Value, json};

use super::{
    answer::Answer,
    dynamodb::model::{Caller, Failure},
    json::Protocol,
    route::{RawRequest, Route},
    world::World,
};

pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route) -> Answer {
    Protocol::V1_1.serve(world, raw, route, |world, caller, operation, body| describe(world, caller, operation, &body))
}

fn describe(world: &mut World, caller: &Caller, operation: &str, body: &Value) -> Result<Value, Failure> {
    let (Some(key), "DescribeKey") = (body["KeyId"].as_str(), operation) else {
        return Err(Failure::new("UnknownOperationException", format!("{operation} is not served")));
    };
    let now = world.clock.now();
    let absent = |_| Failure::new("NotFoundException", format!("Key or alias {key} is not found."));
    let arn = world.dynamodb.key(caller, key, now).map_err(absent)?;
    let id = arn.rsplit('/').next().unwrap_or_default();
    Ok(json!({"KeyMetadata": {"Arn": arn, "KeyId": id}}))
}
