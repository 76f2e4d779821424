//! Application Auto Scaling on the wire; what it does is in the model of DynamoDB, the capacities of which it scales.

use super::{
    answer::Answer,
    dynamodb::model::scaling::ScalingRequest,
    json::Protocol,
    route::{RawRequest, Route},
    world::World,
};

pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route) -> Answer {
    Protocol::V1_1.serve(world, raw, route, |world, caller, operation, body| {
        let request = ScalingRequest::parse(operation, body)?;
        let now = world.clock.now();
        world.dynamodb.scale(caller, &request, now)
    })
}
