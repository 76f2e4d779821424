use cairn_crds::{Groups, s3::BUCKET, status::AckResourceMetadata};
use serde_json::{Value, json};

use super::*;

mod labels_never_widen;
mod selectors;

const OWN: &str = "111122223333";
const THEIRS: &str = "444455556666";

fn map(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// A Bucket `logs` in namespace `team-a`, the operator in account [`OWN`] and region eu-west-1.
#[derive(Clone, Default)]
struct Case {
    labels: Vec<(&'static str, &'static str)>,
    annotations: Vec<(&'static str, &'static str)>,
    spec_region: Option<&'static str>,
    recorded: Option<(&'static str, &'static str)>,
    namespace_labels: Vec<(&'static str, &'static str)>,
    namespace_annotations: Vec<(&'static str, &'static str)>,
    selectors: Vec<(&'static str, Value)>,
    accounts: Vec<(&'static str, &'static str)>,
    own_account_unknown: bool,
    single_namespaces: bool,
}

impl Case {
    fn decide(&self) -> Result<Scope, Unscoped> {
        let recorded = self.recorded.map(|(region, account)| AckResourceMetadata {
            arn: None,
            owner_account_id: account.into(),
            region: region.into(),
            partition: None,
        });
        let (labels, annotations) = (map(&self.labels), map(&self.annotations));
        let subject = Subject {
            kind: &BUCKET,
            namespace: "team-a",
            name: "logs",
            labels: &labels,
            annotations: &annotations,
            region: self.spec_region,
            recorded: recorded.as_ref(),
        };
        let groups = Groups::default();
        let namespace = Namespace::new(map(&self.namespace_labels), map(&self.namespace_annotations), &groups);
        let selectors = self.selectors.iter().map(|(name, spec)| Selector::parse(name, spec)).collect();
        let accounts = AccountMap::new("cairn-system/ack-role-account-map", map(&self.accounts));
        let roles = if self.single_namespaces { Roles::NotOffered } else { Roles::Offered { selectors, accounts } };
        let account = Some(OWN).filter(|_| !self.own_account_unknown);
        decide(&subject, &namespace, &roles, &OperatorScope { groups: &groups, region: Some("eu-west-1"), account })
    }

    /// The ARN of the role; `None` for the operator's own identity.
    fn role(&self) -> Option<String> {
        self.decide().unwrap().role.map(|role| role.arn.to_string())
    }

    /// Why it is not allowed, all of `words` being said.
    fn refused(&self, words: &[&str]) {
        let Err(Unscoped::NotAllowed(why)) = self.decide() else { panic!("{:?}", self.decide()) };
        for word in words {
            assert!(why.contains(word), "{word:?} is missing: {why}");
        }
    }

    fn moved(&self, words: &[&str]) {
        let Err(Unscoped::Moved(why)) = self.decide() else { panic!("{:?}", self.decide()) };
        for word in words {
            assert!(why.contains(word), "{word:?} is missing: {why}");
        }
    }
}

fn arn(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/{name}")
}

const OWNER: &str = "aws.cairn.run/owner-account-id";
const ROLE_OF_THEIRS: &str = "arn:aws:iam::444455556666:role/mapped";

#[test]
fn without_any_rule_the_operator_acts_as_itself() {
    let scope = Case::default().decide().unwrap();
    assert_eq!((scope.region.as_str(), scope.role), ("eu-west-1", None));
}

#[test]
fn the_region_comes_from_spec_then_object_then_namespace_then_flag() {
    let mut case = Case {
        spec_region: Some("eu-central-1"),
        annotations: vec![("aws.cairn.run/region", "us-west-2")],
        namespace_annotations: vec![("aws.cairn.run/default-region", "ap-south-1")],
        ..Case::default()
    };
    let region = |case: &Case| case.decide().unwrap().region.to_string();
    assert_eq!(region(&case), "eu-central-1");
    case.spec_region = None;
    assert_eq!(region(&case), "us-west-2");
    case.annotations.clear();
    assert_eq!(region(&case), "ap-south-1");
    case.namespace_annotations.clear();
    assert_eq!(region(&case), "eu-west-1");
}

#[test]
fn another_prefix_is_no_setting_of_ours() {
    let case = Case {
        namespace_annotations: vec![
            ("services.k8s.aws/owner-account-id", THEIRS),
            ("services.k8s.aws/default-region", "us-west-2"),
        ],
        ..Case::default()
    };
    assert_eq!(case.decide(), Ok(Scope::own(Region::parse("eu-west-1").unwrap())));
}

#[test]
fn a_resource_is_moved_to_no_other_region_or_account() {
    let namespace = vec![("aws.cairn.run/default-region", "us-west-2")];
    let case = Case { recorded: Some(("eu-west-1", OWN)), namespace_annotations: namespace, ..Case::default() };
    case.moved(&["eu-west-1", "us-west-2", "default-region"]);

    let selectors = vec![("a", json!({"arn": arn(THEIRS, "a")}))];
    let case = Case { recorded: Some(("eu-west-1", OWN)), selectors, ..Case::default() };
    case.moved(&[OWN, THEIRS, "role/a"]);
    let case = Case { recorded: Some(("eu-west-1", THEIRS)), ..case };
    assert_eq!(case.role(), Some(arn(THEIRS, "a")));

    let case = Case { recorded: Some(("eu-west-1", THEIRS)), ..Case::default() };
    case.moved(&[OWN, THEIRS, "no role"]);
    assert_eq!(Case { own_account_unknown: true, ..case }.role(), None, "AWS will tell");
}

#[test]
fn the_namespaces_account_leads_to_the_role_of_the_map() {
    let owner = vec![(OWNER, THEIRS)];
    let case = Case {
        namespace_annotations: owner.clone(),
        accounts: vec![(THEIRS, ROLE_OF_THEIRS), ("s3.999999999999", "x")],
        ..Case::default()
    };
    let role = case.decide().unwrap().role.unwrap();
    assert_eq!(role, Role::plain(RoleArn::parse(ROLE_OF_THEIRS).unwrap()));
    assert_eq!(role.session_name, "cairn");

    let special = "arn:aws:iam::444455556666:role/buckets-only";
    let by_service = vec![(THEIRS, ROLE_OF_THEIRS), ("s3.444455556666", special), ("rds.444455556666", "x")];
    let case = Case { namespace_annotations: owner, accounts: by_service, ..Case::default() };
    assert_eq!(case.role().as_deref(), Some(special));
}

#[test]
fn an_account_without_a_role_is_blocked_with_the_key_to_add() {
    let case = Case { namespace_annotations: vec![(OWNER, THEIRS)], ..Case::default() };
    case.refused(&["team-a", OWNER, THEIRS, "ConfigMap cairn-system/ack-role-account-map", "\"444455556666\""]);
    let bad = [
        ("", "no ARN"),
        ("arn:aws:iam::444455556666:user/x", "no ARN"),
        ("arn:aws:iam::999999999999:role/x", "another account"),
    ];
    for (value, why) in bad {
        let case = Case { accounts: vec![(THEIRS, value)], ..case.clone() };
        case.refused(&["ack-role-account-map", THEIRS, why]);
    }
    for account in ["", "prod", "44445555666", "4444555566667"] {
        Case { namespace_annotations: vec![(OWNER, account)], ..Case::default() }.refused(&[OWNER, "twelve digits"]);
    }
}

#[test]
fn the_operators_own_account_needs_no_role_but_takes_one() {
    let own = vec![(OWNER, OWN)];
    let case = Case { namespace_annotations: own, ..Case::default() };
    assert_eq!(case.role(), None);
    let unknown = Case { own_account_unknown: true, ..case.clone() };
    assert!(matches!(unknown.decide(), Err(Unscoped::Unknown(_))), "{:?}", unknown.decide());
    let mapped = Case { accounts: vec![(OWN, "arn:aws:iam::111122223333:role/less")], ..unknown };
    assert_eq!(mapped.role(), Some(arn(OWN, "less")));
}

#[test]
fn a_selector_goes_before_the_map_but_never_to_another_account() {
    let case = Case {
        namespace_annotations: vec![(OWNER, THEIRS)],
        accounts: vec![(THEIRS, ROLE_OF_THEIRS)],
        selectors: vec![("same", json!({"arn": arn(THEIRS, "selected")}))],
        ..Case::default()
    };
    assert_eq!(case.role(), Some(arn(THEIRS, "selected")));
    let other = vec![("other", json!({"arn": arn("777788889999", "selected")}))];
    Case { selectors: other, ..case }.refused(&["team-a", THEIRS, OWNER, "other", "777788889999"]);
}

#[test]
fn what_ack_offers_on_namespaces_and_we_do_not_is_refused() {
    let cases = [("aws.cairn.run/endpoint-url", "--aws-endpoint-url"), ("aws.cairn.run/team-id", "IAMRoleSelector")];
    for (key, instead) in cases {
        Case { namespace_annotations: vec![(key, "x")], ..Case::default() }.refused(&["team-a", key, instead]);
    }
}

#[test]
fn an_operator_of_single_namespaces_assumes_nothing() {
    let case = Case { single_namespaces: true, ..Case::default() };
    assert_eq!(case.role(), None);
    let own = Case { namespace_annotations: vec![(OWNER, OWN)], ..case.clone() };
    assert_eq!(own.role(), None);
    let other = Case { namespace_annotations: vec![(OWNER, THEIRS)], ..case };
    other.refused(&[OWNER, THEIRS, "--watch-namespace"]);
}

#[test]
fn a_role_is_of_the_regions_partition() {
    let selectors = vec![("a", json!({"arn": "arn:aws-cn:iam::444455556666:role/a"}))];
    Case { selectors, ..Case::default() }.refused(&["aws-cn", "eu-west-1"]);
}

#[test]
fn a_resource_is_not_looked_for_in_another_account() {
    assert!(same_account(None, OWN).is_ok());
    assert!(same_account(Some(OWN), OWN).is_ok());
    let why = same_account(Some(OWN), THEIRS).unwrap_err();
    assert!(why.contains(OWN) && why.contains(THEIRS));
}

#[test]
fn two_maps_differ_for_accounts() {
    let one = AccountMap::new("x", map(&[("111111111111", "a"), ("222222222222", "b"), ("s3.333333333333", "c")]));
    let other = AccountMap::new("x", map(&[("111111111111", "a"), ("222222222222", "c")]));
    let differing: Vec<_> = one.differing(&other).collect();
    assert!(!differing.contains(&"111111111111"));
    assert!(differing.contains(&"222222222222") && differing.contains(&"333333333333"), "{differing:?}");
    assert_eq!(one.differing(&one).count(), 0);
}
