//! Auto scaling of all replicas of a table, which DynamoDB offers itself.

use serde_json::{Value, json};

use super::{
    super::{
        context::{Caller, Context},
        describe::{pruned, some},
        dynamo::Dynamo,
        failure::{Failure, Outcome},
        operation::Operation,
        replica::ReplicaStatus,
        shape::{
            AutoScalingSettingsUpdate, DescribeTableReplicaAutoScaling, ReplicaAutoScalingUpdate,
            UpdateTableReplicaAutoScaling,
        },
        table::Table,
    },
    policy::put_policy,
    register::register,
    shape::{Dimension, MetricType, PredefinedMetric, RegisterScalableTarget, TrackingPolicy},
    target::{Place, ScalableTarget},
};

/// A capacity in a region, and what is asked for it.
struct Asked<'a> {
    region: String,
    index: Option<&'a str>,
    reads: bool,
    settings: &'a AutoScalingSettingsUpdate,
}

fn name_of(index: Option<&String>) -> Outcome<&str> {
    index.map(String::as_str).ok_or_else(|| Failure::invalid("IndexName must be specified"))
}

/// Regions of a table and its replicas.
fn regions(table: &Table) -> Vec<String> {
    let mut regions: Vec<String> = table.replication.replicas.iter().map(|replica| replica.region.clone()).collect();
    regions.push(table.home.region.clone());
    regions.sort();
    regions
}

impl UpdateTableReplicaAutoScaling {
    /// All that is asked for: writes in every region, reads in the region that is named.
    fn asked(&self, table: &Table) -> Outcome<Vec<Asked<'_>>> {
        let mut asked = Vec::new();
        for region in regions(table) {
            let settings = self.provisioned_write_capacity_auto_scaling_update.iter();
            asked.extend(settings.map(|settings| Asked {
                region: region.clone(),
                index: None,
                reads: false,
                settings,
            }));
            for update in self.global_secondary_index_updates.iter().flatten() {
                let index = Some(name_of(update.index_name.as_ref())?);
                let settings = update.provisioned_write_capacity_auto_scaling_update.iter();
                asked.extend(settings.map(|settings| Asked { region: region.clone(), index, reads: false, settings }));
            }
        }
        for update in self.replica_updates.iter().flatten() {
            asked.extend(reads(table, update)?);
        }
        Ok(asked)
    }
}

fn reads<'a>(table: &Table, update: &'a ReplicaAutoScalingUpdate) -> Outcome<Vec<Asked<'a>>> {
    let region = &update.region_name;
    if !regions(table).contains(region) {
        return Err(Failure::invalid(format!("Replica does not exist in region: {region}")));
    }
    let settings = update.replica_provisioned_read_capacity_auto_scaling_update.iter();
    let mut asked: Vec<Asked<'a>> =
        settings.map(|settings| Asked { region: region.clone(), index: None, reads: true, settings }).collect();
    for update in update.replica_global_secondary_index_updates.iter().flatten() {
        let index = Some(name_of(update.index_name.as_ref())?);
        let settings = update.provisioned_read_capacity_auto_scaling_update.iter();
        asked.extend(settings.map(|settings| Asked { region: region.clone(), index, reads: true, settings }));
    }
    Ok(asked)
}

impl Operation for UpdateTableReplicaAutoScaling {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.found(context, &self.table_name)?.clone();
        table.check_changeable()?;
        if !table.replication.is_global() {
            return Err(Failure::invalid(format!("Table is not a global table: {}", table.name)));
        }
        let asked = self.asked(&table)?;
        if asked.is_empty() {
            return Err(Failure::invalid("Nothing is specified to update"));
        }
        // All or nothing: what fails on the way has changed a copy.
        let mut changed = dynamo.clone();
        asked.iter().try_for_each(|asked| set(&mut changed, context, &table, asked))?;
        *dynamo = changed;
        Ok(json!({ "TableAutoScalingDescription": describe(dynamo, &table) }))
    }
}

fn set(dynamo: &mut Dynamo, context: &Context, table: &Table, asked: &Asked<'_>) -> Outcome<()> {
    let there = Context { caller: Caller::new(&table.home.account, &asked.region), ..context.clone() };
    let place = Place { table: table.name.clone(), index: asked.index.map(str::to_owned) };
    let (resource, dimension) = (place.resource(), Dimension::of(asked.index, asked.reads));
    if asked.settings.auto_scaling_disabled.unwrap_or_default() {
        dynamo.scaling.remove(&there.caller, &resource, dimension);
        return Ok(());
    }
    let request = RegisterScalableTarget {
        service_namespace: "dynamodb".to_owned(),
        resource_id: resource.clone(),
        scalable_dimension: dimension,
        min_capacity: asked.settings.minimum_units,
        max_capacity: asked.settings.maximum_units,
        role_arn: asked.settings.auto_scaling_role_arn.clone(),
        suspended_state: None,
        tags: None,
    };
    let target = register(dynamo, &there, &request)?;
    let Some(update) = &asked.settings.scaling_policy_update else {
        return Ok(());
    };
    let kind = if asked.reads { "Read" } else { "Write" };
    let tracked = update.target_tracking_scaling_policy_configuration;
    let tracking = TrackingPolicy {
        target_value: tracked.target_value,
        predefined_metric_specification: Some(PredefinedMetric { predefined_metric_type: MetricType::of(asked.reads) }),
        scale_out_cooldown: tracked.scale_out_cooldown,
        scale_in_cooldown: tracked.scale_in_cooldown,
        disable_scale_in: tracked.disable_scale_in,
    };
    let current = target.policies.keys().next().cloned();
    let made_up = format!("DynamoDB{kind}CapacityUtilization:{resource}");
    let name = update.policy_name.clone().or(current).unwrap_or(made_up);
    put_policy(dynamo, &there, &resource, dimension, &name, tracking).map(drop)
}

impl Operation for DescribeTableReplicaAutoScaling {
    fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
        let table = dynamo.seen(context, &self.table_name)?.clone();
        Ok(json!({ "TableAutoScalingDescription": describe(dynamo, &table) }))
    }
}

fn describe(dynamo: &Dynamo, table: &Table) -> Value {
    let replica = |region: String| {
        let home = Caller::new(&table.home.account, &region);
        let status = table.replication.replica(&region).map_or(ReplicaStatus::Active, |replica| replica.status);
        let settings = |index: Option<&str>, reads: bool| {
            let place = Place { table: table.name.clone(), index: index.map(str::to_owned) };
            describe_target(dynamo.scaling.get(&home, &place.resource(), Dimension::of(index, reads)))
        };
        let indexes = table.indexes.iter().map(|index| {
            let name = Some(index.name.as_str());
            json!({
                "IndexName": index.name,
                "IndexStatus": index.status,
                "ProvisionedReadCapacityAutoScalingSettings": settings(name, true),
                "ProvisionedWriteCapacityAutoScalingSettings": settings(name, false),
            })
        });
        json!({
            "RegionName": region,
            "ReplicaStatus": status,
            "GlobalSecondaryIndexes": some(indexes.collect::<Vec<_>>()),
            "ReplicaProvisionedReadCapacityAutoScalingSettings": settings(None, true),
            "ReplicaProvisionedWriteCapacityAutoScalingSettings": settings(None, false),
        })
    };
    let replicas: Vec<Value> = regions(table).into_iter().map(replica).collect();
    pruned(json!({ "TableName": table.name, "TableStatus": table.status, "Replicas": replicas }))
}

fn describe_target(target: Option<&ScalableTarget>) -> Value {
    let Some(target) = target else {
        return json!({ "AutoScalingDisabled": true });
    };
    let policies = target.policies.values().map(|policy| {
        let tracking = &policy.tracking;
        json!({
            "PolicyName": policy.name,
            "TargetTrackingScalingPolicyConfiguration": {
                "DisableScaleIn": tracking.disable_scale_in,
                "ScaleInCooldown": tracking.scale_in_cooldown,
                "ScaleOutCooldown": tracking.scale_out_cooldown,
                "TargetValue": tracking.target_value,
            },
        })
    });
    json!({
        "MinimumUnits": target.min,
        "MaximumUnits": target.max,
        "AutoScalingDisabled": false,
        "AutoScalingRoleArn": target.role,
        "ScalingPolicies": policies.collect::<Vec<_>>(),
    })
}
