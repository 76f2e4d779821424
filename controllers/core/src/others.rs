//! Whether another controller writes to an object too, and what follows.
//!
//! Beside ACK, two controllers that both carry out one spec would undo each other's work. What the other writes is told
//! from the object's `managedFields`. Their times are whole seconds of the API server's clock, so times are never compared
//! with those of our own writes: what others had written when Cairn first wrote, or last stood aside, is in the
//! record, and anything beside it was written since.

use cairn_crds::status::OtherWrite;
use jiff::{SignedDuration, Timestamp};

/// Beyond this a time that lies ahead is a wrong clock, and nothing to wait for.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

/// What is known of others.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What others have written where Cairn writes.
    pub found: &'a [OtherWrite],
    /// The same, as the record has it.
    pub known: &'a [OtherWrite],
    /// Cairn stands aside already.
    pub aside: bool,
    /// Since then the object was edited, or somebody asked for a reconcile.
    pub asked: bool,
    /// What time it is.
    pub now: Timestamp,
}

/// What follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Cairn is alone, as far as anybody can tell.
    GoOn,
    /// Somebody else wrote this very second, and may do so once more without a trace. It can be told at that time.
    NotBefore(Timestamp),
    /// These managers wrote after Cairn did.
    StandAside(Vec<String>),
    /// Nothing is new since Cairn stood aside.
    StayAside,
}

/// Decides whether Cairn goes on.
#[must_use]
pub fn decide(situation: Situation<'_>) -> Verdict {
    let Situation { found, known, aside, asked, now } = situation;
    if let Some(until) = found.iter().filter_map(|write| settled_at(write, now)).max() {
        return Verdict::NotBefore(until);
    }
    let mut managers: Vec<_> =
        found.iter().filter(|write| !known.contains(write)).map(|write| write.manager.clone()).collect();
    managers.sort();
    managers.dedup();
    match (managers.is_empty(), aside && !asked) {
        (false, _) => Verdict::StandAside(managers),
        (true, true) => Verdict::StayAside,
        (true, false) => Verdict::GoOn,
    }
}

/// When the second of a write is over; `None` when it is.
fn settled_at(write: &OtherWrite, now: Timestamp) -> Option<Timestamp> {
    let at = write.at.filter(|at| at.duration_since(now) < SKEW)?;
    let until = at.checked_add(SignedDuration::from_secs(1)).ok()?;
    (until > now).then_some(until)
}

/// What is said on the object; `annotation` is the one that asks for a reconcile.
#[must_use]
pub fn message(managers: &[String], annotation: &str) -> String {
    format!(
        "{} wrote to the status or the finalizer of this object after Cairn did, so another controller manages it too; \
         nothing is done in AWS: stop one of the two, and then edit the object, or set the annotation {annotation} to the \
         time",
        managers.join(" and ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn write(manager: &str, second: i64) -> OtherWrite {
        OtherWrite { manager: manager.into(), at: Some(at(second)) }
    }

    fn verdict(found: &[OtherWrite], known: &[OtherWrite], aside: bool, asked: bool) -> Verdict {
        decide(Situation { found, known, aside, asked, now: at(100) })
    }

    fn aside(managers: &[&str]) -> Verdict {
        Verdict::StandAside(managers.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_was_written_before_is_no_reason_and_what_was_written_since_is() {
        let before = [write("controller", 10)];
        assert_eq!(verdict(&[], &[], false, false), Verdict::GoOn);
        assert_eq!(verdict(&before, &before, false, false), Verdict::GoOn);
        assert_eq!(verdict(&[], &before, false, false), Verdict::GoOn);
        assert_eq!(verdict(&[write("controller", 11)], &before, false, false), aside(&["controller"]));
        let two = [write("controller", 10), write("b", 9), write("a", 8), write("b", 7)];
        assert_eq!(verdict(&two, &before, false, false), aside(&["a", "b"]));
    }

    #[test]
    fn a_finalizer_counts_once_whenever_its_entry_changes() {
        let finalizer = [OtherWrite { manager: "controller".into(), at: None }];
        assert_eq!(verdict(&finalizer, &finalizer, false, false), Verdict::GoOn);
        assert_eq!(verdict(&finalizer, &[], false, false), aside(&["controller"]));
    }

    #[test]
    fn it_goes_on_when_asked_and_the_other_was_silent_since() {
        let known = [write("controller", 10)];
        assert_eq!(verdict(&known, &known, true, false), Verdict::StayAside);
        assert_eq!(verdict(&known, &known, true, true), Verdict::GoOn);
        assert_eq!(verdict(&[write("controller", 20)], &known, true, true), aside(&["controller"]));
    }

    #[test]
    fn a_second_has_to_be_over_before_anything_is_told_by_it() {
        let until = Verdict::NotBefore(at(101));
        assert_eq!(verdict(&[write("controller", 100)], &[], false, false), until);
        assert_eq!(verdict(&[write("controller", 100)], &[write("controller", 100)], true, true), until);
        assert_eq!(verdict(&[write("controller", 99)], &[], false, false), aside(&["controller"]));
        assert_eq!(verdict(&[write("controller", 3_700)], &[], false, false), aside(&["controller"]));
    }

    #[test]
    fn the_message_names_the_managers_and_the_way_out() {
        let said = message(&["a".into(), "b".into()], "x/requested-at");
        assert!(said.starts_with("a and b wrote") && said.contains("x/requested-at"), "{said}");
    }
}
