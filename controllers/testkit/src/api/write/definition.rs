//! Definitions of custom resources.

use serde_json::{Value, json};

use crate::api::{cause::Cause, kind, object, schema::Path};

/// What a definition gets that leaves it out.
pub(super) fn complete(definition: &mut Value) {
    let kind = definition["spec"]["names"]["kind"].as_str().unwrap_or_default().to_owned();
    let names = &mut definition["spec"]["names"];
    if names["singular"].as_str().unwrap_or_default().is_empty() {
        names["singular"] = json!(kind.to_lowercase());
    }
    if names["listKind"].as_str().unwrap_or_default().is_empty() {
        names["listKind"] = json!(format!("{kind}List"));
    }
    if definition["spec"]["conversion"].is_null() {
        definition["spec"]["conversion"] = json!({ "strategy": "None" });
    }
}

/// What is wrong with a definition: as much of it as would make the fake misbehave.
pub(super) fn check(definition: &Value) -> Vec<Cause> {
    let mut causes = Vec::new();
    let spec = &definition["spec"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let name = format!("{}.{}", text(&spec["names"]["plural"]), text(&spec["group"]));
    if object::name(definition) != name {
        let why = format!("must be spec.names.plural+\".\"+spec.group: {name:?}");
        causes.push(Cause::invalid(&Path::of("metadata.name"), &object::name(definition).into(), &why));
    }
    let path = Path::of("spec");
    let required = [("group", &spec["group"]), ("scope", &spec["scope"])];
    causes.extend(
        required
            .iter()
            .filter(|(_, value)| text(value).is_empty())
            .map(|(key, _)| Cause::required(&path.field(key), "")),
    );
    for key in ["plural", "kind"] {
        if text(&spec["names"][key]).is_empty() {
            causes.push(Cause::required(&path.field("names").field(key), ""));
        }
    }
    let stored = spec["versions"].as_array().into_iter().flatten().filter(|version| version["storage"] == true).count();
    if stored != 1 {
        let why = "must have exactly one version marked as storage version";
        causes.push(Cause::invalid(&path.field("versions"), &Value::Null, why));
    }
    if let Err(error) = kind::of_definition(definition) {
        causes.push(Cause::invalid(&path.field("versions"), &Value::Null, &error));
    }
    causes
}

/// A definition is served from the moment it is stored.
pub(super) fn establish(definition: &mut Value) {
    let now = definition["metadata"]["creationTimestamp"].clone();
    let condition = |kind: &str, reason: &str, message: &str| json!({ "type": kind, "status": "True", "reason": reason, "message": message, "lastTransitionTime": now });
    let versions = definition["spec"]["versions"].as_array().into_iter().flatten();
    let stored: Vec<&Value> = versions.filter(|version| version["storage"] == true).map(|v| &v["name"]).collect();
    let status = json!({
        "acceptedNames": definition["spec"]["names"],
        "storedVersions": stored,
        "conditions": [
            condition("NamesAccepted", "NoConflicts", "no conflicts found"),
            condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
        ],
    });
    definition["status"] = status;
}
