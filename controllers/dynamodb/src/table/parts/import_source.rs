//! The objects of a bucket that a table is made from.

use cairn_core::{
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
        birth: Birth::Origin,
        same: |_, _| true,
        telling: |_| false,
        ..PartRules::DEFAULT
    };

    async fn get(client: &Scoped, table: &str, home: &Present) -> Reading {
        let import = import::newest(client, table).await?;
        let import = import.filter(|import| home.incarnation.is_none() || import.table_id == home.incarnation);
        import.map_or(Ok(()), |import| import::came_through(&import, KEPT))?;
        Ok(Some(json!({})))
    }
}

/// The way out where the table is there.
const KEPT: &str = "the table is there without what was to be imported; delete the object and create it again once the \
                    cause is mended, or take importSourceSpecification out of the spec to keep the table as it is";
