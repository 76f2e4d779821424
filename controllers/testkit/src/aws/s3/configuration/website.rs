//! Buckets as web sites.

use super::super::{
    super::answer::{Outcome, S3Error},
    shape::{Field, Shape, may, must, read, some},
    subresource::Put,
};

const PROTOCOL: Shape = Shape::OneOf(&["http", "https"]);
const REDIRECT: &[Field] = &[
    may("HostName", Shape::Text),
    may("HttpRedirectCode", Shape::Number(300)),
    may("Protocol", PROTOCOL),
    may("ReplaceKeyPrefixWith", Shape::Text),
    may("ReplaceKeyWith", Shape::Text),
];
const CONDITION: &[Field] =
    &[may("HttpErrorCodeReturnedEquals", Shape::Number(400)), may("KeyPrefixEquals", Shape::Text)];
const RULE: &[Field] = &[may("Condition", Shape::Node(CONDITION)), must("Redirect", Shape::Node(REDIRECT))];
const ALL: &[Field] = &[must("HostName", Shape::Text), may("Protocol", PROTOCOL)];
const SITE: &[Field] = &[
    may("ErrorDocument", Shape::Node(&[must("Key", Shape::Text)])),
    may("IndexDocument", Shape::Node(&[must("Suffix", Shape::Text)])),
    may("RedirectAllRequestsTo", Shape::Node(ALL)),
    may("RoutingRules", Shape::Node(&[some("RoutingRule", Shape::Node(RULE), 50)])),
];

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, "WebsiteConfiguration", SITE)?;
    let pages = root.get("IndexDocument").is_some();
    if root.get("RedirectAllRequestsTo").is_some() && root.children.len() > 1 {
        let message = "RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.";
        return Err(S3Error::new(400, "InvalidRequest", message));
    }
    if !pages && root.get("RedirectAllRequestsTo").is_none() {
        let message = "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty";
        return Err(S3Error::new(400, "InvalidArgument", message).field("ArgumentName", "IndexDocument"));
    }
    Ok(root.document())
}
