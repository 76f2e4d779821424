//! Texts with placeholders, which are spelt as ACK spells them in tags.

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
}

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Namespace of the object.
    Namespace,
    /// Name of the object.
    Name,
    /// Kind of the object.
    Kind,
    /// AWS service of the kind.
    Service,
    /// Version of Cairn.
    Version,
    /// The object's label `app.kubernetes.io/managed-by`.
    ManagedBy,
    /// The object's label `kro.run/kro-version`.
    KroVersion,
}

const SLOTS: &[(&str, Slot)] = &[
    ("K8S_NAMESPACE", Slot::Namespace),
    ("K8S_RESOURCE_NAME", Slot::Name),
    ("K8S_RESOURCE_KIND", Slot::Kind),
    ("CONTROLLER_SERVICE", Slot::Service),
    ("CONTROLLER_VERSION", Slot::Version),
    ("MANAGED_BY", Slot::ManagedBy),
    ("KRO_VERSION", Slot::KroVersion),
];

impl Slot {
    /// Placeholders of which none holds what the author of an object writes freely, such as a label.
    pub const TRUSTED: &[Self] = &[Self::Namespace, Self::Name, Self::Kind, Self::Service];
    /// Every placeholder.
    pub const ALL: &[Self] =
        &[Self::Namespace, Self::Name, Self::Kind, Self::Service, Self::Version, Self::ManagedBy, Self::KroVersion];
}

impl Template {
    /// Takes a text apart, in which these placeholders may stand. A `%` is always part of a placeholder: AWS allows it in
    /// none of the texts.
    ///
    /// # Errors
    /// A sentence that names the placeholder that there is not.
    pub fn parse(text: &str, allowed: &[Slot]) -> Result<Self, String> {
        // Texts and names of placeholders take turns.
        let mut pieces = Vec::new();
        for (number, part) in text.split('%').enumerate() {
            if number % 2 == 1 {
                pieces.push(Piece::Slot(slot(part, allowed)?));
            } else if !part.is_empty() {
                pieces.push(Piece::Text(part.into()));
            }
        }
        if text.matches('%').count() % 2 == 1 {
            return Err(format!("`{text}` holds a % that is no part of a placeholder"));
        }
        Ok(Self(pieces))
    }

    /// The text, with what `fill` has for each placeholder.
    #[must_use]
    pub fn render<'a>(&'a self, fill: impl Fn(Slot) -> &'a str) -> String {
        let text = |piece: &'a Piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Slot(slot) => fill(*slot),
        };
        self.0.iter().map(text).collect()
    }

    /// Whether a placeholder stands in it.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.0.contains(&Piece::Slot(slot))
    }
}

fn slot(name: &str, allowed: &[Slot]) -> Result<Slot, String> {
    let open = || SLOTS.iter().filter(|(_, slot)| allowed.contains(slot));
    let found = open().find(|(known, _)| *known == name).map(|(_, slot)| *slot);
    found.ok_or_else(|| {
        let known: Vec<_> = open().map(|(name, _)| format!("%{name}%")).collect();
        format!("there is no placeholder %{name}%; there are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, String> {
        let fill = |slot| match slot {
            Slot::Namespace => "team-a",
            Slot::Name => "logs",
            Slot::Kind => "Bucket",
            _ => "s3",
        };
        let template = Template::parse(text, Slot::TRUSTED)?;
        Ok(template.render(fill))
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
        assert!(rendered("%MANAGED_BY%").is_err());
        assert!(Template::parse("%MANAGED_BY%", Slot::ALL).unwrap().has(Slot::ManagedBy));
        assert!(rendered("%NAMESPACE%").unwrap_err().contains("%NAMESPACE%"));
        assert!(rendered("100%%").is_err());
        assert!(rendered("100%").is_err());
        assert!(rendered("%K8S_NAMESPACE").is_err());
    }
}
