//! The API types of Cairn and the manifests generated from them. Pure data: no I/O, no client.
//!
//! A group name is a setting, never a constant of a type: a [`Kind`] describes what does not depend on it, and
//! [`Groups`] turns it into an API group, a `CustomResourceDefinition`, a finalizer or an annotation key.

pub mod annotation;
pub mod chart;
mod crd;
pub mod dynamodb;
pub mod graph;
mod group;
mod kind;
pub mod kubernetes;
pub mod manifest;
pub mod s3;
pub mod s3control;
mod schema;
pub mod shared;
pub mod status;

pub use group::{Groups, InvalidGroup};
pub use kind::{Column, Home, Kind, Reach, VERSION};

/// Every kind that Cairn offers, in the order in which manifests are printed.
pub static KINDS: &[&Kind] = &[
    &s3::BUCKET,
    &dynamodb::TABLE,
    &dynamodb::BACKUP,
    &dynamodb::TABLE_EXPORT,
    &s3control::ACCESS_POINT,
    &s3control::ACCOUNT_PUBLIC_ACCESS_BLOCK,
    &shared::FIELD_EXPORT,
    &shared::REFERENCE_GRANT,
    &shared::IAM_ROLE_SELECTOR,
    &graph::DEFINITION,
    &graph::REVISION,
];

/// The kinds whose objects stand for resources in AWS.
pub fn managed() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().filter(|kind| kind.is_managed())
}

/// Every generated file of the repository: its path from the root, and its content.
///
/// # Errors
/// As [`manifest::yaml`].
pub fn generated() -> Result<Vec<(String, String)>, serde_saphyr::ser::Error> {
    let mut files = vec![
        ("charts/cairn/files/kinds.yaml".to_owned(), chart::kinds()?),
        ("charts/cairn/files/annotations.yaml".to_owned(), chart::annotations()?),
    ];
    for kind in KINDS {
        let name = manifest::file_name(kind);
        files.push((format!("crds/yaml/{name}"), manifest::yaml(kind, &Groups::default())?));
        files.push((format!("charts/cairn/templates/crds/{name}"), chart::template(kind)?));
    }
    Ok(files)
}
