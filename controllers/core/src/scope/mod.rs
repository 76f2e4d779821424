//! Where in AWS an object belongs, and as whom Cairn acts there: decided from values, before anything is asked of AWS.
//!
//! The region comes from the strongest source that names one: a field of the spec, the object's annotation `region`,
//! the namespace's `default-region`, the flag. The role comes from the `IAMRoleSelector`s, or, for those who come from
//! ACK, from the namespace's `owner-account-id` with the `ConfigMap` `ack-role-account-map`; without either Cairn acts as
//! itself.
//!
//! What the author of an object can write never widens what is assumed for it. Its labels choose only among selectors
//! that cover its namespace; a selector by labels alone gives no role; and where selectors name the namespace, an
//! object that matches none of them by its labels waits rather than fall back to Cairn's own identity. ACK assumes in
//! the second case and falls back in the third.

mod accounts;
mod decide;
mod labels;
mod namespace;
mod region;
mod role;
mod selection;
mod selector;

pub use accounts::AccountMap;
pub use decide::{OperatorScope, Roles, Subject, decide};
pub use namespace::Namespace;
pub use region::{Region, RegionSources, decide_region};
pub use role::{Role, RoleArn};
pub use selection::{Selection, selection};
pub use selector::Selector;

/// Where in AWS an object belongs, and as whom Cairn acts there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Scope {
    /// The region.
    pub region: Region,
    /// The role that is assumed; `None` for Cairn's own identity.
    pub role: Option<Role>,
}

impl Scope {
    /// A region under Cairn's own identity.
    #[must_use]
    pub fn own(region: Region) -> Self {
        Self { region, role: None }
    }
}

/// Why there is no scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unscoped {
    /// A source holds no region, or there is no source at all.
    Invalid(String),
    /// No role, or no single one, is settled for the object: the platform's settings have to change, or its labels.
    NotAllowed(String),
    /// The resource exists in another region or account than the one wanted now.
    Moved(String),
    /// What the decision needs is not known yet. It is to be asked again when that has come.
    Unknown(String),
}

/// Checks that a resource is not suddenly looked for in another account, where it would seem to be gone.
///
/// # Errors
/// A sentence that names both accounts.
pub fn same_account(recorded: Option<&str>, current: &str) -> Result<(), String> {
    match recorded {
        Some(recorded) if recorded != current => Err(format!(
            "the resource is in account {recorded}, but the operator's credentials are of account {current}; give the \
             operator credentials of {recorded}, or create another object"
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
