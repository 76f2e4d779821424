//! What an export asks for, parsed once.

use std::fmt;

use cairn_crds::shared::{ExportedInto, ExportedResource, FieldExportSpec, TargetKind};
use cairn_runtime::{
    grant::{Referent, Referrer},
    key::ObjectKey,
};

use crate::{
    path::{Path, PathError},
    report::{Reason, Report},
};

/// An export whose paths can be followed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wish {
    pub(crate) resource: ExportedResource,
    pub(crate) target: Target,
    /// Key and path of each value; no key twice.
    pub(crate) values: Vec<(String, Path)>,
}

/// The object that is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) kind: TargetKind,
    pub(crate) namespace: String,
    pub(crate) name: String,
}

impl Wish {
    /// What the export `key` asks for by `spec`.
    pub(crate) fn of(key: &ObjectKey, spec: &FieldExportSpec) -> Result<Self, Report> {
        let (from, to) = (&spec.from, &spec.to);
        let values = match (&from.path, &spec.values) {
            (Some(path), None) => vec![(own_key(key, to.key.as_deref()), path)],
            (None, Some(values)) if to.key.is_none() => {
                values.iter().map(|value| (value.key.clone(), &value.path)).collect()
            }
            (None, Some(_)) => {
                return Err(invalid("spec.to.key belongs to spec.from.path; spec.values have their own keys"));
            }
            _ => return Err(invalid("exactly one of spec.from.path and spec.values must be there")),
        };
        let parsed = values.into_iter().map(|(key, path)| Ok((key, Path::parse(path)?)));
        let values = parsed.collect::<Result<Vec<_>, PathError>>().map_err(|error| invalid(&error.to_string()))?;
        Ok(Self { resource: from.resource.clone(), target: Target::of(key, spec), values })
    }
}

fn invalid(why: &str) -> Report {
    Report::new(Reason::InvalidSpec, why)
}

/// The key of the only value: by default, as with ACK, namespace and name of the export.
fn own_key(key: &ObjectKey, given: Option<&str>) -> String {
    given.filter(|given| !given.is_empty()).map_or_else(|| format!("{}.{}", key.namespace, key.name), str::to_owned)
}

impl Target {
    fn of(key: &ObjectKey, spec: &FieldExportSpec) -> Self {
        let namespace = spec.to.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        Self {
            kind: spec.to.kind,
            namespace: namespace.unwrap_or(&key.namespace).to_owned(),
            name: spec.to.name.clone(),
        }
    }

    /// The kind, as manifests spell it.
    pub(crate) fn kind(&self) -> &'static str {
        match self.kind {
            TargetKind::ConfigMap => "ConfigMap",
            TargetKind::Secret => "Secret",
        }
    }

    pub(crate) fn is(&self, recorded: &ExportedInto) -> bool {
        (recorded.kind, &recorded.namespace, &recorded.name) == (self.kind, &self.namespace, &self.name)
    }

    /// The target as grants see it.
    pub(crate) fn referent(&self) -> Referent<'_> {
        Referent { group: "", kind: self.kind(), namespace: &self.namespace, name: &self.name }
    }
}

impl From<&ExportedInto> for Target {
    fn from(recorded: &ExportedInto) -> Self {
        let ExportedInto { kind, namespace, name } = recorded;
        Self { kind: *kind, namespace: namespace.clone(), name: name.clone() }
    }
}

impl From<&Target> for ExportedInto {
    fn from(target: &Target) -> Self {
        let Target { kind, namespace, name } = target;
        Self { kind: *kind, namespace: namespace.clone(), name: name.clone() }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind(), self.namespace, self.name)
    }
}

/// Where the operator may write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<'a> {
    /// The namespaces that the operator works in; all when empty.
    pub(crate) namespaces: &'a [String],
    /// The target's namespace permits it.
    pub(crate) granted: bool,
    /// No permission is needed.
    pub(crate) open: bool,
}

/// Says whether an export may write its target; if it may only because no permission is needed, that is advised against.
pub(crate) fn permit(from: Referrer<'_>, target: &Target, bounds: Bounds<'_>) -> Result<Option<String>, Report> {
    if from.namespace == target.namespace {
        return Ok(None);
    }
    if !bounds.namespaces.is_empty() && !bounds.namespaces.contains(&target.namespace) {
        let known = bounds.namespaces.join(", ");
        let why = format!("the operator does not write into namespace {}: it works in {known} alone", target.namespace);
        return Err(Report::new(Reason::NamespaceNotWatched, why));
    }
    let way_out = format!(
        "an AWSReferenceGrant in namespace {} with from {{group: {}, kind: {}, namespace: {}}} and to {{group: \"\", kind: \
         {}, name: {}}} permits it",
        target.namespace,
        from.group,
        from.kind,
        from.namespace,
        target.kind(),
        target.name
    );
    match (bounds.granted, bounds.open) {
        (true, _) => Ok(None),
        (false, true) => {
            Ok(Some(format!("{target} is in another namespace, which will need its permission: {way_out}")))
        }
        (false, false) => Err(Report::new(
            Reason::NotGranted,
            format!("{target} is in another namespace, which has to permit it: {way_out}"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn wish(spec: &Value) -> Result<Wish, Report> {
        Wish::of(&ObjectKey::new("team", "arn"), &serde_json::from_value(spec.clone()).unwrap())
    }

    fn one(to: &Value) -> Value {
        json!({"from": {"path": ".a", "resource": {"group": "g", "kind": "K", "name": "n"}}, "to": to})
    }

    fn keys(wish: &Wish) -> Vec<&str> {
        wish.values.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[test]
    fn one_value_has_acks_key_unless_it_names_another() {
        for (to, key, namespace) in [
            (json!({"kind": "configmap", "name": "app"}), "team.arn", "team"),
            (json!({"kind": "configmap", "name": "app", "key": "", "namespace": ""}), "team.arn", "team"),
            (json!({"kind": "secret", "name": "app", "key": "ARN", "namespace": "b"}), "ARN", "b"),
        ] {
            let wish = wish(&one(&to)).unwrap();
            assert_eq!((keys(&wish), wish.target.namespace.as_str()), (vec![key], namespace), "{to}");
        }
    }

    #[test]
    fn several_values_have_keys_of_their_own() {
        let mut spec = one(&json!({"kind": "configmap", "name": "app"}));
        spec["values"] = json!([{"key": "A", "path": ".a"}, {"key": "B", "path": ".b"}]);
        assert_eq!(wish(&spec).unwrap_err().reason, Reason::InvalidSpec, "one and several");
        spec["from"].as_object_mut().unwrap().remove("path");
        assert_eq!(keys(&wish(&spec).unwrap()), ["A", "B"]);
        spec["to"]["key"] = json!("C");
        assert_eq!(wish(&spec).unwrap_err().reason, Reason::InvalidSpec, "a key for several");
        spec.as_object_mut().unwrap().remove("values");
        assert_eq!(wish(&spec).unwrap_err().reason, Reason::InvalidSpec, "neither one nor several");
    }

    #[test]
    fn a_path_that_is_none_is_named() {
        let mut spec = one(&json!({"kind": "configmap", "name": "app"}));
        spec["from"]["path"] = json!(".a | map(.b)");
        let report = wish(&spec).unwrap_err();
        assert_eq!(report.reason, Reason::InvalidSpec);
        assert!(report.message.contains("`.a | map(.b)`"), "{}", report.message);
    }

    #[test]
    fn another_namespace_has_to_permit_it() {
        let from = Referrer { group: "aws.cairn.run", kind: "FieldExport", namespace: "a" };
        let target =
            |namespace: &str| Target { kind: TargetKind::Secret, namespace: namespace.into(), name: "app".into() };
        let bounds = Bounds { namespaces: &[], granted: false, open: false };
        assert_eq!(permit(from, &target("a"), bounds), Ok(None));
        assert_eq!(permit(from, &target("b"), Bounds { granted: true, ..bounds }), Ok(None));
        let refused = permit(from, &target("b"), bounds).unwrap_err();
        assert_eq!(refused.reason, Reason::NotGranted);
        for part in ["namespace b", "kind: FieldExport, namespace: a", "kind: Secret, name: app"] {
            assert!(refused.message.contains(part), "{part}: {}", refused.message);
        }
        let advised = permit(from, &target("b"), Bounds { open: true, ..bounds }).unwrap();
        assert!(advised.is_some_and(|advice| advice.contains("AWSReferenceGrant")));
        let watched = ["a".to_owned()];
        let outside = permit(from, &target("b"), Bounds { namespaces: &watched, granted: true, open: true });
        assert_eq!(outside.unwrap_err().reason, Reason::NamespaceNotWatched);
    }
}
