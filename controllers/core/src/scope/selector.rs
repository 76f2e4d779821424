//! `IAMRoleSelector`s: which one is for an object.

use std::{collections::BTreeMap, time::Duration};

use cairn_crds::{
    Groups, VERSION,
    shared::{IamRoleSelectorSpec, LabelSelector, NamespaceSelector, ResourceType},
};
use serde_json::Value;

use super::{Namespace, Role, RoleArn, Subject, labels};
use crate::digest;
use crate::template::{Slot, Template};

/// AWS's limits on the name of a session and on the values of its tags, in characters.
const SESSION_NAME: std::ops::RangeInclusive<usize> = 2..=64;
const TAG_VALUE: usize = 256;

/// An `IAMRoleSelector`, parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    name: String,
    version: String,
    priority: i32,
    namespaces: Option<NamespaceSelector>,
    kinds: Vec<ResourceType>,
    labels: Option<LabelSelector>,
    /// What is wrong with a selector is told on the objects for which it would be the one.
    role: Result<RoleTemplate, String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct RoleTemplate {
    arn: RoleArn,
    external_id: Option<String>,
    session_name: Option<Template>,
    session_tags: BTreeMap<String, Template>,
    duration: Option<Duration>,
}

impl Selector {
    /// Parses the spec of the selector of that name.
    ///
    /// One that holds what this version does not know is kept as one that gives no role: what is unknown might narrow
    /// it. One that cannot be read at all might be for any object, and so is for every one.
    #[must_use]
    pub fn parse(name: &str, spec: &Value) -> Self {
        let (name, version) = (name.to_owned(), String::new());
        let parsed = match serde_json::from_value::<IamRoleSelectorSpec>(spec.clone()) {
            Ok(parsed) => parsed,
            Err(error) => {
                let role = Err(format!("its spec cannot be read: {error}"));
                let (priority, kinds) = (i32::MAX, Vec::new());
                return Self { name, version, priority, namespaces: None, kinds, labels: None, role };
            }
        };
        let unknown = serde_json::to_value(&parsed).ok().and_then(|known| unknown(spec, &known));
        let role = match unknown {
            Some(path) => Err(format!("this version does not know its field {path}")),
            None => RoleTemplate::parse(&parsed),
        };
        Self {
            name,
            version,
            priority: parsed.priority.unwrap_or_default(),
            namespaces: parsed.namespace_selector,
            kinds: parsed.resource_type_selector,
            labels: parsed.resource_label_selector,
            role,
        }
    }

    /// The same, read at this resource version.
    #[must_use]
    pub fn at_version(self, version: Option<String>) -> Self {
        Self { version: version.unwrap_or_default(), ..self }
    }

    /// The name of the object.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The resource version at which it was read.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether it is for the same objects, and gives them the same role, as at another version.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        *self == Self { version: self.version.clone(), ..other.clone() }
    }

    /// The labels of namespaces that it looks at.
    pub fn namespace_labels(&self) -> impl Iterator<Item = &str> {
        labels::keys(self.namespaces.as_ref().and_then(|namespaces| namespaces.label_selector.as_ref()))
    }

    /// Whether it is for objects in the namespace of that name, as far as the namespace goes.
    #[must_use]
    pub fn is_for(&self, name: &str, namespace: &Namespace) -> bool {
        self.namespaces.as_ref().is_none_or(|selector| {
            (selector.names.is_empty() || selector.names.iter().any(|wanted| wanted == name))
                && labels::matches(selector.label_selector.as_ref(), &namespace.labels)
        })
    }

    /// Whether it is for objects of the kind in the namespace, whatever their labels.
    fn covers(&self, subject: &Subject<'_>, namespace: &Namespace, groups: &Groups) -> bool {
        let of_kind = self.kinds.is_empty() || self.kinds.iter().any(|kind| is_of(subject, kind, groups));
        of_kind && self.is_for(subject.namespace, namespace)
    }

    /// Whether it speaks of certain namespaces.
    fn names_namespaces(&self) -> bool {
        self.namespaces
            .as_ref()
            .is_some_and(|selector| !selector.names.is_empty() || labels::restricts(selector.label_selector.as_ref()))
    }

    /// The role for an object that it is for.
    ///
    /// # Errors
    /// A sentence that names the selector.
    pub(super) fn role(&self, subject: &Subject<'_>) -> Result<Role, String> {
        let wrong = |why: &str| format!("IAMRoleSelector {} cannot be used: {why}", self.name);
        if self.namespaces.is_none() && labels::restricts(self.labels.as_ref()) {
            return Err(wrong(
                "it gives its role by resourceLabelSelector alone, and every author can write labels; give it a \
                 namespaceSelector, {} for all namespaces",
            ));
        }
        self.role.as_ref().map_err(Clone::clone).and_then(|role| role.render(subject)).map_err(|why| wrong(&why))
    }
}

/// What the selectors say of an object.
#[derive(Debug)]
pub(super) enum Selected<'s> {
    /// Nothing.
    Nothing,
    /// These speak of its namespace, but its labels match none of them.
    NotByLabels(Vec<&'s str>),
    /// This one is for it.
    One(&'s Selector),
}

/// Finds the selector for an object.
///
/// # Errors
/// A sentence that names the selectors that tie.
pub(super) fn select<'s>(
    selectors: &'s [Selector],
    subject: &Subject<'_>,
    namespace: &Namespace,
    groups: &Groups,
) -> Result<Selected<'s>, String> {
    let covering = selectors.iter().filter(|selector| selector.covers(subject, namespace, groups));
    let (matching, others): (Vec<_>, Vec<_>) =
        covering.partition(|selector| labels::matches(selector.labels.as_ref(), subject.labels));
    let Some(top) = matching.iter().map(|selector| selector.priority).max() else {
        let naming: Vec<_> = others.iter().filter(|selector| selector.names_namespaces()).map(|s| s.name()).collect();
        return Ok(if naming.is_empty() { Selected::Nothing } else { Selected::NotByLabels(naming) });
    };
    let best: Vec<_> = matching.into_iter().filter(|selector| selector.priority == top).collect();
    match best.as_slice() {
        [one] => Ok(Selected::One(one)),
        several => {
            let mut names: Vec<_> = several.iter().map(|selector| selector.name()).collect();
            names.sort_unstable();
            Err(format!(
                "the IAMRoleSelectors {} all match with priority {top}; give one of them a higher priority",
                names.join(", ")
            ))
        }
    }
}

fn is_of(subject: &Subject<'_>, wanted: &ResourceType, groups: &Groups) -> bool {
    let is = |wanted: &str, actual: &str| wanted.is_empty() || wanted == actual;
    is(&wanted.group, &subject.kind.group(groups))
        && is(&wanted.version, VERSION)
        && is(&wanted.kind, subject.kind.kind)
}

/// The first path in `given` that `known` does not have and that is not empty.
fn unknown(given: &Value, known: &Value) -> Option<String> {
    match (given, known) {
        (Value::Object(given), Value::Object(known)) => given.iter().find_map(|(key, value)| match known.get(key) {
            Some(known) => unknown(value, known).map(|path| format!("{key}.{path}")),
            None if is_empty(value) => None,
            None => Some(key.clone()),
        }),
        (Value::Array(given), Value::Array(known)) => {
            given.iter().zip(known).find_map(|(given, known)| unknown(given, known))
        }
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

impl RoleTemplate {
    fn parse(spec: &IamRoleSelectorSpec) -> Result<Self, String> {
        let tag = |(key, value): (&String, &String)| {
            let value = Template::parse(value, Slot::TRUSTED).map_err(|why| format!("sessionTags.{key}: {why}"))?;
            Ok::<_, String>((key.clone(), value))
        };
        check_keys(spec.session_tags.keys())?;
        Ok(Self {
            arn: RoleArn::parse(&spec.arn)?,
            external_id: spec.external_id.clone(),
            session_name: spec.session_name.as_deref().map(|name| Template::parse(name, Slot::TRUSTED)).transpose()?,
            session_tags: spec.session_tags.iter().map(tag).collect::<Result<_, _>>()?,
            duration: spec.session_duration_seconds.map(|seconds| Duration::from_secs(seconds.into())),
        })
    }

    fn render(&self, subject: &Subject<'_>) -> Result<Role, String> {
        let plain = Role::plain(self.arn.clone());
        let tag = |(key, value): (&String, &Template)| match subject.fill(value) {
            value if value.chars().count() > TAG_VALUE => {
                Err(format!("the value of session tag {key} becomes longer than {TAG_VALUE} characters"))
            }
            value => Ok((key.clone(), value)),
        };
        Ok(Role {
            external_id: self.external_id.clone(),
            session_name: self.session_name.as_ref().map_or(plain.session_name, |name| fitted(&subject.fill(name))),
            session_tags: self.session_tags.iter().map(tag).collect::<Result<_, _>>()?,
            duration: self.duration.unwrap_or(plain.duration),
            arn: plain.arn,
        })
    }
}

/// AWS takes two keys that differ in case alone for the same, and refuses them.
fn check_keys<'k>(keys: impl Iterator<Item = &'k String>) -> Result<(), String> {
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        if !seen.insert(key.to_lowercase()) {
            return Err(format!("sessionTags has the key {key} twice, but for its case"));
        }
    }
    Ok(())
}

/// A session's name within AWS's limits. Different names stay different.
fn fitted(name: &str) -> String {
    let length = name.chars().count();
    if length < *SESSION_NAME.start() {
        return format!("cairn-{name}");
    }
    if length <= *SESSION_NAME.end() {
        return name.into();
    }
    let mark = digest::of_parts(&[name]);
    let mark = &mark[..mark.len().min(12)];
    let kept: String = name.chars().take(SESSION_NAME.end() - 1 - mark.len()).collect();
    format!("{kept}-{mark}")
}
