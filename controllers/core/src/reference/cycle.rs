//! References that lead back to where they began.

use std::collections::BTreeSet;

use super::Target;

/// The shortest way from `start` back to it along references, both ends included; `None` when there is none. `edges`
/// tells what an object refers to.
#[must_use]
pub fn cycle(start: &Target, edges: impl Fn(&Target) -> Vec<Target>) -> Option<Vec<Target>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![start.clone()]];
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in way.last().map(&edges).unwrap_or_default() {
                let way: Vec<_> = way.iter().cloned().chain([next.clone()]).collect();
                if next == *start {
                    return Some(way);
                }
                if seen.insert(next) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}
