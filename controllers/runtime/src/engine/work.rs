//! What a reconcile sets out to do, and what it has done.

use cairn_core::{failure::Failure, observed::Desired, owner::Owner};

/// One object with everything that its reconcile needs.
pub(super) struct Work<C> {
    pub(super) client: C,
    pub(super) identity: String,
    pub(super) desired: Desired,
    pub(super) owner: Owner,
    pub(super) digest: String,
}

/// What was done so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The resource was created.
    pub(super) created: bool,
    /// Fields that were changed.
    pub(super) fields: Vec<&'static str>,
    /// Steps that failed, by field.
    pub(super) failures: Vec<(&'static str, Failure)>,
}

impl Done {
    pub(super) fn changed(&self) -> bool {
        self.created || !self.fields.is_empty()
    }
}
