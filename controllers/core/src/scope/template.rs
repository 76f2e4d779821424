//! Texts with placeholders, which are spelt as ACK spells them in tags.

use super::Subject;

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    Namespace,
    Name,
    Kind,
    Service,
}

/// Every placeholder. None holds what an author writes freely, such as a label.
const SLOTS: &[(&str, Slot)] = &[
    ("K8S_NAMESPACE", Slot::Namespace),
    ("K8S_RESOURCE_NAME", Slot::Name),
    ("K8S_RESOURCE_KIND", Slot::Kind),
    ("CONTROLLER_SERVICE", Slot::Service),
];

impl Template {
    /// Takes a text apart. A `%` is always part of a placeholder: AWS allows it in none of the texts.
    ///
    /// # Errors
    /// A sentence that names the placeholder that there is not.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        // Texts and names of placeholders take turns.
        let mut pieces = Vec::new();
        for (number, part) in text.split('%').enumerate() {
            if number % 2 == 1 {
                pieces.push(Piece::Slot(slot(part)?));
            } else if !part.is_empty() {
                pieces.push(Piece::Text(part.into()));
            }
        }
        if text.matches('%').count() % 2 == 1 {
            return Err(format!("`{text}` holds a % that is no part of a placeholder"));
        }
        Ok(Self(pieces))
    }

    /// The text for an object.
    pub(super) fn render(&self, subject: &Subject<'_>) -> String {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Slot(Slot::Namespace) => subject.namespace.to_owned(),
            Piece::Slot(Slot::Name) => subject.name.to_owned(),
            Piece::Slot(Slot::Kind) => subject.kind.kind.to_owned(),
            Piece::Slot(Slot::Service) => subject.kind.home.service().to_owned(),
        };
        self.0.iter().map(text).collect()
    }
}

fn slot(name: &str) -> Result<Slot, String> {
    let found = SLOTS.iter().find(|(known, _)| *known == name).map(|(_, slot)| *slot);
    found.ok_or_else(|| {
        let known: Vec<_> = SLOTS.iter().map(|(name, _)| format!("%{name}%")).collect();
        format!("there is no placeholder %{name}%; there are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cairn_crds::s3::BUCKET;

    use super::*;

    fn rendered(text: &str) -> Result<String, String> {
        let none = BTreeMap::new();
        let subject = Subject {
            kind: &BUCKET,
            namespace: "team-a",
            name: "logs",
            labels: &none,
            annotations: &none,
            region: None,
            recorded: None,
        };
        Template::parse(text).map(|template| template.render(&subject))
    }

    #[test]
    fn placeholders_are_filled() {
        let cases = [
            ("", ""),
            ("plain", "plain"),
            ("%K8S_NAMESPACE%", "team-a"),
            ("x-%K8S_NAMESPACE%/%K8S_RESOURCE_NAME%", "x-team-a/logs"),
            ("%K8S_RESOURCE_KIND%%CONTROLLER_SERVICE%", "Buckets3"),
        ];
        for (text, expected) in cases {
            assert_eq!(rendered(text), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn what_is_no_placeholder_is_named() {
        assert!(rendered("%NAMESPACE%").unwrap_err().contains("%NAMESPACE%"));
        assert!(rendered("100%%").is_err());
        assert!(rendered("100%").is_err());
        assert!(rendered("%K8S_NAMESPACE").is_err());
    }
}
