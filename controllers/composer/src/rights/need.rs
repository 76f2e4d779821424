//! Which rights the instances of a definition need, read off what it says.

use std::collections::BTreeSet;

use cairn_crds::graph::{DeletionPolicy, Scope};
use cairn_graph::program::Node;
use cairn_graph::{Output, Program};
use serde_json::Value as Json;

use super::{escalation, right::Right};

/// What is done to objects that instances own.
const OWN: [&str; 4] = ["get", "create", "patch", "delete"];
/// What a watch takes.
const WATCH: [&str; 2] = ["list", "watch"];

/// A right that something of a definition needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) right: Right,
    /// It is not needed where we have this one.
    pub(crate) unless: Option<Right>,
    /// The id of the resource, or the kind of the instances.
    pub(crate) whose: String,
    /// The part of the template that grants what nobody may grant who has not got it.
    pub(crate) grants: Option<String>,
    /// Whether some namespace is enough: that of the objects is an instance's own matter.
    pub(crate) somewhere: bool,
}

/// A role that a template binds somebody to. What it grants is not written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The id of the resource.
    pub(crate) whose: String,
    /// The right to bind to it, which is enough.
    pub(crate) bind: Right,
    /// Whether it is a `ClusterRole`.
    pub(crate) of_cluster: bool,
    /// The namespace of a `Role`.
    pub(crate) namespace: Option<String>,
    pub(crate) role: String,
}

/// Everything that is needed, as far as it can be told before there are instances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) rights: BTreeSet<Need>,
    pub(crate) bindings: Vec<Binding>,
}

/// What a definition needs. In `own_groups` everything is permitted to us: there are the definitions themselves, and
/// the kinds that they make.
pub(crate) fn needs(spec: &Json, output: &Output, own_groups: &[&str]) -> Needs {
    let mut needs = Needs::default();
    let kind = &output.kind;
    if !own_groups.contains(&kind.gvk.group.as_str()) {
        let (whose, group) = (kind.gvk.kind.clone(), &kind.gvk.group);
        let plural = &kind.plural;
        let watched = WATCH.iter().chain(&["patch"]).map(|verb| Right::new(verb, group, plural, None));
        let status = Right::new("patch", group, &format!("{plural}/status"), None);
        needs.rights.extend(watched.chain([status]).map(|right| plain(&whose, right)));
    }
    for (at, node) in output.program.nodes.iter().enumerate() {
        of_node(node, template(spec, at), own_groups, &mut needs);
    }
    needs.bindings.retain(|binding| !is_made_here(binding, spec, &output.program));
    needs
}

fn of_node(node: &Node, template: Option<&Json>, own_groups: &[&str], needs: &mut Needs) {
    let (group, plural) = (&node.kind.gvk.group, &node.kind.traits.plural);
    let whose = node.id.to_string();
    if !own_groups.contains(&group.as_str()) {
        needs.rights.extend(WATCH.map(|verb| plain(&whose, Right::new(verb, group, plural, None))));
        let is_namespaced = node.kind.traits.scope == Scope::Namespaced;
        let namespace = template.and_then(namespace).filter(|_| is_namespaced);
        let somewhere = is_namespaced && namespace.is_none();
        if !node.is_external() {
            let stays = node.deletion_policy == DeletionPolicy::Orphaned;
            let verbs = OWN.into_iter().filter(|verb| *verb != "delete" || !stays);
            let rights = verbs.map(|verb| Right::new(verb, group, plural, namespace));
            needs.rights.extend(rights.map(|right| Need { somewhere, ..plain(&whose, right) }));
        }
    }
    if let Some(template) = template.filter(|_| group == escalation::GROUP) {
        escalation::of_template(&whose, &node.kind.gvk.kind, template, needs);
    }
}

/// A right that is simply needed.
pub(super) fn plain(whose: &str, right: Right) -> Need {
    Need { right, unless: None, whose: whose.to_owned(), grants: None, somewhere: false }
}

fn template(spec: &Json, at: usize) -> Option<&Json> {
    spec.get("resources")?.get(at)?.get("template")
}

/// The namespace of a template, where it is written out.
pub(super) fn namespace(template: &Json) -> Option<&str> {
    fixed(template.get("metadata")?.get("namespace")?)
}

/// A text without expressions.
pub(super) fn fixed(text: &Json) -> Option<&str> {
    text.as_str().filter(|text| !text.contains("${") && !text.is_empty())
}

/// Whether the role of a binding is one of the templates: it is judged there.
fn is_made_here(binding: &Binding, spec: &Json, program: &Program) -> bool {
    let kind = if binding.of_cluster { "ClusterRole" } else { "Role" };
    program.nodes.iter().enumerate().any(|(at, node)| {
        let name = template(spec, at).and_then(|template| fixed(template.get("metadata")?.get("name")?));
        node.kind.gvk.group == escalation::GROUP && node.kind.gvk.kind == kind && name == Some(&*binding.role)
    })
}
