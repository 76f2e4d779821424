//! Scaling policies.

use serde_json::{Value, json};

use super::{
    super::{
        context::Context,
        describe::pruned,
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        operation::Operation,
        page,
    },
    register::{check_namespace, not_registered},
    shape::{
        DeleteScalingPolicy, DescribeScalingPolicies, Dimension, MetricType, PolicyType, PutScalingPolicy,
        TrackingPolicy,
    },
    target::ScalingPolicy,
};

/// Sets a policy of a target; gives it.
pub(super) fn put_policy(
    dynamo: &mut Dynamo,
    context: &Context,
    resource: &str,
    dimension: Dimension,
    name: &str,
    tracking: TrackingPolicy,
) -> Outcome<ScalingPolicy> {
    check_tracking(dimension, tracking)?;
    let target = dynamo.scaling.get(&context.caller, resource, dimension);
    let mut target = target.cloned().ok_or_else(|| not_registered(resource, dimension))?;
    if target.policies.keys().any(|other| other != name) {
        let message = "Only one TargetTrackingScaling policy for a given metric specification is allowed.";
        return Err(Failure::validation(message));
    }
    let number = dynamo.next_number();
    let policy = target.policies.entry(name.to_owned()).or_insert_with(|| {
        let id = format!("00000000-0000-4000-8000-{number:012x}");
        ScalingPolicy {
            name: name.to_owned(),
            arn: context
                .caller
                .arn("autoscaling", &format!("scalingPolicy:{id}:resource/dynamodb/{resource}:policyName/{name}")),
            created: context.now,
            tracking,
        }
    });
    policy.tracking = tracking;
    let policy = policy.clone();
    dynamo.scaling.put(target);
    Ok(policy)
}

/// DynamoDB's utilization is kept between 20 and 90 percent (developer guide, "Managing throughput capacity
/// automatically").
fn check_tracking(dimension: Dimension, tracking: TrackingPolicy) -> Outcome<()> {
    if !(20.0..=90.0).contains(&tracking.target_value) {
        return Err(Failure::validation("TargetValue must be between 20 and 90 for DynamoDB"));
    }
    let expected = MetricType::of(dimension.is_reads());
    match tracking.predefined_metric_specification {
        Some(metric) if metric.predefined_metric_type == expected => Ok(()),
        _ => Err(Failure::validation(format!("The metric must be {} for this dimension", json!(expected)))),
    }
}

impl Operation for PutScalingPolicy {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_namespace(&self.service_namespace)?;
        if self.policy_type.is_some_and(|kind| kind != PolicyType::TargetTrackingScaling) {
            return Err(Failure::validation("DynamoDB supports the policy type TargetTrackingScaling only"));
        }
        let tracking = self
            .target_tracking_scaling_policy_configuration
            .ok_or_else(|| Failure::validation("TargetTrackingScalingPolicyConfiguration must be specified"))?;
        let (resource, dimension) = (&self.resource_id, self.scalable_dimension);
        let policy = put_policy(dynamo, context, resource, dimension, &self.policy_name, tracking)?;
        Ok(json!({ "PolicyARN": policy.arn, "Alarms": policy.alarms(&context.caller) }))
    }
}

impl Operation for DescribeScalingPolicies {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_namespace(&self.service_namespace)?;
        let targets = dynamo.scaling.of(&context.caller).filter(|target| {
            self.resource_id.as_ref().is_none_or(|resource| *resource == target.resource)
                && self.scalable_dimension.is_none_or(|dimension| dimension == target.dimension)
        });
        let named =
            |policy: &&ScalingPolicy| self.policy_names.as_ref().is_none_or(|names| names.contains(&policy.name));
        let found: Vec<Value> = targets
            .flat_map(|target| target.policies.values().filter(named).map(|policy| target.describe_policy(policy)))
            .collect();
        let (page, next) = page::of(&found, self.next_token.as_deref(), self.max_results, "maxResults", 10)?;
        Ok(pruned(json!({ "ScalingPolicies": page, "NextToken": next })))
    }
}

impl Operation for DeleteScalingPolicy {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_namespace(&self.service_namespace)?;
        let target = dynamo.scaling.get(&context.caller, &self.resource_id, self.scalable_dimension);
        let mut target = target.cloned().ok_or_else(|| no_policy(&self.policy_name))?;
        target.policies.remove(&self.policy_name).ok_or_else(|| no_policy(&self.policy_name))?;
        dynamo.scaling.put(target);
        Ok(json!({}))
    }
}

fn no_policy(name: &str) -> Failure {
    Failure::new("ObjectNotFoundException", format!("No scaling policy found for policy name: {name}"))
}
