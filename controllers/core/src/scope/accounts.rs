//! Which role acts in which account, for those who come from ACK: its `ConfigMap` `ack-role-account-map`.

use std::collections::BTreeMap;

use super::RoleArn;

/// The content of the `ConfigMap`: ARNs of roles by account, or by service and account (`s3.111122223333`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountMap {
    /// Namespace and name of the `ConfigMap`, for messages.
    source: String,
    roles: BTreeMap<String, String>,
}

impl AccountMap {
    /// The data of the `ConfigMap` `source` (its namespace and name), which is empty when there is none.
    #[must_use]
    pub fn new(source: &str, roles: BTreeMap<String, String>) -> Self {
        Self { source: source.into(), roles }
    }

    /// The accounts for which two maps differ.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let keys = self.roles.keys().chain(other.roles.keys());
        let changed = keys.filter(|key| self.roles.get(*key) != other.roles.get(*key));
        changed.map(|key| key.rsplit('.').next().unwrap_or(key))
    }

    /// The role for a service in an account, by the service's own key before the account's; `None` when there is neither.
    ///
    /// # Errors
    /// A sentence that names `ConfigMap` and key, when the value is no role of that account.
    pub(super) fn role(&self, service: &str, account: &str) -> Result<Option<RoleArn>, String> {
        let keys = [format!("{service}.{account}"), account.to_owned()];
        let Some((key, value)) = keys.iter().find_map(|key| self.roles.get_key_value(key)) else { return Ok(None) };
        let wrong = |why: &str| format!("key {key} of ConfigMap {}: {why}", self.source);
        let arn = RoleArn::parse(value.trim()).map_err(|why| wrong(&why))?;
        if arn.account() != account {
            return Err(wrong(&format!("the role {arn} is of another account than {account}")));
        }
        Ok(Some(arn))
    }

    /// What to add, for an account without a role.
    pub(super) fn missing(&self, account: &str) -> String {
        format!("ConfigMap {} has no key \"{account}\" with the ARN of a role of that account", self.source)
    }
}
