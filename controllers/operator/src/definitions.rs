//! Whether the API server serves the kinds as this version writes them.
//!
//! Kubernetes drops fields that a definition does not name, without a word. An operator whose record of what it owns is
//! dropped would lose it, so it does not act before the served definitions have every field of the status.

use cairn_crds::{KINDS, Kind, VERSION};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
    CustomResourceDefinition, JSONSchemaProps, JSONSchemaPropsOrBool,
};
use kube::{Api, Client};
use tracing::warn;

use crate::Settings;

/// Why a kind is not usable yet; `None` when all are.
///
/// # Errors
/// When the API server does not answer.
pub(crate) async fn unusable(client: Client, settings: &Settings) -> Result<Option<String>, kube::Error> {
    let api: Api<CustomResourceDefinition> = Api::all(client);
    for kind in KINDS.iter().filter(|kind| settings.composition || kind.home.is_aws()) {
        let name = format!("{}.{}", kind.plural, kind.group(&settings.groups));
        let served = match api.get_opt(&name).await {
            Ok(Some(served)) => served,
            Ok(None) => return Ok(Some(format!("the definition {name} is missing; {INSTALL}"))),
            Err(kube::Error::Api(status)) if status.is_forbidden() => {
                warn!(definition = name, "definition may not be read, so its fields are not checked");
                continue;
            }
            Err(error) => return Err(error),
        };
        if let Some(why) = lacks(kind, &served) {
            return Ok(Some(format!("the definition {name} {why}; {INSTALL}")));
        }
    }
    Ok(None)
}

const INSTALL: &str = "upgrade the chart, or apply what `cairn crds` prints";

fn lacks(kind: &Kind, served: &CustomResourceDefinition) -> Option<String> {
    let version = served.spec.versions.iter().find(|version| version.name == VERSION && version.served);
    let Some(schema) = version.and_then(|version| version.schema.as_ref()?.open_api_v3_schema.as_ref()) else {
        return Some(format!("does not serve {VERSION}"));
    };
    let wanted: JSONSchemaProps = serde_json::from_value((kind.status)()).ok()?;
    let Some(status) = schema.properties.as_ref().and_then(|properties| properties.get("status")) else {
        return Some("has no status".into());
    };
    missing(&wanted, status, "status").map(|path| format!("lacks the field {path}"))
}

/// The first field of `wanted` that `served` would drop.
fn missing(wanted: &JSONSchemaProps, served: &JSONSchemaProps, path: &str) -> Option<String> {
    if served.x_kubernetes_preserve_unknown_fields == Some(true) {
        return None;
    }
    let open = matches!(
        served.additional_properties,
        Some(JSONSchemaPropsOrBool::Schema(_) | JSONSchemaPropsOrBool::Bool(true))
    );
    wanted.properties.iter().flatten().find_map(|(name, wanted)| {
        let path = format!("{path}.{name}");
        match served.properties.as_ref().and_then(|properties| properties.get(name)) {
            Some(served) => missing(wanted, served, &path),
            None if open => None,
            None => Some(path),
        }
    })
}

#[cfg(test)]
mod tests {
    use cairn_crds::{Groups, managed};

    use super::*;

    fn served(kind: &Kind) -> CustomResourceDefinition {
        kind.definition(&Groups::default()).unwrap()
    }

    fn status(crd: &mut CustomResourceDefinition) -> &mut JSONSchemaProps {
        let schema = crd.spec.versions[0].schema.as_mut().unwrap().open_api_v3_schema.as_mut().unwrap();
        schema.properties.as_mut().unwrap().get_mut("status").unwrap()
    }

    #[test]
    fn our_own_definitions_lack_nothing() {
        for kind in KINDS {
            assert_eq!(lacks(kind, &served(kind)), None);
        }
    }

    #[test]
    fn a_dropped_field_is_named() {
        for kind in managed() {
            let mut crd = served(kind);
            let record = status(&mut crd).properties.as_mut().unwrap().get_mut("record").unwrap();
            record.properties.as_mut().unwrap().remove("intent");
            assert_eq!(lacks(kind, &crd).as_deref(), Some("lacks the field status.record.intent"));
            status(&mut crd).x_kubernetes_preserve_unknown_fields = Some(true);
            assert_eq!(lacks(kind, &crd), None);
        }
    }

    #[test]
    fn another_version_does_not_serve() {
        let mut crd = served(KINDS[0]);
        crd.spec.versions[0].served = false;
        assert!(lacks(KINDS[0], &crd).unwrap().contains(VERSION));
    }
}
