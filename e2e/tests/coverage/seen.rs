//! What went over the wire, member by member.

use std::collections::BTreeSet;

use crate::left_out::Half;

/// What a request wants of one member.
#[derive(Debug)]
pub(crate) struct Wish<P> {
    /// Where the request has it.
    pub(crate) asked: P,
    /// Where an answer tells it.
    pub(crate) told: P,
    pub(crate) value: String,
}

/// The members that went over the wire.
#[derive(Debug)]
pub(crate) struct Seen<P> {
    /// Requests had them.
    asked: BTreeSet<P>,
    /// Answers had them.
    told: BTreeSet<P>,
    /// Requests had them, and answers told them back with the same value.
    carried: BTreeSet<P>,
}

impl<P: Clone + Ord> Seen<P> {
    /// Adds what the messages about one resource show.
    pub(crate) fn add(&mut self, asked: impl Iterator<Item = Wish<P>>, told: impl Iterator<Item = (P, String)>) {
        let told: BTreeSet<_> = told.collect();
        for wish in asked {
            let back = (wish.told, wish.value);
            if told.contains(&back) {
                self.carried.extend([wish.asked.clone(), back.0]);
            }
            self.asked.insert(wish.asked);
        }
        self.told.extend(told.into_iter().map(|(place, _)| place));
    }

    /// Whether the member made the round trip.
    pub(crate) fn carries(&self, place: &P) -> bool {
        self.carried.contains(place)
    }

    /// Whether half of the round trip was made, where that is all there is.
    pub(crate) fn shows(&self, half: Half, place: &P) -> bool {
        match half {
            Half::Neither => true,
            Half::Asked => self.asked.contains(place),
            Half::Told => self.told.contains(place),
        }
    }
}

impl<P> Default for Seen<P> {
    fn default() -> Self {
        Self { asked: BTreeSet::new(), told: BTreeSet::new(), carried: BTreeSet::new() }
    }
}
