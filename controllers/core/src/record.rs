//! How the record of an object moves on. Every move is a function from the old record to the new one.

use std::collections::BTreeMap;

use cairn_crds::status::{Intent, Listing, OtherWrite, Ownership, Record};
use jiff::{SignedDuration, Timestamp};

use crate::reference::Sealed;

/// The version of the record's structure that this code writes.
pub const VERSION: u32 = 1;

/// What is declared: paths of leaves by field.
pub type Declared = BTreeMap<String, Vec<String>>;

/// Before a create: a read found nothing, and the create is about to be sent. What was known of an earlier resource is
/// forgotten with it, but not that an earlier create may still take effect, nor what was declared of what it makes.
#[must_use]
pub fn intend(before: &Record, identity: Option<&str>, now: Timestamp) -> Record {
    let intent = Some(Intent::at(now));
    let doubtful_at = before.doubtful_at.max(before.intent.as_ref().map(|intent| intent.absent_at));
    let (identity, others) = (identity.map(Into::into), before.others.clone());
    let declared = if is_unanswered(before) { before.declared.clone() } else { Declared::new() };
    Record { version: VERSION, identity, intent, doubtful_at, declared, others, ..Record::default() }
}

/// As [`intend`], for a creating call that takes an idempotency token: the token derives from the intent, so an intent
/// whose outcome is unknown has to stay as it is.
/// A create that is known to have succeeded is finished: what it made is gone, and its token with it.
#[must_use]
pub fn intend_again(before: &Record, now: Timestamp) -> Record {
    if is_unanswered(before) {
        return Record { identity: None, ..before.clone() };
    }
    Record { doubtful_at: None, ..intend(before, None, now) }
}

/// As [`intend`], for a resource that is found again in a list: what was in it before.
#[must_use]
pub fn intend_among(before: &Record, listing: Listing, now: Timestamp) -> Record {
    let intent = Some(Intent { listing: Some(listing), ..Intent::at(now) });
    Record { intent, ..intend(before, None, now) }
}

/// Whether a create was intended of which nobody knows what came of it.
#[must_use]
pub fn is_unanswered(record: &Record) -> bool {
    record.intent.is_some() && record.ownership.is_none()
}

/// The resource is this object's, by its tags or because the create succeeded. `how` it came to be so counts unless
/// that is recorded already; `incarnation` is AWS's own id of the very resource, where it is known.
#[must_use]
pub fn own(record: Record, identity: &str, incarnation: Option<&str>, how: Ownership) -> Record {
    let ownership = Some(record.ownership.unwrap_or(how));
    let incarnation = incarnation.map(Into::into).or(record.incarnation);
    Record { version: VERSION, identity: Some(identity.into()), incarnation, ownership, intent: None, ..record }
}

/// The object speaks for a setting, which nobody owns.
#[must_use]
pub fn speak(record: Record, identity: &str) -> Record {
    Record { version: VERSION, identity: Some(identity.into()), ..record }
}

/// AWS says that the create succeeded, and may still show nothing for a while: the intent stays until a read shows the
/// resource.
#[must_use]
pub fn made(record: Record, identity: &str, incarnation: Option<&str>) -> Record {
    let intent = record.intent.clone();
    Record { intent, ..own(record, identity, incarnation, Ownership::Created) }
}

/// AWS refused the create for certain: there is nothing to find again, unless an earlier one may still take effect.
#[must_use]
pub fn give_up_intent(record: Record, now: Timestamp) -> Record {
    let record = Record { intent: None, ..record };
    if is_doubtful(&record, now) { record } else { disown(record) }
}

/// What was declared was not of the resource that is there now.
#[must_use]
pub fn disown(record: Record) -> Record {
    Record { declared: Declared::new(), ..record }
}

/// Nobody can tell whether the create took effect, or will.
#[must_use]
pub fn doubt(record: Record, now: Timestamp) -> Record {
    Record { doubtful_at: Some(now), ..record }
}

/// How long after its sending a create whose answer was lost may still take effect. AWS documents no bound but the 15
/// minutes for which a signature is good; a request that outlives its connection by more than a minute has not been seen.
const DOUBT: SignedDuration = SignedDuration::from_mins(1);

/// When a create that is sent now can no longer take effect.
#[must_use]
pub fn no_effect_after(now: Timestamp) -> Timestamp {
    now.saturating_add(DOUBT).unwrap_or(Timestamp::MAX)
}

/// Until when a create whose answer was lost may still take effect.
#[must_use]
pub fn in_doubt_until(record: &Record) -> Option<Timestamp> {
    let sent = record.doubtful_at.max(record.intent.as_ref().map(|intent| intent.absent_at))?;
    Some(no_effect_after(sent))
}

/// Whether what was born at that time may be what an unfinished create made: there was nothing before it, and AWS's clock
/// and ours differ by less than a create may be late.
#[must_use]
pub fn may_have_made(record: &Record, born: Timestamp) -> bool {
    let from = record.intent.as_ref().and_then(|intent| intent.absent_at.checked_sub(DOUBT).ok());
    from.zip(in_doubt_until(record)).is_some_and(|(from, until)| from <= born && born <= until)
}

/// Whether a create whose answer was lost may still take effect.
#[must_use]
pub fn is_doubtful(record: &Record, now: Timestamp) -> bool {
    in_doubt_until(record).is_some_and(|until| until > now)
}

/// Everything that is declared is in AWS. `changed` says whether anything was changed on the way.
#[must_use]
pub fn settle(record: Record, declared: Declared, digest: String, changed: bool, now: Timestamp) -> Record {
    let unchanged = !changed && record.digest.as_ref() == Some(&digest);
    let changed_at = record.changed_at.filter(|_| unchanged).or(Some(now));
    Record { declared, digest: Some(digest), shown: None, changed_at, untagged: false, ..record }
}

/// What would be done is in the status, and nothing was done.
#[must_use]
pub fn show(record: Record, digest: String, now: Timestamp) -> Record {
    let unchanged = record.shown.as_ref() == Some(&digest);
    let changed_at = record.changed_at.filter(|_| unchanged).or(Some(now));
    Record { version: VERSION, shown: Some(digest), changed_at, ..record }
}

/// These versions of Secrets are in AWS.
#[must_use]
pub fn know_secrets(record: Record, secrets: &BTreeMap<String, Sealed>) -> Record {
    let secrets = secrets.iter().map(|(path, sealed)| (path.clone(), sealed.as_str().to_owned())).collect();
    Record { secrets, ..record }
}

/// These versions of Secrets are in AWS as far as they belong to fields that are `done`. Of the others they may be, or
/// those that were recorded before: where the two differ, neither is known.
#[must_use]
pub fn know_some_secrets(
    mut record: Record,
    secrets: &BTreeMap<String, Sealed>,
    done: impl Fn(&str) -> bool,
) -> Record {
    record.secrets.retain(|path, known| secrets.get(path).is_none_or(|sealed| sealed.as_str() == known));
    let field = |path: &str| path.split('.').next().is_some_and(&done);
    let known = secrets.iter().filter(|(path, _)| field(path));
    record.secrets.extend(known.map(|(path, sealed)| (path.clone(), sealed.as_str().to_owned())));
    record
}

/// Some of what is declared is in AWS, and nobody can tell how much: what was declared before and what is now both
/// have to be remembered, so that a later removal of either is noticed.
#[must_use]
pub fn blur(record: Record, declared: Declared) -> Record {
    let mut all = record.declared;
    for (field, paths) in declared {
        let known: &mut Vec<String> = all.entry(field).or_default();
        known.extend(paths);
        known.sort();
        known.dedup();
    }
    distrust(Record { declared: all, ..record })
}

/// Before calls that carry out what is declared: whatever becomes of them, and of the process, what they may leave in AWS
/// is remembered (design §3.2). `None` where nothing is declared that was not before.
#[must_use]
pub fn foresee(record: &Record, declared: Declared, secrets: &BTreeMap<String, Sealed>) -> Option<Record> {
    let knows = |field: &str, path: &String| record.declared.get(field).is_some_and(|known| known.contains(path));
    let none_new = declared.iter().all(|(field, paths)| paths.iter().all(|path| knows(field, path)));
    let same = |(path, known): (&String, &String)| secrets.get(path).is_none_or(|sealed| sealed.as_str() == known);
    if none_new && record.secrets.iter().all(same) {
        return None;
    }
    let blurred = know_some_secrets(blur(record.clone(), declared), secrets, |_| false);
    Some(Record { version: VERSION, ..blurred })
}

/// Of what was last carried out nobody can tell whether AWS still has it.
#[must_use]
pub fn distrust(record: Record) -> Record {
    Record { digest: None, shown: None, ..record }
}

/// What others have written is known. Without any there is nothing to remember.
#[must_use]
pub fn beside(record: Record, others: &[OtherWrite]) -> Record {
    if record.others == others { record } else { Record { version: VERSION, others: others.to_vec(), ..record } }
}

/// Whether the record says anything of a resource.
#[must_use]
pub fn is_blank(record: &Record) -> bool {
    let blank = Record { version: record.version, others: record.others.clone(), ..Record::default() };
    *record == blank
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::SecretKey;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn declared(field: &str, paths: &[&str]) -> Declared {
        [(field.to_owned(), paths.iter().map(ToString::to_string).collect())].into()
    }

    #[test]
    fn a_create_leaves_evidence_at_every_point() {
        let intended = intend(&Record::default(), Some("name"), at(1));
        assert_eq!(intended.intent, Some(Intent::at(at(1))));
        assert_eq!(intended.identity.as_deref(), Some("name"));
        let owned = own(intended.clone(), "name", Some("id"), Ownership::Created);
        assert_eq!((owned.intent.clone(), owned.ownership), (None, Some(Ownership::Created)));
        let made = made(intended.clone(), "name", Some("id"));
        assert_eq!((made.intent.clone(), made.ownership), (intended.intent.clone(), Some(Ownership::Created)));
        assert_eq!(own(made, "name", None, Ownership::Adopted), owned);
        let refused = give_up_intent(intended, at(2));
        assert_eq!((refused.intent, refused.ownership), (None, None));
    }

    #[test]
    fn a_create_that_was_never_answered_stays_in_doubt() {
        let first = intend(&Record::default(), Some("name"), at(1));
        assert_eq!(first.doubtful_at, None);
        assert_eq!(intend(&first, Some("name"), at(2)).doubtful_at, Some(at(1)));
        let doubted = doubt(first, at(3));
        assert_eq!(intend(&doubted, Some("name"), at(4)).doubtful_at, Some(at(3)));
        assert_eq!(own(doubted, "name", None, Ownership::Created).doubtful_at, Some(at(3)));
    }

    #[test]
    fn what_was_declared_of_a_create_is_remembered_as_long_as_it_may_have_taken_effect() {
        let intended = blur(intend(&Record::default(), Some("name"), at(1)), declared("a", &["x"]));
        assert_eq!(intend(&intended, Some("name"), at(2)).declared, declared("a", &["x"]));
        assert_eq!(give_up_intent(intended.clone(), at(2)).declared, Declared::new());
        let doubted = doubt(intended.clone(), at(2));
        assert_eq!(give_up_intent(doubted.clone(), at(3)).declared, declared("a", &["x"]));
        assert_eq!(give_up_intent(doubted, at(1_000)).declared, Declared::new());
        let owned = own(intended, "name", None, Ownership::Created);
        assert_eq!(intend(&owned, Some("name"), at(3)).declared, Declared::new());
    }

    #[test]
    fn only_what_is_new_has_to_be_foreseen() {
        let settled = settle(Record::default(), declared("a", &["y", "x"]), "d".into(), true, at(1));
        for known in [declared("a", &["x", "y"]), declared("a", &["x"]), Declared::new()] {
            assert_eq!(foresee(&settled, known, &BTreeMap::new()), None);
        }
        let foreseen = foresee(&settled, declared("a", &["z"]), &BTreeMap::new()).unwrap();
        assert_eq!((foreseen.declared, foreseen.digest), (declared("a", &["x", "y", "z"]), None));
        let other = foresee(&settled, declared("b", &["x"]), &BTreeMap::new()).unwrap();
        assert_eq!(other.declared.len(), 2);
    }

    #[test]
    fn of_a_secret_that_is_about_to_change_nothing_is_known() {
        let key = || SecretKey { namespace: "ns".into(), name: "a".into(), key: "k".into() };
        let at_version = |version: &str| BTreeMap::from([("password".to_owned(), Sealed::new(key(), "uid", version))]);
        let settled = know_secrets(Record::default(), &at_version("1"));
        assert_eq!(foresee(&settled, Declared::new(), &at_version("1")), None);
        assert!(foresee(&settled, Declared::new(), &at_version("2")).unwrap().secrets.is_empty());
    }

    #[test]
    fn what_others_wrote_is_remembered_and_says_nothing_of_a_resource() {
        let others = [OtherWrite { manager: "controller".into(), at: Some(at(1)) }];
        assert_eq!(beside(Record::default(), &[]), Record::default());
        let beside = beside(Record::default(), &others);
        assert_eq!((beside.version, beside.others.as_slice()), (VERSION, others.as_slice()));
        assert!(is_blank(&beside) && is_blank(&Record::default()));
        let intended = intend(&beside, Some("name"), at(2));
        assert_eq!(intended.others, others);
        assert!(!is_blank(&intended));
    }

    #[test]
    fn a_clean_check_changes_nothing() {
        let settled = settle(Record::default(), declared("a", &["x"]), "d".into(), true, at(1));
        assert_eq!(settle(settled.clone(), declared("a", &["x"]), "d".into(), false, at(2)), settled);
        assert_eq!(settle(settled.clone(), declared("a", &["x"]), "d".into(), true, at(2)).changed_at, Some(at(2)));
        assert_eq!(settle(settled, declared("a", &["x"]), "e".into(), false, at(3)).changed_at, Some(at(3)));
    }

    #[test]
    fn after_a_failure_both_declarations_are_remembered() {
        let record = Record { declared: declared("a", &["x"]), digest: Some("d".into()), ..Record::default() };
        let blurred = blur(record, declared("a", &["y"]));
        assert_eq!(blurred.declared, declared("a", &["x", "y"]));
        assert_eq!(blurred.digest, None);
    }
}
