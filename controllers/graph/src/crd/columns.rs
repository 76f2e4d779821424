//! What `kubectl get` shows of instances.

use cairn_cel::check::nearest;
use cairn_crds::graph::PrinterColumn;
use serde_json::{Map, Value as Json};

use crate::openapi::{Cursor, Definitions};
use crate::problem::{Problem, field, index};

/// The columns of an instance whose definition names none, as kro has them.
pub(super) fn default() -> Vec<PrinterColumn> {
    let column = |name: &str, kind: &str, path: &str, description: &str| PrinterColumn {
        name: name.to_owned(),
        kind: kind.to_owned(),
        format: None,
        description: Some(description.to_owned()),
        priority: None,
        json_path: path.to_owned(),
    };
    vec![
        column("State", "string", ".status.state", "The state of a ResourceGraphDefinition instance"),
        column(
            "Ready",
            "string",
            ".status.conditions[?(@.type==\"Ready\")].status",
            "Whether a ResourceGraphDefinition instance is ready",
        ),
        column("Age", "date", ".metadata.creationTimestamp", "Age of the resource"),
    ]
}

/// Warns of columns that show a field which no instance has.
pub(super) fn check(columns: &[PrinterColumn], schema: &Json, warnings: &mut Vec<Problem>) {
    let definitions = Definitions::new();
    for (at, column) in columns.iter().enumerate() {
        if let Some((message, suggestion)) = unknown(Cursor::new(schema, &definitions), &column.json_path) {
            let path = field(&index("schema.additionalPrinterColumns", at), "jsonPath");
            warnings.push(Problem::new(path, message).suggest(suggestion));
        }
    }
}

/// The first name of a path that the schema does not have; only plain names are followed.
fn unknown(schema: Cursor<'_>, path: &str) -> Option<(String, Option<String>)> {
    let mut schema = schema;
    for name in path.split('.').skip(1) {
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) || name.is_empty() {
            return None;
        }
        match schema.member(name) {
            Some(member) => schema = member,
            None if schema.is_open() => return None,
            None => {
                let names = schema.properties().into_iter().flat_map(Map::keys).map(String::as_str);
                return Some((format!("there is no field {name:?}: the column stays empty"), nearest(name, names)));
            }
        }
    }
    None
}
