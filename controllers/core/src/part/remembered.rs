//! Names of entries as a record remembers them. A status stays small: where names are many, only a digest of each is kept.

use std::collections::BTreeMap;

use crate::digest;

/// So many bytes of names are kept as they are.
const PLAIN: usize = 4096;
/// What a digest of a name begins with, and how many of its characters are kept: 48 bits, so that among
/// thousands of names none is taken for another.
const MARK: &str = "~";
const DIGITS: usize = 12;

/// What is remembered of these names.
pub(super) fn remembered(names: Vec<String>) -> Vec<String> {
    let bytes: usize = names.iter().map(String::len).sum();
    if bytes <= PLAIN { names } else { names.iter().map(|name| short(name)).collect() }
}

/// Names by what may be remembered of them.
#[derive(Debug)]
pub(super) struct Names<'n>(BTreeMap<String, &'n str>);

impl<'n> Names<'n> {
    /// These names, to be looked up by what is in `remembered`.
    pub(super) fn of(names: impl Iterator<Item = &'n str>, remembered: &[String]) -> Self {
        let shortened = remembered.iter().any(|known| known.starts_with(MARK));
        let both = |name: &'n str| [(name.to_owned(), name)].into_iter().chain(shortened.then(|| (short(name), name)));
        Self(names.flat_map(both).collect())
    }

    /// The name of which this is remembered.
    pub(super) fn get(&self, remembered: &str) -> Option<&'n str> {
        self.0.get(remembered).copied()
    }
}

fn short(name: &str) -> String {
    let digest = digest::of_parts(&[name]);
    format!("{MARK}{}", digest.get(..DIGITS).unwrap_or(&digest))
}
