//! What the reasons mean to people, for the reference page.

use super::Reason;

/// Who can do something about a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// Whoever writes the object.
    Author,
    /// Whoever runs Cairn in the cluster.
    Platform,
    /// Whoever grants permissions and quotas in the AWS account, or looks after what is in it.
    Account,
    /// Whoever works on Cairn.
    Cairn,
}

impl Actor {
    /// Every actor.
    pub const ALL: [Self; 4] = [Self::Author, Self::Platform, Self::Account, Self::Cairn];

    /// The actor in a word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Platform => "platform",
            Self::Account => "account",
            Self::Cairn => "Cairn",
        }
    }

    /// Who that is.
    #[must_use]
    pub fn who(self) -> &'static str {
        match self {
            Self::Author => "whoever writes the object",
            Self::Platform => "whoever runs Cairn in the cluster",
            Self::Account => "whoever grants permissions and quotas in the AWS account, or looks after what is in it",
            Self::Cairn => "whoever works on Cairn: please report it",
        }
    }
}

impl Reason {
    /// What is the case, and what can be done, in Markdown.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Available => {
                "AWS has what is declared. An object that only reads is Available too; its message says what differs."
            }
            Self::Creating => "The resource is being created.",
            Self::Updating => "AWS is working on a change.",
            Self::Deleting => "The resource is being deleted. The message says what is waited for.",
            Self::Retrying => {
                "A call failed in a way that passes: AWS throttles, is not available or cannot be reached, or two \
                 changes met. It is tried again, ever more rarely."
            }
            Self::InvalidSpec => {
                "The spec, an annotation or a setting cannot be carried out as it is. The message names it."
            }
            Self::NotOwned => {
                "A resource of that name exists and is not this object's. Choose another name, have it adopted, or let \
                 go of it where it is owned."
            }
            Self::NotFound => {
                "The object adopts or only reads a resource, and AWS has none of that name; or it made one that AWS has no \
                 more and that cannot be made again, such as a backup."
            }
            Self::NotAllowed => {
                "A setting of the platform does not permit what the object asks for, such as adoption in this \
                 namespace."
            }
            Self::DependencyNotReady => {
                "Something that the object refers to is missing or not ready. It goes on at once when that is there."
            }
            Self::ScopeChanged => {
                "The resource would have to move to another region or account, and resources do not move. Set it back, \
                 or create another object."
            }
            Self::Immutable => {
                "AWS does not change that in a resource that exists. Set it back, or create another object."
            }
            Self::Planned => {
                "The object only plans: `status.plan` says what is to be done. Set the annotation `mode` to `Manage` \
                 to do it."
            }
            Self::Paused => {
                "The object, its Namespace or the whole operator is paused: `status.plan` says what is to be done then."
            }
            Self::Protected => {
                "The object is being deleted, and `deletion-protection` on it or on its Namespace holds the resource. \
                 Take the annotation away to delete it, or set `deletion-policy` to `retain` to leave it in AWS."
            }
            Self::Unusable => {
                "The resource can neither be used nor changed in the state that it is in. The message says why."
            }
            Self::OtherController => {
                "Under ACK's names: another controller wrote to the object after Cairn did. Nothing is done in AWS until \
                 one of the two is stopped, and then somebody edits the object or asks for a reconcile."
            }
            Self::AccessDenied => {
                "AWS denies a permission. The message names the action, and has the statement that permits it."
            }
            Self::NoCredentials => "There are no credentials, or AWS does not accept them.",
            Self::Refused => "AWS refuses the request as it is. The message has what AWS says.",
            Self::QuotaExceeded => "An AWS quota is reached. Delete what is not needed, or have the quota raised.",
            Self::NotEmpty => {
                "The object is being deleted, and AWS does not delete a resource that is not empty. Empty it, or set \
                 `deletion-policy` to `retain`."
            }
            Self::InternalError => "The reconcile panicked, ran out of time or met what cannot be. It is tried again.",
        }
    }

    /// Who can do something about it; nobody has to where it is empty.
    #[must_use]
    pub fn actors(self) -> &'static [Actor] {
        match self {
            Self::Available | Self::Creating | Self::Updating | Self::Deleting | Self::Retrying => &[],
            Self::InvalidSpec
            | Self::NotOwned
            | Self::DependencyNotReady
            | Self::Immutable
            | Self::Planned
            | Self::Refused
            | Self::NotEmpty => &[Actor::Author],
            Self::NotFound => &[Actor::Author, Actor::Account],
            Self::NotAllowed | Self::OtherController => &[Actor::Platform],
            Self::ScopeChanged | Self::Paused | Self::Protected => &[Actor::Author, Actor::Platform],
            Self::Unusable | Self::AccessDenied | Self::QuotaExceeded => &[Actor::Account],
            Self::NoCredentials => &[Actor::Platform, Actor::Account],
            Self::InternalError => &[Actor::Cairn],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Progress;

    #[test]
    fn who_is_stuck_has_somebody_to_turn_to() {
        for reason in Reason::ALL {
            let nobody = reason.actors().is_empty();
            match reason.progress() {
                Progress::Stuck | Progress::Held => assert!(!nobody, "{reason:?}"),
                Progress::Done => assert!(nobody, "{reason:?}"),
                Progress::Working => {}
            }
        }
    }

    #[test]
    fn every_meaning_is_its_own_sentence() {
        let texts: std::collections::BTreeSet<_> = Reason::ALL.map(Reason::meaning).into();
        assert_eq!(texts.len(), Reason::ALL.len());
        assert!(texts.iter().all(|text| text.ends_with('.')));
    }
}
