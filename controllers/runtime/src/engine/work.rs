//! What a reconcile sets out to do, and what it has done.

use std::collections::BTreeMap;

use cairn_core::{
    adoption::Adoption,
    failure::Failure,
    listed::Place,
    observed::Desired,
    owner::Owner,
    reference::{Sealed, Secrets},
};
use jiff::Timestamp;

/// One object with everything that its reconcile needs.
pub(super) struct Work<C> {
    pub(super) client: C,
    /// Name of the resource in AWS; `None` while AWS has not given it one.
    pub(super) identity: Option<String>,
    /// Where AWS lists what the object makes, for kinds whose resources are found again there.
    pub(super) place: Option<Place>,
    pub(super) desired: Desired,
    pub(super) owner: Owner,
    pub(super) adoption: Adoption,
    pub(super) digest: String,
    /// What stands for Secrets in what is declared, by the way to the field below the spec.
    pub(super) sealed: BTreeMap<String, Sealed>,
    /// Their contents, once a call needs them.
    pub(super) secrets: Secrets,
}

impl Work<()> {
    /// The same, with a connection to AWS.
    pub(super) fn over<C>(self, client: C) -> Work<C> {
        let Self { client: (), identity, place, desired, owner, adoption, digest, sealed, secrets } = self;
        Work { client, identity, place, desired, owner, adoption, digest, sealed, secrets }
    }
}

impl<C> Work<C> {
    /// The name in AWS, where there is one.
    pub(super) fn name(&self) -> &str {
        self.identity.as_deref().unwrap_or_default()
    }
}

/// What was done so far.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// The resource was created.
    pub(super) created: bool,
    /// The resource was taken over.
    pub(super) adopted: bool,
    /// Fields that were changed.
    pub(super) fields: Vec<&'static str>,
    /// What AWS goes on working on, in words.
    pub(super) under_way: Option<String>,
    /// Steps for which it is too early.
    pub(super) postponed: Vec<Postponed>,
    /// Steps that failed, by field.
    pub(super) failures: Vec<(&'static str, Failure)>,
}

/// A step for which AWS says that it is too early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Postponed {
    pub(super) field: &'static str,
    pub(super) until: Timestamp,
    /// What AWS said.
    pub(super) why: String,
}

impl Done {
    pub(super) fn changed(&self) -> bool {
        self.created || self.adopted || !self.fields.is_empty()
    }

    pub(super) fn did(&mut self, field: &'static str) {
        if !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }
}
