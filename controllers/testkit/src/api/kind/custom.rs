//! The kinds that definitions make.

use std::sync::Arc;

use serde_json::Value;

use super::{Kind, Nature, ScalePaths, Version, typed_blank};
use crate::api::{
    object,
    schema::{self, Schema},
};

/// The kind that a stored definition defines.
///
/// # Errors
/// A schema that makes no sense.
pub(crate) fn of_definition(definition: &Value) -> Result<Kind, String> {
    let (spec, names) = (&definition["spec"], &definition["spec"]["names"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().into_iter().flatten().map(text).collect();
    let (group, name) = (text(&spec["group"]), text(&names["kind"]));
    let served = spec["versions"].as_array().into_iter().flatten().filter(|version| version["served"] == true);
    let versions = served.map(|served| version(served, &group, &name)).collect::<Result<_, _>>()?;
    Ok(Kind {
        versions,
        list_name: names["listKind"].as_str().map_or_else(|| format!("{name}List"), str::to_owned),
        plural: text(&names["plural"]),
        singular: names["singular"].as_str().map_or_else(|| name.to_lowercase(), str::to_owned),
        short_names: list(&names["shortNames"]),
        categories: list(&names["categories"]),
        namespaced: spec["scope"] == "Namespaced",
        nature: Nature::Custom,
        group,
        name,
    })
}

fn version(served: &Value, group: &str, kind: &str) -> Result<Version, String> {
    let name = served["name"].as_str().unwrap_or_default().to_owned();
    let structure = Schema { embedded: true, ..schema::parse(&served["schema"]["openAPIV3Schema"])? };
    let mut typed = structure.clone();
    for (field, schema) in schema::type_and_object_meta() {
        typed.fields.insert(field.to_owned(), schema);
    }
    let subresources = &served["subresources"];
    let selectable = served["selectableFields"].as_array().into_iter().flatten();
    Ok(Version {
        status: subresources.get("status").is_some(),
        scale: subresources.get("scale").map(|scale| ScalePaths {
            spec: path(&scale["specReplicasPath"]),
            status: path(&scale["statusReplicasPath"]),
            selector: scale.get("labelSelectorPath").map(path),
        }),
        selectable: selectable.map(|field| path(&field["jsonPath"]).join(".")).collect(),
        structure: Arc::new(structure),
        schema: Arc::new(typed),
        blank: typed_blank(&format!("{group}/{name}"), kind),
        name,
    })
}

fn path(text: &Value) -> Vec<String> {
    object::split(text.as_str().unwrap_or_default().trim_start_matches('.'))
}
