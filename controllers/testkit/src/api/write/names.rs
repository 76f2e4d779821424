//! The shapes of names, as Kubernetes demands them. Each function says what is wrong, once for each demand.

const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
    and must start and end with an alphanumeric character";
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
    start and end with an alphanumeric character";
const NAME_PART: &str = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with \
    an alphanumeric character";
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or \
    '.', and must start and end with an alphanumeric character";

fn framed(text: &str, inner: impl Fn(char) -> bool, ends: impl Fn(char) -> bool) -> bool {
    text.chars().all(inner) && text.chars().next().is_some_and(&ends) && text.chars().next_back().is_some_and(&ends)
}

fn is_lower(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

fn is_label(text: &str) -> bool {
    framed(text, |c| is_lower(c) || c == '-', is_lower)
}

fn is_free(text: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    framed(text, |c| alphanumeric(c) || matches!(c, '-' | '_' | '.'), alphanumeric)
}

fn demands(list: [(bool, &str); 2]) -> Vec<String> {
    list.into_iter().filter(|(broken, _)| *broken).map(|(_, why)| why.to_owned()).collect()
}

/// `example.com`; a prefix of a generated name may end in a dash.
pub(super) fn subdomain(name: &str, prefix: bool) -> Vec<String> {
    let name = masked(name, prefix);
    demands([(name.len() > 253, "must be no more than 253 bytes"), (!name.split('.').all(is_label), SUBDOMAIN)])
}

/// `example`.
pub(super) fn label(name: &str, prefix: bool) -> Vec<String> {
    let name = masked(name, prefix);
    demands([(name.len() > 63, "must be no more than 63 bytes"), (!is_label(&name), LABEL)])
}

fn masked(name: &str, prefix: bool) -> String {
    match name.strip_suffix('-') {
        Some(rest) if prefix && !rest.is_empty() => format!("{}a", rest.get(..rest.len() - 1).unwrap_or_default()),
        _ => name.to_owned(),
    }
}

/// `example.com/name` or `name`: keys of labels, finalizers.
pub(crate) fn qualified(text: &str) -> Vec<String> {
    let (prefix, name) = match text.split('/').collect::<Vec<_>>().as_slice() {
        [name] => (None, *name),
        [prefix, name] => (Some(*prefix), *name),
        _ => return vec![format!("a qualified name {NAME_PART}")],
    };
    let mut wrong = match prefix {
        None => Vec::new(),
        Some("") => vec!["prefix part must be non-empty".to_owned()],
        Some(prefix) => subdomain(prefix, false).into_iter().map(|why| format!("prefix part {why}")).collect(),
    };
    let length =
        if name.is_empty() { "name part must be non-empty" } else { "name part must be no more than 63 bytes" };
    wrong.extend(demands([(name.is_empty() || name.len() > 63, length), (!is_free(name), NAME_PART)]));
    wrong
}

/// Values of labels.
pub(crate) fn label_value(text: &str) -> Vec<String> {
    let fine = text.is_empty() || is_free(text);
    demands([(text.len() > 63, "must be no more than 63 bytes"), (!fine, LABEL_VALUE)])
}

/// Keys of `ConfigMaps` and `Secrets`.
pub(super) fn config_key(key: &str) -> Vec<String> {
    let mut wrong = demands([
        (key.len() > 253, "must be no more than 253 bytes"),
        (
            key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')),
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
        ),
    ]);
    if key == "." {
        wrong.push("must not be '.'".to_owned());
    } else if key == ".." {
        wrong.push("must not be '..'".to_owned());
    } else if key.starts_with("..") {
        wrong.push("must not start with '..'".to_owned());
    }
    wrong
}

/// What a path of a URL can hold.
pub(super) fn path_segment(name: &str) -> Vec<String> {
    if name == "." || name == ".." {
        return vec![format!("may not be '{name}'")];
    }
    ['/', '%'].into_iter().filter(|c| name.contains(*c)).map(|c| format!("may not contain '{c}'")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_takes_what_fits_and_counts_what_does_not() {
        for (shape, good, bad) in [
            (subdomain as fn(&str, bool) -> Vec<String>, vec!["a", "a-1.b"], vec![("A", 1), ("a..b", 1), ("a-", 1)]),
            (label, vec!["a-1"], vec![("a.b", 1), ("", 1)]),
            (|text, _| qualified(text), vec!["a", "x.y/A_b"], vec![("", 2), ("/a", 1), ("a/b/c", 1), ("X/-", 2)]),
            (|text, _| label_value(text), vec!["", "A.b"], vec![("%", 1), ("-", 1)]),
            (|text, _| config_key(text), vec!["a", ".a", "A_b"], vec![("..", 1), ("a b", 1), ("..a", 1), ("", 1)]),
            (|text, _| path_segment(text), vec!["A b"], vec![(".", 1), ("a/b%", 2)]),
        ] {
            for good in good {
                assert_eq!(shape(good, false), Vec::<String>::new(), "{good}");
            }
            for (bad, count) in bad {
                assert_eq!(shape(bad, false).len(), count, "{bad}");
            }
        }
        assert!(subdomain("a-", true).is_empty() && !subdomain("-", true).is_empty());
        assert_eq!(label(&"a".repeat(64), false).len(), 1);
    }
}
