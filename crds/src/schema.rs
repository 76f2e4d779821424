//! From a Rust type to a structural `OpenAPI` schema.

use kube_core::schema::{OptionalEnum, StructuralSchemaRewriter};
use schemars::{
    JsonSchema, Schema,
    generate::SchemaSettings,
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

/// Removes what only describes the Rust type.
///
/// `nullable` would make the API server keep explicit nulls; without it they are pruned, which is what "absent" means
/// for every field here. `uint` formats are unknown to Kubernetes, and `title` repeats the name of the Rust type.
#[derive(Clone, Debug)]
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        for keyword in ["nullable", "title"] {
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
