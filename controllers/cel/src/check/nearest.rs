//! The name that was probably meant.

/// Longer names are not compared: the cost is quadratic, and nobody misspells them by a letter or two.
const MAX_LENGTH: usize = 64;

/// The candidate that differs least from what was written, if it differs little.
#[must_use]
pub fn nearest<'n>(written: &str, candidates: impl Iterator<Item = &'n str>) -> Option<String> {
    let limit = (written.chars().count() / 3).max(1) + 1;
    let lower = written.to_lowercase();
    candidates
        .filter(|candidate| candidate.len() <= MAX_LENGTH && written.len() <= MAX_LENGTH)
        .map(|candidate| (distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate.to_owned())
}

/// How many letters to insert, delete, replace or swap.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default()
}
