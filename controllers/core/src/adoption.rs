//! Whether an object may take over a resource that it did not create. Names as ACK's.

use std::{collections::BTreeMap, str::FromStr};

/// What an object asks for by its annotation `adoption-policy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Take over the resource as it is, and write into the spec what AWS has. There has to be one.
    Adopt,
    /// Take over the resource and bring it in line with the spec, or create it.
    AdoptOrCreate,
}

impl Policy {
    /// The policy as the annotation has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Adopt => "adopt",
            Self::AdoptOrCreate => "adopt-or-create",
        }
    }
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "adopt" => Ok(Self::Adopt),
            "adopt-or-create" => Ok(Self::AdoptOrCreate),
            other => Err(format!("`{other}` is no adoption policy; it is either adopt or adopt-or-create")),
        }
    }
}

/// Whether an object may take over what nobody owns. What carries another object's ownership it never may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// It does not ask to.
    NotAsked,
    /// It asks to, and may.
    Asked(Policy),
    /// It asks to, and may not; who can permit it.
    Refused(String),
}

/// The name or id of the resource to take over, from the annotation `adoption-fields`; `identifiers` are the keys that
/// the kind knows.
///
/// # Errors
/// A sentence that names the keys which the kind knows, when the annotation has none of them, or another.
pub fn identity(fields: &BTreeMap<String, String>, identifiers: &[&str]) -> Result<Option<String>, String> {
    if fields.is_empty() {
        return Ok(None);
    }
    if let Some(unknown) = fields.keys().find(|key| !identifiers.contains(&key.as_str())) {
        return Err(format!(
            "adoption-fields: `{unknown}` names no resource of this kind; use {}",
            identifiers.join(" or ")
        ));
    }
    Ok(identifiers.iter().find_map(|key| fields.get(*key)).cloned())
}

/// The namespaces whose objects may adopt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// All.
    Everywhere,
    /// These.
    In(Vec<String>),
}

impl Allowed {
    /// From the setting: a list of namespaces, in which `*` stands for all.
    #[must_use]
    pub fn from_list(namespaces: &[String]) -> Self {
        if namespaces.iter().any(|namespace| namespace == "*") {
            Self::Everywhere
        } else {
            Self::In(namespaces.to_vec())
        }
    }

    /// What becomes of an object's wish.
    #[must_use]
    pub fn decide(&self, asked: Option<Policy>, namespace: &str) -> Adoption {
        let Some(policy) = asked else { return Adoption::NotAsked };
        match self {
            Self::In(allowed) if allowed.iter().all(|allowed| allowed != namespace) => Adoption::Refused(format!(
                "objects in namespace {namespace} may not adopt resources; whoever runs Cairn can permit it by \
                 --adoption-namespaces (chart value adoption.namespaces)"
            )),
            _ => Adoption::Asked(policy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_namespaces_that_are_named_may_adopt() {
        let allowed = Allowed::from_list(&["a".into()]);
        assert_eq!(allowed.decide(None, "b"), Adoption::NotAsked);
        assert_eq!(allowed.decide(Some(Policy::Adopt), "a"), Adoption::Asked(Policy::Adopt));
        let Adoption::Refused(why) = allowed.decide(Some(Policy::Adopt), "b") else { panic!("permitted") };
        assert!(why.contains("namespace b") && why.contains("--adoption-namespaces"), "{why}");
        let all = Allowed::from_list(&["a".into(), "*".into()]);
        assert_eq!(all.decide(Some(Policy::AdoptOrCreate), "b"), Adoption::Asked(Policy::AdoptOrCreate));
        assert!(matches!(Allowed::from_list(&[]).decide(Some(Policy::Adopt), "a"), Adoption::Refused(_)));
    }

    #[test]
    fn adoption_fields_name_a_resource_by_what_its_kind_knows() {
        let fields = |key: &str| BTreeMap::from([(key.to_owned(), "x".to_owned())]);
        assert_eq!(identity(&BTreeMap::new(), &["name"]), Ok(None));
        assert_eq!(identity(&fields("name"), &["name"]), Ok(Some("x".into())));
        assert!(identity(&fields("nam"), &["name", "arn"]).unwrap_err().contains("`nam`"));
    }

    #[test]
    fn a_word_that_is_no_policy_is_named() {
        assert_eq!("adopt".parse(), Ok(Policy::Adopt));
        assert_eq!("adopt-or-create".parse(), Ok(Policy::AdoptOrCreate));
        assert!("Adopt".parse::<Policy>().unwrap_err().contains("`Adopt`"));
    }
}
