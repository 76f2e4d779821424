//! What is said of rights that are missing, with the `ClusterRole` that grants them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{
    need::Need,
    right::{Right, To},
};

/// What is missing, for each resource of the definition, and the role to paste. `aggregate` is the label by which the
/// operator gets the rights of a role.
pub(crate) fn message(definition: &str, aggregate: &str, missing: &[Need]) -> String {
    let mut text = "the operator lacks rights: ".to_owned();
    text.push_str(&sentences(missing).join("; "));
    text.push_str(". This grants them, and the definition goes on by itself then:\n");
    text.push_str(&role(definition, aggregate, missing.iter().map(|need| &need.right)));
    text
}

/// What is said of rights that are held in some namespaces only; nothing where there are none.
pub(crate) fn partly(needs: &[Need]) -> Option<String> {
    let words = sentences(needs).join("; ");
    (!needs.is_empty()).then(|| {
        format!(
            "these rights the operator has in some namespaces only, and an instance elsewhere says what is refused: \
             {words}"
        )
    })
}

/// In words: who needs what.
fn sentences(missing: &[Need]) -> Vec<String> {
    let mut by_whom: BTreeMap<(&str, Option<&str>, String), BTreeSet<&str>> = BTreeMap::new();
    for need in missing {
        let key = (need.whose.as_str(), need.grants.as_deref(), need.right.to.to_string());
        by_whom.entry(key).or_default().insert(&need.right.verb);
    }
    let sentence = |((whose, grants, to), verbs): (_, BTreeSet<&str>)| {
        let verbs = verbs.into_iter().collect::<Vec<_>>().join(", ");
        match grants {
            None => format!("{whose:?} needs {verbs} on {to}"),
            Some(path) => format!("{path} of {whose:?} grants {verbs} on {to}, which only who has it may grant"),
        }
    };
    by_whom.into_iter().map(sentence).collect()
}

/// A `ClusterRole` with these rights.
fn role<'r>(definition: &str, aggregate: &str, rights: impl Iterator<Item = &'r Right>) -> String {
    let mut text = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {definition}-graph\n  labels:\n    \
         {aggregate}: \"true\"\nrules:\n"
    );
    for (verbs, of) in rules(rights) {
        match of {
            Of::Paths(paths) => text.extend(["- nonResourceURLs: ", &list(paths.iter()), "\n"]),
            Of::Resources { group, name, resources } => {
                text.extend(["- apiGroups: ", &list([&group].into_iter()), "\n"]);
                text.extend(["  resources: ", &list(resources.iter()), "\n"]);
                if let Some(name) = &name {
                    text.extend(["  resourceNames: ", &list([name].into_iter()), "\n"]);
                }
            }
        }
        text.extend(["  verbs: ", &list(verbs.iter()), "\n"]);
    }
    text
}

enum Of {
    Paths(BTreeSet<String>),
    Resources { group: String, name: Option<String>, resources: BTreeSet<String> },
}

type Verbs = BTreeSet<String>;

/// As few rules as say it.
fn rules<'r>(rights: impl Iterator<Item = &'r Right>) -> Vec<(Verbs, Of)> {
    let mut paths: BTreeMap<&str, Verbs> = BTreeMap::new();
    let mut objects: BTreeMap<(&str, Option<&str>, &str), Verbs> = BTreeMap::new();
    for Right { to, verb } in rights {
        let verbs = match to {
            To::Path(path) => paths.entry(path).or_default(),
            To::Resource { group, resource, name, .. } => {
                objects.entry((group, name.as_deref(), resource)).or_default()
            }
        };
        verbs.insert(verb.clone());
    }
    let mut same: BTreeMap<(&str, Option<&str>, Verbs), BTreeSet<String>> = BTreeMap::new();
    for ((group, name, resource), verbs) in objects {
        same.entry((group, name, verbs)).or_default().insert(resource.to_owned());
    }
    let mut by_verbs: BTreeMap<Verbs, BTreeSet<String>> = BTreeMap::new();
    for (path, verbs) in paths {
        by_verbs.entry(verbs).or_default().insert(path.to_owned());
    }
    let objects = same.into_iter().map(|((group, name, verbs), resources)| {
        (verbs, Of::Resources { group: group.to_owned(), name: name.map(str::to_owned), resources })
    });
    objects.chain(by_verbs.into_iter().map(|(verbs, paths)| (verbs, Of::Paths(paths)))).collect()
}

fn list<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    let mut text = String::new();
    for item in texts {
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing to a text cannot fail.
        let _ = write!(text, "{separator}{item:?}");
    }
    format!("[{text}]")
}
