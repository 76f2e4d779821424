//! The one operation of KMS that tells the key behind an alias; keys and aliases are those of the model of DynamoDB.

use serde_json::{Value, json};

use super::{
    answer::Answer,
    dynamodb::model::{Caller, Failure},
    json::{self, Protocol},
    route::{RawRequest, Route},
    world::World,
};

pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route) -> Answer {
    match serve(world, raw, route) {
        Ok(body) => Protocol::V1_1.answer(&body),
        Err(failure) => error(failure.status, failure.code, &failure.message),
    }
}

fn serve(world: &mut World, raw: &RawRequest, route: &Route) -> Result<Value, Failure> {
    let Some(scope) = &route.scope else {
        return Err(Failure::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    };
    let body = json::body(raw).ok_or_else(|| Failure::new("SerializationException", "the body is not JSON"))?;
    let operation = json::operation(raw);
    let (Some(key), "DescribeKey") = (body["KeyId"].as_str(), operation.as_str()) else {
        return Err(Failure::new("UnknownOperationException", format!("{operation} is not served")));
    };
    let caller = Caller::new(&world.account(&scope.access_key), &route.region);
    let now = world.clock.now();
    let arn = world.dynamodb.key(&caller, key, now).map_err(|_| absent(key))?;
    let id = arn.rsplit('/').next().unwrap_or_default();
    Ok(json!({"KeyMetadata": {"Arn": arn, "KeyId": id}}))
}

fn absent(key: &str) -> Failure {
    Failure::new("NotFoundException", format!("Key or alias {key} is not found."))
}

/// An error of KMS.
pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Protocol::V1_1.error(status, "", code, message)
}
