//! Who may be worked on now, of those whose turn it is.
//!
//! A worker that waits for an answer is taken for as long as that takes. So that a crowd never takes all of them, some
//! stay free for what is more urgent, and a namespace takes one only while it has no more than a few times as many as
//! are left: that bounds one crowd and several at once, and lets a namespace that is alone have most of them. (It is the
//! dynamic threshold by which switches share their buffers: Choudhury and Hahne, IEEE/ACM Transactions on Networking
//! 6(2), 1998.)

use std::{collections::HashMap, sync::Arc};

use super::Priority;

/// How many times as many as are left a namespace may have.
const SHARE: usize = 3;

/// The seats at which keys are worked on. How many there are is told with each question.
#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: usize,
    namespaces: HashMap<Arc<str>, [usize; Priority::ALL.len()]>,
}

impl Seats {
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Whether one of that many is left for a key of this priority in some namespace.
    pub(super) fn are_left(&self, total: usize, priority: Priority) -> bool {
        self.left(total) > kept_free(total, priority)
    }

    /// Whether the namespace may take one of them. One in which nothing of this priority or above is worked on may
    /// always. What is less urgent does not count: a namespace's own checks are not in the way of its edits.
    pub(super) fn may_take(&self, total: usize, priority: Priority, namespace: &str) -> bool {
        let taken = self.namespaces.get(namespace).map_or(0, |taken| {
            Priority::ALL.iter().zip(taken).filter(|(of, _)| **of >= priority).map(|(_, taken)| taken).sum()
        });
        taken < self.left(total).saturating_mul(SHARE)
    }

    pub(super) fn take(&mut self, priority: Priority, namespace: &Arc<str>) {
        self.taken += 1;
        *of(self.namespaces.entry(Arc::clone(namespace)).or_default(), priority) += 1;
    }

    pub(super) fn leave(&mut self, priority: Priority, namespace: &str) {
        self.taken = self.taken.saturating_sub(1);
        let Some(taken) = self.namespaces.get_mut(namespace) else { return };
        let here = of(taken, priority);
        *here = here.saturating_sub(1);
        if taken.iter().all(|taken| *taken == 0) {
            self.namespaces.remove(namespace);
        }
    }

    fn left(&self, total: usize) -> usize {
        total.saturating_sub(self.taken)
    }
}

/// How many of the seats this priority leaves to those above it.
fn kept_free(total: usize, priority: Priority) -> usize {
    match priority {
        Priority::Edit => 0,
        Priority::Dependency => total / 8,
        Priority::Resync => total / 4,
    }
}

fn of(taken: &mut [usize; Priority::ALL.len()], priority: Priority) -> &mut usize {
    let [edit, dependency, resync] = taken;
    match priority {
        Priority::Edit => edit,
        Priority::Dependency => dependency,
        Priority::Resync => resync,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOTAL: usize = 16;

    /// Seats that were taken as long as that was allowed, by each of these in turn.
    fn crowded(seats: &mut Seats, by: &[(Priority, &str)]) -> Vec<usize> {
        let mut got = Vec::new();
        for (priority, namespace) in by {
            let before = seats.taken();
            while seats.are_left(TOTAL, *priority) && seats.may_take(TOTAL, *priority, namespace) {
                seats.take(*priority, &Arc::from(*namespace));
            }
            got.push(seats.taken() - before);
        }
        got
    }

    #[test]
    fn a_crowd_leaves_seats_to_other_namespaces() {
        for priority in Priority::ALL {
            let mut seats = Seats::default();
            assert_eq!(crowded(&mut seats, &[(priority, "busy")]), [12], "{priority:?}");
            assert!(seats.left(TOTAL) == 4 && seats.may_take(TOTAL, priority, "mine"));
        }
    }

    #[test]
    fn checks_and_retries_leave_seats_to_edits_of_their_own_namespace() {
        let mut seats = Seats::default();
        let by = [(Priority::Resync, "a"), (Priority::Dependency, "a"), (Priority::Dependency, "b")];
        assert_eq!(crowded(&mut seats, &by), [12, 2, 0]);
        assert_eq!(crowded(&mut seats, &[(Priority::Edit, "a"), (Priority::Edit, "b")]), [2, 0]);
        assert_eq!(seats.left(TOTAL), 0);
    }

    #[test]
    fn among_crowds_each_gives_way_as_its_work_ends() {
        let mut seats = Seats::default();
        let both = [(Priority::Edit, "a"), (Priority::Edit, "b")];
        assert_eq!(crowded(&mut seats, &both), [12, 3]);
        for _ in 0..6 {
            seats.leave(Priority::Edit, "a");
        }
        assert_eq!(crowded(&mut seats, &[both[1], both[0]]), [5, 0]);
        assert_eq!(seats.left(TOTAL), 2);
    }

    #[test]
    fn few_seats_are_all_used_and_nobody_is_shut_out() {
        for total in 1..=3 {
            let mut seats = Seats::default();
            for taken in 0..total {
                assert_eq!(seats.taken(), taken);
                assert!(seats.are_left(total, Priority::Resync) && seats.may_take(total, Priority::Resync, "a"));
                seats.take(Priority::Resync, &Arc::from("a"));
            }
            assert!(!seats.are_left(total, Priority::Edit));
            (0..total).for_each(|_| seats.leave(Priority::Resync, "a"));
            assert!(seats.namespaces.is_empty());
        }
    }
}
