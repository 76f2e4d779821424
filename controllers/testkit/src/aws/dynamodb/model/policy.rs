//! Resource policies.

use serde_json::Value;

use super::{
    context::Context,
    failure::{Failure, Outcome},
    table::Policy,
};

/// A policy that is taken, of the revision after `before`; an equal document keeps its revision.
pub(super) fn checked(context: &Context, document: &str, before: Option<&Policy>) -> Outcome<Policy> {
    let limit = context.settings.limits.policy_bytes;
    if document.len() > limit {
        let message = format!("Resource-based policy document size exceeds the limit of {limit} bytes");
        return Err(Failure::new("LimitExceededException", message));
    }
    let statements = serde_json::from_str::<Value>(document).ok();
    let statements = statements.and_then(|policy| policy.get("Statement").cloned());
    if !matches!(statements, Some(Value::Array(_) | Value::Object(_))) {
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
