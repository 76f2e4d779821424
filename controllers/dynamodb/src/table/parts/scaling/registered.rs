//! What is registered of a table and its indexes.

use aws_sdk_applicationautoscaling::types::{ScalableTarget, ScalingPolicy};
use cairn_core::{failure::Failure, leaf, observed::Present};
use serde_json::{Value, json};

use super::{super::global_indexes, MAX, MIN, NAME, calls, capacity::Capacity};
use crate::{client::Scoped, wire::encode};

/// What is registered where `client` is, which `region` names if it is a replica's. A policy of another name than ours is
/// not looked for: its capacity has none then.
pub(super) async fn registered(
    client: &Scoped,
    table: &str,
    home: &Present,
    region: Option<&str>,
) -> Result<Vec<Value>, Failure> {
    let client = client.scaling();
    let indexes = home.parts.get(global_indexes::FIELD).and_then(Option::as_ref).and_then(Value::as_array);
    let indexes = indexes.into_iter().flatten().filter_map(|index| index["indexName"].as_str()).map(Some);
    let places = [None].into_iter().chain(indexes).map(|index| Capacity { region, index, reads: true });
    let resources: Vec<_> = places.map(|place| place.resource(table)).collect();
    let targets = calls::targets(&client, &resources).await?;
    let known: Vec<_> = targets.iter().filter_map(|target| Some((capacity(target, table, region)?, target))).collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<_> = known.iter().map(|(capacity, _)| capacity.policy(table)).collect();
    let policies = calls::policies(&client, &names).await?;
    let told = |(capacity, target): &(Capacity<'_>, &ScalableTarget)| {
        let bounds = json!({NAME: capacity.name(), MIN: target.min_capacity, MAX: target.max_capacity});
        let its = policies.iter().find(|policy| policy.policy_name == capacity.policy(table) && is_of(policy, target));
        match its.and_then(|policy| calls::tracked(policy, capacity)) {
            Some(tracking) => leaf::overlay(bounds, &encode(tracking)),
            None => bounds,
        }
    };
    Ok(known.iter().map(told).collect())
}

fn capacity<'t>(target: &'t ScalableTarget, table: &str, region: Option<&'t str>) -> Option<Capacity<'t>> {
    let capacity = Capacity::of(&target.resource_id, &target.scalable_dimension, table)?;
    Some(Capacity { region, ..capacity })
}

fn is_of(policy: &ScalingPolicy, target: &ScalableTarget) -> bool {
    policy.resource_id == target.resource_id && policy.scalable_dimension == target.scalable_dimension
}
