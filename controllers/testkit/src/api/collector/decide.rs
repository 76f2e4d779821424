//! What the collector decides, from values alone.

use std::collections::BTreeSet;

use serde_json::Value;

use super::waits_for_dependents;
use crate::api::{
    object,
    options::Propagation,
    write::delete::{FOREGROUND, ORPHAN},
};

/// What has become of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    /// It is there.
    Solid,
    /// It is not there, or is another one of the same name.
    Dangling,
    /// It is there until its dependents are gone.
    Waiting,
}

/// What becomes of a dependent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Stay,
    /// It stays, without these owners.
    Disown(BTreeSet<String>),
    /// It goes.
    Delete(Propagation),
    /// It goes after its own dependents; `unblock` where these wait for each other in a circle.
    DeleteForeground {
        unblock: bool,
    },
}

/// The fate of an object whose owners fare so; `dependents` are its own.
pub(super) fn judge(item: &Value, owners: &[(String, Owner)], dependents: &[Value]) -> Verdict {
    let with = |fate: Owner| owners.iter().filter(move |(_, owner)| *owner == fate).map(|(uid, _)| uid.clone());
    let lost: BTreeSet<String> = with(Owner::Dangling).chain(with(Owner::Waiting)).collect();
    if owners.is_empty() || lost.is_empty() {
        return Verdict::Stay;
    }
    if with(Owner::Solid).next().is_some() {
        return Verdict::Disown(lost);
    }
    if with(Owner::Waiting).next().is_some() && !dependents.is_empty() {
        return Verdict::DeleteForeground { unblock: dependents.iter().any(waits_for_dependents) };
    }
    let finalizers = object::finalizers(item);
    Verdict::Delete(if finalizers.contains(&ORPHAN) {
        Propagation::Orphan
    } else if finalizers.contains(&FOREGROUND) {
        Propagation::Foreground
    } else {
        Propagation::Background
    })
}

/// Whether an object keeps this owner from going.
pub(super) fn blocks(item: &Value, owner: &str) -> bool {
    references(item).any(|reference| reference["uid"] == owner && reference["blockOwnerDeletion"] == true)
}

/// Whether deletion with this finalizer begins here.
pub(super) fn begins(before: Option<&Value>, after: &Value, finalizer: &str) -> bool {
    let under = |object: &Value| object::is_deleting(object) && object::finalizers(object).contains(&finalizer);
    under(after) && !before.is_some_and(under)
}

/// Whether an object names owners that it did not name like that before.
pub(super) fn has_new_owners(before: Option<&Value>, after: &Value) -> bool {
    let old: Vec<&Value> = before.into_iter().flat_map(references).collect();
    references(after).any(|reference| !old.contains(&reference))
}

/// The owners that an object keeps no longer from going.
pub(super) fn freed_owners(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let blocked = before.into_iter().flat_map(references).filter(|reference| reference["blockOwnerDeletion"] == true);
    let uids = blocked.filter_map(|reference| reference["uid"].as_str());
    uids.filter(|uid| !after.is_some_and(|after| blocks(after, uid))).map(str::to_owned).collect()
}

pub(super) fn references(item: &Value) -> impl Iterator<Item = &Value> {
    object::meta_list(item, "ownerReferences").iter()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn owners(fates: &[Owner]) -> Vec<(String, Owner)> {
        fates.iter().enumerate().map(|(index, fate)| (index.to_string(), *fate)).collect()
    }

    #[test]
    fn verdicts() {
        use Owner::{Dangling, Solid, Waiting};
        let (plain, none) = (json!({}), Vec::new());
        let disown = |uids: &[&str]| Verdict::Disown(uids.iter().map(|uid| (*uid).to_owned()).collect());
        let background = Verdict::Delete(Propagation::Background);
        for (fates, verdict) in [
            (vec![], Verdict::Stay),
            (vec![Solid], Verdict::Stay),
            (vec![Solid, Dangling], disown(&["1"])),
            (vec![Waiting, Solid, Dangling], disown(&["0", "2"])),
            (vec![Dangling, Dangling], background.clone()),
            (vec![Waiting], background.clone()),
        ] {
            assert_eq!(judge(&plain, &owners(&fates), &none), verdict, "{fates:?}");
        }
        let child = json!({ "metadata": { "name": "c" } });
        let going = json!({ "metadata": { "deletionTimestamp": "x", "finalizers": [FOREGROUND] } });
        let waiting = owners(&[Waiting, Dangling]);
        let foreground = |unblock| Verdict::DeleteForeground { unblock };
        assert_eq!(judge(&plain, &waiting, &[child]), foreground(false));
        assert_eq!(judge(&plain, &waiting, &[going]), foreground(true));
        let orphaning = json!({ "metadata": { "finalizers": [ORPHAN] } });
        assert_eq!(judge(&orphaning, &owners(&[Dangling]), &none), Verdict::Delete(Propagation::Orphan));
    }

    #[test]
    fn what_frees_an_owner() {
        let owned =
            |blocks: bool| json!({ "metadata": { "ownerReferences": [{ "uid": "o", "blockOwnerDeletion": blocks }] } });
        let (blocking, other) = (owned(true), owned(false));
        assert_eq!(freed_owners(Some(&blocking), None), ["o"]);
        assert_eq!(freed_owners(Some(&blocking), Some(&other)), ["o"]);
        assert!(freed_owners(Some(&blocking), Some(&blocking)).is_empty());
        assert!(freed_owners(Some(&other), None).is_empty());
        assert!(has_new_owners(Some(&other), &blocking) && !has_new_owners(Some(&other), &other));
    }
}
