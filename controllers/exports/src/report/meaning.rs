//! What each reason means, for the reference page.

use super::Reason;

impl Reason {
    /// What is the case, in Markdown.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Exported => "The target has the values.",
            Self::Exporting => "The target is about to be written.",
            Self::SourceNotFound => {
                "There is no object of that kind and name in the namespace. It is exported as soon as there is."
            }
            Self::SourceNotReady => {
                "The source is not Ready, or not yet with its present spec. What was exported before stays until it is."
            }
            Self::ValueNotFound => {
                "A path leads to no value in the source, or to `null`. Of several values none is written before there are all."
            }
            Self::Retrying => "A request failed; it is tried again, ever more rarely up to some minutes.",
            Self::InvalidSpec => "A path is not jq, or uses what is not supported.",
            Self::SourceNotServed => "The source is of a group or kind that this operator does not look after.",
            Self::NotGranted => {
                "The target is in another namespace, which does not permit it by an `AWSReferenceGrant`. What was exported \
                 before stays; it is still taken out when the export is deleted."
            }
            Self::NamespaceNotWatched => "The target is in a namespace in which the operator does not work.",
            Self::Conflict => {
                "Another manager has set a key of the export to another value. Nothing is overwritten: choose another key, or \
                 let the other manager give up its own. It is tried again every few minutes."
            }
            Self::Forbidden => {
                "The operator has no right to the target; the message names the value of the chart that gives it."
            }
            Self::TargetRefused => "Kubernetes refuses the target as it would be; the message says why.",
            Self::InternalError => "A defect of Cairn; it is tried again.",
        }
    }

    /// Who can do something about it; nobody has to where it is empty.
    #[must_use]
    pub fn actor(self) -> &'static str {
        match self {
            Self::Exported | Self::Exporting | Self::Retrying => "",
            Self::SourceNotFound | Self::ValueNotFound | Self::InvalidSpec | Self::SourceNotServed => "author",
            Self::SourceNotReady => "whoever the source says",
            Self::NotGranted => "owner of the target's namespace",
            Self::NamespaceNotWatched | Self::Forbidden => "author, platform",
            Self::Conflict | Self::TargetRefused => "author, owner of the target",
            Self::InternalError => "whoever works on Cairn: please report it",
        }
    }
}
