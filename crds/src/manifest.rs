//! YAML of the `CustomResourceDefinition`s.

use serde_json::Value;

use crate::{Groups, KINDS, Kind};

/// One YAML document for one kind.
///
/// # Errors
/// When the value cannot be written as YAML, which does not happen for what [`Kind::manifest`] builds.
pub fn yaml(kind: &Kind, groups: &Groups) -> Result<String, serde_saphyr::ser::Error> {
    to_yaml(&kind.manifest(groups))
}

/// All kinds as one stream of YAML documents, for `kubectl apply --server-side -f -`.
///
/// # Errors
/// As [`yaml`].
pub fn all(groups: &Groups) -> Result<String, serde_saphyr::ser::Error> {
    let documents: Result<Vec<_>, _> = KINDS.iter().map(|kind| yaml(kind, groups)).collect();
    Ok(documents?.iter().flat_map(|document| ["---\n", document]).collect())
}

/// File name of a kind's manifest, for example `s3_buckets.yaml`; `aws_fieldexports.yaml` for what services share.
#[must_use]
pub fn file_name(kind: &Kind) -> String {
    format!("{}_{}.yaml", kind.home.file_prefix(), kind.plural)
}

/// YAML that every reader of YAML 1.1 and 1.2 understands alike: words such as `yes` and `on` are quoted.
pub(crate) fn to_yaml(value: &Value) -> Result<String, serde_saphyr::ser::Error> {
    serde_saphyr::to_string(value)
}
