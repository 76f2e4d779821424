//! Paths of fields within an object, as definitions write them.

use std::fmt;

use serde_json::Value as Json;

/// Fields within fields: `spec.replicas`, or `metadata.annotations["a.b/c"]` where a name has other characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Vec<String>);

impl FieldPath {
    /// Reads a path.
    ///
    /// # Errors
    /// It is none, or it leads to what an object is known by.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut names = Vec::new();
        let mut rest = text.strip_prefix('.').unwrap_or(text);
        while !rest.is_empty() {
            let (name, after) = next(rest).ok_or_else(|| format!("{text:?} is no path of fields"))?;
            names.push(name);
            rest = match after.strip_prefix('.') {
                Some(after) if !after.is_empty() => after,
                None if after.is_empty() || after.starts_with('[') => after,
                _ => return Err(format!("{text:?} is no path of fields")),
            };
        }
        match names.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Err("the path is empty".to_owned()),
            ["apiVersion" | "kind" | "metadata"] | ["metadata", "name" | "namespace"] => {
                Err(format!("{text:?} is what the object is known by, and cannot be another's"))
            }
            _ => Ok(Self(names)),
        }
    }

    /// The names, the outermost first; never empty.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Removes the field from an object; tells whether it was there.
    pub fn remove(&self, object: &mut Json) -> bool {
        let Some((last, outer)) = self.0.split_last() else { return false };
        let parent = outer.iter().try_fold(object, |part, name| part.get_mut(name));
        parent.and_then(Json::as_object_mut).is_some_and(|fields| fields.remove(last).is_some())
    }
}

fn next(text: &str) -> Option<(String, &str)> {
    if let Some(rest) = text.strip_prefix("[\"").or_else(|| text.strip_prefix("['")) {
        let end = rest.find(['"', '\''])?;
        let (name, after) = rest.split_at_checked(end)?;
        let after = after.get(1..)?.strip_prefix(']')?;
        return (!name.is_empty()).then(|| (name.to_owned(), after));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, after) = text.split_at_checked(end)?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$'));
    plain.then(|| (name.to_owned(), after))
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().fold(String::new(), |path, name| crate::problem::field(&path, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_written() {
        for (text, names) in [
            ("spec.replicas", vec!["spec", "replicas"]),
            (".spec", vec!["spec"]),
            ("metadata.annotations[\"a.b/c\"]", vec!["metadata", "annotations", "a.b/c"]),
            ("['spec'].x", vec!["spec", "x"]),
        ] {
            assert_eq!(FieldPath::parse(text).unwrap().names(), names, "{text}");
        }
        assert_eq!(FieldPath::parse("a[\"b.c\"].d").unwrap().to_string(), "a[\"b.c\"].d");
        for bad in
            ["", ".", "a.", "a..b", "a[b]", "a[\"b\"", "a b", "metadata.name", "kind", "metadata", "a[\"\"]", "${x}"]
        {
            assert!(FieldPath::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_field_is_removed() {
        let mut object = serde_json::json!({"spec": {"replicas": 2, "x": 1}});
        assert!(FieldPath::parse("spec.replicas").unwrap().remove(&mut object));
        assert!(!FieldPath::parse("spec.y.z").unwrap().remove(&mut object));
        assert_eq!(object, serde_json::json!({"spec": {"x": 1}}));
    }
}
