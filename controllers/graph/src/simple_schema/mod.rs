//! `SimpleSchema`, the short form of schemas in definitions, as kro defines it; the rules here are its rules.
//!
//! A field is an object of fields, or a text `TYPE | MARKER=VALUE …`. What comes out is a structural schema that the
//! API server accepts: what kro lets through and the API server then refuses is an error here, with its place.

mod apply;
mod build;
mod markers;
mod structural;
mod types;

use cairn_cel::span::Span;
use serde_json::{Map, Value as Json};

use crate::problem::{Problem, Problems};

/// A schema made from `SimpleSchema`.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema {
    /// The structural `OpenAPI` schema.
    pub openapi: Json,
    /// What has no effect, and was probably meant to have one.
    pub warnings: Vec<Problem>,
}

/// Makes the schema of an instance's spec from its fields and the types that they may name.
///
/// # Errors
/// Every problem found, in the order of types and then fields: their paths start with `schema.types` and
/// `schema.spec`, their spans are bytes in the text of a field.
pub fn openapi(spec: &Map<String, Json>, types: &Map<String, Json>) -> Result<Schema, Problems> {
    let mut builder = build::Builder::default();
    builder.types(types, "schema.types");
    let built = builder.object(spec, "schema.spec", 0);
    let (mut problems, warnings) = builder.finish();
    let openapi = Json::Object(built.schema);
    if problems.is_empty() {
        structural::check(&openapi, "schema.spec", &mut problems);
    }
    Problems::or(problems, Schema { openapi, warnings })
}

/// A problem within the text of a field, which does not know the path of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    span: Span,
    message: String,
    expected: Option<String>,
    suggestion: Option<String>,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), expected: None, suggestion: None }
    }

    pub(crate) fn expected(mut self, what: impl Into<String>) -> Self {
        self.expected = Some(what.into());
        self
    }

    pub(crate) fn suggest(mut self, name: Option<String>) -> Self {
        self.suggestion = name;
        self
    }

    pub(crate) fn in_field(self, path: &str) -> Problem {
        Problem {
            path: path.to_owned(),
            span: Some(self.span),
            message: self.message,
            expected: self.expected,
            suggestion: self.suggestion,
        }
    }
}
