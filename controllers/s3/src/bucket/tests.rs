// Rows read better with values than with references to them.
#![allow(clippy::needless_pass_by_value)]

use aws_sdk_s3::types;
use cairn_aws::wire::Wire;
use cairn_core::{
    part::{self, Change},
    rules::Removal,
};
use cairn_runtime::kind::ManagedKind;

use super::*;
use crate::wire::Sdk;

fn kind() -> BucketKind {
    let sessions = cairn_aws::Sessions::new(cairn_aws::Settings {
        endpoint: None,
        identity_endpoint: None,
        read_timeout: std::time::Duration::from_secs(1),
        mutation_timeout: std::time::Duration::from_secs(1),
        use_fips: false,
        use_dual_stack: false,
        time_source: None,
        http_client: None,
        credentials: None,
        meter: cairn_aws::Meter::new(std::sync::Arc::new(Silent)),
    });
    BucketKind::new(S3::new(sessions, false))
}

#[derive(Debug)]
struct Silent;

impl cairn_aws::CallObserver for Silent {
    fn called(&self, _: cairn_aws::AwsCall<'_>) {}
}

fn spec(fields: Value) -> BucketSpec {
    let mut spec = json!({"name": "photos-of-a"});
    spec.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    serde_json::from_value(spec).unwrap()
}

fn change(field: &str, declared: Option<Value>, recorded: &[&str], observed: Option<Value>) -> Change {
    let recorded: Vec<_> = recorded.iter().map(ToString::to_string).collect();
    part::difference(RULES.part(field).unwrap(), declared.as_ref(), &recorded, observed.as_ref()).change
}

#[test]
fn every_part_is_a_field_of_the_spec_and_waits_only_for_parts_before_it() {
    let fields = (BUCKET.spec)();
    let mut known = vec![RULES.tags];
    let mut parts: Vec<_> = RULES.parts.iter().collect();
    while !parts.is_empty() {
        let ready = parts.iter().position(|part| part.after.iter().all(|field| known.contains(field)));
        let part = parts.remove(ready.expect("parts wait for each other in a circle"));
        assert!(fields["properties"].get(part.field).is_some(), "{}", part.field);
        known.push(part.field);
    }
}

#[test]
fn what_is_reset_can_be_reset_and_what_is_kept_stays() {
    for part in RULES.parts {
        match part.removal {
            Removal::Reset => assert!(part.delete.is_some() || (part.on_new)().is_some(), "{}", part.field),
            Removal::Keep | Removal::KeepUnlessListed => {
                let got = part::difference(part, None, &["x".to_owned()], Some(&json!({"x": 1})));
                assert_eq!((got.change, got.unmanaged.len()), (Change::Nothing, 1), "{}", part.field);
            }
        }
    }
}

#[test]
fn the_protections_that_removal_leaves_are_these() {
    let kept: Vec<_> = RULES.parts.iter().filter(|p| p.removal == Removal::Keep).map(|p| p.field).collect();
    assert_eq!(
        kept,
        [
            "encryption",
            "objectLockConfiguration",
            "objectLockEnabledForBucket",
            "ownershipControls",
            "publicAccessBlock",
            "replication",
            "versioning",
        ]
    );
}

#[test]
fn every_call_has_its_permissions() {
    for operation in RULES.operations() {
        assert!(!RULES.actions(operation).is_empty(), "{operation} is not in the table of permissions");
    }
}

#[test]
fn a_spec_declares_what_it_names_and_nothing_else() {
    assert_eq!(kind().desired(&spec(json!({}))), Ok(Desired::default()));
    let tags = json!({"tagSet": [{"key": "team", "value": "a"}]});
    let desired = kind().desired(&spec(json!({"versioning": {"status": "Enabled"}, "tagging": tags}))).unwrap();
    assert_eq!(desired.parts, [("versioning", json!({"status": "Enabled"}))].into());
    assert_eq!(desired.tags, Some([("team".to_owned(), "a".to_owned())].into()));
}

#[test]
fn the_schema_refuses_a_directory_bucket_what_it_does_not_have() {
    let schema = (BUCKET.spec)();
    let rules = schema["x-kubernetes-validations"].as_array().unwrap();
    let is_meant = |rule: &&Value| rule["message"].as_str().unwrap().starts_with("a directory bucket has create");
    let rule = rules.iter().find(is_meant).unwrap()["rule"].as_str().unwrap();
    let refused = rule.split_once("!(has(").unwrap().1.trim_end_matches(')');
    let refused: Vec<_> = refused.split(") || has(").map(|field| field.trim_start_matches("self.")).collect();
    let beside = ["createBucketConfiguration", "deletion", "name", "tagging"];
    for field in schema["properties"].as_object().unwrap().keys().map(String::as_str) {
        let has = directory::PARTS.contains(&field) || beside.contains(&field);
        assert_ne!(refused.contains(&field), has, "{field}");
    }
}

#[test]
fn a_broken_policy_is_refused_with_its_field() {
    let why = kind().desired(&spec(json!({"policy": "{"}))).unwrap_err();
    assert!(why.starts_with("spec.policy: "), "{why}");
}

#[test]
fn going_back_to_keys_of_s3_drops_the_key_of_kms() {
    let rule = |by_default: Value| json!({"rules": [{"applyServerSideEncryptionByDefault": by_default}]});
    let (kms, own) = (json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "k"}), json!({"sseAlgorithm": "AES256"}));
    assert_eq!(change("encryption", Some(rule(own.clone())), &[], Some(rule(kms.clone()))), Change::Put(rule(own)));
    let changed = json!({"sseAlgorithm": "aws:kms:dsse"});
    let expected = json!({"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyID": "k"});
    assert_eq!(change("encryption", Some(rule(changed)), &[], Some(rule(kms))), Change::Put(rule(expected)));
}

#[test]
fn an_encryption_that_aws_filled_in_is_no_difference() {
    let declared = json!({"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]});
    let observed = json!({"rules": [{
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"},
        "blockedEncryptionTypes": {"encryptionType": ["SSE-C"]},
        "bucketKeyEnabled": false,
    }]});
    assert_eq!(change("encryption", Some(declared), &[], Some(observed)), Change::Nothing);
}

#[test]
fn a_policy_is_compared_by_meaning_and_goes_when_it_is_removed() {
    let (a, b) = (json!(r#"{"Statement":[{"Action":"s3:*"}]}"#), json!(r#"{"Statement":{"Action":["s3:*"]}}"#));
    assert_eq!(change("policy", Some(a.clone()), &[], Some(b.clone())), Change::Nothing);
    assert_eq!(change("policy", None, &[""], Some(b)), Change::Clear);
    assert_eq!(change("policy", None, &[], Some(a)), Change::Nothing);
}

fn round_trip<T: Wire<Sdk> + PartialEq + std::fmt::Debug>(value: &Value) {
    let sdk = T::from_json(value).unwrap();
    assert_eq!(&sdk.to_json(), value);
    assert_eq!(T::from_json(&sdk.to_json()).unwrap(), sdk);
}

#[test]
fn every_part_survives_the_way_to_the_sdk_and_back() {
    round_trip::<types::ServerSideEncryptionConfiguration>(&json!({"rules": [{
        "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": "k"},
        "blockedEncryptionTypes": {"encryptionType": ["SSE-C"]},
        "bucketKeyEnabled": true,
    }]}));
    round_trip::<types::OwnershipControls>(&json!({"rules": [{"objectOwnership": "ObjectWriter"}]}));
    round_trip::<types::PublicAccessBlockConfiguration>(
        &json!({"blockPublicACLs": true, "restrictPublicBuckets": false}),
    );
    round_trip::<types::VersioningConfiguration>(&json!({"status": "Suspended"}));
}

#[test]
fn a_member_that_this_version_does_not_know_is_carried_through() {
    round_trip::<types::VersioningConfiguration>(&json!({"status": "SomethingNew"}));
}

#[test]
fn what_does_not_have_the_form_is_refused_with_the_field() {
    let why = types::PublicAccessBlockConfiguration::from_json(&json!({"blockPublicACLs": "yes"})).unwrap_err();
    assert_eq!(why, r#"blockPublicACLs: expected a boolean, found "yes""#);
    assert!(
        types::OwnershipControls::from_json(&json!({"rules": 1})).unwrap_err().starts_with("rules: expected a list")
    );
    assert!(types::OwnershipControls::from_json(&json!({})).is_err());
}

#[test]
fn the_short_form_of_ownership_counts_where_the_long_one_is_not_given() {
    let owned = |fields: Value| kind().desired(&spec(fields)).unwrap().parts.remove("ownershipControls");
    let long = json!({"rules": [{"objectOwnership": "ObjectWriter"}]});
    assert_eq!(owned(json!({"objectOwnership": "ObjectWriter"})), Some(long.clone()));
    assert_eq!(
        owned(json!({"objectOwnership": "BucketOwnerPreferred", "ownershipControls": long.clone()})),
        Some(long)
    );
}

#[test]
fn ids_that_aws_made_up_are_kept_when_a_list_is_written_again() {
    let rule = |days: u32, id: Option<&str>| {
        let rule = json!({"status": "Enabled", "expiration": {"days": days}});
        id.map_or(rule.clone(), |id| {
            let mut rule = rule;
            rule["id"] = id.into();
            rule["filter"] = json!({"prefix": ""});
            rule
        })
    };
    let declared = json!({"rules": [rule(1, None), rule(2, None)]});
    let observed = json!({
        "rules": [rule(1, Some("made-up")), rule(3, Some("theirs"))],
        "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
    });
    let Change::Put(new) = change("lifecycle", Some(declared), &[""], Some(observed)) else { panic!("it differs") };
    assert_eq!((&new["rules"][0]["id"], &new["rules"][1]["id"]), (&json!("made-up"), &Value::Null));
    assert_eq!(new["transitionDefaultMinimumObjectSize"], "varies_by_storage_class");
}

#[test]
fn an_empty_list_takes_away_what_removal_keeps() {
    let observed = json!({"role": "r", "rules": [{"status": "Enabled"}]});
    let none = json!({"role": "r", "rules": []});
    assert_eq!(change("replication", Some(none), &[""], Some(observed.clone())), Change::Clear);
    assert_eq!(change("replication", None, &[""], Some(observed)), Change::Nothing);
}
