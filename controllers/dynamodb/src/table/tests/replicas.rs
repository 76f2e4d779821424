//! Replicas in other regions.

use aws_sdk_dynamodb::types::{ReplicaDescription, ReplicaStatus};

use super::*;

const DECLARED: &[(&str, &[&str])] = &[("tableReplicas", &["eu-central-1", "us-west-2"])];

fn stream() -> Value {
    json!({"streamSpecification": {"streamEnabled": true, "streamViewType": "NEW_AND_OLD_IMAGES"}})
}

fn replicas(replicas: Value) -> Value {
    json!({"tableReplicas": replicas})
}

/// A table with a stream and these replicas, all of them active.
fn global(replicas: Value) -> Present {
    let mut present = by_request(stream());
    let states = replicas
        .as_array()
        .unwrap()
        .iter()
        .map(|replica| json!({"regionName": replica["regionName"], "replicaStatus": "ACTIVE"}));
    present.status.insert("replicas".into(), states.collect());
    present.parts.insert("tableReplicas", Some(replicas).filter(|replicas| *replicas != json!([])));
    present
}

fn in_state(state: &str) -> Present {
    let mut present = global(json!([{"regionName": "us-west-2"}]));
    present.status["replicas"][0]["replicaStatus"] = json!(state);
    present
}

fn words(steps: &Steps) -> Vec<String> {
    steps.steps.iter().map(Step::in_words).collect()
}

#[test]
fn replicas_go_before_all_else_and_come_after_it() {
    let declared =
        with(replicas(json!([{"regionName": "us-west-2"}])), json!({"tableClass": "STANDARD_INFREQUENT_ACCESS"}));
    let declared = with(declared, indexed(&["at"]));
    let there = global(json!([{"regionName": "eu-central-1"}]));
    let steps = planned(declared, &there, DECLARED);
    let expected = [
        "deleting the replica in eu-central-1",
        "changing tableClass",
        "creating index at",
        "creating the replica in us-west-2",
    ];
    assert_eq!(words(&steps), expected);
}

#[test]
fn a_replica_is_asked_for_as_it_is_declared_and_changed_only_in_what_differs() {
    let full = json!({
        "regionName": "us-west-2",
        "kmsMasterKeyID": "k-1",
        "tableClassOverride": "STANDARD",
        "onDemandThroughputOverride": {"maxReadRequestUnits": 9},
        "globalSecondaryIndexes": [{"indexName": "at", "onDemandThroughputOverride": {"maxReadRequestUnits": 5}}],
    });
    let made = updates(replicas(json!([full])), &global(json!([])), &[]);
    assert_eq!(made, [json!({"replicaUpdates": [{"create": full}]})]);
    let mut there = full.clone();
    there["kmsMasterKeyID"] = json!("arn:aws:kms:us-west-2:1:key/k-1");
    assert_eq!(updates(replicas(json!([full])), &global(json!([there])), DECLARED), [json!(null); 0]);
    let other = json!({
        "regionName": "us-west-2",
        "onDemandThroughputOverride": {"maxReadRequestUnits": -1},
        "globalSecondaryIndexes": [{"indexName": "by", "onDemandThroughputOverride": {"maxReadRequestUnits": 7}}],
    });
    let got = updates(replicas(json!([other])), &global(json!([there])), DECLARED);
    assert_eq!(got, [json!({"replicaUpdates": [{"update": other}]})]);
}

#[test]
fn a_replica_that_nobody_declared_stays_and_one_that_is_taken_out_goes() {
    let there = global(json!([{"regionName": "eu-central-1"}, {"regionName": "ap-south-1"}]));
    let none: &[Value] = &[];
    assert_eq!(updates(json!({}), &there, &[]), none);
    assert_eq!(updates(replicas(json!([])), &there, &[]), none);
    let gone = json!({"replicaUpdates": [{"delete": {"regionName": "eu-central-1"}}]});
    assert_eq!(updates(replicas(json!([])), &there, DECLARED), [gone]);
    let unmanaged = planned(json!({}), &there, DECLARED);
    assert_eq!((words(&unmanaged), unmanaged.unmanaged.len()), (vec![], 2));
}

#[test]
fn the_stream_that_replicas_need_begins_where_there_is_none() {
    let declared = || replicas(json!([{"regionName": "us-west-2"}]));
    let steps = planned(declared(), &by_request(json!({})), &[]);
    assert_eq!(words(&steps), ["beginning the stream that replicas need", "creating the replica in us-west-2"]);
    assert_eq!(updates(declared(), &by_request(json!({})), &[])[0], stream());
    assert_eq!(words(&planned(with(declared(), stream()), &by_request(json!({})), &[])).len(), 2);
    assert_eq!(words(&planned(declared(), &by_request(stream()), &[])), ["creating the replica in us-west-2"]);
}

#[test]
fn the_stream_that_replicas_need_stays_when_it_is_no_longer_declared() {
    let recorded: &[(&str, &[&str])] = &[("streamSpecification", &[""])];
    let one = || json!([{"regionName": "us-west-2"}]);
    assert_eq!(updates(json!({}), &global(one()), recorded), [json!(null); 0]);
    let coming = planned(replicas(one()), &by_request(stream()), recorded);
    assert_eq!(words(&coming), ["creating the replica in us-west-2"]);
    let off = json!({"streamSpecification": {"streamEnabled": false}});
    assert_eq!(updates(json!({}), &by_request(stream()), recorded), [off]);
}

#[test]
fn nothing_of_the_table_is_changed_while_aws_is_at_work_on_a_replica() {
    let declared = with(replicas(json!([{"regionName": "us-west-2"}])), json!({"deletionProtectionEnabled": true}));
    for (state, expected) in [("CREATING", "creating"), ("UPDATING", "changing"), ("DELETING", "deleting")] {
        let steps = planned(declared.clone(), &in_state(state), DECLARED);
        let awaited: Vec<_> = steps.awaited.iter().map(|awaited| awaited.words.as_str()).collect();
        assert_eq!((words(&steps), awaited), (vec![], vec![format!("{expected} the replica in us-west-2").as_str()]));
    }
    assert_eq!(words(&planned(declared, &in_state("ACTIVE"), DECLARED)), ["changing deletionProtectionEnabled"]);
}

#[test]
fn a_replica_that_failed_is_told_where_it_is_declared() {
    let declared = replicas(json!([{"regionName": "us-west-2"}]));
    let told = planned(declared, &in_state("CREATION_FAILED"), DECLARED).unread;
    assert_eq!(told.len(), 1);
    assert!(told[0].1.message.contains("us-west-2 is CREATION_FAILED"), "{}", told[0].1.message);
    assert_eq!(planned(json!({}), &in_state("CREATION_FAILED"), &[]).unread, []);
}

#[test]
fn a_replica_is_told_as_aws_tells_it_and_has_the_class_of_its_table() {
    let table = TableDescription::builder()
        .table_arn("arn:aws:dynamodb:eu-west-1:1:table/orders")
        .replicas(ReplicaDescription::builder().region_name("eu-west-1").build())
        .replicas(ReplicaDescription::builder().region_name("us-west-2").replica_status(ReplicaStatus::Active).build())
        .replicas(
            ReplicaDescription::builder().region_name("sa-east-1").replica_status(ReplicaStatus::Deleting).build(),
        )
        .build();
    let present = describe::present(&table);
    let expected = json!([{"regionName": "us-west-2", "tableClassOverride": "STANDARD"}]);
    assert_eq!(present.parts["tableReplicas"], Some(expected));
    let states = json!([
        {"regionName": "us-west-2", "replicaStatus": "ACTIVE"}, {"regionName": "sa-east-1", "replicaStatus": "DELETING"},
    ]);
    assert_eq!(present.status["replicas"], states);
}

#[test]
fn replicas_that_agree_at_once_come_and_go_together() {
    let strong = |replicas: Value, witnesses: Value| {
        json!({
            "multiRegionConsistency": "STRONG",
            "tableReplicas": replicas,
            "globalTableWitnesses": witnesses,
        })
    };
    let declared = strong(json!([{"regionName": "us-east-2"}]), json!([{"regionName": "us-west-2"}]));
    let made = json!({
        "multiRegionConsistency": "STRONG",
        "replicaUpdates": [{"create": {"regionName": "us-east-2"}}],
        "globalTableWitnessUpdates": [{"create": {"regionName": "us-west-2"}}],
    });
    assert_eq!(updates(declared.clone(), &by_request(json!({})), &[]), [made]);
    let mut there = global(json!([{"regionName": "us-east-2"}]));
    there.parts.insert("multiRegionConsistency", Some(json!("STRONG")));
    there.parts.insert("globalTableWitnesses", Some(json!([{"regionName": "us-west-2"}])));
    let recorded: &[(&str, &[&str])] = &[("tableReplicas", &["us-east-2"]), ("globalTableWitnesses", &["us-west-2"])];
    assert_eq!(updates(declared, &there, recorded), [json!(null); 0]);
    let gone = json!({
        "replicaUpdates": [{"delete": {"regionName": "us-east-2"}}],
        "globalTableWitnessUpdates": [{"delete": {"regionName": "us-west-2"}}],
    });
    assert_eq!(updates(strong(json!([]), json!([])), &there, recorded), [gone]);
    let mut plain = with(strong(json!([]), json!([])), json!({"deletionProtectionEnabled": true}));
    plain["multiRegionConsistency"] = json!("EVENTUAL");
    plain["timeToLive"] = json!({"enabled": true, "attributeName": "ends"});
    there.parts.insert("timeToLive", Some(json!({"enabled": false})));
    let steps = planned(plain, &there, recorded);
    assert_eq!(
        words(&steps),
        ["deleting the replicas in us-east-2 and us-west-2", "changing deletionProtectionEnabled"]
    );
    let other = planned(json!({"multiRegionConsistency": "EVENTUAL"}), &there, &[]);
    assert_eq!((other.steps, other.immutable), (vec![], vec!["multiRegionConsistency"]));
}

#[test]
fn what_a_replica_has_for_itself_is_a_part_of_its_own() {
    let declared = replicas(json!([
        {"regionName": "us-west-2", "deletionProtectionEnabled": true, "contributorInsights": "ENABLE"},
        {"regionName": "eu-central-1", "contributorInsights": "DISABLE"},
    ]));
    let parts = desired(declared).parts;
    assert_eq!(parts["tableReplicas"], json!([{"regionName": "us-west-2"}, {"regionName": "eu-central-1"}]));
    let protected = json!([{"regionName": "us-west-2", "value": true}]);
    assert_eq!(parts["tableReplicas.deletionProtectionEnabled"], protected);
    let insights =
        json!([{"regionName": "us-west-2", "value": "ENABLE"}, {"regionName": "eu-central-1", "value": "DISABLE"}]);
    assert_eq!(parts["tableReplicas.contributorInsights"], insights);
}
