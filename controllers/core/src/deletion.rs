//! What is to be done about an object that is being deleted (design §3.7).

use std::str::FromStr;

use cairn_crds::status::Record;

use jiff::{SignedDuration, Timestamp};

use crate::{
    observed::Existence,
    owner::{self, Evidence, Owner, Verdict},
};

/// What becomes of the resource when its object is deleted. Named as ACK's annotation `deletion-policy` and flag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// It is deleted too.
    #[default]
    Delete,
    /// AWS keeps it, with its tags.
    Retain,
}

impl FromStr for Policy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "delete" => Ok(Self::Delete),
            "retain" => Ok(Self::Retain),
            other => Err(format!("`{other}` is no deletion policy; it is either delete or retain")),
        }
    }
}

/// The next move of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Let the object go without asking AWS anything: it never created nor took over a resource, or AWS is to keep it.
    Release,
    /// Ask AWS what there is.
    Observe,
    /// Delete the resource, then ask again.
    Delete,
    /// There is nothing, but a create whose outcome nobody knows may still take effect: ask again at that time.
    AskAgain(Timestamp),
    /// Let the object go: AWS says that there is nothing left, or that the resource is another's.
    Done,
}

/// The move before anything was asked of AWS.
#[must_use]
pub fn first(record: &Record, policy: Policy) -> Move {
    let nothing = record.intent.is_none() && record.ownership.is_none();
    if nothing || policy == Policy::Retain { Move::Release } else { Move::Observe }
}

/// How long after its sending a create whose answer was lost may still take effect. AWS documents no bound but the 15
/// minutes for which a signature is good; a request that outlives its connection by more than a minute has not been seen.
const DOUBT: SignedDuration = SignedDuration::from_mins(1);

/// The move after AWS was asked.
#[must_use]
pub fn observed(owner: &Owner, record: &Record, existence: &Existence, emulated: bool, now: Timestamp) -> Move {
    let Existence::Present { tags } = existence else {
        return in_doubt_until(record).filter(|until| *until > now).map_or(Move::Done, Move::AskAgain);
    };
    match owner::decide(owner, Evidence::of(record, tags, emulated)) {
        Verdict::Ours | Verdict::OursUntagged => Move::Delete,
        Verdict::Theirs(_) => Move::Done,
    }
}

fn in_doubt_until(record: &Record) -> Option<Timestamp> {
    let sent = record.doubtful_at.max(record.intent.as_ref().map(|intent| intent.absent_at))?;
    sent.checked_add(DOUBT).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cairn_crds::status::{Intent, Ownership};

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

    fn later() -> Timestamp {
        Timestamp::from_second(3_600).unwrap()
    }

    #[test]
    fn nothing_is_not_believed_while_a_create_may_still_take_effect() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ask = |record: &Record, now| observed(&owner("a"), record, &Existence::Absent, false, now);
        assert_eq!(ask(&intended(), at(59)), Move::AskAgain(at(60)));
        assert_eq!(ask(&intended(), at(60)), Move::Done);
        assert_eq!(ask(&owned(), at(1)), Move::Done);
        assert_eq!(ask(&Record { doubtful_at: Some(at(100)), ..owned() }, at(101)), Move::AskAgain(at(160)));
    }

    #[test]
    fn an_object_that_never_intended_anything_goes_without_a_call() {
        assert_eq!(first(&Record::default(), Policy::Delete), Move::Release);
        assert_eq!(first(&intended(), Policy::Delete), Move::Observe);
        assert_eq!(first(&owned(), Policy::Delete), Move::Observe);
    }

    #[test]
    fn what_aws_is_to_keep_is_not_even_asked_for() {
        assert_eq!(first(&owned(), Policy::Retain), Move::Release);
        assert_eq!(first(&intended(), Policy::Retain), Move::Release);
        assert_eq!("retain".parse(), Ok(Policy::Retain));
        assert!("Retain".parse::<Policy>().unwrap_err().contains("`Retain`"));
    }

    #[test]
    fn only_what_is_ours_is_deleted() {
        let present = |owner: &Owner| Existence::Present { tags: owner.tags() };
        let untagged = Existence::Present { tags: [].into() };
        let me = owner("a");
        assert_eq!(observed(&me, &owned(), &present(&me), false, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &present(&me), false, later()), Move::Delete);
        assert_eq!(observed(&me, &owned(), &untagged, false, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, true, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, false, later()), Move::Done);
        assert_eq!(observed(&me, &owned(), &present(&owner("b")), false, later()), Move::Done);
        assert_eq!(observed(&me, &owned(), &Existence::Absent, false, later()), Move::Done);
    }
}
