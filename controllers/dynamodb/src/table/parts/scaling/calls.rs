//! The calls to Application Auto Scaling.

use aws_sdk_applicationautoscaling::types::{
    PolicyType, PredefinedMetricSpecification, ScalableTarget, ScalingPolicy, ServiceNamespace,
    TargetTrackingScalingPolicyConfiguration,
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::failure::Failure;
use serde_json::Value;

use super::{DELETE_POLICY, DEREGISTER, MAX, MIN, PUT_POLICY, REGISTER, TARGETS, capacity::Capacity};
use crate::{
    client::{Scaling, fetch, send},
    wire::{Sdk, decode},
};

cairn_aws::wire! { aws_sdk_applicationautoscaling, Sdk;
    try struct TargetTrackingScalingPolicyConfiguration {
        "targetValue" => target_value,
        "scaleInCooldown" => scale_in_cooldown,
        "scaleOutCooldown" => scale_out_cooldown,
        "disableScaleIn" => disable_scale_in,
    }
}

const POLICIES: &str = "DescribeScalingPolicies";
const DYNAMODB: ServiceNamespace = ServiceNamespace::Dynamodb;

/// What the service says of a target or a policy that is not there.
const ABSENT: &[&str] = &["ObjectNotFoundException"];

/// What is registered of these tables and indexes.
pub(super) async fn targets(client: &Scaling, resources: &[String]) -> Result<Vec<ScalableTarget>, Failure> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = fetch!(
            client,
            describe_scalable_targets
                .service_namespace(DYNAMODB)
                .set_resource_ids(Some(resources.to_vec()))
                .set_next_token(next),
            TARGETS
        )?;
        all.extend(page.scalable_targets.unwrap_or_default());
        next = page.next_token;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// The policies of these names, of whatever table.
pub(super) async fn policies(client: &Scaling, names: &[String]) -> Result<Vec<ScalingPolicy>, Failure> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let page = fetch!(
            client,
            describe_scaling_policies
                .service_namespace(DYNAMODB)
                .set_policy_names(Some(names.to_vec()))
                .set_next_token(next),
            POLICIES
        )?;
        all.extend(page.scaling_policies.unwrap_or_default());
        next = page.next_token;
        if next.is_none() {
            return Ok(all);
        }
    }
}

/// Registers a capacity with its bounds, or changes them.
pub(super) async fn register(
    client: &Scaling,
    table: &str,
    capacity: &Capacity<'_>,
    entry: &Value,
) -> Result<(), Failure> {
    let (min, max) = (decode(REGISTER, &entry[MIN])?, decode(REGISTER, &entry[MAX])?);
    send!(
        client,
        register_scalable_target
            .service_namespace(DYNAMODB)
            .resource_id(capacity.resource(table))
            .scalable_dimension(capacity.dimension())
            .min_capacity(min)
            .max_capacity(max),
        REGISTER
    )
}

/// Ends the scaling of a capacity; its policies go with it. Source: Application Auto Scaling API reference,
/// `DeregisterScalableTarget`.
pub(super) async fn deregister(client: &Scaling, table: &str, capacity: &Capacity<'_>) -> Result<(), Failure> {
    let answer = send!(
        client,
        deregister_scalable_target
            .service_namespace(DYNAMODB)
            .resource_id(capacity.resource(table))
            .scalable_dimension(capacity.dimension()),
        DEREGISTER
    );
    unless_absent(answer, ABSENT).map(drop)
}

/// Sets the policy of a registered capacity.
pub(super) async fn put_policy(
    client: &Scaling,
    table: &str,
    capacity: &Capacity<'_>,
    entry: &Value,
) -> Result<(), Failure> {
    let mut tracking: TargetTrackingScalingPolicyConfiguration = decode(PUT_POLICY, entry)?;
    let metric = PredefinedMetricSpecification::builder().predefined_metric_type(capacity.metric()).build();
    tracking.predefined_metric_specification = Some(metric.map_err(|error| unmade(PUT_POLICY, &error))?);
    send!(
        client,
        put_scaling_policy
            .policy_name(capacity.policy(table))
            .service_namespace(DYNAMODB)
            .resource_id(capacity.resource(table))
            .scalable_dimension(capacity.dimension())
            .policy_type(PolicyType::TargetTrackingScaling)
            .target_tracking_scaling_policy_configuration(tracking),
        PUT_POLICY
    )
}

/// Takes the policies of a capacity away that keep the same as ours is to: there can be one of them. Source: Application
/// Auto Scaling user guide, "Target tracking scaling policies", considerations.
pub(super) async fn make_room(client: &Scaling, table: &str, capacity: &Capacity<'_>) -> Result<(), Failure> {
    let (resource, dimension) = (capacity.resource(table), capacity.dimension());
    let found = fetch!(
        client,
        describe_scaling_policies
            .service_namespace(DYNAMODB)
            .resource_id(resource.clone())
            .scalable_dimension(dimension.clone()),
        POLICIES
    )?;
    let ours = capacity.policy(table);
    for policy in found.scaling_policies.unwrap_or_default() {
        if policy.policy_name == ours || tracked(&policy, capacity).is_none() {
            continue;
        }
        let answer = send!(
            client,
            delete_scaling_policy
                .policy_name(policy.policy_name)
                .service_namespace(DYNAMODB)
                .resource_id(resource.clone())
                .scalable_dimension(dimension.clone()),
            DELETE_POLICY
        );
        unless_absent(answer, ABSENT)?;
    }
    Ok(())
}

/// What a policy does, if it keeps the use of the capacity at a value.
pub(super) fn tracked<'p>(
    policy: &'p ScalingPolicy,
    capacity: &Capacity<'_>,
) -> Option<&'p TargetTrackingScalingPolicyConfiguration> {
    let tracking = policy.target_tracking_scaling_policy_configuration.as_ref()?;
    let metric = &tracking.predefined_metric_specification.as_ref()?.predefined_metric_type;
    (*metric == capacity.metric()).then_some(tracking)
}
