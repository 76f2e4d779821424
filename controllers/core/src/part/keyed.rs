//! Lists of objects with names.

use serde_json::Value;

use crate::leaf;

/// The names of a list's objects, in its order.
pub(super) fn names(list: &Value, key: &str) -> Vec<String> {
    items(Some(list)).iter().filter_map(|item| name(item, key)).map(Into::into).collect()
}

/// What AWS is to have: the observed list without the objects that are taken away, with the declared ones laid over
/// theirs or, if they are new, behind them.
pub(super) fn target(key: &str, declared: Option<&Value>, gone: &[String], observed: Option<&Value>) -> Value {
    let is_gone = |item: &Value| name(item, key).is_some_and(|name| gone.iter().any(|gone| gone == name));
    let mut target: Vec<Value> = items(observed).iter().filter(|item| !is_gone(item)).cloned().collect();
    for item in items(declared) {
        match target.iter_mut().find(|other| name(other, key) == name(item, key)) {
            Some(other) => *other = leaf::overlay(std::mem::take(other), item),
            None => target.push(item.clone()),
        }
    }
    target.into()
}

/// The object of that name.
pub(super) fn find<'v>(list: Option<&'v Value>, key: &str, wanted: &str) -> Option<&'v Value> {
    items(list).iter().find(|item| name(item, key) == Some(wanted))
}

pub(super) fn items(list: Option<&Value>) -> &[Value] {
    list.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn name<'v>(item: &'v Value, key: &str) -> Option<&'v str> {
    item.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{
        part::{Change, declared_paths, difference},
        rules::{PartRules, Removal, Rule},
    };

    const RULES: PartRules = PartRules { rule: Rule::Keyed("name"), ..PartRules::DEFAULT };

    fn change(declared: Option<&serde_json::Value>, recorded: &[&str]) -> Change {
        let observed = json!([{"name": "a", "x": 1, "y": 1}, {"name": "theirs", "x": 1}, {"name": "was", "x": 1}]);
        let recorded: Vec<_> = recorded.iter().map(ToString::to_string).collect();
        difference(&RULES, declared, &recorded, Some(&observed)).change
    }

    #[test]
    fn only_what_is_or_was_declared_is_ours() {
        assert_eq!(change(None, &[]), Change::Nothing);
        assert_eq!(change(Some(&json!([{"name": "a", "x": 1}])), &["a"]), Change::Nothing);
        let expected = json!([{"name": "a", "x": 2, "y": 1}, {"name": "theirs", "x": 1}, {"name": "new"}]);
        let declared = json!([{"name": "new"}, {"name": "a", "x": 2}]);
        assert_eq!(change(Some(&declared), &["a", "was"]), Change::Put(expected));
        let expected = json!([{"name": "a", "x": 1, "y": 1}, {"name": "theirs", "x": 1}]);
        assert_eq!(change(None, &["was"]), Change::Put(expected));
    }

    #[test]
    fn a_list_is_remembered_by_its_names() {
        assert_eq!(declared_paths(&RULES, &json!([{"name": "b.c"}, {"name": "a"}])), ["b.c", "a"]);
    }

    #[test]
    fn what_goes_is_kept_where_the_kind_says_so() {
        let kept = PartRules { removal: Removal::Keep, ..RULES };
        let got = difference(&kept, None, &["a".into()], Some(&json!([{"name": "a"}])));
        assert_eq!((got.change, got.unmanaged), (Change::Nothing, vec!["a".to_owned()]));
    }

    #[test]
    fn the_first_object_makes_the_list_and_none_makes_no_list() {
        let got = |declared| difference(&RULES, Some(&declared), &[], None).change;
        assert_eq!(got(json!([{"name": "a"}])), Change::Put(json!([{"name": "a"}])));
        assert_eq!(got(json!([])), Change::Nothing);
    }
}
