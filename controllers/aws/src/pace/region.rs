//! The calls to one region of one service, of all accounts: let in, held back or turned away as its guard says.

use std::sync::Arc;

use tokio::time::Instant;

use super::{
    Access, Outcome,
    guard::{Entry, Guard, Health},
    line::Line,
    room::{Keeper, Next},
};

/// The door to a region.
#[derive(Debug, Default)]
pub(super) struct Region {
    line: Line<Access>,
    guard: Guard,
}

impl Region {
    /// Whether a call would be turned away now.
    pub(super) fn refuses(&self, now: Instant, access: Access) -> bool {
        self.guard.outlook(now, access) == Entry::Refused
    }

    /// A call is without an answer for so long that it counts as failed, although it is still under way.
    pub(super) fn suspect(&mut self, now: Instant) {
        self.guard.failed(now);
    }

    /// When somebody whose call failed or was turned away is to come back; at no special time while the region is up.
    pub(super) fn come_back(&mut self, now: Instant) -> Option<Instant> {
        (self.guard.health() == Health::Down).then(|| self.guard.come_back(now))
    }
}

impl Keeper for Region {
    type Caller = Access;
    type Pass = Entry;
    type Signal = Health;

    fn join(&mut self, number: u64, namespace: &Arc<str>, access: Access) {
        self.line.join(number, namespace, access);
    }

    fn leave(&mut self, number: u64, namespace: &Arc<str>) {
        self.line.leave(number, namespace);
    }

    fn next(&mut self, now: Instant) -> Next<Entry> {
        let Some(access) = self.line.first() else { return Next::Nobody };
        let entry = self.guard.enter(now, *access);
        if let Entry::Wait(at) = entry {
            return Next::At(at);
        }
        self.line.pop().map_or(Next::Nobody, |(number, _)| Next::Pass(number, entry))
    }

    fn done(&mut self, now: Instant, entry: &Entry, outcome: Outcome) {
        self.guard.done(now, *entry, outcome);
    }

    fn signal(&self, _: Instant) -> Health {
        self.guard.health()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_when_the_region_goes_down_is_turned_away_at_once() {
        let (mut region, now) = (Region::default(), Instant::now());
        let second = std::time::Duration::from_secs(1);
        (0..5).for_each(|_| region.suspect(now));
        region.join(0, &Arc::from("a"), Access::Read);
        let Next::Pass(0, Entry::Probe) = region.next(now + second) else { panic!("no probe") };
        region.done(now + second, &Entry::Probe, Outcome::Answered);
        for number in 1..10 {
            region.join(number, &Arc::from("a"), Access::Mutate);
        }
        assert!(matches!(region.next(now + second), Next::Pass(1, Entry::Go)));
        assert!(matches!(region.next(now + second), Next::At(_)));
        (0..2).for_each(|_| region.suspect(now + second));
        for number in 2..10 {
            assert!(matches!(region.next(now + second), Next::Pass(n, Entry::Refused) if n == number));
        }
        assert!(matches!(region.next(now + second), Next::Nobody));
    }
}
