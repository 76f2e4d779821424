//! Field managers: who set which field.

mod apply;
mod entry;
mod update;

use serde_json::Value;

pub(crate) use self::{
    apply::{Applied, apply, same_but_managers},
    entry::{Entry, Managers, Operation, Writer},
    update::update,
};

use super::{fields::Set, schema::Schema};

/// By what ownership goes in one part of one kind.
#[derive(Debug)]
pub(crate) struct Ground<'a> {
    pub(crate) schema: &'a Schema,
    /// What a writer of this part cannot change, and so cannot own.
    pub(crate) ignored: Set,
    /// An object in which nothing is set.
    pub(crate) blank: &'a Value,
}

/// What never has an owner, field by field.
fn unowned() -> Set {
    Set::of(&[
        &["apiVersion"],
        &["kind"],
        &["metadata"],
        &["metadata", "name"],
        &["metadata", "namespace"],
        &["metadata", "creationTimestamp"],
        &["metadata", "selfLink"],
        &["metadata", "uid"],
        &["metadata", "clusterName"],
        &["metadata", "generation"],
        &["metadata", "managedFields"],
        &["metadata", "resourceVersion"],
    ])
}

#[cfg(test)]
mod tests;
