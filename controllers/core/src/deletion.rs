//! What is to be done about an object that is being deleted (design §3.7).

use cairn_crds::status::Record;

use crate::{
    observed::Existence,
    owner::{self, Evidence, Owner, Verdict},
};

/// The next move of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Let the object go without asking AWS anything: it never created nor took over a resource.
    Release,
    /// Ask AWS what there is.
    Observe,
    /// Delete the resource, then ask again.
    Delete,
    /// Let the object go: AWS says that there is nothing left, or that the resource is another's.
    Done,
}

/// The move before anything was asked of AWS.
#[must_use]
pub fn first(record: &Record) -> Move {
    if record.intent.is_none() && record.ownership.is_none() { Move::Release } else { Move::Observe }
}

/// The move after AWS was asked.
#[must_use]
pub fn observed(owner: &Owner, record: &Record, existence: &Existence, emulated: bool) -> Move {
    let Existence::Present { tags } = existence else { return Move::Done };
    let (recorded, intended) = (record.ownership.is_some(), record.intent.is_some());
    match owner::decide(owner, Evidence { tags, recorded, intended, emulated }) {
        Verdict::Ours | Verdict::OursUntagged => Move::Delete,
        Verdict::Theirs(_) => Move::Done,
    }
}

#[cfg(test)]
mod tests {
    use cairn_crds::status::{Intent, Ownership};
    use jiff::Timestamp;

    use super::*;

    fn owner(name: &str) -> Owner {
        let text = |text: &str| text.to_owned();
        Owner { cluster: text("c"), service: text("s3"), kind: text("Bucket"), namespace: text("ns"), name: text(name) }
    }

    fn intended() -> Record {
        Record { intent: Some(Intent { absent_at: Timestamp::UNIX_EPOCH }), ..Record::default() }
    }

    fn owned() -> Record {
        Record { ownership: Some(Ownership::Created), ..Record::default() }
    }

    #[test]
    fn an_object_that_never_intended_anything_goes_without_a_call() {
        assert_eq!(first(&Record::default()), Move::Release);
        assert_eq!(first(&intended()), Move::Observe);
        assert_eq!(first(&owned()), Move::Observe);
    }

    #[test]
    fn only_what_is_ours_is_deleted() {
        let present = |owner: &Owner| Existence::Present { tags: owner.tags() };
        let untagged = Existence::Present { tags: [].into() };
        let me = owner("a");
        assert_eq!(observed(&me, &owned(), &present(&me), false), Move::Delete);
        assert_eq!(observed(&me, &intended(), &present(&me), false), Move::Delete);
        assert_eq!(observed(&me, &owned(), &untagged, false), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, true), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, false), Move::Done);
        assert_eq!(observed(&me, &owned(), &present(&owner("b")), false), Move::Done);
        assert_eq!(observed(&me, &owned(), &Existence::Absent, false), Move::Done);
    }
}
