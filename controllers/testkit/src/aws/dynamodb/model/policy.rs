//! Resource policies of tables and streams.

use serde_json::Value;

use super::{
    context::Context,
    failure::{Failure, Outcome},
    part::Policy,
    shape::{DeleteResourcePolicy, PutResourcePolicy},
    table::{Table, TableStatus},
};

/// What stands for no policy where a revision is expected.
const NO_POLICY: &str = "NO_POLICY";

/// A policy that is taken, of the revision after `before`; an equal document keeps its revision.
pub(super) fn checked(context: &Context, document: &str, before: Option<&Policy>) -> Outcome<Policy> {
    let limit = context.settings.limits.policy_bytes;
    if document.len() > limit {
        let message = format!("Resource-based policy document size exceeds the limit of {limit} bytes");
        return Err(Failure::new("LimitExceededException", message));
    }
    if statements(document).is_none() {
        return Err(Failure::validation("Resource-based policy document is invalid: it has no Statement"));
    }
    if let Some(same) = before.filter(|before| before.document == document) {
        return Ok(same.clone());
    }
    // A revision id is a number of milliseconds, as those of AWS look; one that a document follows is larger.
    let earlier = before.and_then(|before| before.revision.parse().ok()).unwrap_or(0);
    let revision = context.now.as_millisecond().max(earlier + 1).to_string();
    Ok(Policy { document: document.to_owned(), revision })
}

fn statements(document: &str) -> Option<Vec<Value>> {
    match serde_json::from_str::<Value>(document).ok()?.get("Statement")? {
        Value::Array(statements) => Some(statements.clone()),
        statement @ Value::Object(_) => Some(vec![statement.clone()]),
        _ => None,
    }
}

/// Whether a policy denies everybody, and so its author, to change it again.
fn shuts_out(document: &str) -> bool {
    let says = |value: &Value, words: &[&str]| match value {
        Value::String(one) => words.contains(&one.as_str()),
        Value::Array(many) => many.iter().filter_map(Value::as_str).any(|one| words.contains(&one)),
        _ => false,
    };
    let everybody = |principal: &Value| says(principal, &["*"]) || says(&principal["AWS"], &["*"]);
    let denies = |statement: &Value| {
        let actions = ["*", "dynamodb:*", "dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"];
        statement["Effect"] == "Deny" && everybody(&statement["Principal"]) && says(&statement["Action"], &actions)
    };
    statements(document).unwrap_or_default().iter().any(denies)
}

impl Table {
    /// The policy of the table, or of its stream of the label `stream`.
    ///
    /// # Errors
    ///
    /// `ResourceNotFoundException` for a stream that the table does not have.
    pub fn policy_of(&self, stream: Option<&str>) -> Outcome<Option<&Policy>> {
        match stream {
            None => Ok(self.policy.as_ref()),
            Some(label) if self.stream_label.as_deref() == Some(label) => Ok(self.stream_policy.as_ref()),
            Some(label) => Err(Failure::not_found(format!("Stream: {}/stream/{label} not found", self.arn()))),
        }
    }

    /// The table after `PutResourcePolicy`.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: what is no policy, another revision than is expected, a policy that shuts its author out
    /// without leave, and a table that is created or deleted.
    pub fn put_policy(&self, context: &Context, stream: Option<&str>, asked: &PutResourcePolicy) -> Outcome<Self> {
        let current = self.policy_of(stream)?;
        self.check_protectable()?;
        self.check_revision(current, asked.expected_revision_id.as_deref())?;
        if shuts_out(&asked.policy) && !asked.confirm_remove_self_resource_access.unwrap_or_default() {
            return Err(Failure::validation(
                "Resource-based policy would remove the caller's access to the policy: \
                 ConfirmRemoveSelfResourceAccess must be set",
            ));
        }
        let policy = checked(context, &asked.policy, current)?;
        Ok(self.with_policy(stream, Some(policy)))
    }

    /// The table after `DeleteResourcePolicy`. No policy is no error, unless a revision is expected.
    ///
    /// # Errors
    ///
    /// What DynamoDB refuses: another revision than is expected, and a table that is created or deleted.
    pub fn delete_policy(&self, stream: Option<&str>, asked: &DeleteResourcePolicy) -> Outcome<Self> {
        let current = self.policy_of(stream)?;
        self.check_protectable()?;
        self.check_revision(current, asked.expected_revision_id.as_deref())?;
        Ok(self.with_policy(stream, None))
    }

    fn with_policy(&self, stream: Option<&str>, policy: Option<Policy>) -> Self {
        let mut table = self.clone();
        match stream {
            None => table.policy = policy,
            Some(_) => table.stream_policy = policy,
        }
        table
    }

    fn check_protectable(&self) -> Outcome<()> {
        match self.status {
            TableStatus::Active | TableStatus::Updating => Ok(()),
            TableStatus::Creating | TableStatus::Deleting => self.check_changeable(),
        }
    }

    fn check_revision(&self, current: Option<&Policy>, expected: Option<&str>) -> Outcome<()> {
        let name = &self.name;
        let conflict = match (current.map(|policy| policy.revision.as_str()), expected) {
            (_, None) | (None, Some(NO_POLICY)) => return Ok(()),
            (Some(revision), Some(expected)) if revision == expected => return Ok(()),
            (Some(revision), Some(NO_POLICY)) => format!(
                "Requested policy update expecting none to be present for table {name}, but a policy exists with \
                 revision id {revision}."
            ),
            (Some(revision), Some(expected)) => format!(
                "Requested update for policy with revision id {expected}, but the policy associated to target table \
                 {name} has revision id {revision}."
            ),
            (None, Some(expected)) => {
                format!("Requested update for policy with revision id {expected}, but table {name} has no policy.")
            }
        };
        Err(not_found(&conflict))
    }
}

/// A `PolicyNotFoundException`.
pub(super) fn not_found(what: &str) -> Failure {
    let message = format!("Resource-based policy not found for the provided ResourceArn: {what}");
    Failure::new("PolicyNotFoundException", message)
}
