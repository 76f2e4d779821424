//! The comparison itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::table::{Reasons, Row};

/// What is compared of an answer: messages are everyone's own.
#[derive(PartialEq)]
enum Outcome<'a> {
    /// Refused before it ran; some say so when they parse what others say when they check.
    Refused,
    /// Failed when it ran.
    Failed,
    /// A value, and its type where the row states it.
    Value(&'a str),
}

impl<'a> Outcome<'a> {
    fn of(text: &'a str) -> Self {
        match text.split(' ').next() {
            Some("!syntax" | "!check") => Self::Refused,
            Some("!error") => Self::Failed,
            // With a crash of the oracle no row agrees.
            _ => Self::Value(text),
        }
    }
}

fn agree(expected: &str, answer: &str) -> bool {
    let value = answer.rsplit_once(" :: ").map_or(answer, |(value, _)| value);
    let stated = if expected.contains(" :: ") { answer } else { value };
    Outcome::of(expected) == Outcome::of(stated)
}

/// Everything that is not as it must be.
pub(crate) fn complaints(rows: &[Row], answers: &BTreeMap<String, String>, reasons: &Reasons) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut differing = BTreeSet::new();
    for row in rows {
        let answer = answers.get(&row.place()).and_then(|answer| answer.strip_prefix(&format!("{} => ", row.expr)));
        let answer = answer.unwrap_or("no answer");
        let known = if reasons.files.contains(&row.file) {
            Outcome::of(answer) == Outcome::Refused
        } else if agree(&row.expected, answer) {
            true
        } else {
            differing.insert(&row.expr);
            reasons.exprs.contains(&row.expr)
        };
        if !known {
            let Row { expr, expected, .. } = row;
            complaints.push(format!("{}: {expr}\n  expected {expected}\n  cel-go   {answer}", row.place()));
        }
    }
    let stale = reasons.exprs.iter().filter(|expr| !differing.contains(expr));
    complaints.extend(stale.map(|expr| format!("a reason for what does not differ: {expr}")));
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{answers, rows_of};

    fn of(table: &str, said: &str, reasons: &str) -> Vec<String> {
        complaints(&rows_of("t", table), &answers(said), &Reasons::parse(reasons))
    }

    #[test]
    fn agreement_is_of_values_types_and_kinds_of_failure() {
        let none: [String; 0] = [];
        assert_eq!(of("1 => 1 :: int", "t:1: 1 => 1 :: int", ""), none);
        assert_eq!(of("1 => 1", "t:1: 1 => 1 :: int", ""), none);
        assert_eq!(of("a => !check one", "t:1: a => !check other", ""), none);
        assert_eq!(of("a => !syntax one", "t:1: a => !check other", ""), none);
        assert_eq!(of("1/0 => !error one", "t:1: 1/0 => !error other", ""), none);
    }

    #[test]
    fn each_difference_is_found() {
        for said in ["2 :: int", "1 :: uint", "!error no", "!check no", "!crash no"] {
            assert_eq!(of("1 => 1 :: int", &format!("t:1: 1 => {said}"), "").len(), 1, "{said}");
        }
        assert_eq!(of("1 => !error no", "t:1: 1 => !check no", "").len(), 1);
        assert_eq!(of("1 => 1 :: int", "t:1: 2 => 1 :: int", "").len(), 1, "the answer is another row's");
        assert_eq!(of("1 => 1 :: int", "", "").len(), 1, "there is no answer");
    }

    #[test]
    fn a_reason_allows_a_difference_and_needs_one() {
        assert!(of("1 => 1 :: int", "t:1: 1 => 2 :: int", "1 => because").is_empty());
        assert_eq!(of("1 => 1 :: int", "t:1: 1 => 1 :: int", "1 => because").len(), 1);
    }

    #[test]
    fn a_file_with_a_reason_is_refused_as_a_whole() {
        assert!(of("1 => 1 :: int", "t:1: 1 => !check no", "@file t => because").is_empty());
        assert_eq!(of("1 => 1 :: int", "t:1: 1 => 1 :: int", "@file t => because").len(), 1);
    }
}
