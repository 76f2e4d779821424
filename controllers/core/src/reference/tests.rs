use std::collections::BTreeMap;

use cairn_crds::status::Record;
use serde_json::{Value, json};

use super::*;
use crate::{
    observed::Desired,
    rules::{Gone, KindRules, Naming},
};

static RULES: KindRules = KindRules {
    service: "test",
    kind: "Host",
    naming: Naming::Tagged,
    identifiers: &["id"],
    locate: "DescribeHost",
    tags: "tags",
    tag: "TagHost",
    untag: None,
    list_tags: None,
    create: "CreateHost",
    delete: "DeleteHost",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: KindRules::AS_THEY_ARE,
    parts: &[],
    references: &[
        ReferenceRule { path: "netRef", fills: "netID", service: "test", kind: "Net", takes: "status.netID" },
        ReferenceRule { path: "groupRefs", fills: "groupIDs", service: "test", kind: "Group", takes: "status.id" },
        ReferenceRule {
            path: "disks.encryption.keyRef",
            fills: "keyARN",
            service: "kms",
            kind: "Key",
            takes: "status.ackResourceMetadata.arn",
        },
    ],
    secrets: &[SecretRule { path: "password" }, SecretRule { path: "users.password" }],
    permissions: &[],
    resources: &[],
};

/// Objects by how they are displayed, and Secrets by theirs.
#[derive(Default)]
struct World(BTreeMap<String, Result<Taken, Why>>, BTreeMap<String, Result<Sealed, Why>>);

impl World {
    fn object(mut self, target: &str, value: &str) -> Self {
        self.0.insert(target.into(), Ok(Taken { value: value.into(), late: None }));
        self
    }

    fn late(mut self, target: &str, value: &str) -> Self {
        self.0.insert(target.into(), Ok(Taken { value: value.into(), late: Some(Why::BeingDeleted) }));
        self
    }

    fn without(mut self, target: &str, why: Why) -> Self {
        self.0.insert(target.into(), Err(why));
        self
    }

    fn secret(mut self, secret: &str, version: &str) -> Self {
        let key = SecretKey { namespace: "team".into(), name: secret.into(), key: "k".into() };
        self.1.insert(key.to_string(), Ok(Sealed::new(key, "uid", version)));
        self
    }
}

impl Lookup for World {
    fn value(&self, target: &Target, _: &str) -> Result<Taken, Why> {
        self.0.get(&target.to_string()).cloned().unwrap_or(Err(Why::Missing))
    }

    fn secret(&self, secret: &SecretKey) -> Result<Sealed, Why> {
        self.1.get(&secret.to_string()).cloned().unwrap_or(Err(Why::Missing))
    }
}

fn resolved(spec: &Value, world: &World) -> Result<Resolved, Refusal> {
    resolve(&RULES, "team", spec, world)
}

fn unresolved(spec: &Value, world: &World) -> Vec<String> {
    match resolved(spec, world) {
        Err(Refusal::Unresolved(all)) => all.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

fn refused(spec: &Value) -> String {
    match resolved(spec, &World::default()) {
        Err(Refusal::Invalid(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_spec_without_references_stays_as_it_is() {
    let spec = json!({"netID": "net-1", "disks": [{"size": 1}], "groupIDs": []});
    assert_eq!(resolved(&spec, &World::default()).unwrap(), Resolved { spec: spec.clone(), ..Resolved::default() });
    assert!(uses(&RULES, "team", &spec).is_empty());
}

#[test]
fn each_reference_gives_way_to_its_value() {
    let spec = json!({
        "netRef": {"from": {"name": "main"}},
        "groupRefs": [{"from": {"name": "a"}}, {"from": {"name": "b", "namespace": "shared"}}],
        "disks": [{"size": 1}, {"encryption": {"keyRef": {"from": {"name": "disk"}}}}],
    });
    let world = World::default().object("Net team/main", "net-1").object("Group team/a", "g-a");
    let world = world.object("Group shared/b", "g-b").object("Key team/disk", "arn:key");
    let expected = json!({
        "netID": "net-1",
        "groupIDs": ["g-a", "g-b"],
        "disks": [{"size": 1}, {"encryption": {"keyARN": "arn:key"}}],
    });
    assert_eq!(resolved(&spec, &world).unwrap(), Resolved { spec: expected, ..Resolved::default() });
    let named: Vec<_> = uses(&RULES, "team", &spec).into_iter().map(|used| used.namespace().to_owned()).collect();
    assert_eq!(named, ["team", "team", "shared", "team"]);
}

#[test]
fn an_empty_list_of_references_is_an_empty_list_of_values() {
    let expected = json!({"groupIDs": []});
    assert_eq!(resolved(&json!({"groupRefs": []}), &World::default()).unwrap().spec, expected);
}

#[test]
fn every_reference_that_leads_nowhere_is_named() {
    let spec = json!({
        "netRef": {"from": {"name": "main"}},
        "groupRefs": [{"from": {"name": "a"}}, {"from": {"name": "b"}}],
        "password": {"name": "login", "key": "k"},
    });
    let why = Why::MissingKind { groups: vec!["test.x".into(), "test.y".into()] };
    let world = World::default().without("Net team/main", why).object("Group team/a", "g-a");
    let expected = [
        "netRef: Net team/main cannot be found: no such kind is installed in test.x or test.y",
        "groupRefs.1: Group team/b does not exist",
        "password: Secret team/login does not exist",
    ];
    assert_eq!(unresolved(&spec, &world), expected);
}

#[test]
fn a_value_of_an_object_that_is_not_ready_is_taken_and_told() {
    let spec = json!({"netRef": {"from": {"name": "main"}}});
    let resolved = resolved(&spec, &World::default().late("Net team/main", "net-1")).unwrap();
    assert_eq!(resolved.spec, json!({"netID": "net-1"}));
    assert_eq!(
        resolved.late.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["netRef: Net team/main is being deleted"]
    );
}

#[test]
fn a_field_and_its_reference_do_not_go_together() {
    let why = refused(&json!({"netID": "net-1", "netRef": {"from": {"name": "main"}}}));
    assert!(why.contains("spec.netID and spec.netRef are both set"), "{why}");
    let nested = json!({"disks": [{"encryption": {"keyARN": "k", "keyRef": {"from": {"name": "x"}}}}]});
    let why = refused(&nested);
    assert!(why.contains("spec.disks.0.encryption.keyARN and spec.disks.0.encryption.keyRef"), "{why}");
    let paths: Vec<_> = filled_fields(&RULES, &nested).iter().map(Filled::path).collect();
    assert_eq!(paths, ["disks.0.encryption.keyARN"]);
}

#[test]
fn a_reference_that_makes_no_sense_names_what_is_missing() {
    let cases = [
        (json!({"netRef": {}}), "spec.netRef.from.name is missing"),
        (json!({"groupRefs": [{"from": {"name": ""}}]}), "spec.groupRefs.0.from.name is missing"),
        (json!({"password": {"name": "a"}}), "spec.password.key is missing"),
        (json!({"users": [{"password": "open"}]}), "spec.users.0.password.name is missing"),
    ];
    for (spec, expected) in cases {
        assert_eq!(refused(&spec), expected);
        assert!(uses(&RULES, "team", &spec).is_empty(), "{spec}");
    }
}

#[test]
fn what_is_taken_comes_from_an_object_that_is_ready() {
    let object = |conditions: Value| json!({"status": {"id": "x", "conditions": conditions}});
    let late = |conditions: Value| take(&object(conditions), "status.id").unwrap().late;
    let condition = |name: &str, status: &str| json!({"type": name, "status": status, "reason": "Because"});
    let not_ready = |why: &str| Some(Why::NotReady(why.into()));
    assert_eq!(late(json!([condition("Ready", "True")])), None);
    assert_eq!(late(json!([condition("Ready", "False")])), not_ready("Because"));
    assert_eq!(late(json!([condition("ACK.ResourceSynced", "True")])), None);
    assert_eq!(
        late(json!([condition("ACK.ResourceSynced", "True"), condition("Ready", "False")])),
        not_ready("Because")
    );
    assert_eq!(late(json!([condition("Ready", "True"), condition("ACK.Terminal", "True")])), not_ready("ACK.Terminal"));
    assert_eq!(late(json!([])), not_ready(""));
    let mut going = object(json!([condition("Ready", "True")]));
    going["metadata"]["deletionTimestamp"] = "now".into();
    assert_eq!(take(&going, "status.id").unwrap().late, Some(Why::BeingDeleted));
}

#[test]
fn without_a_value_the_object_is_at_fault_only_if_it_is_ready() {
    let ready = json!({"status": {"id": "", "conditions": [{"type": "Ready", "status": "True"}]}});
    assert_eq!(take(&ready, "status.id"), Err(Why::NoValue("status.id".into())));
    assert_eq!(take(&json!({"status": {}}), "status.id"), Err(Why::NotReady(String::new())));
}

#[test]
fn a_circle_is_told_with_its_way() {
    let node = |name: &str| Target { service: "test", kind: "Net", namespace: "team".into(), name: name.into() };
    let edges = |pairs: &'static [(&str, &str)]| {
        move |from: &Target| pairs.iter().filter(|(of, _)| *of == from.name).map(|(_, to)| node(to)).collect::<Vec<_>>()
    };
    let way = |pairs| cycle(&node("a"), edges(pairs)).map(|way| way.iter().map(|t| t.name.clone()).collect::<String>());
    assert_eq!(way(&[("a", "a")]).as_deref(), Some("aa"));
    assert_eq!(way(&[("a", "b"), ("b", "c"), ("b", "a"), ("c", "a")]).as_deref(), Some("aba"));
    assert_eq!(way(&[("a", "b"), ("b", "c"), ("c", "b")]), None);
    assert_eq!(way(&[]), None);
}

fn sealed(version: &str) -> Sealed {
    Sealed::new(SecretKey { namespace: "team".into(), name: "login".into(), key: "k".into() }, "uid", version)
}

#[test]
fn a_stand_in_changes_with_the_version_and_never_shows() {
    assert_eq!(sealed("1"), sealed("1"));
    assert_ne!(sealed("1"), sealed("2"));
    let value = json!({"users": [{"password": sealed("1").as_str(), "name": "me"}]});
    assert!(Sealed::is_in(&value) && !Sealed::is_in(&json!({"name": "me"})));
    assert_eq!(redacted(&value), json!({"users": [{"password": "(from secret)", "name": "me"}]}));
}

#[test]
fn contents_are_given_out_by_their_stand_in_alone() {
    let mut secrets = Secrets::default();
    secrets.insert(&sealed("1"), "hunter2".into());
    assert_eq!(secrets.text(&json!(sealed("1").as_str())), Some("hunter2"));
    assert_eq!((secrets.text(&json!(sealed("2").as_str())), secrets.text(&json!("hunter2"))), (None, None));
    assert!(!format!("{secrets:?}").contains("hunter2"));
    assert_eq!(secrets.scrubbed("`hunter2` is too short"), "`(from secret)` is too short");
}

#[test]
fn stand_ins_take_the_place_of_references_in_what_is_declared() {
    let spec =
        json!({"password": {"name": "login", "key": "k"}, "users": [{"password": {"name": "login", "key": "k"}}]});
    let resolved = resolved(&spec, &World::default().secret("login", "1")).unwrap();
    let mut desired = Desired::default();
    desired.parts.insert("password", spec["password"].clone());
    desired.parts.insert("users", spec["users"].clone());
    seal(&mut desired, &resolved.secrets).unwrap();
    assert_eq!(desired.parts["password"], json!(sealed("1").as_str()));
    assert_eq!(desired.parts["users"], json!([{"password": sealed("1").as_str()}]));
    desired.parts.remove("users");
    assert_eq!(seal(&mut desired, &resolved.secrets), Err("users.0.password".into()));
}

#[test]
fn the_record_says_what_aws_does_not_tell() {
    let record = Record {
        secrets: [("password".into(), "v1".into()), ("users.0.password".into(), "v2".into())].into(),
        ..Record::default()
    };
    let with = |field: &str, observed: Value| with_recorded(&RULES, field, Some(&observed), &record);
    assert_eq!(with("users", json!([{"name": "me"}])), Some(json!([{"name": "me", "password": "v2"}])));
    assert_eq!(with("password", json!("****")), Some(json!("v1")));
    assert_eq!(with("other", json!({"a": 1})), Some(json!({"a": 1})));
    assert_eq!(with_recorded(&RULES, "password", None, &record), Some(json!("v1")));
    assert_eq!(with_recorded(&RULES, "users", None, &record), None);
}
