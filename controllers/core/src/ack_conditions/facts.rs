//! What ACK says beside how the resource stands: whether references are resolved, and which role was selected.

use crate::{
    reference::{Unresolved, Why},
    scope::Selection,
};

const REFERENCES: &str = "ACK.ReferencesResolved";
const ROLE: &str = "ACK.IAMRoleSelected";

/// What was found out. What was not (`None`) stays as it was said before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where the object's references lead.
    pub references: Option<References>,
    /// Which role was selected for it; the inner `None` where no selector has one for it.
    pub role: Option<Option<Selection>>,
}

/// Where references to other objects lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum References {
    /// There are none.
    Absent,
    /// Each has its value.
    Resolved,
    /// Not yet; why.
    Waiting(String),
    /// Nowhere, until somebody changes something; why.
    Refused(String),
}

impl References {
    /// What is said of those that lead nowhere. ACK gives up on a target that it gave up on itself, and on one in another
    /// namespace that it may not look into; for any other it waits.
    #[must_use]
    pub fn unresolved(unresolved: &[Unresolved]) -> Self {
        let refuses = |why: &Why| match why {
            Why::NotGranted { .. } => true,
            Why::NotReady(reason) => reason == "ACK.Terminal",
            _ => false,
        };
        let said: Vec<_> = unresolved.iter().map(ToString::to_string).collect();
        let denied = unresolved.iter().any(|unresolved| refuses(&unresolved.why));
        if denied { Self::Refused(said.join("; ")) } else { Self::Waiting(said.join("; ")) }
    }
}

/// What is to become of a condition.
pub(super) struct Said {
    pub(super) name: &'static str,
    /// Status and message; `None` where the condition is to go.
    pub(super) says: Option<(&'static str, String)>,
}

/// The conditions of which something is known.
pub(super) fn said(facts: &Facts) -> impl Iterator<Item = Said> {
    let failed = |why: &str| format!("Reference resolution failed: {why}");
    let references = facts.references.as_ref().map(|references| match references {
        References::Absent => None,
        References::Resolved => Some(("True", String::new())),
        References::Waiting(why) => Some(("Unknown", failed(why))),
        References::Refused(why) => Some(("False", failed(why))),
    });
    let selected = |role: &Selection| {
        let Selection { arn, selector, version } = role;
        format!("roleARN: {arn}, selectorName: {selector}, selectorResourceVersion: {version}")
    };
    let role = facts.role.as_ref().map(|role| role.as_ref().map(|role| ("True", selected(role))));
    let known = [(REFERENCES, references), (ROLE, role)];
    known.into_iter().filter_map(|(name, says)| Some(Said { name, says: says? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unresolved(why: Why) -> Unresolved {
        Unresolved { field: "keyRef".into(), target: "Key a/b".into(), why }
    }

    fn references(why: &[Why]) -> References {
        References::unresolved(&why.iter().cloned().map(unresolved).collect::<Vec<_>>())
    }

    #[test]
    fn what_somebody_has_to_change_is_refused_and_anything_else_is_waited_for() {
        let not_granted = Why::NotGranted { namespace: "b".into(), kind: "AWSReferenceGrant" };
        for refusal in [not_granted.clone(), Why::NotReady("ACK.Terminal".into())] {
            assert!(matches!(references(&[refusal]), References::Refused(_)));
        }
        for wait in [Why::Missing, Why::NotReady("Creating".into()), Why::NoValue("status.id".into())] {
            assert!(matches!(references(&[wait]), References::Waiting(_)));
        }
        let both = references(&[Why::Missing, not_granted]);
        assert!(matches!(&both, References::Refused(why) if why.contains("does not exist; ")), "{both:?}");
    }
}
