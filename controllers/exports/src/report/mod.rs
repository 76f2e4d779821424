//! Why an export stands where it stands.

mod meaning;

use cairn_runtime::condition::Progress;

/// Why a `FieldExport`'s condition is what it is. The list is closed, so that people and alerts can rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The target has the values.
    Exported,
    /// The target is about to be written.
    Exporting,
    /// There is no object of that name.
    SourceNotFound,
    /// The object is there, and not Ready.
    SourceNotReady,
    /// The object has no value at the path.
    ValueNotFound,
    /// A write failed and is tried again without anybody doing anything.
    Retrying,
    /// The spec cannot be carried out as it is.
    InvalidSpec,
    /// The source is of a kind that this operator does not look after.
    SourceNotServed,
    /// The namespace of the target does not permit the export.
    NotGranted,
    /// The namespace of the target is none of those that the operator works in.
    NamespaceNotWatched,
    /// Another manager has set a key of the export to another value.
    Conflict,
    /// The operator has no right to write the target.
    Forbidden,
    /// Kubernetes refuses the target as it would be.
    TargetRefused,
    /// The reconcile panicked or ran out of time; a defect of Cairn.
    InternalError,
}

impl Reason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 14] = [
        Self::Exported,
        Self::Exporting,
        Self::SourceNotFound,
        Self::SourceNotReady,
        Self::ValueNotFound,
        Self::Retrying,
        Self::InvalidSpec,
        Self::SourceNotServed,
        Self::NotGranted,
        Self::NamespaceNotWatched,
        Self::Conflict,
        Self::Forbidden,
        Self::TargetRefused,
        Self::InternalError,
    ];

    /// The reason as it stands in a condition.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exported => "Exported",
            Self::Exporting => "Exporting",
            Self::SourceNotFound => "SourceNotFound",
            Self::SourceNotReady => "SourceNotReady",
            Self::ValueNotFound => "ValueNotFound",
            Self::Retrying => "Retrying",
            Self::InvalidSpec => "InvalidSpec",
            Self::SourceNotServed => "SourceNotServed",
            Self::NotGranted => "NotGranted",
            Self::NamespaceNotWatched => "NamespaceNotWatched",
            Self::Conflict => "Conflict",
            Self::Forbidden => "Forbidden",
            Self::TargetRefused => "TargetRefused",
            Self::InternalError => "InternalError",
        }
    }

    /// What the reason says of the export's progress.
    #[must_use]
    pub fn progress(self) -> Progress {
        match self {
            Self::Exported => Progress::Done,
            Self::Exporting | Self::SourceNotFound | Self::SourceNotReady | Self::ValueNotFound | Self::Retrying => {
                Progress::Working
            }
            _ => Progress::Stuck,
        }
    }

    /// Whether whatever can heal it is watched, so that nothing has to be tried again before.
    pub(crate) fn heals_by_watch(self) -> bool {
        matches!(
            self,
            Self::SourceNotFound
                | Self::SourceNotReady
                | Self::ValueNotFound
                | Self::InvalidSpec
                | Self::SourceNotServed
                | Self::NotGranted
                | Self::NamespaceNotWatched
        )
    }
}

/// One sentence on an export, from which all its conditions follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) reason: Reason,
    pub(crate) message: String,
}

impl Report {
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_unique_words() {
        let names: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
        assert!(names.iter().all(|name| name.chars().all(char::is_alphanumeric)));
    }

    #[test]
    fn what_is_tried_again_on_its_own_is_what_no_watch_can_heal() {
        let retried: Vec<_> =
            Reason::ALL.iter().filter(|reason| !reason.heals_by_watch()).map(|r| r.as_str()).collect();
        let expected = ["Exported", "Exporting", "Retrying", "Conflict", "Forbidden", "TargetRefused", "InternalError"];
        assert_eq!(retried, expected);
    }
}
