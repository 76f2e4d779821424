//! Lists of objects with names, each of which is a call of its own.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Change, EntryChange, keyed, remembered::Names};
use crate::rules::PartRules;

/// What differs: declared entries in their order, then those that are `gone`.
pub(super) fn changes(
    rules: &PartRules,
    key: &str,
    declared: Option<&Value>,
    gone: &[String],
    observed: Option<&Value>,
) -> Change {
    let before = |name: &str| keyed::find(observed, key, name).cloned();
    let put = keyed::items(declared).iter().filter_map(|item| {
        let name = keyed::name(item, key)?;
        let before = before(name);
        let after = (rules.settle)(item.clone(), before.as_ref());
        let same = before.as_ref().is_some_and(|before| (rules.same)(&after, before));
        (!same).then(|| EntryChange { name: name.into(), before, after: Some(after) })
    });
    let known = names(key, observed, gone);
    // One name may be remembered in both forms.
    let taken: BTreeSet<_> = gone.iter().filter_map(|gone| known.get(gone)).collect();
    let taken = taken.into_iter().map(|name| EntryChange { name: name.into(), before: before(name), after: None });
    let changes: Vec<_> = put.chain(taken).collect();
    if changes.is_empty() { Change::Nothing } else { Change::Entries(changes) }
}

/// What is remembered of entries that are declared no more.
pub(super) fn removed(key: &str, declared: Option<&Value>, recorded: &[String]) -> Vec<String> {
    let declared = names(key, declared, recorded);
    recorded.iter().filter(|recorded| declared.get(recorded).is_none()).cloned().collect()
}

fn names<'v>(key: &str, list: Option<&'v Value>, remembered: &[String]) -> Names<'v> {
    Names::of(keyed::items(list).iter().filter_map(|item| keyed::name(item, key)), remembered)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{
        part::{Change, Difference, EntryChange, declared_paths, difference},
        rules::{PartRules, Removal, Rule},
    };

    const RULES: PartRules = PartRules { rule: Rule::Entries("id"), delete: Some("Delete"), ..PartRules::DEFAULT };

    fn observed() -> Value {
        json!([{"id": "a", "x": 1, "y": 1}, {"id": "theirs", "x": 1}, {"id": "was", "x": 1}])
    }

    fn got(declared: Option<&Value>, recorded: &[&str], observed: Option<&Value>) -> Difference {
        let recorded: Vec<_> = recorded.iter().map(ToString::to_string).collect();
        difference(&RULES, declared, &recorded, observed)
    }

    fn change(name: &str, before: Option<Value>, after: Option<Value>) -> EntryChange {
        EntryChange { name: name.into(), before, after }
    }

    #[test]
    fn each_entry_that_differs_is_written_whole_and_by_itself() {
        let declared = json!([{"id": "new"}, {"id": "a", "x": 1}]);
        let expected = vec![
            change("new", None, Some(json!({"id": "new"}))),
            change("a", Some(json!({"id": "a", "x": 1, "y": 1})), Some(json!({"id": "a", "x": 1}))),
        ];
        assert_eq!(got(Some(&declared), &[], Some(&observed())).change, Change::Entries(expected));
        assert_eq!(got(Some(&observed()), &["a"], Some(&observed())).change, Change::Nothing);
    }

    /// So many entries with long names.
    fn many(count: usize) -> Value {
        (0..count).map(|n| json!({"id": format!("{n:060}")})).collect()
    }

    #[test]
    fn of_many_entries_little_is_remembered_and_all_the_same_each_is_known_again() {
        let recorded = declared_paths(&RULES, &many(1000));
        assert!(json!(recorded).to_string().len() <= 16_500, "{}", json!(recorded).to_string().len());
        let mut there = many(1000);
        there.as_array_mut().unwrap().push(json!({"id": "theirs"}));
        let changes =
            |declared: Option<&Value>, recorded: &[String]| match difference(&RULES, declared, recorded, Some(&there))
                .change
            {
                Change::Entries(changes) => changes.iter().map(|change| change.name.clone()).collect(),
                _ => Vec::new(),
            };
        assert_eq!(changes(Some(&many(1000)), &recorded), [""; 0]);
        // Fewer are remembered by their names again, and what was remembered before still counts.
        assert_eq!(changes(Some(&many(2)), &recorded).len(), 998);
        let both: Vec<_> = recorded.iter().cloned().chain(declared_paths(&RULES, &many(2))).collect();
        assert_eq!(changes(None, &both).len(), 1000);
        assert_eq!(changes(Some(&many(1000)), &declared_paths(&RULES, &many(2))), [""; 0]);
    }

    #[test]
    fn an_entry_that_was_declared_goes_and_one_that_never_was_stays() {
        let expected = vec![change("was", Some(json!({"id": "was", "x": 1})), None)];
        assert_eq!(got(None, &["was", "gone"], Some(&observed())).change, Change::Entries(expected.clone()));
        assert_eq!(got(Some(&json!([])), &["was"], Some(&observed())).change, Change::Entries(expected));
        assert_eq!(got(Some(&json!([])), &[], Some(&observed())).change, Change::Nothing);
        assert_eq!(got(None, &["was"], None).change, Change::Nothing);
    }

    #[test]
    fn what_goes_is_kept_where_the_kind_says_so() {
        let kept = PartRules { removal: Removal::Keep, ..RULES };
        let got = difference(&kept, None, &["a".into()], Some(&observed()));
        assert_eq!((got.change, got.unmanaged), (Change::Nothing, vec!["a".to_owned()]));
    }

    #[test]
    fn what_is_taken_out_of_a_list_goes_and_what_goes_with_it_stays() {
        let kept = PartRules { removal: Removal::KeepUnlessListed, ..RULES };
        let got = |declared: Option<&Value>| difference(&kept, declared, &["was".into()], Some(&observed()));
        let gone = Change::Entries(vec![change("was", Some(json!({"id": "was", "x": 1})), None)]);
        assert_eq!(got(Some(&json!([]))), Difference { change: gone, unmanaged: vec![] });
        assert_eq!(got(None), Difference { change: Change::Nothing, unmanaged: vec!["was".to_owned()] });
    }

    #[test]
    fn entries_are_compared_and_settled_one_by_one() {
        let rules = PartRules {
            same: |a, b| a["x"] == b["x"],
            settle: |mut entry, before| {
                entry["seen"] = before.is_some().into();
                entry
            },
            ..RULES
        };
        let declared = json!([{"id": "a", "x": 1}, {"id": "was", "x": 2}]);
        let expected =
            change("was", Some(json!({"id": "was", "x": 1})), Some(json!({"id": "was", "x": 2, "seen": true})));
        let got = difference(&rules, Some(&declared), &[], Some(&observed()));
        assert_eq!(got.change, Change::Entries(vec![expected]));
    }

    #[test]
    fn a_list_is_remembered_by_its_names() {
        assert_eq!(declared_paths(&RULES, &json!([{"id": "b.c"}, {"id": "a"}])), ["b.c", "a"]);
    }
}
