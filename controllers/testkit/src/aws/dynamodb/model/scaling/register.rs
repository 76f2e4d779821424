//! Scalable targets.

use std::collections::BTreeMap;

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
    shape::{DeregisterScalableTarget, DescribeScalableTargets, Dimension, RegisterScalableTarget, SuspendedState},
    tagging::check_tags,
    target::{Place, ScalableTarget, adjust},
};

pub(super) fn check_namespace(namespace: &str) -> Outcome<()> {
    if namespace == "dynamodb" {
        return Ok(());
    }
    Err(Failure::unsupported("Application Auto Scaling", format!("the service namespace {namespace}")))
}

pub(super) fn not_registered(resource: &str, dimension: Dimension) -> Failure {
    let what =
        format!("service namespace: dynamodb, resource ID: {resource}, scalable dimension: {}", json!(dimension));
    Failure::new("ObjectNotFoundException", format!("No scalable target registered for {what}"))
}

/// Refuses a table or index that is not there.
fn check_resource(dynamo: &Dynamo, context: &Context, place: &Place) -> Outcome<()> {
    let table = dynamo.get(&context.caller, &place.table);
    if table.and_then(|table| place.throughput(table)).is_some() {
        return Ok(());
    }
    let what = if place.index.is_some() { "index" } else { "table" };
    Err(Failure::validation(format!("DynamoDB {what} does not exist: {}", place.resource())))
}

/// Registers a target, or changes it; gives it.
pub(super) fn register(
    dynamo: &mut Dynamo,
    context: &Context,
    request: &RegisterScalableTarget,
) -> Outcome<ScalableTarget> {
    check_namespace(&request.service_namespace)?;
    let place = Place::parse(&request.resource_id, request.scalable_dimension)?;
    check_resource(dynamo, context, &place)?;
    let number = dynamo.next_number();
    let current = dynamo.scaling.get(&context.caller, &request.resource_id, request.scalable_dimension).cloned();
    let is_new = current.is_none();
    let mut target = match current {
        Some(target) => target,
        None => new_target(context, request, number)?,
    };
    target.min = request.min_capacity.unwrap_or(target.min);
    target.max = request.max_capacity.unwrap_or(target.max);
    if target.min < 1 || target.max < target.min {
        return Err(Failure::validation("Minimum capacity must be at least 1, and maximum capacity not less"));
    }
    target.role = request.role_arn.clone().unwrap_or(target.role);
    suspend(&mut target.suspended, request.suspended_state.unwrap_or_default());
    match &request.tags {
        Some(tags) if is_new => target.tags.clone_from(tags),
        Some(_) => return Err(Failure::validation("Tags can be specified only for a new scalable target")),
        None => {}
    }
    check_tags(&target.tags)?;
    dynamo.scaling.put(target.clone());
    adjust(dynamo, context, &target)?;
    Ok(target)
}

fn new_target(context: &Context, request: &RegisterScalableTarget, number: u64) -> Outcome<ScalableTarget> {
    let (Some(min), Some(max)) = (request.min_capacity, request.max_capacity) else {
        return Err(Failure::validation("MinCapacity and MaxCapacity must be specified for a new scalable target"));
    };
    let role = "role/aws-service-role/dynamodb.application-autoscaling.amazonaws.com/\
        AWSServiceRoleForApplicationAutoScaling_DynamoDBTable";
    Ok(ScalableTarget {
        home: context.caller.clone(),
        resource: request.resource_id.clone(),
        dimension: request.scalable_dimension,
        arn: context.caller.arn("application-autoscaling", &format!("scalable-target/{number:036x}")),
        min,
        max,
        role: format!("arn:aws:iam::{}:{role}", context.caller.account),
        suspended: SuspendedState::default(),
        created: context.now,
        tags: BTreeMap::new(),
        policies: BTreeMap::new(),
    })
}

fn suspend(current: &mut SuspendedState, asked: SuspendedState) {
    let set = |current: &mut Option<bool>, asked: Option<bool>| *current = asked.or(*current);
    set(&mut current.dynamic_scaling_in_suspended, asked.dynamic_scaling_in_suspended);
    set(&mut current.dynamic_scaling_out_suspended, asked.dynamic_scaling_out_suspended);
    set(&mut current.scheduled_scaling_suspended, asked.scheduled_scaling_suspended);
}

impl Operation for RegisterScalableTarget {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        Ok(json!({ "ScalableTargetARN": register(dynamo, context, self)?.arn }))
    }
}

impl Operation for DeregisterScalableTarget {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_namespace(&self.service_namespace)?;
        let removed = dynamo.scaling.remove(&context.caller, &self.resource_id, self.scalable_dimension);
        removed.map(|_| json!({})).ok_or_else(|| not_registered(&self.resource_id, self.scalable_dimension))
    }
}

impl Operation for DescribeScalableTargets {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        check_namespace(&self.service_namespace)?;
        let is_meant = |target: &&ScalableTarget| {
            self.resource_ids.as_ref().is_none_or(|ids| ids.contains(&target.resource))
                && self.scalable_dimension.is_none_or(|dimension| dimension == target.dimension)
        };
        let found = dynamo.scaling.of(&context.caller).filter(is_meant);
        let found: Vec<Value> = found.map(ScalableTarget::describe).collect();
        let (page, next) = page::of(&found, self.next_token.as_deref(), self.max_results, "maxResults", 50)?;
        Ok(pruned(json!({ "ScalableTargets": page, "NextToken": next })))
    }
}
