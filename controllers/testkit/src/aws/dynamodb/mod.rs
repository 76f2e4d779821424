//! DynamoDB on the wire; what it does is in [`model`].

mod history;
pub mod model;
mod view;

use serde_json::Value;

pub(super) use self::history::History;
use self::model::{Caller, Failure, Request};
use super::{
    answer::Answer,
    json::{self, Protocol},
    route::{RawRequest, Route},
    world::World,
};

/// Version of the API, in front of the operation.
const TARGET: &str = "DynamoDB_20120810.";

pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route) -> Answer {
    match serve(world, raw, route) {
        Ok(body) => Protocol::V1_0.answer(&body),
        Err(failure) => error(failure.status, failure.code, &failure.message),
    }
}

fn serve(world: &mut World, raw: &RawRequest, route: &Route) -> Result<Value, Failure> {
    let Some(scope) = &route.scope else {
        let message = "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.";
        return Err(Failure::new("MissingAuthenticationTokenException", message));
    };
    if !raw.header("x-amz-target").is_some_and(|target| target.starts_with(TARGET)) {
        return Err(Failure::new("UnknownOperationException", ""));
    }
    let body = json::body(raw).ok_or_else(|| Failure::new("SerializationException", "the body is not JSON"))?;
    let request = Request::parse(&json::operation(raw), body)?;
    let caller = Caller::new(&world.account(&scope.access_key), &route.region);
    let now = world.clock.now();
    world.dynamodb.handle(&caller, &request, now)
}

/// An error of DynamoDB.
pub(super) fn error(status: u16, code: &str, message: &str) -> Answer {
    Protocol::V1_0.error(status, namespace(code), code, message)
}

/// Where the shape of an error is from: the service, or what all services of its make share.
fn namespace(code: &str) -> &'static str {
    match code {
        "ValidationException" => "com.amazon.coral.validate#",
        "ThrottlingException" => "com.amazon.coral.availability#",
        "AccessDeniedException"
        | "ExpiredTokenException"
        | "MissingAuthenticationTokenException"
        | "SerializationException"
        | "UnrecognizedClientException"
        | "UnknownOperationException" => "com.amazon.coral.service#",
        _ => "com.amazonaws.dynamodb.v20120810#",
    }
}
