//! A table whose capacity follows its use, with what Application Auto Scaling knows of it.

use cairn_e2e::{Result, error::ensure};
use serde_json::{Value, json};

use crate::{
    fixture::{Room, SOON, bucket_name, with_operator},
    tables::{ask_service, example_of, table},
};

const ITS: &str = "readings-of-the-sensors";

fn example(name: &str) -> Result<String> {
    example_of("scaled-table", ITS, name)
}

fn ask(room: &Room, operation: &str) -> Result<Value> {
    let request = json!({"ServiceNamespace": "dynamodb"});
    ask_service(room, "application-autoscaling", "AnyScaleFrontendService", operation, &request)
}

/// What is registered of a table: the resource, what of it, bounds, and the value that its policy keeps.
fn scaled(room: &Room, name: &str) -> Result<Vec<Value>> {
    let (targets, policies) = (ask(room, "DescribeScalableTargets")?, ask(room, "DescribeScalingPolicies")?);
    let is_of_table = |id: &Value| id.as_str().is_some_and(|id| id.starts_with(&format!("table/{name}")));
    let targets = targets["ScalableTargets"].as_array().into_iter().flatten();
    let described = targets.filter(|target| is_of_table(&target["ResourceId"])).map(|target| {
        let same = |policy: &&Value| ["ResourceId", "ScalableDimension"].iter().all(|of| policy[of] == target[of]);
        let policy = policies["ScalingPolicies"].as_array().into_iter().flatten().find(same);
        let kept = policy.map(|policy| &policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]);
        let dimension = target["ScalableDimension"].as_str().unwrap_or_default().trim_start_matches("dynamodb:");
        json!([dimension, target["MinCapacity"], target["MaxCapacity"], kept.and_then(Value::as_f64)])
    });
    let mut described: Vec<_> = described.collect();
    described.sort_by_key(Value::to_string);
    Ok(described)
}

fn ensure_scaled(room: &Room, name: &str, expected: &[Value]) -> Result<()> {
    let found = scaled(room, name)?;
    ensure(found == expected, || format!("expected {expected:?}, found {found:?}"))
}

#[test]
fn the_example_is_scaled_follows_edits_and_leaves_nothing_behind() -> Result<()> {
    with_operator("scaled-tables", |room| {
        let name = bucket_name();
        let ready = || room.kubectl.until_condition("table/readings", "Ready", "True", SOON).map(drop);
        room.kubectl.apply(&example(&name)?)?;
        ready()?;
        let units = &table(room, &name)?["ProvisionedThroughput"];
        ensure(units["ReadCapacityUnits"] == 10 && units["WriteCapacityUnits"] == 20, || units.to_string())?;
        let index =
            [json!(["index:ReadCapacityUnits", 5, 100, 70.0]), json!(["index:WriteCapacityUnits", 10, 400, 70.0])];
        let read = |max: i64| json!(["table:ReadCapacityUnits", 5, max, 60.0]);
        let [index_read, index_write] = index;
        let write = json!(["table:WriteCapacityUnits", 10, 400, 70.0]);
        ensure_scaled(room, &name, &[index_read.clone(), index_write.clone(), read(200), write])?;

        let edit = json!({"spec": {"autoScaling": {"read": {"maxCapacity": 300}, "write": null}}});
        room.kubectl.run(&["patch", "table/readings", "--type=merge", "-p", &edit.to_string()])?;
        room.kubectl.run(&[
            "wait",
            "--for=jsonpath={.status.observedGeneration}=2",
            "--timeout=60s",
            "table/readings",
        ])?;
        ready()?;
        ensure_scaled(room, &name, &[index_read, index_write, read(300)])?;

        room.kubectl.run(&["delete", "--wait=false", "table/readings"])?;
        room.kubectl.until_gone("table/readings", SOON)?;
        ensure_scaled(room, &name, &[])?;
        ensure(table(room, &name)?.is_null(), || "the object is gone, the table is not".into())
    })
}

/// What can never be is refused before it is stored, and the refusal says why.
#[test]
fn bad_auto_scaling_is_refused() -> Result<()> {
    with_operator("bad-scaling", |room| {
        let good = example(&bucket_name())?;
        let replica =
            "tableReplicas: [{regionName: eu-west-1, globalSecondaryIndexes: [{indexName: by-day, autoScaling: {}}]}]";
        for (part, with, why) in [
            ("minCapacity: 5, maxCapacity: 200", "minCapacity: 500, maxCapacity: 200", "that is not less"),
            ("minCapacity: 5, maxCapacity: 200", "minCapacity: 5", "that is not less"),
            ("minCapacity: 5, maxCapacity: 200, ", "", "unless {} is to end the scaling"),
            ("minCapacity: 5, maxCapacity: 200", "minCapacity: 0, maxCapacity: 200", "greater than or equal to 1"),
            ("targetValue: 60", "targetValue: 95", "less than or equal to 90"),
            ("targetValue: 60", "targetValue: 10", "greater than or equal to 20"),
            (
                "billingMode: PROVISIONED\n  provisionedThroughput: {readCapacityUnits: 10, writeCapacityUnits: 20}",
                "billingMode: PAY_PER_REQUEST",
                "autoScaling needs billingMode PROVISIONED",
            ),
            (
                "billingMode: PROVISIONED",
                &format!("billingMode: PROVISIONED\n  {replica}"),
                "has to be in globalSecondary",
            ),
        ] {
            ensure(good.contains(part), || format!("the example has no `{part}`"))?;
            let refused = room.kubectl.apply(&good.replacen(part, with, 1));
            let told = refused.err().map(|error| error.to_string()).unwrap_or_default();
            ensure(told.contains(why), || format!("`{with}`: expected `{why}`, got: {told}"))?;
        }
        Ok(())
    })
}
