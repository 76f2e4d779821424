//! What is applied and removed, and in which order.

use std::sync::Arc;

use super::support::{definition, program};
use cairn_crds::graph::DeletionPolicy;
use cairn_graph::plan::{Existing, Waves, applies, deletion, prune};
use cairn_graph::run::{ObjectName, Run, Seen};
use cairn_graph::schemas::Gvk;
use cairn_graph::{Program, evaluate};
use serde_json::{Value as Json, json};

const RESOURCES: &str = "
- {id: alone, template: {apiVersion: v1, kind: Secret, metadata: {name: alone}}}
- {id: base, deletionPolicy: Orphaned, template: {apiVersion: v1, kind: ConfigMap, metadata: {name: base}, data: {k: v}}}
- {id: mid, forEach: [{n: '${schema.spec.names}'}], template: {apiVersion: v1, kind: ConfigMap, metadata: {name: '${n}'}, data: {k: '${base.data.k}'}}}
- {id: top, externalFields: [spec.replicas], template: {apiVersion: apps/v1, kind: Deployment, metadata: {name: 'top-${mid[0].metadata.uid}'}, spec: {replicas: 1, selector: {}, template: {}}}}
- {id: odd, includeWhen: ['${schema.spec.flag}'], template: {apiVersion: v1, kind: Service, metadata: {name: odd}}}
";

fn compiled() -> Arc<Program> {
    program(&definition("{spec: {names: '[]string', flag: boolean}}", RESOURCES))
}

fn instance(names: &[&str], flag: bool) -> Json {
    json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {"names": names, "flag": flag}})
}

fn object(kind: &str, version: &str, name: &str, node: &str, rank: usize) -> Existing {
    let kind = Gvk::new(version, kind);
    let name = ObjectName { kind, namespace: Some("prod".to_owned()), name: name.to_owned() };
    Existing { name, node: node.to_owned(), rank, policy: DeletionPolicy::Delete }
}

fn names(waves: &Waves) -> Vec<Vec<&str>> {
    waves.iter().map(|wave| wave.iter().map(|object| object.name.name.as_str()).collect()).collect()
}

#[test]
fn what_is_rendered_is_applied() {
    let program = compiled();
    let mut run = Run::new(Arc::clone(&program), &instance(&["a", "b"], true));
    let list = |run: &mut Run| -> Vec<(String, usize, DeletionPolicy)> {
        let evaluation = run.evaluate();
        let applies = applies(&program, &evaluation);
        applies.iter().map(|apply| (apply.object.name.name.clone(), apply.rank, apply.policy)).collect()
    };
    let (delete, orphan) = (DeletionPolicy::Delete, DeletionPolicy::Orphaned);
    let row = |name: &str, rank, policy| (name.to_owned(), rank, policy);
    // Nothing needs the first and the last, so they go with the top.
    assert_eq!(list(&mut run), [row("alone", 3, delete), row("base", 1, orphan), row("odd", 3, delete)]);
    run.observe(1, Seen::one(json!({"metadata": {"name": "base", "namespace": "prod"}, "data": {"k": "v"}})));
    assert_eq!(list(&mut run)[2..], [row("a", 2, delete), row("b", 2, delete), row("odd", 3, delete)]);
    let map = |name: &str| Arc::new(json!({"metadata": {"name": name, "namespace": "prod", "uid": "u"}}));
    run.observe(2, Seen::Objects(vec![map("a"), map("b")]));
    let evaluation = run.evaluate();
    let all = applies(&program, &evaluation);
    let top = all.iter().find(|apply| apply.object.name.name == "top-u").unwrap();
    assert_eq!((top.rank, top.external_fields[0].to_string()), (3, "spec.replicas".to_owned()));
}

#[test]
fn what_is_left_over_is_removed_and_what_may_be_wanted_stays() {
    let program = compiled();
    let removed = |names: &[&str], flag, existing: &[Existing]| {
        prune(&program, &evaluate(&program, &instance(names, flag), Vec::new()), existing.to_vec())
    };
    let (a, b) = (object("ConfigMap", "v1", "a", "mid", 2), object("ConfigMap", "v1", "b", "mid", 2));
    let base = object("ConfigMap", "v1", "base", "base", 1);
    let odd = object("Service", "v1", "odd", "odd", 3);
    let gone = object("Secret", "v1", "gone", "gone", 1);
    let top = object("Deployment", "apps/v1", "top-x", "top", 3);
    let all = [a.clone(), b.clone(), base.clone(), odd.clone(), gone.clone(), top.clone()];

    // The list is known before the objects can be rendered; the name of the top is not.
    let found = removed(&["a"], true, &all);
    assert_eq!(names(&found.waves), [vec!["b"], vec!["gone"]]);
    assert_eq!(found.open, [(top.clone(), 3)]);
    assert_eq!(names(&removed(&["a", "b"], false, &all).waves), [vec!["odd"], vec!["gone"]]);

    // An object that moved from one resource to another stays.
    let moved = object("ConfigMap", "v1", "base", "former", 1);
    assert_eq!(
        removed(&[], true, &[moved]),
        prune(&program, &evaluate(&program, &instance(&[], true), Vec::new()), Vec::new())
    );

    // Another Deployment may turn out to be the top.
    let former = object("Deployment", "apps/v1", "former", "former", 1);
    assert_eq!(removed(&["a"], true, std::slice::from_ref(&former)).open, [(former, 3)]);

    // A condition that has no answer yet: neither applied nor removed.
    let unset = json!({"metadata": {"name": "shop", "namespace": "prod"}, "spec": {"names": []}});
    let open = prune(&program, &evaluate(&program, &unset, Vec::new()), vec![odd]);
    assert!(open.waves.is_empty() && open.open.is_empty());
}

#[test]
fn deletion_goes_from_the_highest_rank_down() {
    let objects = [(1, "base"), (3, "top"), (2, "a"), (3, "alone"), (2, "b")];
    let existing = objects.map(|(rank, name)| object("ConfigMap", "v1", name, "x", rank)).to_vec();
    assert_eq!(names(&deletion(existing)), [vec!["top", "alone"], vec!["a", "b"], vec!["base"]]);
    assert!(deletion(Vec::new()).is_empty());
}
