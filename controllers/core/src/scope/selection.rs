//! Which `IAMRoleSelector` an object has its role from, for people.

use cairn_crds::Groups;

use super::{
    Namespace, Roles, Scope, Subject,
    selector::{Selected, select},
};

/// Whence a role is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// ARN of the role.
    pub arn: String,
    /// Name of the selector.
    pub selector: String,
    /// Its resource version.
    pub version: String,
}

/// Whence the role of a scope is that [`decide`](super::decide) gave; `None` where no selector gave it.
#[must_use]
pub fn selection(
    subject: &Subject<'_>,
    namespace: &Namespace,
    roles: &Roles,
    groups: &Groups,
    scope: &Scope,
) -> Option<Selection> {
    let (Roles::Offered { selectors, .. }, Some(role)) = (roles, &scope.role) else { return None };
    let Ok(Selected::One(selector)) = select(selectors, subject, namespace, groups) else { return None };
    Some(Selection {
        arn: role.arn.as_str().to_owned(),
        selector: selector.name().to_owned(),
        version: selector.version().to_owned(),
    })
}
