//! What of an API a spec leaves out, and what does not come back as it was sent, each with its reason.

/// A member, with all that is below it, that does not make the round trip.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeftOut {
    /// Its name, as [`Member::name`](crate::model::Member::name); one that begins with a dot is that of any operation.
    pub(crate) member: &'static str,
    /// What is there of it all the same.
    pub(crate) half: Half,
    /// Why.
    pub(crate) reason: &'static str,
}

/// Half a round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// No field carries it.
    Neither,
    /// Requests have it.
    Asked,
    /// Answers have it.
    Told,
}

impl LeftOut {
    /// Whether it is about this member.
    pub(crate) fn covers(&self, name: &str) -> bool {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('.');
        match self.member.strip_prefix('.') {
            Some(way) => name.split_once('.').is_some_and(|(_, of)| of.strip_prefix(way).is_some_and(below)),
            None => name.strip_prefix(self.member).is_some_and(below),
        }
    }
}

/// No field carries it.
pub(crate) const fn out(member: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { member, half: Half::Neither, reason }
}

/// Requests have it, and no answer tells it back.
pub(crate) const fn asked(member: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { member, half: Half::Asked, reason }
}

/// Answers have it, and no request asks for it.
pub(crate) const fn told(member: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { member, half: Half::Told, reason }
}
