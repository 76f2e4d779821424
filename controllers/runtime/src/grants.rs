//! The grants of all namespaces, kept by a watch.

use cairn_core::{
    api::{Groups, REFERENCE_GRANT, ReferenceGrantSpec},
    grant::{self, Referent, Referrer},
};
use kube::Client;
use serde::Deserialize;
use tracing::warn;

use crate::{
    engine::resource,
    metrics::Metrics,
    source::{Scope, Source},
    store::Store,
};

/// Which object may reach into which other namespace. Clones know the same.
#[derive(Clone, Debug, Default)]
pub struct Grants {
    store: Store,
}

#[derive(Deserialize)]
struct Grant {
    spec: ReferenceGrantSpec,
}

impl Grants {
    /// Grants of which none is known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The watch that keeps them. Nothing may be decided before its first list is in.
    #[must_use]
    pub fn source(&self, client: Client, groups: &Groups, scope: Scope, metrics: Metrics) -> Source {
        Source::new(client, resource(&REFERENCE_GRANT, groups), scope, self.store.clone(), metrics)
    }

    /// Whether `from` may reach `to`, as [`grant::permits`] decides. A grant that cannot be read permits nothing.
    #[must_use]
    pub fn permits(&self, from: Referrer<'_>, to: Referent<'_>) -> bool {
        let grants = if from.namespace == to.namespace { Vec::new() } else { self.of(to.namespace) };
        grant::permits(&grants, from, to)
    }

    fn of(&self, namespace: &str) -> Vec<ReferenceGrantSpec> {
        let here = self.store.all().into_iter().filter(|(key, _)| *key.namespace == *namespace);
        let parsed = here.filter_map(|(key, stored)| match stored.parse::<Grant>() {
            Ok(grant) => Some(grant.spec),
            Err(error) => {
                warn!(grant = %key, %error, "grant cannot be read");
                None
            }
        });
        parsed.collect()
    }
}

#[cfg(test)]
mod tests {
    use kube::core::DynamicObject;
    use serde_json::json;

    use super::*;

    const FROM: Referrer<'_> = Referrer { group: "aws.cairn.run", kind: "FieldExport", namespace: "a" };
    const TO: Referent<'_> = Referent { group: "", kind: "ConfigMap", namespace: "b", name: "app" };

    fn put(grants: &Grants, namespace: &str, spec: &serde_json::Value) {
        let object = json!({
            "apiVersion": "aws.cairn.run/v1alpha1", "kind": "AWSReferenceGrant",
            "metadata": {"name": "grant", "namespace": namespace, "uid": namespace, "resourceVersion": "1"},
            "spec": spec,
        });
        grants.store.apply(serde_json::from_value::<DynamicObject>(object).unwrap()).unwrap();
    }

    #[test]
    fn only_a_grant_in_the_namespace_that_is_reached_counts() {
        let from = json!([{"group": "aws.cairn.run", "kind": "FieldExport", "namespace": "a"}]);
        let spec = json!({"from": from, "to": [{"group": "", "kind": "ConfigMap"}]});
        let grants = Grants::new();
        put(&grants, "a", &spec);
        assert!(!grants.permits(FROM, TO));
        put(&grants, "b", &spec);
        assert!(grants.permits(FROM, TO));
        assert!(grants.permits(FROM, Referent { namespace: "a", name: "other", ..TO }));
    }

    #[test]
    fn what_cannot_be_read_permits_nothing() {
        let grants = Grants::new();
        put(&grants, "b", &json!({"from": "everybody", "to": []}));
        assert!(!grants.permits(FROM, TO));
    }
}
