//! Kinds to whose resources AWS gives ids, and whose creating call takes neither tags nor a token (design §3.1, *listed*).
//!
//! What such a call made although its answer was lost is found again in a list of AWS, as that which is new in it since
//! before the call. What was there before is told by AWS's own times of creation, so that a clock of ours that is wrong
//! does no harm.

use cairn_crds::status::Listing;
use jiff::Timestamp;

/// Where AWS lists a resource: under what it belongs to, and by a name that others may have too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// What it belongs to.
    pub parent: String,
    /// Its name.
    pub name: String,
}

impl Place {
    /// The place that a listing is of.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        Self { parent: listing.parent.clone(), name: listing.name.clone() }
    }
}

/// A resource that AWS lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The id that AWS gave it, which no other ever has.
    pub id: String,
    /// When it was made, by AWS's clock.
    pub created: Timestamp,
}

/// What is to be remembered before a create, of all that is listed at its place.
#[must_use]
pub fn before(place: &Place, listed: &[Listed]) -> Listing {
    let newest_at = listed.iter().map(|one| one.created).max();
    let newest = listed.iter().filter(|one| Some(one.created) == newest_at).map(|one| one.id.clone()).collect();
    Listing { parent: place.parent.clone(), name: place.name.clone(), newest_at, newest }
}

/// What there is of a create whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// It made nothing.
    Nothing,
    /// It made this.
    One(String),
    /// It made one of these at most, and nothing tells which.
    Several(Vec<String>),
}

/// Looks for what a create made in a list that was asked for when the create could no longer take effect. `taken` says
/// whether an id is another object's.
#[must_use]
pub fn trace(before: &Listing, listed: &[Listed], taken: impl Fn(&str) -> bool) -> Trace {
    let is_new = |one: &&Listed| match before.newest_at {
        Some(newest) => one.created >= newest && !before.newest.contains(&one.id),
        None => true,
    };
    let new = listed.iter().filter(is_new).filter(|one| !taken(&one.id));
    let mut ids: Vec<String> = new.map(|one| one.id.clone()).collect();
    match ids.len() {
        0 | 1 => ids.pop().map_or(Trace::Nothing, Trace::One),
        _ => Trace::Several(ids),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(all: &[(&str, i64)]) -> Vec<Listed> {
        let one = |(id, second): &(&str, i64)| Listed {
            id: (*id).to_owned(),
            created: Timestamp::from_second(*second).unwrap(),
        };
        all.iter().map(one).collect()
    }

    fn place() -> Place {
        Place { parent: "orders".into(), name: "nightly".into() }
    }

    fn free(_: &str) -> bool {
        false
    }

    #[test]
    fn of_what_is_there_the_newest_is_remembered() {
        let none = before(&place(), &[]);
        assert_eq!((none.newest_at, none.newest.len()), (None, 0));
        let some = before(&place(), &listed(&[("a", 1), ("b", 3), ("c", 2), ("d", 3)]));
        assert_eq!(
            (some.newest_at, some.newest),
            (Timestamp::from_second(3).ok(), vec!["b".to_owned(), "d".to_owned()])
        );
        assert_eq!(Place::of(&none), place());
    }

    #[test]
    fn what_was_there_before_is_never_what_was_made() {
        let old = listed(&[("a", 1), ("b", 3)]);
        let known = before(&place(), &old);
        assert_eq!(trace(&known, &old, free), Trace::Nothing);
        assert_eq!(trace(&known, &[], free), Trace::Nothing);
        // One that the list before did not show, and that is older than what it showed.
        assert_eq!(trace(&known, &listed(&[("a", 1), ("b", 3), ("c", 2)]), free), Trace::Nothing);
    }

    #[test]
    fn the_one_that_is_new_is_what_was_made_also_within_the_same_instant() {
        let known = before(&place(), &listed(&[("a", 3)]));
        assert_eq!(trace(&known, &listed(&[("a", 3), ("b", 9)]), free), Trace::One("b".into()));
        assert_eq!(trace(&known, &listed(&[("b", 3), ("a", 3)]), free), Trace::One("b".into()));
        let none = before(&place(), &[]);
        assert_eq!(trace(&none, &listed(&[("b", 0)]), free), Trace::One("b".into()));
    }

    #[test]
    fn another_objects_is_left_out_and_of_several_none_is_taken() {
        let known = before(&place(), &listed(&[("a", 1)]));
        let now = listed(&[("a", 1), ("b", 2), ("c", 3)]);
        assert_eq!(trace(&known, &now, |id| id == "b"), Trace::One("c".into()));
        assert_eq!(trace(&known, &now, |id| id != "a"), Trace::Nothing);
        assert_eq!(trace(&known, &now, free), Trace::Several(vec!["b".into(), "c".into()]));
    }
}
