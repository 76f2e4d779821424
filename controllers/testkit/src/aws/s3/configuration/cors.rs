//! Which web pages of other origins may use a bucket.

use super::super::{
    super::answer::{Outcome, S3Error},
    shape::{Field, Shape, many, may, read, some},
    subresource::Put,
};

const RULE: &[Field] = &[
    may("ID", Shape::Text),
    many("AllowedHeader", Shape::Text, 100),
    some("AllowedMethod", Shape::Text, 100),
    some("AllowedOrigin", Shape::Text, 100),
    many("ExposeHeader", Shape::Text, 100),
    may("MaxAgeSeconds", Shape::Number(0)),
];

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let root = read(put.body, "CORSConfiguration", &[some("CORSRule", Shape::Node(RULE), 100)])?;
    for rule in root.all("CORSRule") {
        if let Some(method) = rule.all("AllowedMethod").find(|method| !METHODS.contains(&method.text.as_str())) {
            let message =
                format!("Found unsupported HTTP method in CORS config. Unsupported method is {}", method.text);
            return Err(S3Error::new(400, "InvalidRequest", &message));
        }
        let origins = rule.all("AllowedOrigin").chain(rule.all("AllowedHeader"));
        if origins.into_iter().any(|origin| origin.text.matches('*').count() > 1) {
            let message = "AllowedOrigin can not have more than one wildcard.";
            return Err(S3Error::new(400, "InvalidRequest", message));
        }
    }
    Ok(root.document())
}

const METHODS: [&str; 5] = ["GET", "PUT", "POST", "DELETE", "HEAD"];
