//! The plural of a kind in paths of the API, as kro makes it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const WORDS: &str = include_str!("plural_words.txt");
const ENDINGS: &str = include_str!("plural_endings.txt");

static RULES: LazyLock<Rules> = LazyLock::new(Rules::read);

/// What is known of plurals.
#[derive(Debug, Default)]
struct Rules {
    /// Whole words.
    words: BTreeMap<&'static str, &'static str>,
    /// Whole words that are plurals already.
    plurals: BTreeSet<&'static str>,
    /// Endings of the singular and of the plural, the first that fits counts.
    endings: Vec<(&'static str, &'static str)>,
}

impl Rules {
    fn read() -> Self {
        let mut rules = Self::default();
        for line in lines(WORDS) {
            let parts: Vec<&str> = line.split(' ').collect();
            let [word, plural, other, marks @ ..] = parts.as_slice() else { continue };
            rules.words.insert(word, plural);
            if !marks.contains(&"oneway") {
                rules.plurals.extend([plural, other]);
            }
            if !marks.contains(&"exact") {
                rules.endings.insert(0, (word, plural));
            }
        }
        rules.endings.extend(lines(ENDINGS).filter_map(|line| line.split_once(' ')));
        rules
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// The plural of a word in lower case.
#[must_use]
pub fn plural(word: &str) -> String {
    let rules = &*RULES;
    if let Some(known) = rules.words.get(word) {
        return (*known).to_owned();
    }
    if rules.plurals.contains(word) {
        return word.to_owned();
    }
    for (singular, plural) in &rules.endings {
        if word.ends_with(plural) {
            return word.to_owned();
        }
        if let Some(stem) = word.strip_suffix(singular) {
            return format!("{stem}{plural}");
        }
    }
    if word.ends_with('s') { word.to_owned() } else { format!("{word}s") }
}
