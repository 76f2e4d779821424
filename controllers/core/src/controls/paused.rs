//! The brake.

use jiff::Timestamp;

/// Whether changes in AWS are held back. Of two brakes the one that holds longer counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paused {
    /// They are not.
    #[default]
    No,
    /// They are until then.
    Until(Timestamp),
    /// They are until somebody lets go.
    Yes,
}

impl Paused {
    /// Both brakes: that of an object and that of its Namespace or of the whole operator.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether the brake is on at that time.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        match self {
            Self::No => false,
            Self::Until(end) => now < end,
            Self::Yes => true,
        }
    }

    /// When the brake comes off by itself, if it is on at that time and does.
    #[must_use]
    pub fn ends(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Until(end) if now < end => Some(end),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_longer_brake_counts() {
        let all = [Paused::No, Paused::Until(at(5)), Paused::Until(at(9)), Paused::Yes];
        for (index, weaker) in all.into_iter().enumerate() {
            for stronger in all.into_iter().skip(index) {
                assert_eq!(weaker.or(stronger), stronger);
                assert_eq!(stronger.or(weaker), stronger);
            }
        }
    }

    #[test]
    fn a_brake_with_an_end_comes_off_then() {
        let until = Paused::Until(at(5));
        assert!(until.holds(at(4)) && !until.holds(at(5)));
        assert_eq!((until.ends(at(4)), until.ends(at(5))), (Some(at(5)), None));
        assert!(Paused::Yes.holds(at(5)) && Paused::Yes.ends(at(5)).is_none());
        assert!(!Paused::No.holds(at(5)) && Paused::No.ends(at(5)).is_none());
    }
}
