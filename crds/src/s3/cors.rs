//! Which web pages of other origins may use a bucket.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which web pages of other origins may use the bucket. An empty list takes the configuration away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorsConfiguration {
    /// The rules, of which the first that fits counts.
    #[schemars(length(max = 100), extend("x-kubernetes-list-type" = "atomic"))]
    pub cors_rules: Vec<CorsRule>,
}

/// What pages of some origins may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CorsRule {
    /// A name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub id: Option<String>,
    /// Headers that a page may send; each may have one `*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), inner(length(max = 1024)), extend("x-kubernetes-list-type" = "atomic"))]
    pub allowed_headers: Option<Vec<String>>,
    /// Methods that a page may use.
    #[schemars(length(min = 1, max = 5), extend("x-kubernetes-list-type" = "atomic"))]
    pub allowed_methods: Vec<CorsMethod>,
    /// Origins of the pages; each may have one `*`.
    #[schemars(length(min = 1, max = 100), inner(length(max = 1024)), extend("x-kubernetes-list-type" = "atomic"))]
    pub allowed_origins: Vec<String>,
    /// Headers of the answer that a page may read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 100), inner(length(max = 1024)), extend("x-kubernetes-list-type" = "atomic"))]
    pub expose_headers: Option<Vec<String>>,
    /// For how many seconds a browser may remember the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub max_age_seconds: Option<i32>,
}

/// A method that a page may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum CorsMethod {
    /// Read.
    Get,
    /// Write.
    Put,
    /// Upload by a form.
    Post,
    /// Delete.
    Delete,
    /// Read headers.
    Head,
}
