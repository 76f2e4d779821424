//! `ResourceGraphDefinition`: field names and rules are kro's.
//!
//! These are the types as they are written; `cairn-graph` checks what a schema cannot say.

mod definition;
mod kinds;
mod resource;
mod status;

pub use definition::{DefinitionSpec, InstanceSchema, ObjectMarks, PrinterColumn, Scope};
pub use kinds::{DEFINITION, REVISION, RevisionSpec, Snapshot};
pub use resource::{DeletionPolicy, ExternalMetadata, ExternalRef, LabelSelector, Requirement, Resource};
pub use status::{DefinitionStatus, Followers, Link, Links, RevisionStatus};

/// The `OpenAPI` schema of a definition's spec.
#[must_use]
pub fn definition_schema() -> serde_json::Value {
    crate::schema::of::<DefinitionSpec>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn the_schema_says_what_kro_says() {
        let schema = super::definition_schema();
        let raw = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
        let part = |pointer: &str| {
            let mut found = schema.pointer(pointer).cloned().unwrap_or_default();
            found.as_object_mut().map(|map| map.remove("description"));
            found
        };
        for raw_part in ["schema/properties/spec", "schema/properties/types", "schema/properties/status"] {
            assert_eq!(part(&format!("/properties/{raw_part}")), raw, "{raw_part}");
        }
        assert_eq!(part("/properties/resources/items/properties/template"), raw);
        assert_eq!(part("/properties/resources/items/required"), json!(["id"]));
        assert_eq!(part("/properties/resources/items/properties/forEach/items/maxProperties"), json!(1));
        assert_eq!(part("/properties/schema/required"), json!(["apiVersion", "kind"]));
        assert_eq!(part("/properties/schema/properties/scope/enum"), json!(["Namespaced", "Cluster"]));
        assert_eq!(part("/properties/schema/properties/shortNames/items/maxLength"), json!(63));
    }
}
