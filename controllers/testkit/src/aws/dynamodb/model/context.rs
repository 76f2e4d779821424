//! Who asks, where, and when.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    failure::{Failure, Outcome},
    settings::Settings,
};
use crate::aws::regions::partition;

/// Who asks and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Caller {
    /// Account id.
    pub account: String,
    /// Region of the endpoint.
    pub region: String,
}

impl Caller {
    /// A caller of `account` in `region`.
    #[must_use]
    pub fn new(account: &str, region: &str) -> Self {
        Self { account: account.to_owned(), region: region.to_owned() }
    }

    /// ARN of something of `service` that is the caller's.
    pub(in super::super::super) fn arn(&self, service: &str, resource: &str) -> String {
        arn(service, &self.region, &self.account, resource)
    }

    /// Name of the table in `reference`, a name or an ARN.
    pub(super) fn table_name(&self, reference: &str) -> Outcome<String> {
        if !reference.starts_with("arn:") {
            check_name("tableName", reference)?;
            return Ok(reference.to_owned());
        }
        let rest = self.resource(reference)?;
        match rest.split('/').collect::<Vec<_>>().as_slice() {
            ["table", name] => Ok((*name).to_owned()),
            _ => Err(invalid_arn(reference)),
        }
    }

    /// The part of a DynamoDB ARN behind region and account, which must be the caller's.
    pub(super) fn resource<'a>(&self, reference: &'a str) -> Outcome<&'a str> {
        let parts: Vec<&str> = reference.splitn(6, ':').collect();
        let ["arn", _, "dynamodb", region, account, rest] = parts.as_slice() else {
            return Err(invalid_arn(reference));
        };
        if *account != self.account {
            let message = format!("User of {} is not authorized to access {reference}", self.account);
            return Err(Failure::new("AccessDeniedException", message));
        }
        if *region != self.region {
            return Err(invalid_arn(reference));
        }
        Ok(rest)
    }
}

/// An ARN in the partition of `region`.
pub(super) fn arn(service: &str, region: &str, account: &str, resource: &str) -> String {
    let partition = partition(region);
    format!("arn:{partition}:{service}:{region}:{account}:{resource}")
}

/// The reference, which must be an ARN.
pub(super) fn arn_only(reference: &str) -> Outcome<&str> {
    if reference.starts_with("arn:") { Ok(reference) } else { Err(invalid_arn(reference)) }
}

pub(super) fn invalid_arn(reference: &str) -> Failure {
    Failure::validation(format!("Invalid TableArn: Invalid ResourceArn provided as input {reference}"))
}

/// Checks the name of a table, index or backup: 3 to 255 characters of `a-zA-Z0-9_.-` (API model).
pub(super) fn check_name(member: &str, name: &str) -> Outcome<()> {
    if name.len() < 3 {
        return Err(Failure::constraint(name, member, "Member must have length greater than or equal to 3"));
    }
    if name.len() > 255 {
        return Err(Failure::constraint(name, member, "Member must have length less than or equal to 255"));
    }
    if name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c)) {
        return Ok(());
    }
    let pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
    Err(Failure::constraint(name, member, pattern))
}

/// A request's surroundings.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who asks and where.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// How long things take and what there may be.
    pub settings: Arc<Settings>,
}

impl Context {
    /// The surroundings of a request by `caller` at `now`, under `settings`.
    #[must_use]
    pub fn new(caller: Caller, now: Timestamp, settings: Settings) -> Self {
        Self { caller, now, settings: Arc::new(settings) }
    }

    /// This much later than now.
    pub(super) fn after(&self, duration: std::time::Duration) -> Timestamp {
        self.now.checked_add(duration).unwrap_or(Timestamp::MAX)
    }
}
