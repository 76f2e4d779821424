//! Tags that the platform gives every resource, beside those that its object declares.

use std::collections::BTreeMap;

use crate::{
    tags::Tags,
    template::{Slot, Template},
};

/// What a tag can tell of an object.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// AWS service of the kind.
    pub service: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Namespace.
    pub namespace: &'a str,
    /// Name.
    pub name: &'a str,
    /// Version of Cairn.
    pub version: &'a str,
    /// Labels of the object.
    pub labels: &'a BTreeMap<String, String>,
    /// Labels of its namespace.
    pub namespace_labels: &'a BTreeMap<String, String>,
}

impl<'a> Facts<'a> {
    fn of(self, slot: Slot) -> &'a str {
        let label = |key: &str| self.labels.get(key).map_or("", String::as_str);
        match slot {
            Slot::Namespace => self.namespace,
            Slot::Name => self.name,
            Slot::Kind => self.kind,
            Slot::Service => self.service,
            Slot::Version => self.version,
            Slot::ManagedBy => label("app.kubernetes.io/managed-by"),
            Slot::KroVersion => label("kro.run/kro-version"),
        }
    }
}

/// Default tags, and labels that become tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefaultTags {
    tags: Vec<(String, Template)>,
    labels: Vec<String>,
}

impl DefaultTags {
    /// From the flags: tags as ACK's `--resource-tags` has them (`key=value`, with placeholders in the value), and keys of
    /// labels that become tags of the same key. An object's label goes before its namespace's.
    ///
    /// # Errors
    /// A sentence that names the tag which is none.
    pub fn parse(tags: &[String], labels: &[String]) -> Result<Self, String> {
        let given = tags.iter().map(String::as_str).filter(|tag| !tag.is_empty());
        let labels = labels.iter().filter(|label| !label.is_empty()).cloned().collect();
        Ok(Self { tags: given.map(parse).collect::<Result<_, _>>()?, labels })
    }

    /// The labels that become tags.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// The tags that a resource has as long as it lives. What names a version is not among them: an upgrade of Cairn must
    /// not retag everything.
    #[must_use]
    pub fn lasting(&self, facts: Facts<'_>) -> Tags {
        let labels = self.labels.iter().filter_map(|key| {
            let value = facts.labels.get(key).or_else(|| facts.namespace_labels.get(key))?;
            Some((key.clone(), value.clone()))
        });
        let templates = self.tags.iter().filter(|(_, value)| !names_version(value));
        rendered(templates, facts).chain(labels).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The tags that a resource is created with and that nobody looks at again.
    #[must_use]
    pub fn at_creation(&self, facts: Facts<'_>) -> Tags {
        let templates = self.tags.iter().filter(|(_, value)| names_version(value));
        rendered(templates, facts).filter(|(_, value)| !value.is_empty()).collect()
    }
}

fn names_version(value: &Template) -> bool {
    value.has(Slot::Version) || value.has(Slot::KroVersion)
}

fn rendered<'a>(
    tags: impl Iterator<Item = &'a (String, Template)>,
    facts: Facts<'a>,
) -> impl Iterator<Item = (String, String)> {
    tags.map(move |(key, value)| (key.clone(), value.render(|slot| facts.of(slot))))
}

fn parse(tag: &str) -> Result<(String, Template), String> {
    let Some((key, value)) = tag.split_once('=').filter(|(key, value)| !key.is_empty() && !value.contains('=')) else {
        return Err(format!("`{tag}` is no tag; write key=value"));
    };
    Ok((key.into(), Template::parse(value, Slot::ALL)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn facts<'a>(labels: &'a Tags, namespace_labels: &'a Tags) -> Facts<'a> {
        Facts { service: "s3", kind: "Bucket", namespace: "ns", name: "a", version: "1.2", labels, namespace_labels }
    }

    #[test]
    fn placeholders_are_filled_and_what_is_empty_is_left_out() {
        let tags = strings(&["where=%K8S_NAMESPACE%/%K8S_RESOURCE_NAME%", "by=%MANAGED_BY%", "v=%CONTROLLER_VERSION%"]);
        let tags = DefaultTags::parse(&tags, &[]).unwrap();
        let none = Tags::new();
        assert_eq!(tags.lasting(facts(&none, &none)), map(&[("where", "ns/a")]));
        assert_eq!(tags.at_creation(facts(&none, &none)), map(&[("v", "1.2")]));
        let managed = map(&[("app.kubernetes.io/managed-by", "kro")]);
        assert_eq!(tags.lasting(facts(&managed, &none))["by"], "kro");
    }

    #[test]
    fn the_objects_label_goes_before_its_namespaces() {
        let tags = DefaultTags::parse(&[], &strings(&["team", "cost"])).unwrap();
        let (object, namespace) = (map(&[("team", "a"), ("other", "x")]), map(&[("team", "b"), ("cost", "7")]));
        assert_eq!(tags.lasting(facts(&object, &namespace)), map(&[("team", "a"), ("cost", "7")]));
    }

    #[test]
    fn what_is_no_tag_is_named() {
        for bad in ["key", "=value", "a=b=c", "a=%NOTHING%"] {
            assert!(DefaultTags::parse(&strings(&[bad]), &[]).is_err(), "{bad}");
        }
        assert_eq!(DefaultTags::parse(&strings(&[""]), &strings(&[""])), Ok(DefaultTags::default()));
    }
}
