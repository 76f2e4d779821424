//! A bucket as a web site.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the bucket is served as a web site: either pages of its own, or a redirection of all requests. An empty object
/// takes the web site away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.redirectAllRequestsTo) || (!has(self.indexDocument) && !has(self.errorDocument) && !has(self.routingRules))", "message": "a web site with redirectAllRequestsTo has nothing else"},
    {"rule": "has(self.indexDocument) || (!has(self.errorDocument) && !has(self.routingRules))", "message": "a web site with errorDocument or routingRules needs indexDocument"}
]))]
pub struct WebsiteConfiguration {
    /// What is served for a directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_document: Option<IndexDocument>,
    /// What is served for an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_document: Option<ErrorDocument>,
    /// Where all requests are sent instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_all_requests_to: Option<RedirectAllRequestsTo>,
    /// Where some requests are sent, of which the first that fits counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 50), extend("x-kubernetes-list-type" = "atomic"))]
    pub routing_rules: Option<Vec<RoutingRule>>,
}

/// What is served for a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IndexDocument {
    /// What is put behind the key of a directory, for example `index.html`.
    #[schemars(
        length(min = 1, max = 1024),
        extend("x-kubernetes-validations" = [{"rule": "!self.contains('/')", "message": "suffix must not contain a slash"}])
    )]
    pub suffix: String,
}

/// What is served for an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErrorDocument {
    /// Key of the object.
    #[schemars(length(min = 1, max = 1024))]
    pub key: String,
}

/// Where all requests are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedirectAllRequestsTo {
    /// Host name.
    #[schemars(length(min = 1, max = 1024))]
    pub host_name: String,
    /// Protocol; by default that of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
}

/// Protocol of a redirection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// Without encryption.
    Http,
    /// With encryption.
    Https,
}

/// Which requests are sent where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoutingRule {
    /// Which requests; by default all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<RoutingCondition>,
    /// Where.
    pub redirect: Redirect,
}

/// Which requests are redirected. With both fields, those for which both hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "has(self.httpErrorCodeReturnedEquals) || has(self.keyPrefixEquals)", "message": "condition needs httpErrorCodeReturnedEquals or keyPrefixEquals"}
]))]
pub struct RoutingCondition {
    /// The answer would have this status.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^[45][0-9]{2}$"))]
    pub http_error_code_returned_equals: Option<String>,
    /// The key begins so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub key_prefix_equals: Option<String>,
}

/// Where requests are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "!has(self.replaceKeyPrefixWith) || !has(self.replaceKeyWith)", "message": "redirect is either replaceKeyPrefixWith or replaceKeyWith"}
]))]
pub struct Redirect {
    /// Host name; by default that of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub host_name: Option<String>,
    /// Status of the answer; by default 301.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = r"^3[0-9]{2}$"))]
    pub http_redirect_code: Option<String>,
    /// Protocol; by default that of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// What the prefix of the condition is replaced with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub replace_key_prefix_with: Option<String>,
    /// What the whole key is replaced with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    pub replace_key_with: Option<String>,
}
