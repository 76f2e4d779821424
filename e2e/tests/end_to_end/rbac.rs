//! Who may do what: users through the roles that the chart adds to theirs, and the operator itself.

use cairn_e2e::{
    Result,
    error::ensure,
    helm::{NAMESPACE, NO_PODS, RELEASE},
    wait::until_true,
};
use serde_json::json;

use crate::fixture::{Room, SOON, bucket, bucket_name, in_cluster};

const BUCKETS: &str = "buckets.s3.aws.cairn.run";

#[test]
fn who_may_edit_a_namespace_may_have_buckets_there_and_nowhere_else() -> Result<()> {
    in_cluster("editor", |room| {
        room.kubectl.grant("edit", "editor")?;
        let editor = room.kubectl.as_user("editor");
        until_true("the right to create buckets", SOON, || editor.can_i(&["create", BUCKETS]))?;
        editor.apply(&bucket("mine", &bucket_name(), ""))?;
        editor.run(&["get", BUCKETS, "mine"])?;
        editor.run(&["delete", "--wait=false", BUCKETS, "mine"])?;

        let elsewhere = room.stage.kubectl()?.as_user("editor").in_namespace("default");
        let refusal = elsewhere.refusal(&["create", "-f", "-"], &bucket("theirs", &bucket_name(), ""))?;
        ensure(refusal.contains("editor") && refusal.contains("cannot"), || refusal)
    })
}

/// The operator believes what it wrote there.
#[test]
fn nobody_who_edits_may_write_a_status_or_a_finalizer_that_the_operator_reads() -> Result<()> {
    in_cluster("status", |room| {
        room.kubectl.grant("edit", "author")?;
        let author = room.kubectl.as_user("author");
        until_true("the right to create buckets", SOON, || author.can_i(&["create", BUCKETS]))?;
        for verb in ["update", "patch"] {
            let may = author.can_i(&[verb, BUCKETS, "--subresource=status"])?;
            ensure(!may, || format!("who may edit may {verb} the status"))?;
        }
        Ok(())
    })
}

#[test]
fn who_may_view_a_namespace_may_only_look_at_buckets() -> Result<()> {
    in_cluster("viewer", |room| {
        room.kubectl.grant("view", "viewer")?;
        let viewer = room.kubectl.as_user("viewer");
        until_true("the right to look at buckets", SOON, || viewer.can_i(&["list", BUCKETS]))?;
        viewer.run(&["get", BUCKETS])?;
        for verb in ["create", "update", "patch", "delete", "deletecollection"] {
            let may = viewer.can_i(&[verb, BUCKETS])?;
            ensure(!may, || format!("who may view may {verb}"))?;
        }
        Ok(())
    })
}

#[test]
fn the_users_roles_gather_those_of_the_chart() -> Result<()> {
    in_cluster("gathered", |room| {
        for (role, verb) in [("view", "list"), ("edit", "create"), ("admin", "delete")] {
            until_true(&format!("{role} may {verb} buckets"), SOON, || gathers(room, role, verb))?;
        }
        ensure(!gathers(room, "view", "create")?, || "view may create buckets".into())
    })
}

fn gathers(room: &Room, role: &str, verb: &str) -> Result<bool> {
    let role = room.kubectl.get(&["clusterrole", role])?;
    let rules = role["rules"].as_array().cloned().unwrap_or_default();
    let has = |list: &serde_json::Value, item: &str| list.as_array().is_some_and(|list| list.iter().any(|v| v == item));
    Ok(rules.iter().any(|rule| {
        has(&rule["apiGroups"], "s3.aws.cairn.run") && has(&rule["resources"], "buckets") && has(&rule["verbs"], verb)
    }))
}

/// The kinds that definitions make are not known beforehand, and are in a group that has nothing else.
#[test]
fn no_role_of_the_release_has_a_wildcard_but_for_what_definitions_make() -> Result<()> {
    in_cluster("wildcard", |room| {
        let ours = format!("--selector=app.kubernetes.io/instance={RELEASE}");
        let roles = room.stage.kubectl()?.get(&["clusterroles,roles", "--all-namespaces", &ours])?;
        let roles = roles["items"].as_array().cloned().unwrap_or_default();
        ensure(roles.len() >= 3, || format!("the release has {} roles", roles.len()))?;
        for role in roles {
            let permitted = role["rules"].as_array().into_iter().flatten();
            for rule in permitted.filter(|rule| rule["apiGroups"] != json!(["cairn.run"])) {
                ensure(!rule.to_string().contains("\"*\""), || format!("a wildcard: {role}"))?;
            }
        }
        Ok(())
    })
}

/// Without graphs it makes no objects either.
#[test]
fn without_graphs_the_chart_grants_nothing_for_them() -> Result<()> {
    in_cluster("no-graphs", |room| {
        let render =
            |enabled: &str| room.stage.helm.template(&[NO_PODS.as_slice(), &[("graph.enabled", enabled)]].concat());
        let (with, without) = (render("true")?, render("false")?);
        ensure(with.contains("aggregationRule") && with.contains("-graphs-workloads"), || with.clone())?;
        for word in ["aggregationRule", "-graphs", "deployments"] {
            ensure(!without.contains(word), || format!("{word} in: {without}"))?;
        }
        Ok(())
    })
}

#[test]
fn each_grant_for_what_graphs_make_can_be_switched() -> Result<()> {
    in_cluster("grants", |room| {
        for grant in ["aws", "workloads", "secrets", "namespaces"] {
            let (key, role) = (format!("graph.grants.{grant}"), format!("-graphs-{grant}\n"));
            let render = |on: &str| room.stage.helm.template(&[NO_PODS.as_slice(), &[(key.as_str(), on)]].concat());
            let (with, without) = (render("true")?, render("false")?);
            ensure(with.contains(&role) && !without.contains(&role), || format!("{key} switches nothing"))?;
        }
        Ok(())
    })
}

#[test]
fn the_operator_may_do_nothing_that_it_does_not_do() -> Result<()> {
    in_cluster("operator", |room| {
        let operator = room.kubectl.as_user(&format!("system:serviceaccount:{NAMESPACE}:{RELEASE}"));
        ensure(operator.can_i(&["patch", BUCKETS, "--subresource=status"])?, || "it may not write a status".into())?;
        for forbidden in [
            ["get", "secrets"],
            ["create", "pods"],
            ["update", "clusterroles"],
            ["patch", "namespaces"],
            ["delete", "customresourcedefinitions"],
        ] {
            let may = operator.can_i(&forbidden)?;
            ensure(!may, || format!("the operator may {}", forbidden.join(" ")))?;
        }
        Ok(())
    })
}
