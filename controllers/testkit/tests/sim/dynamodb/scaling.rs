//! Application Auto Scaling, by values.

use cairn_testkit::aws::dynamodb::model::{Failure, TableStatus};
use serde_json::{Value, json};

use super::support::{Model, index, strings, units, with};

const READS: &str = "dynamodb:table:ReadCapacityUnits";

fn target(resource: &str, dimension: &str, more: Value) -> Value {
    with(json!({ "ResourceId": resource, "ScalableDimension": dimension }), more)
}

fn register(model: &mut Model, more: Value) -> Result<Value, Failure> {
    model.scale("RegisterScalableTarget", target("table/orders", READS, more))
}

fn bounds(min: i64, max: i64) -> Value {
    json!({ "MinCapacity": min, "MaxCapacity": max })
}

fn policy(name: &str, value: f64, metric: &str) -> Value {
    let metric = json!({ "PredefinedMetricType": format!("DynamoDB{metric}CapacityUtilization") });
    let tracking = json!({ "TargetValue": value, "PredefinedMetricSpecification": metric, "ScaleInCooldown": 60 });
    json!({
        "PolicyName": name, "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": tracking,
    })
}

fn refused(result: Result<Value, Failure>, says: &str) -> &'static str {
    let failure = result.unwrap_err();
    assert!(failure.message.contains(says), "{}\ndoes not say: {says}", failure.message);
    failure.code
}

/// Lets writes to a table or an index be scaled.
pub(crate) fn scale_writes(model: &mut Model, resource: &str, dimension: &str) {
    model.scale("RegisterScalableTarget", target(resource, dimension, bounds(1, 100))).unwrap();
    model.scale("PutScalingPolicy", target(resource, dimension, policy("writes", 70.0, "Write"))).unwrap();
}

#[test]
fn a_target_is_registered_described_and_deregistered() {
    let mut model = Model::with_provisioned(json!({}));
    let answer = register(&mut model, with(bounds(1, 10), json!({ "Tags": { "k": "v" } }))).unwrap();
    let arn = answer["ScalableTargetARN"].as_str().unwrap().to_owned();
    assert!(arn.starts_with("arn:aws:application-autoscaling:eu-west-1:111122223333:scalable-target/"), "{arn}");
    let described = |model: &mut Model, body: Value| {
        model.scale("DescribeScalableTargets", body).unwrap()["ScalableTargets"].as_array().unwrap().clone()
    };
    let shown = described(&mut model, json!({}))[0].clone();
    assert_eq!((&shown["MinCapacity"], &shown["MaxCapacity"]), (&json!(1), &json!(10)));
    assert_eq!((&shown["ResourceId"], &shown["ScalableDimension"]), (&json!("table/orders"), &json!(READS)));
    assert_eq!(shown["SuspendedState"]["DynamicScalingInSuspended"], false);
    assert_eq!(shown["ScalableTargetARN"], arn);
    let again = json!({ "MaxCapacity": 20, "SuspendedState": { "DynamicScalingInSuspended": true } });
    assert_eq!(register(&mut model, again).unwrap()["ScalableTargetARN"], arn);
    let shown = described(&mut model, json!({ "ResourceIds": ["table/orders"] }))[0].clone();
    assert_eq!((&shown["MinCapacity"], &shown["MaxCapacity"]), (&json!(1), &json!(20)));
    assert_eq!(shown["SuspendedState"]["DynamicScalingInSuspended"], true);
    assert!(described(&mut model, json!({ "ResourceIds": ["table/other"] })).is_empty());
    assert!(described(&mut model, json!({ "ScalableDimension": "dynamodb:table:WriteCapacityUnits" })).is_empty());
    assert_eq!(model.dynamo.scalable_targets().count(), 1);
    let body = || target("table/orders", READS, json!({}));
    model.scale("DeregisterScalableTarget", body()).unwrap();
    let code = refused(model.scale("DeregisterScalableTarget", body()), "No scalable target registered");
    assert_eq!(code, "ObjectNotFoundException");
    assert!(described(&mut model, json!({})).is_empty());
}

#[test]
fn what_is_registered_is_checked() {
    let mut model = Model::with_provisioned(json!({}));
    let invalid = |result: Result<Value, Failure>, says: &str| assert_eq!(refused(result, says), "ValidationException");
    invalid(register(&mut model, json!({ "MinCapacity": 1 })), "must be specified for a new scalable target");
    invalid(register(&mut model, bounds(0, 1)), "at least 1");
    invalid(register(&mut model, bounds(3, 2)), "maximum capacity not less");
    let other = |resource: &str| target(resource, READS, bounds(1, 2));
    let gone = model.scale("RegisterScalableTarget", other("table/other"));
    invalid(gone, "DynamoDB table does not exist: table/other");
    invalid(model.scale("RegisterScalableTarget", other("table/orders/index/by-b")), "Unsupported resource ID");
    let index = target("table/orders/index/by-b", "dynamodb:index:ReadCapacityUnits", bounds(1, 2));
    invalid(model.scale("RegisterScalableTarget", index), "DynamoDB index does not exist");
    invalid(register(&mut model, with(bounds(1, 2), json!({ "Tags": { "aws:x": "" } }))), "tag key or value");
    let unknown = target("table/orders", "dynamodb:table:Speed", bounds(1, 2));
    invalid(model.scale("RegisterScalableTarget", unknown), "enum value set: [dynamodb:table:ReadCapacityUnits, ");
    assert_eq!(model.dynamo.scalable_targets().count(), 0);
    register(&mut model, bounds(1, 2)).unwrap();
    invalid(register(&mut model, json!({ "Tags": {} })), "only for a new scalable target");
    let ecs = with(target("table/orders", READS, bounds(1, 2)), json!({ "ServiceNamespace": "ecs" }));
    let code = refused(model.scale("RegisterScalableTarget", ecs), "does not simulate the service namespace ecs");
    assert_eq!(code, "NotImplemented");
    let more = register(&mut model, json!({ "Speed": 1 }));
    assert_eq!(
        refused(more, "testkit's Application Auto Scaling does not simulate the member Speed"),
        "NotImplemented"
    );
}

#[test]
fn capacity_is_brought_within_bounds() {
    let by_b = with(index("by-b", "b"), json!({ "ProvisionedThroughput": units(5, 5) }));
    let more = json!({ "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": [by_b] });
    let mut model = Model::with_provisioned(more);
    register(&mut model, bounds(5, 10)).unwrap();
    assert_eq!(model.table().status, TableStatus::Active, "it is within");
    register(&mut model, bounds(8, 10)).unwrap();
    assert_eq!(model.table().status, TableStatus::Updating);
    let table = model.rest();
    assert_eq!((table.throughput.provisioned.read, table.throughput.provisioned.write), (8, 5));
    let writes = target("table/orders/index/by-b", "dynamodb:index:WriteCapacityUnits", bounds(1, 3));
    model.scale("RegisterScalableTarget", writes).unwrap();
    let index = model.rest().index("by-b").unwrap().throughput.provisioned.clone();
    assert_eq!((index.read, index.write), (5, 3));
    model.updated(json!({ "DeletionProtectionEnabled": true }));
    model.update(json!({ "DeletionProtectionEnabled": false })).unwrap();
    register(&mut model, bounds(9, 10)).unwrap();
    assert_eq!(model.rest().throughput.provisioned.read, 8, "a table that is not active stays as it is");
}

#[test]
fn an_on_demand_table_may_be_registered() {
    let mut model = Model::with(json!({}));
    register(&mut model, bounds(8, 10)).unwrap();
    assert_eq!(model.table().status, TableStatus::Active);
}

#[test]
fn a_target_has_one_policy() {
    let mut model = Model::with_provisioned(json!({}));
    let put = |model: &mut Model, policy: Value| model.scale("PutScalingPolicy", target("table/orders", READS, policy));
    let none = put(&mut model, policy("reads", 70.0, "Read"));
    assert_eq!(refused(none, "No scalable target registered"), "ObjectNotFoundException");
    register(&mut model, bounds(1, 10)).unwrap();
    let first = put(&mut model, policy("reads", 70.0, "Read")).unwrap();
    assert!(first["PolicyARN"].as_str().unwrap().ends_with(":resource/dynamodb/table/orders:policyName/reads"));
    assert_eq!(first["Alarms"].as_array().unwrap().len(), 2);
    let again = put(&mut model, policy("reads", 50.0, "Read")).unwrap();
    assert_eq!(again["PolicyARN"], first["PolicyARN"]);
    let described = |model: &mut Model, body: Value| {
        model.scale("DescribeScalingPolicies", body).unwrap()["ScalingPolicies"].as_array().unwrap().clone()
    };
    let shown = described(&mut model, json!({ "PolicyNames": ["reads"] }))[0].clone();
    assert_eq!(shown["TargetTrackingScalingPolicyConfiguration"]["TargetValue"], 50.0);
    assert_eq!(shown["TargetTrackingScalingPolicyConfiguration"]["ScaleInCooldown"], 60);
    assert!(described(&mut model, json!({ "PolicyNames": ["other"] })).is_empty());
    assert!(described(&mut model, json!({ "ResourceId": "table/other" })).is_empty());
    let invalid = |result: Result<Value, Failure>, says: &str| assert_eq!(refused(result, says), "ValidationException");
    invalid(put(&mut model, policy("other", 70.0, "Read")), "Only one TargetTrackingScaling policy");
    invalid(put(&mut model, policy("reads", 70.0, "Write")), "The metric must be");
    invalid(put(&mut model, policy("reads", 91.0, "Read")), "between 20 and 90");
    invalid(
        put(&mut model, with(policy("reads", 70.0, "Read"), json!({ "PolicyType": "StepScaling" }))),
        "TargetTracking",
    );
    let bare = with(policy("reads", 70.0, "Read"), json!({ "TargetTrackingScalingPolicyConfiguration": null }));
    invalid(put(&mut model, bare), "must be specified");
    let delete = |name: &str| target("table/orders", READS, json!({ "PolicyName": name }));
    let code = refused(model.scale("DeleteScalingPolicy", delete("other")), "No scaling policy found");
    assert_eq!(code, "ObjectNotFoundException");
    model.scale("DeleteScalingPolicy", delete("reads")).unwrap();
    assert!(described(&mut model, json!({})).is_empty());
    put(&mut model, policy("other", 70.0, "Read")).unwrap();
    model.scale("DeregisterScalableTarget", target("table/orders", READS, json!({}))).unwrap();
    assert!(described(&mut model, json!({})).is_empty(), "policies go with their target");
}

#[test]
fn a_target_has_tags() {
    let mut model = Model::with_provisioned(json!({}));
    let tagged = with(bounds(1, 10), json!({ "Tags": { "a": "1", "b": "2" } }));
    let arn = register(&mut model, tagged).unwrap()["ScalableTargetARN"].clone();
    let call = |model: &mut Model, operation: &str, more: Value| {
        model.scale(operation, with(json!({ "ResourceARN": arn }), more))
    };
    call(&mut model, "TagResource", json!({ "Tags": { "b": "3" } })).unwrap();
    call(&mut model, "UntagResource", json!({ "TagKeys": ["a", "unknown"] })).unwrap();
    let listed = call(&mut model, "ListTagsForResource", json!({})).unwrap();
    assert_eq!(listed, json!({ "Tags": { "b": "3" } }));
    let many: Value = (0..50).map(|n| (format!("k{n}"), json!(""))).collect::<serde_json::Map<_, _>>().into();
    let code = refused(call(&mut model, "TagResource", json!({ "Tags": many })), "at most 50");
    assert_eq!(code, "TooManyTagsException");
    let other = json!({ "ResourceARN": "arn:other" });
    let code = refused(model.scale("ListTagsForResource", other), "doesn't exist");
    assert_eq!(code, "ResourceNotFoundException");
}

#[test]
fn a_target_outlives_its_table() {
    let mut model = Model::with_provisioned(json!({}));
    register(&mut model, bounds(1, 10)).unwrap();
    model.on_table("DeleteTable", json!({})).unwrap();
    model.step();
    assert_eq!(model.dynamo.scalable_targets().count(), 1);
}
