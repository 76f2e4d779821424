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
    let statements: Vec<_> = kinds.iter().map(|kind| statement_of(kind, partition)).collect();
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn statement_of(kind: &KindRules, partition: &str) -> Value {
    let actions: BTreeSet<_> = kind.permissions.iter().flat_map(|permission| permission.actions).collect();
    let resources: Vec<_> = kind.resources.iter().map(|resource| resource.replace("{partition}", partition)).collect();
    json!({"Sid": format!("Cairn{}", kind.kind), "Effect": "Allow", "Action": actions, "Resource": resources})
}

/// What to do about a call that AWS denied: the statement to add to the role's policy.
#[must_use]
pub fn remedy(kind: &KindRules, failure: &Failure, arn: Option<&str>) -> Option<String> {
    let actions = kind.actions(&failure.operation);
    if failure.class != Class::Denied || actions.is_empty() {
        return None;
    }
    let statement = json!({"Effect": "Allow", "Action": actions, "Resource": arn.unwrap_or("*")});
    Some(format!("whoever administers the AWS account can add to the operator's role: {statement}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{KindRules, Naming};

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
        arrange: KindRules::AS_THEY_ARE,
        parts: &[],
        references: &[],
        secrets: &[],
        permissions: &[
            Permission { operation: "GetThing", actions: &["svc:GetThing"] },
            Permission { operation: "CreateThing", actions: &["svc:CreateThing", "svc:TagThing"] },
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
        assert_eq!(statement["Action"], json!(["svc:CreateThing", "svc:GetThing", "svc:TagThing"]));
        assert_eq!(statement["Resource"], json!(["arn:aws-cn:svc:::*"]));
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
