//! The order of what depends on each other.

use std::collections::BTreeSet;

/// An order in which everything comes after what it depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// One after the other; where there is a choice, in the order of the definition, as kro does.
    pub sequence: Vec<usize>,
    /// Together: each wave depends only on earlier ones, and each member on one of the wave before.
    pub waves: Vec<Vec<usize>>,
    /// Together, in the order of deletion: nothing depends on the first wave, and each member of another is needed by
    /// one of the wave before.
    pub deletion: Vec<Vec<usize>>,
}

impl Order {
    /// The number that kro gives a node in the annotation `apply-order`: counted from one, higher for what is deleted
    /// earlier.
    #[must_use]
    pub fn rank(&self, node: usize) -> usize {
        let wave = self.deletion.iter().position(|wave| wave.contains(&node)).unwrap_or_default();
        self.deletion.len() - wave
    }
}

/// Nodes that depend on each other: each on the next, and the last on the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<usize>);

/// Orders nodes by the positions of those that each depends on; positions that do not exist are ignored.
///
/// # Errors
/// There is a cycle: the one that is reached from the first node that cannot be ordered.
pub fn order(dependencies: &[BTreeSet<usize>]) -> Result<Order, Cycle> {
    let count = dependencies.len();
    let mut dependents = vec![Vec::new(); count];
    let mut missing = vec![0_usize; count];
    for (node, needed) in dependencies.iter().enumerate() {
        for need in needed.iter().filter(|need| **need < count) {
            dependents.get_mut(*need).into_iter().for_each(|list| list.push(node));
            missing.get_mut(node).into_iter().for_each(|number| *number += 1);
        }
    }
    let mut ready: BTreeSet<usize> = (0..count).filter(|node| missing.get(*node) == Some(&0)).collect();
    let mut levels = vec![0_usize; count];
    let mut sequence = Vec::with_capacity(count);
    while let Some(node) = ready.pop_first() {
        sequence.push(node);
        let level = levels.get(node).map_or(0, |level| level + 1);
        for dependent in dependents.get(node).into_iter().flatten() {
            levels.get_mut(*dependent).into_iter().for_each(|known| *known = level.max(*known));
            let Some(left) = missing.get_mut(*dependent) else { continue };
            *left -= 1;
            if *left == 0 {
                ready.insert(*dependent);
            }
        }
    }
    if sequence.len() < count {
        return Err(cycle(dependencies, &missing));
    }
    let mut heights = vec![0_usize; count];
    for node in sequence.iter().rev() {
        let height = heights.get(*node).map_or(0, |height| height + 1);
        for need in dependencies.get(*node).into_iter().flatten() {
            heights.get_mut(*need).into_iter().for_each(|known| *known = height.max(*known));
        }
    }
    Ok(Order { waves: waves(&levels), deletion: waves(&heights), sequence })
}

fn waves(levels: &[usize]) -> Vec<Vec<usize>> {
    let mut waves = vec![Vec::new(); levels.iter().max().map_or(0, |last| last + 1)];
    for (node, level) in levels.iter().enumerate() {
        waves.get_mut(*level).into_iter().for_each(|wave: &mut Vec<usize>| wave.push(node));
    }
    waves
}

/// Every node that is left needs another that is left: following them ends in a cycle.
fn cycle(dependencies: &[BTreeSet<usize>], missing: &[usize]) -> Cycle {
    let left = |node: &usize| missing.get(*node).is_some_and(|count| *count > 0);
    let mut walked = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = (0..missing.len()).find(left);
    while let Some(node) = next {
        if !seen.insert(node) {
            let start = walked.iter().position(|walked| *walked == node).unwrap_or(0);
            walked.drain(..start);
            break;
        }
        walked.push(node);
        next = dependencies.get(node).and_then(|needed| needed.iter().copied().find(|need| left(need)));
    }
    let first = walked.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(at, _)| at);
    walked.rotate_left(first);
    Cycle(walked)
}
