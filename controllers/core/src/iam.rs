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
    let mut statements = statements(kind, actions, &json!(resources));
    for (statement, part) in statements.iter_mut().zip(["", "Roles"]) {
        statement["Sid"] = format!("Cairn{}{part}", kind.kind).into();
    }
    statements
}

/// The statements that allow actions on the kind's resources. Roles are no such resources: they may be handed to the
/// kind's service and to nobody else.
fn statements(kind: &KindRules, mut actions: BTreeSet<&str>, resources: &Value) -> Vec<Value> {
    let passes = actions.remove(PASS_ROLE);
    let own = json!({"Effect": "Allow", "Action": actions, "Resource": resources});
    let service = format!("{}.amazonaws.com", kind.service);
    // Parts of a service have names of their own in front.
    let to_service = json!({"StringLike": {"iam:PassedToService": [service, format!("*.{service}")]}});
    let roles = json!({"Effect": "Allow", "Action": [PASS_ROLE], "Resource": "*", "Condition": to_service});
    [own].into_iter().chain(passes.then_some(roles)).collect()
}

/// What to do about a call that AWS denied: the statement to add to the role's policy.
#[must_use]
pub fn remedy(kind: &KindRules, failure: &Failure, arn: Option<&str>) -> Option<String> {
    let actions = kind.actions(&failure.operation);
    if failure.class != Class::Denied || actions.is_empty() {
        return None;
    }
    let statements = statements(kind, actions.iter().copied().collect(), &json!(arn.unwrap_or("*")));
    let statements: Vec<_> = statements.iter().map(Value::to_string).collect();
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
        assert_eq!(statement["Action"], json!(["svc:CreateThing", "svc:GetThing", "svc:PutRole", "svc:TagThing"]));
        assert_eq!(statement["Resource"], json!(["arn:aws-cn:svc:::*"]));
    }

    #[test]
    fn roles_are_handed_to_the_kinds_own_service_alone() {
        let policy = policy(&[&THING], "aws");
        let [own, roles] = policy["Statement"].as_array().unwrap().as_slice() else { panic!("two statements") };
        assert_eq!((&own["Sid"], &roles["Sid"]), (&json!("CairnThing"), &json!("CairnThingRoles")));
        assert_eq!(roles["Action"], json!(["iam:PassRole"]));
        let services = json!(["svc.amazonaws.com", "*.svc.amazonaws.com"]);
        assert_eq!(roles["Condition"]["StringLike"]["iam:PassedToService"], services);
        let told = remedy(&THING, &failure(Class::Denied, "PutRole"), Some("arn:aws:svc:::a")).unwrap();
        assert!(told.contains(r#""Action":["svc:PutRole"]"#) && told.contains("PassedToService"), "{told}");
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
