//! The difference of one part: what to write so that AWS has what is declared, and nothing else changes.

mod entries;
mod keyed;
mod remembered;

use serde_json::{Map, Value};

use crate::{
    leaf,
    rules::{PartRules, Removal, Rule},
};

/// What is to be done about one part.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// AWS has what is declared.
    Nothing,
    /// Write this value.
    Put(Value),
    /// Take the part away: that is what a new resource has.
    Clear,
    /// Write these entries of a list, and take those away.
    Entries(Vec<EntryChange>),
}

/// What is to be done about one entry of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryChange {
    /// Name of the entry.
    pub name: String,
    /// What AWS has.
    pub before: Option<Value>,
    /// What it is to have; `None` for nothing.
    pub after: Option<Value>,
}

/// Objects with names as AWS has them, with the declared ones laid over theirs or, if they are new, behind them. `key` is
/// the field that holds the name.
#[must_use]
pub fn laid_over(key: &str, declared: Option<&Value>, observed: Option<&Value>) -> Value {
    keyed::target(key, declared, &[], observed)
}

/// The outcome for one part.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What is to be done.
    pub change: Change,
    /// Leaves that were declared, are no longer, and keep what AWS has.
    pub unmanaged: Vec<String>,
}

/// Paths under which a declared value is remembered.
#[must_use]
pub fn declared_paths(rules: &PartRules, declared: &Value) -> Vec<String> {
    match rules.rule {
        Rule::Document => leaf::paths(declared),
        Rule::Whole => vec![String::new()],
        Rule::Keyed(key) => keyed::names(declared, key),
        Rule::Entries(key) => remembered::remembered(keyed::names(declared, key)),
        Rule::Merged(merge) => (merge.names)(declared),
    }
}

/// Compares a part.
///
/// `recorded` are the paths that were declared when the part was last applied; `observed` is what AWS has, `None` when
/// it has nothing there.
#[must_use]
pub fn difference(
    rules: &PartRules,
    declared: Option<&Value>,
    recorded: &[String],
    observed: Option<&Value>,
) -> Difference {
    let removed = removed(rules, declared, recorded);
    let (reset, unmanaged) = match rules.removal {
        Removal::KeepUnlessListed if declared.is_none() => (Vec::new(), removed),
        Removal::Reset | Removal::KeepUnlessListed => (removed, Vec::new()),
        Removal::Keep => (Vec::new(), removed),
    };
    let change = match rules.rule {
        Rule::Document => document(rules, declared, &reset, observed),
        Rule::Whole => whole(rules, declared, !reset.is_empty(), observed),
        Rule::Keyed(key) => write_unless_same(rules, keyed::target(key, declared, &reset, observed), observed),
        Rule::Merged(_) if declared.is_none() && reset.is_empty() => Change::Nothing,
        Rule::Merged(merge) => write_unless_same(rules, (merge.target)(declared, &reset, observed), observed),
        Rule::Entries(key) => entries::changes(rules, key, declared, &reset, observed),
    };
    Difference { change, unmanaged }
}

fn removed(rules: &PartRules, declared: Option<&Value>, recorded: &[String]) -> Vec<String> {
    if let Rule::Entries(key) = rules.rule {
        return entries::removed(key, declared, recorded);
    }
    let now = declared.map(|value| declared_paths(rules, value)).unwrap_or_default();
    recorded.iter().filter(|path| !now.contains(path)).cloned().collect()
}

fn document(rules: &PartRules, declared: Option<&Value>, reset: &[String], observed: Option<&Value>) -> Change {
    if declared.is_none() && reset.is_empty() {
        return Change::Nothing;
    }
    let mut target = observed.cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let new = (rules.on_new)();
    for path in reset {
        let default = new.as_ref().and_then(|new| leaf::get(new, path)).cloned();
        leaf::set(&mut target, path, default);
    }
    if let Some(declared) = declared {
        target = leaf::overlay(target, declared);
    }
    write_unless_same(rules, target, observed)
}

fn whole(rules: &PartRules, declared: Option<&Value>, reset: bool, observed: Option<&Value>) -> Change {
    match (declared, reset) {
        (Some(declared), _) => write_unless_same(rules, declared.clone(), observed),
        (None, true) => match (rules.on_new)() {
            Some(new) => write_unless_same(rules, new, observed),
            None if observed.is_some() => Change::Clear,
            None => Change::Nothing,
        },
        (None, false) => Change::Nothing,
    }
}

fn write_unless_same(rules: &PartRules, target: Value, observed: Option<&Value>) -> Change {
    let target = (rules.settle)(target, observed);
    let empty = target.as_object().is_some_and(Map::is_empty) || target.as_array().is_some_and(Vec::is_empty);
    match observed {
        Some(observed) if (rules.same)(&target, observed) => Change::Nothing,
        None if empty => Change::Nothing,
        Some(_) if empty && rules.delete.is_some() => Change::Clear,
        _ => Change::Put(target),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(rule: Rule, removal: Removal, on_new: fn() -> Option<Value>) -> PartRules {
        PartRules {
            field: "part",
            rule,
            removal,
            get: "GetPart",
            put: "PutPart",
            delete: Some("DeletePart"),
            on_new,
            ..PartRules::DEFAULT
        }
    }

    fn paths(paths: &[&str]) -> Vec<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[allow(clippy::needless_pass_by_value)] // Rows read better with values than with references to them.
    fn change(rules: &PartRules, declared: Option<Value>, recorded: &[&str], observed: Option<Value>) -> Change {
        difference(rules, declared.as_ref(), &paths(recorded), observed.as_ref()).change
    }

    const BLOCK: fn() -> Option<Value> = || Some(json!({"a": true, "b": true}));

    #[test]
    fn what_is_declared_nowhere_is_not_touched() {
        for rule in [Rule::Document, Rule::Whole] {
            for removal in [Removal::Reset, Removal::Keep] {
                let rules = rules(rule, removal, BLOCK);
                assert_eq!(change(&rules, None, &[], Some(json!({"a": false}))), Change::Nothing);
                assert_eq!(change(&rules, None, &[], None), Change::Nothing);
            }
        }
    }

    #[test]
    fn omitted_leaves_keep_what_aws_has() {
        let rules = rules(Rule::Document, Removal::Keep, BLOCK);
        let observed = Some(json!({"a": true, "b": false}));
        assert_eq!(change(&rules, Some(json!({"a": true})), &[], observed.clone()), Change::Nothing);
        assert_eq!(
            change(&rules, Some(json!({"a": false})), &[], observed),
            Change::Put(json!({"a": false, "b": false}))
        );
    }

    #[test]
    fn a_removed_leaf_goes_back_to_what_a_new_resource_has() {
        let rules = rules(Rule::Document, Removal::Reset, BLOCK);
        let observed = json!({"a": false, "b": false});
        let got = difference(&rules, None, &paths(&["a"]), Some(&observed));
        assert_eq!(got, Difference { change: Change::Put(json!({"a": true, "b": false})), unmanaged: vec![] });
    }

    #[test]
    fn a_removed_protection_stays_and_is_named() {
        let rules = rules(Rule::Document, Removal::Keep, || None);
        let got = difference(&rules, None, &paths(&["a", "b"]), Some(&json!({"a": true, "b": true})));
        assert_eq!(got, Difference { change: Change::Nothing, unmanaged: paths(&["a", "b"]) });
        let got =
            difference(&rules, Some(&json!({"a": true})), &paths(&["a", "b"]), Some(&json!({"a": true, "b": true})));
        assert_eq!(got, Difference { change: Change::Nothing, unmanaged: paths(&["b"]) });
    }

    #[test]
    fn a_removed_whole_is_cleared_only_where_a_new_resource_has_nothing() {
        let none = rules(Rule::Whole, Removal::Reset, || None);
        assert_eq!(change(&none, None, &[""], Some(json!("policy"))), Change::Clear);
        assert_eq!(change(&none, None, &[""], None), Change::Nothing);
        let some = rules(Rule::Whole, Removal::Reset, || Some(json!("default")));
        assert_eq!(change(&some, None, &[""], Some(json!("policy"))), Change::Put(json!("default")));
    }

    #[test]
    fn a_document_whose_leaves_all_go_is_taken_away_not_written_empty() {
        let rules = rules(Rule::Document, Removal::Reset, || None);
        assert_eq!(change(&rules, None, &["a"], Some(json!({"a": 1}))), Change::Clear);
        assert_eq!(change(&rules, None, &["a"], None), Change::Nothing);
    }

    #[test]
    fn sameness_and_settling_are_the_kinds_own() {
        let rules = PartRules {
            settle: |mut value, _| {
                if value["alg"] == "AES256" {
                    leaf::set(&mut value, "key", None);
                }
                value
            },
            same: |a, b| a.to_string().eq_ignore_ascii_case(&b.to_string()),
            ..rules(Rule::Document, Removal::Keep, || None)
        };
        let observed = Some(json!({"alg": "kms", "key": "k"}));
        assert_eq!(change(&rules, Some(json!({"alg": "KMS"})), &[], observed.clone()), Change::Nothing);
        assert_eq!(
            change(&rules, Some(json!({"alg": "AES256"})), &[], observed),
            Change::Put(json!({"alg": "AES256"}))
        );
    }
}
