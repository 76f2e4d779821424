use std::collections::BTreeMap;

use cairn_crds::status::{Intent, Ownership};
use jiff::Timestamp;

use serde_json::json;

use super::*;
use crate::{
    adoption::Policy,
    failure::Class,
    rules::{Birth, Gone, Naming, PartRules, Removal, Rule},
};

static PLAIN: PartRules = PartRules {
    field: "plain",
    get: "GetPlain",
    put: "PutPlain",
    after: &["guard"],
    on_new: || Some(json!({"on": false, "level": 1})),
    ..PartRules::DEFAULT
};

static RULES: KindRules = KindRules {
    service: "svc",
    kind: "Thing",
    naming: Naming::Named,
    identifiers: &["name"],
    locate: "GetThing",
    tags: "tags",
    tag: "TagThing",
    untag: None,
    list_tags: None,
    create: "CreateThing",
    delete: "DeleteThing",
    asynchronous: false,
    gone: Gone::MadeAgain,
    arrange: KindRules::AS_THEY_ARE,
    parts: &[
        PLAIN,
        PartRules {
            field: "guard",
            removal: Removal::Keep,
            put: "PutGuard",
            after: &[],
            on_new: || Some(json!({"on": true})),
            ..PLAIN
        },
        PartRules { field: "free", put: "PutFree", after: &[], ..PLAIN },
        PartRules { field: "shy", put: "PutShy", birth: Birth::Differing, after: &[], ..PLAIN },
        PartRules {
            field: "list",
            rule: Rule::Entries("id"),
            put: "PutEntry",
            delete: Some("DeleteEntry"),
            after: &[],
            on_new: || None,
            ..PLAIN
        },
    ],
    references: &[],
    secrets: &[],
    permissions: &[],
    resources: &[],
};

fn owner() -> Owner {
    let text = |text: &str| text.to_owned();
    Owner { cluster: text("c"), service: text("svc"), kind: text("Thing"), namespace: text("ns"), name: text("a") }
}

fn desired(parts: &[(&'static str, Value)]) -> Desired {
    Desired { parts: parts.iter().cloned().collect(), ..Desired::default() }
}

fn owned(declared: &[(&str, &[&str])]) -> Record {
    let declared = declared
        .iter()
        .map(|(field, paths)| ((*field).to_owned(), paths.iter().map(ToString::to_string).collect()))
        .collect();
    Record { ownership: Some(Ownership::Created), declared, ..Record::default() }
}

fn present(parts: &[(&'static str, Value)]) -> Observed {
    Observed {
        existence: Existence::Present(Present::tagged(owner().tags())),
        parts: parts.iter().map(|(field, value)| (*field, Ok(Some(value.clone())))).collect(),
        fresh: false,
    }
}

fn absent() -> Observed {
    Observed { existence: Existence::Absent, parts: BTreeMap::new(), fresh: false }
}

struct Case {
    desired: Desired,
    record: Record,
    observed: Observed,
    adoption: Adoption,
    controls: Controls,
    emulated: bool,
    confirm_create: bool,
    now: Timestamp,
}

impl Case {
    fn new(desired: Desired, record: Record, observed: Observed) -> Self {
        let adoption = Adoption::NotAsked;
        let controls = Controls::default();
        Self {
            desired,
            record,
            observed,
            adoption,
            controls,
            emulated: false,
            confirm_create: false,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn plan(&self) -> Plan {
        self.plan_of(&RULES)
    }

    fn plan_of(&self, rules: &'static KindRules) -> Plan {
        plan(Inputs {
            rules,
            desired: &self.desired,
            record: &self.record,
            observed: &self.observed,
            owner: &owner(),
            adoption: &self.adoption,
            controls: &self.controls,
            emulated: self.emulated,
            confirm_create: self.confirm_create,
            now: self.now,
        })
    }

    fn steps(&self) -> Steps {
        match self.plan() {
            Plan::Steps(steps) => steps,
            other => panic!("no steps: {other:?}"),
        }
    }

    fn operations(&self) -> Vec<&'static str> {
        self.steps().steps.iter().map(|step| step.operation).collect()
    }
}

#[test]
fn a_create_that_succeeded_is_not_repeated_because_a_read_lags_behind_it() {
    let intended = Record { intent: Some(Intent::at(Timestamp::UNIX_EPOCH)), ..Record::default() };
    let mut case = Case::new(desired(&[]), record::made(intended.clone(), "a", None), absent());
    assert!(matches!(case.plan(), Plan::Wait(report) if report.reason == Reason::Creating));
    case.now = Timestamp::from_second(60).unwrap();
    assert_eq!(case.operations(), ["CreateThing"], "it is gone by now");
    let mut unanswered = Case::new(desired(&[]), intended, absent());
    assert_eq!(unanswered.operations(), ["CreateThing"], "one that may have failed is sent again");
    unanswered.record.intent = None;
    unanswered.record.ownership = Some(Ownership::Created);
    assert_eq!(unanswered.operations(), ["CreateThing"], "one that was seen before is gone");
}

#[test]
fn a_creation_carries_ownership_and_is_followed_by_what_is_declared_and_nothing_else() {
    let mut case = Case::new(desired(&[("free", json!({"on": true}))]), Record::default(), absent());
    case.desired.tags = Some([("team".to_owned(), "a".to_owned())].into());
    assert_eq!(case.operations(), ["CreateThing", "PutFree"]);
    let steps = case.steps();
    let Action::Create { tags, .. } = &steps.steps[0].action else { panic!("no create") };
    assert_eq!(tags["team"], "a");
    assert_eq!(tags[owner::OWNER_TAG], owner().tag());
    assert_eq!(steps.steps[1].action, Action::Put { value: json!({"on": true, "level": 1}) });
    assert!(steps.creates());
}

#[test]
fn what_is_declared_is_written_to_a_new_resource_even_where_a_new_one_should_have_it() {
    let case = Case::new(desired(&[("guard", json!({"on": true}))]), Record::default(), absent());
    assert_eq!(case.operations(), ["CreateThing", "PutGuard"]);
}

#[test]
fn a_creation_that_proves_nothing_stands_alone_and_is_read_before_anything_else() {
    let declared = desired(&[("free", json!({"on": true}))]);
    let mut case = Case::new(declared, Record::default(), absent());
    case.confirm_create = true;
    assert_eq!(case.operations(), ["CreateThing"]);
    assert!(case.steps().observe_after_create);

    case.record.intent = Some(Intent::at(Timestamp::UNIX_EPOCH));
    case.observed = Observed { parts: BTreeMap::new(), fresh: true, ..present(&[]) };
    assert_eq!(case.operations(), ["PutFree"]);
    case.observed.existence = Existence::Absent;
    assert!(matches!(case.plan(), Plan::Wait(Report { reason: Reason::Creating, .. })));
}

#[test]
fn steps_follow_those_they_depend_on() {
    let both =
        desired(&[("plain", json!({"on": true})), ("guard", json!({"on": false})), ("free", json!({"on": true}))]);
    let case = Case::new(both, Record::default(), absent());
    assert_eq!(case.operations(), ["CreateThing", "PutGuard", "PutPlain", "PutFree"]);
}

#[test]
fn nothing_is_done_when_aws_has_what_is_declared() {
    let case = Case::new(
        desired(&[("plain", json!({"on": true}))]),
        owned(&[("plain", &["on"])]),
        present(&[("plain", json!({"on": true, "level": 7}))]),
    );
    assert_eq!(case.steps(), Steps::default());
}

#[test]
fn an_update_changes_the_declared_leaf_alone() {
    let case = Case::new(
        desired(&[("plain", json!({"on": true}))]),
        owned(&[("plain", &["on"])]),
        present(&[("plain", json!({"on": false, "level": 7}))]),
    );
    let steps = case.steps().steps;
    assert_eq!(steps[0].action, Action::Put { value: json!({"on": true, "level": 7}) });
    assert_eq!(steps[0].before, json!({"on": false, "level": 7}));
}

#[test]
fn a_removed_protection_is_left_and_named_once() {
    let case = Case::new(Desired::default(), owned(&[("guard", &["on"])]), present(&[("guard", json!({"on": true}))]));
    assert_eq!(case.steps(), Steps { unmanaged: vec!["guard.on".into()], ..Steps::default() });
}

#[test]
fn a_part_that_cannot_be_read_does_not_stop_the_others() {
    let failure = Failure {
        operation: "GetPlain".into(),
        code: "AccessDenied".into(),
        message: String::new(),
        request_id: None,
        class: Class::Denied,
        ambiguous: false,
    };
    let mut case = Case::new(
        desired(&[("plain", json!({"on": true})), ("free", json!({"on": true}))]),
        owned(&[]),
        present(&[("free", json!({"on": false}))]),
    );
    case.observed.parts.insert("plain", Err(failure.clone()));
    assert_eq!(case.operations(), ["PutFree"]);
    assert_eq!(case.steps().unread, [("plain", failure)]);
}

#[test]
fn what_is_anothers_is_never_planned_for() {
    let mut case = Case::new(desired(&[("free", json!({"on": true}))]), owned(&[]), present(&[]));
    let another = Owner { name: "b".into(), ..owner() };
    case.observed.existence = Existence::Present(Present::tagged(another.tags()));
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotOwned, .. })));
    case.observed.existence = Existence::Present(Present::tagged(BTreeMap::new()));
    case.record = Record::default();
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotOwned, .. })));
}

#[test]
fn an_emulator_that_ignored_the_tags_gets_them_in_the_next_step() {
    let mut case = Case::new(Desired::default(), Record::default(), present(&[]));
    case.observed.existence = Existence::Present(Present::tagged(BTreeMap::new()));
    case.record.intent = Some(Intent::at(Timestamp::UNIX_EPOCH));
    assert!(matches!(case.plan(), Plan::Blocked(_)));
    case.emulated = true;
    assert_eq!(case.operations(), ["TagThing"]);
}

#[test]
fn only_what_is_declared_now_or_was_recorded_is_read() {
    let desired = desired(&[("plain", json!({}))]);
    let read = |desired: &Desired, record: &Record| fields_to_read(&RULES, desired, record, &Present::default(), false);
    assert_eq!(read(&desired, &owned(&[("guard", &["on"])])), ["plain", "guard"]);
    assert!(read(&Desired::default(), &Record::default()).is_empty());
}

#[test]
fn what_matters_for_others_is_read_when_it_does_and_not_for_an_adoption() {
    static PARTS: &[PartRules] = &[
        PLAIN,
        PartRules { field: "beside", sought: |_, present| present.incarnation.is_some(), inherited: false, ..PLAIN },
    ];
    static WITH_BESIDE: KindRules = KindRules { parts: PARTS, ..RULES };
    let read = |present: &Present, all: bool| {
        fields_to_read(&WITH_BESIDE, &Desired::default(), &Record::default(), present, all)
    };
    assert_eq!((read(&Present::default(), false), read(&Present::default(), true)), (vec![], vec!["plain"]));
    let differing = Present { incarnation: Some("other".into()), ..Present::default() };
    assert_eq!(read(&differing, false), ["beside"]);
}

#[test]
fn the_declared_leaves_are_remembered() {
    let mut wanted = desired(&[("plain", json!({"on": true}))]);
    wanted.tags = Some([("team".to_owned(), "a".to_owned())].into());
    let expected: BTreeMap<_, _> =
        [("plain".to_owned(), vec!["on".to_owned()]), ("tags".to_owned(), vec!["team".to_owned()])].into();
    assert_eq!(declared(&RULES, &wanted), expected);
}

#[test]
fn nobodys_resource_is_taken_over_only_on_request_and_only_where_that_is_permitted() {
    let mut case = Case::new(
        desired(&[("free", json!({"on": true}))]),
        Record::default(),
        present(&[("free", json!({"on": false}))]),
    );
    case.observed.existence = Existence::Present(Present::tagged(BTreeMap::new()));
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotOwned, .. })));
    case.adoption = Adoption::Refused("no".into());
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotAllowed, .. })));
    case.adoption = Adoption::Asked(adoption::Policy::AdoptOrCreate);
    assert_eq!(case.operations(), ["TagThing", "PutFree"]);
    case.adoption = Adoption::Asked(adoption::Policy::Adopt);
    assert_eq!(case.operations(), ["TagThing"]);
    assert_eq!(case.steps().adopts, Some(adoption::Policy::Adopt));
}

#[test]
fn what_is_anothers_is_never_adopted() {
    let mut case = Case::new(Desired::default(), Record::default(), present(&[]));
    case.observed.existence = Existence::Present(Present::tagged(Owner { name: "b".into(), ..owner() }.tags()));
    case.adoption = Adoption::Asked(adoption::Policy::AdoptOrCreate);
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotOwned, .. })));
}

#[test]
fn only_adopt_or_create_creates() {
    let mut case = Case::new(Desired::default(), Record::default(), absent());
    case.adoption = Adoption::Asked(adoption::Policy::Adopt);
    assert!(matches!(case.plan(), Plan::Blocked(Report { reason: Reason::NotFound, .. })));
    case.adoption = Adoption::Asked(adoption::Policy::AdoptOrCreate);
    assert_eq!(case.operations(), ["CreateThing"]);
}

#[test]
fn nothing_is_planned_while_aws_is_at_work() {
    let mut case = Case::new(desired(&[("free", json!({"on": true}))]), owned(&[]), present(&[]));
    for (phase, reason) in [(Phase::Creating, Reason::Creating), (Phase::Updating("x".into()), Reason::Updating)] {
        case.observed.existence = Existence::Present(Present { phase, ..Present::tagged(owner().tags()) });
        assert!(matches!(case.plan(), Plan::Wait(Report { reason: found, .. }) if found == reason));
    }
    let unusable = Phase::Unusable("its key is gone".into());
    case.observed.existence = Existence::Present(Present { phase: unusable, ..Present::tagged(owner().tags()) });
    assert_eq!(case.plan(), Plan::Blocked(Report::new(Reason::Unusable, "its key is gone")));
}

fn slow(field: &'static str, effect: Effect, after: &'static [&'static str]) -> Step {
    Step { field, operation: "Put", action: Action::Clear, before: Value::Null, effect, after, words: None }
}

#[test]
fn one_lasting_change_at_a_time_and_nothing_that_waits_for_a_later_one() {
    let steps = Steps {
        steps: vec![
            slow("a", Effect::Immediate, &[]),
            slow("b", Effect::Lasting, &["a"]),
            slow("c", Effect::Immediate, &["b"]),
            slow("d", Effect::Lasting, &[]),
            slow("e", Effect::Immediate, &["d"]),
            slow("f", Effect::Immediate, &[]),
        ],
        ..Steps::default()
    };
    let round = steps.round();
    let fields: Vec<_> = round.immediate.iter().map(|step| step.field).collect();
    let lasting: Vec<_> = round.lasting.iter().map(|step| step.field).collect();
    assert_eq!((fields, lasting, round.left), (vec!["a", "f"], vec!["b", "d"], 3));
}

#[test]
fn steps_of_one_field_follow_each_other_where_they_say_so() {
    let first = slow("list", Effect::Lasting, &[]);
    let second = Step { operation: "Second", ..slow("list", Effect::Lasting, &["list", "other"]) };
    let other = slow("other", Effect::Lasting, &[]);
    let steps = order::sorted(vec![first.clone(), second.clone(), other.clone()]);
    assert_eq!(steps, [first.clone(), other.clone(), second.clone()]);
    let steps = Steps { steps: vec![first.clone(), second.clone()], ..Steps::default() };
    assert_eq!((steps.round().lasting, steps.round().left), (vec![&first], 1));
    let steps = Steps { steps: vec![second.clone()], ..Steps::default() };
    assert_eq!(steps.round().lasting, [&second]);
}

fn ignoring(paths: &str) -> Controls {
    let groups = cairn_crds::Groups::default();
    let annotations = [(groups.annotation("ignore-field-drift"), paths.to_owned())].into();
    Controls::parse(&annotations, &BTreeMap::new(), "svc", &groups).unwrap()
}

#[test]
fn a_difference_in_an_ignored_leaf_is_left_alone_but_a_new_resource_gets_it() {
    let declared = desired(&[("free", json!({"on": true, "level": 2}))]);
    let observed = present(&[("free", json!({"on": false, "level": 7}))]);
    let mut case = Case::new(declared, owned(&[("free", &["level", "on"])]), observed);
    case.controls = ignoring("spec.free.level");
    assert_eq!(case.steps().steps[0].action, Action::Put { value: json!({"on": true, "level": 7}) });
    case.controls = ignoring("spec.free");
    assert_eq!(case.steps(), Steps::default());
    case.observed = absent();
    assert_eq!(case.operations(), ["CreateThing", "PutFree"]);
}

#[test]
fn ignored_tags_are_left_alone_whether_declared_or_removed() {
    let mut case = Case::new(Desired::default(), owned(&[("tags", &["old"])]), present(&[]));
    let tags: BTreeMap<_, _> = owner().tags().into_iter().chain([("old".to_owned(), "1".to_owned())]).collect();
    case.observed.existence = Existence::Present(Present::tagged(tags));
    case.desired.tags = Some([("team".to_owned(), "a".to_owned())].into());
    assert_eq!(case.operations(), ["TagThing"]);
    case.controls = ignoring("spec.tags");
    assert_eq!(case.steps(), Steps::default());
}

#[test]
fn the_platforms_tags_are_kept_and_a_declared_one_goes_before() {
    let tags = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    };
    let mut case = Case::new(Desired::default(), Record::default(), absent());
    case.desired.tags = Some(tags(&[("team", "mine")]));
    case.desired.defaults = tags(&[("team", "theirs"), ("cost", "7")]);
    case.desired.at_creation = tags(&[("version", "1")]);
    let steps = case.steps();
    let Action::Create { tags: created, .. } = &steps.steps[0].action else { panic!("no create") };
    let shown: Vec<_> = ["team", "cost", "version"].map(|key| created[key].as_str()).into();
    assert_eq!(shown, ["mine", "7", "1"]);
    case.record = owned(&[("tags", &["cost", "team"])]);
    case.observed = present(&[]);
    let without_version = created.clone().into_iter().filter(|(key, _)| key != "version").collect();
    case.observed.existence = Existence::Present(Present::tagged(without_version));
    assert_eq!(case.steps(), Steps::default());
    case.desired.defaults.clear();
    let Action::Tag(change) = &case.steps().steps[0].action else { panic!("no tags") };
    assert_eq!(change.remove, ["cost"]);
}

#[test]
fn what_aws_refuses_to_be_told_at_birth_is_not_sent() {
    let told = |value: Value| Case::new(desired(&[("shy", value)]), Record::default(), absent()).operations();
    assert_eq!(told(json!({"on": false, "level": 1})), ["CreateThing"]);
    assert_eq!(told(json!({"on": true})), ["CreateThing", "PutShy"]);
}

#[test]
fn each_entry_of_a_list_is_a_step() {
    let list = json!([{"id": "a", "x": 2}, {"id": "new"}]);
    let at_birth = Case::new(desired(&[("list", list.clone())]), Record::default(), absent());
    assert_eq!(at_birth.operations(), ["CreateThing", "PutEntry", "PutEntry"]);
    let observed = present(&[("list", json!([{"id": "a", "x": 1}, {"id": "was"}, {"id": "theirs"}]))]);
    let later = Case::new(desired(&[("list", list)]), owned(&[("list", &["a", "was"])]), observed);
    assert_eq!(later.operations(), ["PutEntry", "PutEntry", "DeleteEntry"]);
    let steps = later.steps().steps;
    assert_eq!((&steps[0].before, &steps[1].before), (&json!({"id": "a", "x": 1}), &Value::Null));
    assert_eq!(steps[2].action, Action::ClearEntry { name: "was".into() });
}

/// A kind whose resources are made once, of which AWS takes no tags.
static ONCE: KindRules = KindRules {
    gone: Gone::Missed("another would be something else"),
    naming: Naming::Listed,
    tags: "",
    tag: "",
    parts: &[PartRules { immutable: true, removal: Removal::Keep, ..PLAIN }],
    ..RULES
};

#[test]
fn what_is_gone_and_was_made_once_is_not_made_again() {
    let mut case = Case::new(desired(&[]), owned(&[]), absent());
    for adoption in [Adoption::NotAsked, Adoption::Asked(Policy::AdoptOrCreate)] {
        case.adoption = adoption;
        let Plan::Blocked(report) = case.plan_of(&ONCE) else { panic!("{:?}", case.plan_of(&ONCE)) };
        assert_eq!((report.reason, report.message.as_str()), (Reason::NotFound, "another would be something else"));
        assert!(matches!(case.plan(), Plan::Steps(steps) if steps.creates()));
    }
    case.record = Record::default();
    assert!(matches!(case.plan_of(&ONCE), Plan::Steps(steps) if steps.creates()), "it was not made yet");
}

#[test]
fn what_is_done_and_forgotten_is_as_it_was() {
    static DONE: KindRules = KindRules { gone: Gone::Forgotten("nobody knows"), ..ONCE };
    let mut case = Case::new(desired(&[]), owned(&[]), absent());
    assert!(matches!(case.plan_of(&DONE), Plan::Blocked(report) if report.message == "nobody knows"));
    case.record.changed_at = Some(Timestamp::UNIX_EPOCH);
    assert_eq!(case.plan_of(&DONE), Plan::Steps(Steps::default()));
}

#[test]
fn what_takes_no_tags_is_adopted_without_a_step_and_is_not_the_objects_without_a_word() {
    let mut case = Case::new(desired(&[]), Record::default(), present(&[]));
    case.observed.existence = Existence::Present(Present::tagged(BTreeMap::new()));
    // An emulator that ignores tags is no excuse where there are none.
    case.emulated = true;
    case.record.intent = Some(Intent::at(Timestamp::UNIX_EPOCH));
    assert!(matches!(case.plan_of(&ONCE), Plan::Blocked(report) if report.reason == Reason::NotOwned));
    for policy in [Policy::Adopt, Policy::AdoptOrCreate] {
        case.adoption = Adoption::Asked(policy);
        let Plan::Steps(steps) = case.plan_of(&ONCE) else { panic!("{:?}", case.plan_of(&ONCE)) };
        assert_eq!((steps.steps.len(), steps.adopts), (0, Some(policy)));
    }
    case.record = owned(&[]);
    case.adoption = Adoption::NotAsked;
    assert!(matches!(case.plan_of(&ONCE), Plan::Steps(steps) if steps.steps.is_empty()));
}

#[test]
fn what_never_changes_was_never_managed() {
    let case = Case::new(desired(&[]), owned(&[(PLAIN.field, &["a"])]), present(&[(PLAIN.field, json!({"a": 1}))]));
    let Plan::Steps(steps) = case.plan_of(&ONCE) else { panic!("{:?}", case.plan_of(&ONCE)) };
    assert_eq!((steps.unmanaged.len(), steps.steps.len(), steps.immutable.len()), (0, 0, 0));
}
