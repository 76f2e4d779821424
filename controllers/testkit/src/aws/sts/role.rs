//! Roles that may be assumed.

use std::{collections::BTreeMap, time::Duration};

use super::super::{Aws, world::DEFAULT_ACCOUNT};
use crate::sync::lock;

/// A role with what its trust policy says. Roles that were not put there cannot be assumed.
#[derive(Clone, Debug)]
pub struct RoleSeed {
    pub(super) arn: String,
    pub(super) trusted: Vec<String>,
    pub(super) external_id: Option<String>,
    pub(super) tagging: bool,
    pub(super) required_tags: BTreeMap<String, String>,
    pub(super) longest_session: Duration,
}

impl RoleSeed {
    /// A role that every identity of the default account may assume, without tags, for up to an hour.
    #[must_use]
    pub fn new(arn: &str) -> Self {
        Self {
            arn: arn.to_owned(),
            trusted: vec![DEFAULT_ACCOUNT.to_owned()],
            external_id: None,
            tagging: false,
            required_tags: BTreeMap::new(),
            longest_session: Duration::from_hours(1),
        }
    }

    /// Trusts this principal alone: an account, or the ARN of a user or role.
    #[must_use]
    pub fn trusts(self, principal: &str) -> Self {
        Self { trusted: vec![principal.to_owned()], ..self }
    }

    /// Asks for this external id (`sts:ExternalId`).
    #[must_use]
    pub fn external_id(self, id: &str) -> Self {
        Self { external_id: Some(id.to_owned()), ..self }
    }

    /// Permits session tags (`sts:TagSession`).
    #[must_use]
    pub fn allow_tags(self) -> Self {
        Self { tagging: true, ..self }
    }

    /// Permits session tags, and asks for this one (`aws:RequestTag/…`).
    #[must_use]
    pub fn require_tag(mut self, key: &str, value: &str) -> Self {
        self.required_tags.insert(key.to_owned(), value.to_owned());
        self.allow_tags()
    }

    /// The longest session that the role allows.
    #[must_use]
    pub fn longest_session(self, longest_session: Duration) -> Self {
        Self { longest_session, ..self }
    }
}

impl Aws {
    /// Puts a role there, or another in its place. Sessions that are open stay open.
    pub fn put_role(&self, role: RoleSeed) {
        lock(&self.world).roles.insert(role.arn.clone(), role);
    }

    /// Removes a role. Sessions that are open stay open, as in AWS.
    pub fn remove_role(&self, arn: &str) {
        lock(&self.world).roles.remove(arn);
    }
}
