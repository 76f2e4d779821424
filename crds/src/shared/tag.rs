//! Tags, as every service takes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tag {
    /// Key; those that start with `aws:` belong to AWS, those with `cairn.run/` to Cairn.
    #[schemars(
        length(min = 1, max = 128),
        extend("x-kubernetes-validations" = [
            {"rule": "!self.startsWith('aws:')", "message": "tag keys that start with aws: belong to AWS"},
            {"rule": "!self.startsWith('cairn.run/')", "message": "tag keys that start with cairn.run/ belong to Cairn"}
        ])
    )]
    pub key: String,
    /// Value, which may be empty.
    #[schemars(length(max = 256))]
    pub value: String,
}
