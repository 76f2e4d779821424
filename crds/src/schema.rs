//! From a Rust type to a structural `OpenAPI` schema.

use kube_core::schema::{OptionalEnum, StructuralSchemaRewriter};
use schemars::{
    JsonSchema, Schema, SchemaGenerator,
    generate::SchemaSettings,
    json_schema,
    transform::{Transform, transform_subschemas},
};
use serde_json::Value;

/// The structural schema of `T`, with everything inlined as a `CustomResourceDefinition` demands.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::openapi3().with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    let schema = settings
        .with_transform(StructuralSchemaRewriter)
        .with_transform(OptionalEnum)
        .with_transform(Tidy)
        .into_generator()
        .into_root_schema_for::<T>();
    schema.to_value()
}

/// An object of which nothing is known: the API server keeps it as it is.
pub(crate) fn raw(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "x-kubernetes-preserve-unknown-fields": true})
}

/// Objects with one key each, and a text for it.
pub(crate) fn single_entries(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "minProperties": 1,
            "maxProperties": 1
        }
    })
}

/// Removes what only describes the Rust type.
///
/// `nullable` would make the API server keep explicit nulls; without it they are pruned, which is what "absent" means
/// for every field here. `uint` formats are unknown to Kubernetes, `title` repeats the name of the Rust type, and
/// `writeOnly` is refused by the API server.
#[derive(Clone, Debug)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        for keyword in ["nullable", "title", "writeOnly"] {
            if schema.get(keyword).is_some_and(|v| v.is_boolean() || v.is_string()) {
                schema.remove(keyword);
            }
        }
        if schema.get("format").and_then(Value::as_str).is_some_and(|f| f.starts_with("uint")) {
            schema.remove("format");
        }
        transform_subschemas(self, schema);
    }
}
