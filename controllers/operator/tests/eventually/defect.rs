//! Operators with a defect: what they say to AWS and Kubernetes, and what they hear, is tampered with on the way, so that
//! together they behave as an operator that was written wrong.

mod aws;
mod kubernetes;

pub(crate) use aws::Tampered;
pub(crate) use kubernetes::{Lists, tampered_client};

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// It creates without having looked, and takes "exists already" for success.
    CreateWithoutRead,
    /// What nobody owns is taken.
    UnownedTaken,
    /// An error of a read is taken for absence, so that a finalizer goes because of a 5xx.
    ErrorIsAbsence,
    /// An ambiguous answer to a mutation is taken for success.
    AmbiguityIsSuccess,
    /// No intent is written before a create.
    IntentSkipped,
    /// No finalizer is written before a create.
    FinalizerSkipped,
    /// A list from a cache is believed: what is written does not say what it is based on.
    StaleListTrusted,
    /// A create whose answer is lost is sent again.
    RetryOnCreate,
}

impl Defect {
    /// Those that show within a few seeds.
    pub(crate) const PLAIN: [Self; 3] = [Self::CreateWithoutRead, Self::UnownedTaken, Self::FinalizerSkipped];

    pub(crate) const ALL: [Self; 8] = [
        Self::StaleListTrusted,
        Self::RetryOnCreate,
        Self::CreateWithoutRead,
        Self::UnownedTaken,
        Self::ErrorIsAbsence,
        Self::AmbiguityIsSuccess,
        Self::IntentSkipped,
        Self::FinalizerSkipped,
    ];
}
