//! What keeps a Namespace that is being deleted: the objects in it that are protected from deletion.

use cairn_crds::{Groups, annotation};

/// So many bytes of names are told at most; the rest are counted.
const LONGEST: usize = 600;

/// The sentence for an Event on the Namespace. `objects` are kind and name of each protected object, in the order in
/// which they are to be named; the first is named however long it is.
#[must_use]
pub fn sentence(objects: &[(String, String)], groups: &Groups) -> String {
    let mut named = String::new();
    let mut left = objects.len();
    for (kind, name) in objects {
        let next = format!("{kind} {name}");
        if !named.is_empty() && named.len() + next.len() > LONGEST {
            break;
        }
        if !named.is_empty() {
            named.push_str(", ");
        }
        named.push_str(&next);
        left -= 1;
    }
    let more = if left == 0 { String::new() } else { format!(" and {left} more") };
    let annotation = annotation::DELETION_PROTECTION.name(groups, "");
    format!(
        "held by what is protected from deletion: {named}{more}; the Namespace goes when the annotation {annotation} is \
         taken away from each, or from the Namespace where that has it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(count: usize) -> Vec<(String, String)> {
        (0..count).map(|number| ("Bucket".to_owned(), format!("photos-{number}"))).collect()
    }

    #[test]
    fn all_are_named_while_they_fit() {
        let said = sentence(&objects(2), &Groups::default());
        assert!(said.contains(": Bucket photos-0, Bucket photos-1; "), "{said}");
        assert!(said.contains("aws.cairn.run/deletion-protection"), "{said}");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let said = sentence(&objects(1_000), &Groups::default());
        let named = said.matches("Bucket photos-").count();
        assert!(said.contains(&format!(" and {} more;", 1_000 - named)), "{said}");
        assert!(named > 20 && said.len() < 1_000, "{named} in {} bytes", said.len());
    }

    #[test]
    fn one_long_name_is_told_whole() {
        let long = [("Bucket".to_owned(), "a".repeat(253)), ("Bucket".to_owned(), "b".repeat(253))];
        assert!(sentence(&long, &Groups::default()).contains(&"b".repeat(253)));
        let longer = [("Bucket".to_owned(), "a".repeat(700)), ("Bucket".to_owned(), "b".into())];
        assert!(sentence(&longer, &Groups::default()).contains(" and 1 more;"));
    }
}
