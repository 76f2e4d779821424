//! What is applied to a target, under whose name, and how it is known that it was.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use cairn_crds::shared::TargetKind;
use cairn_runtime::{digest, key::ObjectKey};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Value, json};

use crate::wish::{Target, Wish};

/// The longest name that Kubernetes takes for a field manager, in bytes.
const LONGEST_MANAGER: usize = 128;

/// The field manager of one export: the API server knows by it which keys of a target are this export's. The name of
/// the export and not its UID is in it, so that an export that was deleted and made again has its keys again.
pub(crate) fn manager(group: &str, key: &ObjectKey) -> String {
    let readable = format!("fieldexports.{group}/{key}");
    if readable.len() <= LONGEST_MANAGER {
        return readable;
    }
    format!("fieldexports/{}", digest::of_parts(&[group, &key.namespace, &key.name]))
}

/// What has to be true of the target for a write to take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precondition<'a> {
    /// There is none.
    Absent,
    /// It is the one with this UID, in this version. A write that takes effect late, when another one has been made
    /// since, then has none.
    Is(&'a str, &'a str),
}

impl<'a> Precondition<'a> {
    /// That the target is as it was found.
    pub(crate) fn of(found: Option<&'a ObjectMeta>) -> Self {
        let version = |found: &'a ObjectMeta| Some((found.uid.as_deref()?, found.resource_version.as_deref()?));
        found.and_then(version).map_or(Self::Absent, |(uid, version)| Self::Is(uid, version))
    }
}

/// The body of a server-side apply that makes the manager own exactly these values, and the reference to the owner.
pub(crate) fn body(
    target: &Target,
    values: &BTreeMap<String, String>,
    owner: Option<&Value>,
    precondition: Precondition<'_>,
) -> Value {
    let mut metadata = json!({"name": target.name, "namespace": target.namespace});
    match precondition {
        // The API server answers this with 201 when there is none, and with a conflict when there is one.
        Precondition::Absent => metadata["resourceVersion"] = json!("1"),
        Precondition::Is(uid, version) => {
            metadata["uid"] = json!(uid);
            metadata["resourceVersion"] = json!(version);
        }
    }
    if let Some(owner) = owner {
        metadata["ownerReferences"] = json!([owner]);
    }
    let mut body = json!({"apiVersion": "v1", "kind": target.kind(), "metadata": metadata});
    if !values.is_empty() {
        body["data"] = values.iter().map(|(key, value)| (key.clone(), stored(target.kind, value))).collect();
    }
    body
}

fn stored(kind: TargetKind, value: &str) -> Value {
    match kind {
        TargetKind::ConfigMap => value.into(),
        TargetKind::Secret => STANDARD.encode(value).into(),
    }
}

/// Digest of an export that was carried out, for the record: equal digests need no write. Neither what goes into a Secret
/// nor a hash of it is kept; that of the source's version takes its place, so that at worst a source that was touched
/// is exported once more after a restart.
pub(crate) fn record_digest(
    wish: &Wish,
    values: &BTreeMap<String, String>,
    source: &Value,
    asked: Option<&str>,
) -> String {
    let paths: BTreeMap<_, _> = wish.values.iter().map(|(key, path)| (key, path.to_string())).collect();
    let content = match wish.target.kind {
        TargetKind::ConfigMap => json!(values),
        TargetKind::Secret => {
            let of_source = |field: &str| &source["metadata"][field];
            json!({"paths": paths, "uid": of_source("uid"), "resourceVersion": of_source("resourceVersion")})
        }
    };
    digest::of(&json!({"target": wish.target.to_string(), "content": content, "asked": asked}))
}

/// Puts dots where a message holds one of the values, or one as a Secret stores it: an admission webhook may quote what it
/// refuses.
pub(crate) fn redact(message: &str, target: &Target, values: &BTreeMap<String, String>) -> String {
    if target.kind == TargetKind::ConfigMap {
        return message.to_owned();
    }
    let mut hidden: Vec<_> = values.values().flat_map(|value| [value.clone(), STANDARD.encode(value)]).collect();
    hidden.retain(|value| !value.is_empty());
    // The longest first, so that none is cut by another that is part of it.
    hidden.sort_by_key(|value| std::cmp::Reverse(value.len()));
    hidden.iter().fold(message.to_owned(), |message, value| message.replace(value, "…"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(kind: TargetKind) -> Target {
        Target { kind, namespace: "team".into(), name: "app".into() }
    }

    fn values(values: &[(&str, &str)]) -> BTreeMap<String, String> {
        values.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn wish(kind: &str, path: &str) -> Wish {
        let resource = json!({"group": "g", "kind": "K", "name": "n"});
        let spec = json!({"from": {"path": path, "resource": resource}, "to": {"kind": kind, "name": "app"}});
        Wish::of(&ObjectKey::new("team", "arn"), &serde_json::from_value(spec).unwrap()).unwrap()
    }

    #[test]
    fn a_manager_is_readable_where_it_fits_and_distinct_where_it_does_not() {
        let key = ObjectKey::new("team", "arn");
        assert_eq!(manager("aws.cairn.run", &key), "fieldexports.aws.cairn.run/team/arn");
        let long = |end: &str| manager("aws.cairn.run", &ObjectKey::new("team", &format!("{}{end}", "x".repeat(200))));
        assert!(long("a").len() <= LONGEST_MANAGER);
        assert_ne!(long("a"), long("b"));
    }

    #[test]
    fn a_body_says_what_is_ours_and_nothing_more() {
        let map = body(&target(TargetKind::ConfigMap), &values(&[("A", "1")]), None, Precondition::Is("u", "7"));
        let metadata = json!({"name": "app", "namespace": "team", "uid": "u", "resourceVersion": "7"});
        assert_eq!(map, json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"A": "1"}}));
        let owner = json!({"uid": "o"});
        let secret = body(&target(TargetKind::Secret), &values(&[("A", "ä")]), Some(&owner), Precondition::Absent);
        assert_eq!(secret["data"], json!({"A": "w6Q="}));
        assert_eq!(secret["metadata"]["ownerReferences"], json!([owner]));
        assert_eq!(secret["metadata"]["resourceVersion"], "1");
        let nothing = body(&target(TargetKind::Secret), &values(&[]), None, Precondition::Absent);
        assert!(nothing.get("data").is_none());
    }

    #[test]
    fn the_digest_of_a_configmap_is_of_its_values_and_that_of_a_secret_of_the_version() {
        let source = |version: &str| json!({"metadata": {"uid": "u", "resourceVersion": version}});
        let digest = |kind, value, version, asked: Option<&str>| {
            record_digest(&wish(kind, ".a"), &values(&[("team.arn", value)]), &source(version), asked)
        };
        assert_eq!(digest("configmap", "1", "1", None), digest("configmap", "1", "2", None));
        assert_ne!(digest("configmap", "1", "1", None), digest("configmap", "2", "1", None));
        assert_eq!(
            digest("secret", "1", "1", None),
            digest("secret", "2", "1", None),
            "no hash of what is in a Secret"
        );
        assert_ne!(digest("secret", "1", "1", None), digest("secret", "1", "2", None));
        for kind in ["configmap", "secret"] {
            assert_ne!(digest(kind, "1", "1", None), digest(kind, "1", "1", Some("now")), "{kind}");
        }
        let path = |path| record_digest(&wish("secret", path), &values(&[]), &source("1"), None);
        assert_ne!(path(".a"), path(".b"));
    }

    #[test]
    fn what_goes_into_a_secret_is_hidden_in_messages() {
        let values = values(&[("A", "hunter2"), ("B", "hunter"), ("C", "")]);
        let message = format!("refused hunter2, {} and hunter", STANDARD.encode("hunter2"));
        assert_eq!(redact(&message, &target(TargetKind::Secret), &values), "refused …, … and …");
        assert_eq!(redact(&message, &target(TargetKind::ConfigMap), &values), message);
    }
}
