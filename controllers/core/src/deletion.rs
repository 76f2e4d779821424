//! What is to be done about an object that is being deleted (design §3.7).

use std::str::FromStr;

use cairn_crds::status::{Ownership, Record};

use jiff::Timestamp;

use crate::{
    observed::{Existence, Phase},
    owner::{self, Evidence, Owner},
    record,
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

/// Who says what becomes of a resource, from the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The object's annotation.
    pub object: Option<Policy>,
    /// The namespace's annotation for the service.
    pub namespace: Option<Policy>,
    /// The operator's flag.
    pub flag: Policy,
}

/// What becomes of the resource. One that was there before its object stays, unless the object itself says otherwise;
/// ACK deletes it, so under ACK's groups it is deleted.
#[must_use]
pub fn policy(said: Said, ownership: Option<Ownership>, like_ack: bool) -> Policy {
    let was_there = ownership == Some(Ownership::Adopted) && !like_ack;
    said.object.unwrap_or(if was_there { Policy::Retain } else { said.namespace.unwrap_or(said.flag) })
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
    /// AWS is deleting it, or has to finish something else first: ask again soon.
    Wait(&'static str),
    /// There is nothing, but a create whose outcome nobody knows may still take effect: ask again at that time.
    AskAgain(Timestamp),
    /// Let the object go: AWS says that there is nothing left, or that the resource is another's.
    Done,
}

/// The move before anything was asked of AWS.
#[must_use]
pub fn first(record: &Record, policy: Policy) -> Move {
    let nothing = record.intent.is_none() && record.ownership.is_none() && record.doubtful_at.is_none();
    if nothing || policy == Policy::Retain { Move::Release } else { Move::Observe }
}

/// The move after AWS was asked.
#[must_use]
pub fn observed(owner: &Owner, record: &Record, existence: &Existence, emulated: bool, now: Timestamp) -> Move {
    let Existence::Present(present) = existence else {
        return record::in_doubt_until(record).filter(|until| *until > now).map_or(Move::Done, Move::AskAgain);
    };
    if !owner::decide(owner, Evidence::of(record, present, emulated)).is_ours() {
        return Move::Done;
    }
    match present.phase {
        Phase::Steady | Phase::Unusable(_) => Move::Delete,
        Phase::Creating => Move::Wait("AWS is still creating the resource; it is deleted after that"),
        Phase::Updating(_) => Move::Wait("AWS is still working on the last change; the resource is deleted after that"),
        Phase::Deleting => Move::Wait("AWS is deleting the resource"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observed::Present;
    use cairn_crds::status::Intent;

    fn owner(name: &str) -> Owner {
        let text = |text: &str| text.to_owned();
        Owner { cluster: text("c"), service: text("s3"), kind: text("Bucket"), namespace: text("ns"), name: text(name) }
    }

    fn intended() -> Record {
        Record { intent: Some(Intent::at(Timestamp::UNIX_EPOCH)), ..Record::default() }
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
    fn the_object_goes_before_the_namespace_and_that_before_the_flag() {
        let all = Said { object: Some(Policy::Retain), namespace: Some(Policy::Delete), flag: Policy::Delete };
        assert_eq!(policy(all, None, false), Policy::Retain);
        let namespace = Said { object: None, namespace: Some(Policy::Retain), flag: Policy::Delete };
        assert_eq!(policy(namespace, None, false), Policy::Retain);
        assert_eq!(policy(Said { namespace: None, ..namespace }, None, false), Policy::Delete);
    }

    #[test]
    fn what_was_there_before_its_object_is_deleted_only_if_the_object_says_so() {
        let flag = Said { object: None, namespace: Some(Policy::Delete), flag: Policy::Delete };
        let adopted = Some(Ownership::Adopted);
        assert_eq!(policy(flag, adopted, false), Policy::Retain);
        assert_eq!(policy(flag, adopted, true), Policy::Delete);
        assert_eq!(policy(Said { object: Some(Policy::Delete), ..flag }, adopted, false), Policy::Delete);
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
        let present = |owner: &Owner| Existence::Present(Present::tagged(owner.tags()));
        let untagged = Existence::Present(Present::tagged([].into()));
        let me = owner("a");
        assert_eq!(observed(&me, &owned(), &present(&me), false, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &present(&me), false, later()), Move::Delete);
        assert_eq!(observed(&me, &owned(), &untagged, false, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, true, later()), Move::Delete);
        assert_eq!(observed(&me, &intended(), &untagged, false, later()), Move::Done);
        assert_eq!(observed(&me, &owned(), &present(&owner("b")), false, later()), Move::Done);
        assert_eq!(observed(&me, &owned(), &Existence::Absent, false, later()), Move::Done);
    }

    #[test]
    fn what_aws_is_busy_with_is_waited_for() {
        let me = owner("a");
        let busy = |phase| Existence::Present(Present { phase, ..Present::tagged(me.tags()) });
        for phase in [Phase::Creating, Phase::Updating("x".into()), Phase::Deleting] {
            assert!(matches!(observed(&me, &owned(), &busy(phase), false, later()), Move::Wait(_)));
        }
        assert_eq!(observed(&me, &owned(), &busy(Phase::Unusable("x".into())), false, later()), Move::Delete);
    }
}
