//! Whether an object may reach into another namespace.
//!
//! The rules are those of `ReferenceGrant` of the Gateway API: only the namespace that is reached can permit it, what
//! several grants permit adds up, and what no grant permits is refused.

use cairn_crds::shared::ReferenceGrantSpec;

/// The object that reaches: only its kind and namespace count, because who may write one such object in a namespace
/// may write another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referrer<'a> {
    /// Its API group.
    pub group: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
}

/// The object that is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Referent<'a> {
    /// Its API group; empty for the core group.
    pub group: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// Whether `from` may reach `to`, given the grants in the namespace of `to`. Inside one namespace it always may.
#[must_use]
pub fn permits<'a>(
    grants: impl IntoIterator<Item = &'a ReferenceGrantSpec>,
    from: Referrer<'_>,
    to: Referent<'_>,
) -> bool {
    from.namespace == to.namespace || grants.into_iter().any(|grant| is_from(grant, from) && is_to(grant, to))
}

fn is_from(grant: &ReferenceGrantSpec, from: Referrer<'_>) -> bool {
    let Referrer { group, kind, namespace } = from;
    grant.from.iter().any(|may| may.group == group && may.kind == kind && may.namespace == namespace)
}

fn is_to(grant: &ReferenceGrantSpec, to: Referent<'_>) -> bool {
    let Referent { group, kind, name, .. } = to;
    let named = |only: &Option<String>| only.as_deref().is_none_or(|only| only == name);
    grant.to.iter().any(|may| may.group == group && may.kind == kind && named(&may.name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const FROM: Referrer<'_> = Referrer { group: "aws.cairn.run", kind: "FieldExport", namespace: "team-a" };
    const TO: Referent<'_> = Referent { group: "", kind: "ConfigMap", namespace: "shared", name: "app" };

    fn grant(from: &serde_json::Value, to: &serde_json::Value) -> ReferenceGrantSpec {
        serde_json::from_value(json!({"from": from, "to": to})).unwrap()
    }

    fn exports_of(namespace: &str) -> serde_json::Value {
        json!([{"group": "aws.cairn.run", "kind": "FieldExport", "namespace": namespace}])
    }

    #[test]
    fn inside_one_namespace_no_grant_is_needed() {
        assert!(permits([], FROM, Referent { namespace: "team-a", ..TO }));
        assert!(!permits([], FROM, TO));
    }

    #[test]
    fn a_grant_permits_what_both_of_its_sides_name() {
        let any_map = json!([{"group": "", "kind": "ConfigMap"}]);
        let cases = [
            (exports_of("team-a"), any_map.clone(), true),
            (exports_of("team-a"), json!([{"group": "", "kind": "ConfigMap", "name": "app"}]), true),
            (exports_of("team-a"), json!([{"group": "", "kind": "ConfigMap", "name": "other"}]), false),
            (exports_of("team-a"), json!([{"group": "", "kind": "Secret"}]), false),
            (exports_of("team-a"), json!([{"group": "x", "kind": "ConfigMap"}]), false),
            (exports_of("team-b"), any_map.clone(), false),
            (json!([{"group": "aws.cairn.run", "kind": "Bucket", "namespace": "team-a"}]), any_map.clone(), false),
            (json!([{"group": "other", "kind": "FieldExport", "namespace": "team-a"}]), any_map, false),
        ];
        for (from, to, permitted) in cases {
            assert_eq!(permits([&grant(&from, &to)], FROM, TO), permitted, "{from} {to}");
        }
    }

    #[test]
    fn grants_add_up_but_the_sides_of_two_do_not_mix() {
        let theirs = grant(&exports_of("team-b"), &json!([{"group": "", "kind": "ConfigMap"}]));
        let secrets = grant(&exports_of("team-a"), &json!([{"group": "", "kind": "Secret"}]));
        let maps = grant(&exports_of("team-a"), &json!([{"group": "", "kind": "ConfigMap"}]));
        assert!(!permits([&theirs, &secrets], FROM, TO));
        assert!(permits([&theirs, &secrets, &maps], FROM, TO));
    }
}
