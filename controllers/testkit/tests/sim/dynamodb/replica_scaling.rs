//! Auto scaling of all replicas of a table, by values.

use serde_json::{Value, json};

use super::{
    scaling::scale_writes,
    support::{Model, index, strings, units, with},
};

/// A provisioned table with an index and a replica in us-east-1.
fn global() -> Model {
    let by_b = with(index("by-b", "b"), json!({ "ProvisionedThroughput": units(5, 5) }));
    let mut model = Model::with_provisioned(json!({
        "AttributeDefinitions": strings(&["id", "b"]), "GlobalSecondaryIndexes": [by_b],
        "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES" },
    }));
    scale_writes(&mut model, "table/orders", "dynamodb:table:WriteCapacityUnits");
    scale_writes(&mut model, "table/orders/index/by-b", "dynamodb:index:WriteCapacityUnits");
    model.updated(json!({ "ReplicaUpdates": [{ "Create": { "RegionName": "us-east-1" } }] }));
    model
}

fn settings(min: i64, max: i64, value: f64) -> Value {
    let tracking = json!({ "TargetTrackingScalingPolicyConfiguration": { "TargetValue": value } });
    json!({ "MinimumUnits": min, "MaximumUnits": max, "ScalingPolicyUpdate": tracking })
}

fn replica(model: &mut Model, region: &str) -> Value {
    let answer = model.on_table("DescribeTableReplicaAutoScaling", json!({})).unwrap();
    let replicas = answer["TableAutoScalingDescription"]["Replicas"].as_array().unwrap().clone();
    replicas.into_iter().find(|replica| replica["RegionName"] == region).unwrap()
}

#[test]
fn writes_are_scaled_everywhere_and_reads_where_it_is_asked() {
    let mut model = global();
    let off = json!({ "AutoScalingDisabled": true });
    assert_eq!(replica(&mut model, "us-east-1")["ReplicaProvisionedWriteCapacityAutoScalingSettings"], off);
    let reads = json!({
        "RegionName": "us-east-1", "ReplicaProvisionedReadCapacityAutoScalingUpdate": settings(2, 20, 60.0),
    });
    let body = json!({
        "ProvisionedWriteCapacityAutoScalingUpdate": settings(1, 30, 50.0), "ReplicaUpdates": [reads],
    });
    model.on_table("UpdateTableReplicaAutoScaling", body).unwrap();
    for (region, policy) in [("eu-west-1", "writes"), ("us-east-1", "DynamoDBWriteCapacityUtilization:table/orders")] {
        let shown = replica(&mut model, region)["ReplicaProvisionedWriteCapacityAutoScalingSettings"].clone();
        assert_eq!((&shown["MinimumUnits"], &shown["MaximumUnits"]), (&json!(1), &json!(30)), "{region}");
        assert_eq!(shown["ScalingPolicies"][0]["PolicyName"], policy, "{region}");
        let tracking = &shown["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"];
        assert_eq!(tracking["TargetValue"], 50.0, "{region}");
    }
    let reads = "ReplicaProvisionedReadCapacityAutoScalingSettings";
    assert_eq!(replica(&mut model, "eu-west-1")[reads], off);
    assert_eq!(replica(&mut model, "us-east-1")[reads]["MaximumUnits"], 20);
    model.caller.region = "us-east-1".to_owned();
    let targets = model.scale("DescribeScalableTargets", json!({})).unwrap();
    assert_eq!(targets["ScalableTargets"].as_array().unwrap().len(), 2, "they are Application Auto Scaling's");
}

#[test]
fn indexes_are_scaled_too_and_scaling_ends() {
    let mut model = global();
    let writes = json!({ "IndexName": "by-b", "ProvisionedWriteCapacityAutoScalingUpdate": settings(1, 40, 50.0) });
    let reads = json!({ "IndexName": "by-b", "ProvisionedReadCapacityAutoScalingUpdate": settings(1, 41, 50.0) });
    let body = json!({
        "GlobalSecondaryIndexUpdates": [writes],
        "ReplicaUpdates": [{ "RegionName": "us-east-1", "ReplicaGlobalSecondaryIndexUpdates": [reads] }],
    });
    model.on_table("UpdateTableReplicaAutoScaling", body).unwrap();
    let shown = replica(&mut model, "us-east-1")["GlobalSecondaryIndexes"][0].clone();
    assert_eq!(shown["ProvisionedWriteCapacityAutoScalingSettings"]["MaximumUnits"], 40);
    assert_eq!(shown["ProvisionedReadCapacityAutoScalingSettings"]["MaximumUnits"], 41);
    let off = json!({ "ProvisionedWriteCapacityAutoScalingUpdate": { "AutoScalingDisabled": true } });
    model.on_table("UpdateTableReplicaAutoScaling", off).unwrap();
    let shown = replica(&mut model, "eu-west-1")["ReplicaProvisionedWriteCapacityAutoScalingSettings"].clone();
    assert_eq!(shown, json!({ "AutoScalingDisabled": true }));
}

#[test]
fn what_is_asked_is_checked_before_anything_is_done() {
    let mut model = Model::with_provisioned(json!({}));
    let body = |more: Value| with(json!({ "TableName": "orders" }), more);
    let writes = || json!({ "ProvisionedWriteCapacityAutoScalingUpdate": settings(1, 30, 50.0) });
    let refused = |model: &mut Model, more: Value, says: &str| {
        assert_eq!(model.refused("UpdateTableReplicaAutoScaling", body(more), says), "ValidationException", "{says}");
    };
    refused(&mut model, writes(), "not a global table");
    let mut model = global();
    refused(&mut model, json!({}), "Nothing is specified");
    refused(
        &mut model,
        json!({ "ReplicaUpdates": [{ "RegionName": "us-west-2" }] }),
        "does not exist in region: us-west-2",
    );
    let bad =
        json!({ "RegionName": "us-east-1", "ReplicaProvisionedReadCapacityAutoScalingUpdate": settings(9, 3, 50.0) });
    let before: Vec<_> = model.dynamo.scalable_targets().cloned().collect();
    refused(&mut model, with(writes(), json!({ "ReplicaUpdates": [bad] })), "maximum capacity not less");
    let after: Vec<_> = model.dynamo.scalable_targets().cloned().collect();
    assert_eq!(before, after);
    model.update(json!({ "DeletionProtectionEnabled": true })).unwrap();
    let code = model.refused("UpdateTableReplicaAutoScaling", body(writes()), "being updated");
    assert_eq!(code, "ResourceInUseException");
}
