//! Templates of roles and bindings: nobody may grant what he has not got, and so neither may we. Kubernetes refuses it
//! when it is applied; here it is found out before anything is.
//!
//! What an expression fills in is not known yet, and is left to Kubernetes.

use serde_json::Value as Json;

use super::need::{Binding, Need, Needs, fixed, namespace, plain};
use super::right::{Right, To};

/// The group of roles and bindings.
pub(super) const GROUP: &str = "rbac.authorization.k8s.io";

/// Adds what a template of a kind of this group needs beside what every template does.
pub(super) fn of_template(whose: &str, kind: &str, template: &Json, needs: &mut Needs) {
    match kind {
        "Role" => needs.rights.extend(of_role(whose, "roles", namespace(template), template)),
        "ClusterRole" => needs.rights.extend(of_role(whose, "clusterroles", None, template)),
        "RoleBinding" | "ClusterRoleBinding" => needs.bindings.extend(of_binding(whose, template)),
        _ => {}
    }
}

/// What who writes a role has to hold.
pub(super) fn of_role(whose: &str, plural: &str, namespace: Option<&str>, role: &Json) -> Vec<Need> {
    let escalate = Right::new("escalate", GROUP, plural, namespace);
    let need =
        |right: Right, path: String| Need { unless: Some(escalate.clone()), grants: Some(path), ..plain(whose, right) };
    let rules = role.get("rules").and_then(Json::as_array);
    let rules = rules.into_iter().flatten().enumerate();
    let mut found: Vec<Need> = rules
        .flat_map(|(at, rule)| {
            of_rule(rule, namespace).into_iter().map(move |right| need(right, format!("rules[{at}]")))
        })
        .collect();
    // Others may add anything to such a role.
    if role.get("aggregationRule").is_some_and(Json::is_object) {
        found.push(need(Right::new("*", "*", "*", None), "aggregationRule".to_owned()));
    }
    found
}

/// What a rule grants.
fn of_rule(rule: &Json, namespace: Option<&str>) -> Vec<Right> {
    let list = |field: &str| -> Vec<&str> {
        rule.get(field).and_then(Json::as_array).into_iter().flatten().filter_map(fixed_or_empty).collect()
    };
    let names = list("resourceNames");
    let names: Vec<Option<&str>> = if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
    let mut rights = Vec::new();
    for verb in list("verbs") {
        for group in list("apiGroups") {
            for resource in list("resources") {
                let right = Right::new(verb, group, resource, namespace);
                rights.extend(names.iter().map(|name| right.clone().named(*name)));
            }
        }
        let paths = list("nonResourceURLs").into_iter();
        rights.extend(paths.map(|path| Right { to: To::Path(path.to_owned()), verb: verb.to_owned() }));
    }
    rights
}

/// The core group has an empty name.
fn fixed_or_empty(text: &Json) -> Option<&str> {
    fixed(text).or_else(|| text.as_str().filter(|text| text.is_empty()))
}

fn of_binding(whose: &str, template: &Json) -> Option<Binding> {
    let role = template.get("roleRef")?;
    let (kind, name) = (fixed(role.get("kind")?)?, fixed(role.get("name")?)?);
    let of_cluster = kind == "ClusterRole";
    let namespace = namespace(template);
    let plural = if of_cluster { "clusterroles" } else { "roles" };
    Some(Binding {
        whose: whose.to_owned(),
        bind: Right::new("bind", GROUP, plural, namespace).named(Some(name)),
        of_cluster,
        namespace: namespace.map(str::to_owned),
        role: name.to_owned(),
    })
}
