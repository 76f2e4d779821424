//! The objects of a bucket that a table is made from.

use aws_sdk_dynamodb::types::{ImportStatus, ImportTableDescription};
use cairn_core::{
    failure::{Class, Failure},
    observed::{Present, Reading},
    rules::{Birth, PartRules, Rule},
};
use serde_json::json;

use super::{
    super::{CREATE, import},
    Apart,
};
use crate::client::Scoped;

pub(in super::super) const FIELD: &str = "importSourceSpecification";

pub(super) struct ImportSource;

impl Apart for ImportSource {
    /// It is about how the table begins, so that a table that is there has it already, unless the import failed.
    const RULES: PartRules = PartRules {
        field: FIELD,
        rule: Rule::Whole,
        get: "DescribeImport",
        put: CREATE,
        birth: Birth::Included,
        untagged: true,
        once: true,
        same: |_, _| true,
        telling: |_| false,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading {
        let import = import::newest(client, table).await?;
        let import = import.filter(|import| home.incarnation.is_none() || import.table_id == home.incarnation);
        import.map_or(Ok(()), |import| came_through(&import))?;
        Ok(Some(json!({})))
    }
}

/// What has become of the import that made the table.
///
/// # Errors
/// Why the table does not have what it was to be made from, or not yet.
fn came_through(import: &ImportTableDescription) -> Result<(), Failure> {
    let failure = match &import.import_status {
        Some(ImportStatus::InProgress | ImportStatus::Cancelling) => {
            import::failure(import, Class::Retry, "AWS is still at work on the import")
        }
        Some(ImportStatus::Failed | ImportStatus::Cancelled) => import::failure(
            import,
            Class::Invalid,
            "the table is there without what was to be imported; delete the object and create it again once the cause is \
             mended, or take importSourceSpecification out of the spec to keep the table as it is",
        ),
        _ => return Ok(()),
    };
    Err(failure)
}
