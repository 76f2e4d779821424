//! Application Auto Scaling on the wire; what it does is in the model of DynamoDB, the capacities of which it scales.

use serde_json::Value;

use super::{
    answer::Answer,
    dynamodb::model::{Caller, Failure, scaling::ScalingRequest},
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
    let request = ScalingRequest::parse(&json::operation(raw), body)?;
    let caller = Caller::new(&world.account(&scope.access_key), &route.region);
    let now = world.clock.now();
    world.dynamodb.scale(&caller, &request, now)
}

/// An error of Application Auto Scaling.
pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Protocol::V1_1.error(status, "", code, message)
}
