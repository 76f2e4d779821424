//! Which AWS permissions a kind needs: from the operations that its plans name.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    failure::{Class, Failure},
    rules::KindRules,
};

/// The permissions that one operation needs. Source: the service authorization reference of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Operation, for example `HeadBucket`.
    pub operation: &'static str,
    /// IAM actions, for example `s3:ListBucket`.
    pub actions: &'static [&'static str],
}

/// The action of handing a role to a service.
const PASS_ROLE: &str = "iam:PassRole";

/// Actions of which IAM knows no resource, so that a statement that names some does not allow them. Source: the service
/// authorization references of AWS Application Auto Scaling, Amazon `CloudWatch` and Amazon `DynamoDB`.
const OF_NO_RESOURCE: [&str; 7] = [
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "cloudwatch:DescribeAlarms",
    "dynamodb:ListBackups",
    "dynamodb:ListContributorInsights",
    "dynamodb:ListExports",
    "dynamodb:ListImports",
];

impl KindRules {
    /// Every operation that a plan for the kind, or its execution, can name.
    #[must_use]
    pub fn operations(&self) -> BTreeSet<&'static str> {
        let whole =
            [self.locate, self.tag, self.create, self.delete].into_iter().chain(self.untag).chain(self.list_tags);
        let parts = self.parts.iter().flat_map(|part| [Some(part.get), Some(part.put), part.delete]).flatten();
        let all = whole.chain(parts).chain(self.permissions.iter().map(|permission| permission.operation));
        all.filter(|operation| !operation.is_empty()).collect()
    }

    /// The IAM actions that an operation needs; empty for one that is not in the table.
    #[must_use]
    pub fn actions(&self, operation: &str) -> &'static [&'static str] {
        self.permissions.iter().find(|permission| permission.operation == operation).map_or(&[], |found| found.actions)
    }
}

/// The policy that the operator's role needs for these kinds, in the given partition.
#[must_use]
pub fn policy(kinds: &[&KindRules], partition: &str) -> Value {
    let statements: Vec<_> = kinds.iter().flat_map(|kind| statements_of(kind, partition)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statements_of(kind: &KindRules, partition: &str) -> Vec<Value> {
    let actions = kind.permissions.iter().flat_map(|permission| permission.actions).copied().collect();
    let resources: Vec<_> = kind.resources.iter().map(|resource| resource.replace("{partition}", partition)).collect();
    let named = |(part, mut statement): (&str, Value)| {
        statement["Sid"] = format!("Cairn{}{part}", kind.kind).into();
        statement
    };
    statements(kind, actions, &json!(resources)).into_iter().map(named).collect()
}

/// The statements that allow actions on the kind's resources, each with the end of its name. Roles are no such
/// resources: they may be handed to the kind's service and to nobody else.
fn statements(kind: &KindRules, mut actions: BTreeSet<&str>, resources: &Value) -> Vec<(&'static str, Value)> {
    let passes = actions.remove(PASS_ROLE);
    let unbound: Vec<_> = actions.extract_if(.., |action| OF_NO_RESOURCE.contains(action)).collect();
    let everywhere = json!({"Effect": "Allow", "Action": unbound, "Resource": "*"});
    let own = json!({"Effect": "Allow", "Action": actions, "Resource": resources});
    let service = format!("{}.amazonaws.com", kind.service);
    // Parts of a service have names of their own in front.
    let to_service = json!({"StringLike": {"iam:PassedToService": [service, format!("*.{service}")]}});
    let roles = json!({"Effect": "Allow", "Action": [PASS_ROLE], "Resource": "*", "Condition": to_service});
    let all =
        [(!actions.is_empty(), "", own), (!unbound.is_empty(), "Everywhere", everywhere), (passes, "Roles", roles)];
    all.into_iter().filter_map(|(needed, part, statement)| needed.then_some((part, statement))).collect()
}

/// Whether an action is about what the kind is, and not about something of another service that goes with it.
fn is_of(kind: &KindRules, action: &str) -> bool {
    let service = action.split(':').next().unwrap_or(action);
    action == PASS_ROLE || service.starts_with(kind.service) || kind.service.starts_with(service)
}

/// What to do about a call that AWS denied: the statement to add to the role's policy.
#[must_use]
pub fn remedy(kind: &KindRules, failure: &Failure, arn: Option<&str>) -> Option<String> {
    let actions = kind.actions(&failure.operation);
    if failure.class != Class::Denied || actions.is_empty() {
        return None;
    }
    let arn = arn.filter(|_| actions.iter().all(|action| is_of(kind, action)));
    let statements = statements(kind, actions.iter().copied().collect(), &json!(arn.unwrap_or("*")));
    let statements: Vec<_> = statements.iter().map(|(_, statement)| statement.to_string()).collect();
    let statements = statements.join(", ");
    Some(format!("whoever administers the AWS account can add to the operator's role: {statements}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Gone, KindRules, Naming};

    static THING: KindRules = KindRules {
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
        parts: &[],
        references: &[],
        secrets: &[],
        permissions: &[
            Permission { operation: "GetThing", actions: &["svc:GetThing"] },
            Permission { operation: "CreateThing", actions: &["svc:CreateThing", "svc:TagThing"] },
            Permission { operation: "PutRole", actions: &["svc:PutRole", "iam:PassRole"] },
            Permission { operation: "Scale", actions: &["application-autoscaling:RegisterScalableTarget"] },
            Permission { operation: "SeeScale", actions: &["application-autoscaling:DescribeScalableTargets"] },
        ],
        resources: &["arn:{partition}:svc:::*"],
    };

    fn failure(class: Class, operation: &str) -> Failure {
        Failure {
            operation: operation.into(),
            code: "AccessDenied".into(),
            message: String::new(),
            request_id: None,
            class,
            ambiguous: false,
        }
    }

    #[test]
    fn a_policy_names_each_action_once_and_the_partition() {
        let policy = policy(&[&THING], "aws-cn");
        let statement = &policy["Statement"][0];
        let scale = "application-autoscaling:RegisterScalableTarget";
        let actions = json!([scale, "svc:CreateThing", "svc:GetThing", "svc:PutRole", "svc:TagThing"]);
        assert_eq!(statement["Action"], actions);
        assert_eq!(statement["Resource"], json!(["arn:aws-cn:svc:::*"]));
    }

    #[test]
    fn roles_are_handed_to_the_kinds_own_service_alone() {
        let policy = policy(&[&THING], "aws");
        let [own, _, roles] = policy["Statement"].as_array().unwrap().as_slice() else { panic!("three statements") };
        assert_eq!((&own["Sid"], &roles["Sid"]), (&json!("CairnThing"), &json!("CairnThingRoles")));
        assert_eq!(roles["Action"], json!(["iam:PassRole"]));
        let services = json!(["svc.amazonaws.com", "*.svc.amazonaws.com"]);
        assert_eq!(roles["Condition"]["StringLike"]["iam:PassedToService"], services);
        let told = remedy(&THING, &failure(Class::Denied, "PutRole"), Some("arn:aws:svc:::a")).unwrap();
        assert!(told.contains(r#""Action":["svc:PutRole"]"#) && told.contains("PassedToService"), "{told}");
    }

    #[test]
    fn what_has_no_resource_is_allowed_without_one() {
        let policy = policy(&[&THING], "aws");
        let found = &policy["Statement"][1];
        assert_eq!((&found["Sid"], &found["Resource"]), (&json!("CairnThingEverywhere"), &json!("*")));
        assert_eq!(found["Action"], json!(["application-autoscaling:DescribeScalableTargets"]));
        for operation in ["Scale", "SeeScale"] {
            let told = remedy(&THING, &failure(Class::Denied, operation), Some("arn:aws:svc:::a")).unwrap();
            assert!(told.contains(r#""Resource":"*""#) && !told.contains("svc:::a"), "{told}");
        }
    }

    #[test]
    fn what_is_denied_comes_with_the_statement_that_permits_it() {
        let told = remedy(&THING, &failure(Class::Denied, "CreateThing"), Some("arn:aws:svc:::a")).unwrap();
        assert!(told.contains(r#""Action":["svc:CreateThing","svc:TagThing"]"#), "{told}");
        assert!(told.contains("arn:aws:svc:::a"), "{told}");
        assert_eq!(remedy(&THING, &failure(Class::Invalid, "CreateThing"), None), None);
        assert_eq!(remedy(&THING, &failure(Class::Denied, "Unknown"), None), None);
    }
}
