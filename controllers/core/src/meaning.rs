//! When two values mean the same to AWS although they are written differently.

use jiff::Timestamp;
use serde_json::{Map, Value};

/// What AWS takes for a field that is absent.
#[derive(Clone, Copy, Debug)]
pub enum Fill {
    /// This text.
    Text(&'static str),
    /// This boolean.
    Flag(bool),
    /// This number.
    Number(i64),
    /// An object with no fields.
    Empty,
}

/// The fields of a part, by their names at any depth, in which a difference of writing is none of meaning. An empty list
/// is always the same as none.
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// Lists that have no order.
    pub sets: &'static [&'static str],
    /// Fields that AWS fills in.
    pub defaults: &'static [(&'static str, Fill)],
    /// Fields that AWS makes up where they are not declared.
    pub generated: &'static [&'static str],
    /// Texts without regard to case.
    pub caseless: &'static [&'static str],
    /// Times, in RFC 3339.
    pub times: &'static [&'static str],
}

impl Meaning {
    /// Every difference counts.
    pub const EXACT: Self = Self { sets: &[], defaults: &[], generated: &[], caseless: &[], times: &[] };

    /// Whether both mean the same.
    #[must_use]
    pub fn same(&self, declared: &Value, observed: &Value) -> bool {
        self.equal("", declared, observed)
    }

    /// `declared` with what AWS made up for the equal items of the lists that have no order, so that writing it again
    /// does not make AWS make up something new.
    #[must_use]
    pub fn inherit(&self, mut declared: Value, observed: &Value) -> Value {
        let (Value::Object(fields), Value::Object(others)) = (&mut declared, observed) else { return declared };
        for (name, value) in fields {
            let Some(other) = others.get(name) else { continue };
            if let (Value::Array(items), Value::Array(others)) = (&mut *value, other)
                && self.sets.contains(&name.as_str())
            {
                let pairs = self.pairs(name, items, others);
                for (item, pair) in items.iter_mut().zip(pairs) {
                    self.take_over(item, pair.and_then(|pair| others.get(pair)));
                }
            }
        }
        declared
    }

    fn take_over(&self, item: &mut Value, other: Option<&Value>) {
        let (Value::Object(item), Some(other)) = (item, other) else { return };
        for name in self.generated {
            if let (None, Some(made_up)) = (item.get(*name), other.get(name)) {
                item.insert((*name).into(), made_up.clone());
            }
        }
    }

    fn equal(&self, name: &str, a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Object(a), Value::Object(b)) => a.keys().chain(b.keys()).all(|name| self.equal_fields(name, a, b)),
            (Value::Array(a), Value::Array(b)) if self.sets.contains(&name) => {
                a.len() == b.len() && self.pairs(name, a, b).iter().all(Option::is_some)
            }
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| self.equal(name, a, b))
            }
            (Value::String(a), Value::String(b)) => a == b || self.equal_texts(name, a, b),
            _ => a == b,
        }
    }

    fn equal_texts(&self, name: &str, a: &str, b: &str) -> bool {
        let time = |text: &str| text.parse::<Timestamp>().ok();
        let same_time = || time(a).is_some_and(|a| time(b) == Some(a));
        (self.caseless.contains(&name) && a.eq_ignore_ascii_case(b)) || (self.times.contains(&name) && same_time())
    }

    fn equal_fields(&self, name: &str, a: &Map<String, Value>, b: &Map<String, Value>) -> bool {
        let (a, b) = (said(a, name), said(b, name));
        let default = || self.defaults.iter().find(|(field, _)| *field == name).map(|(_, fill)| fill.value());
        match (a, b) {
            (Some(a), Some(b)) => self.equal(name, a, b),
            (None, None) => true,
            (None, Some(_)) if self.generated.contains(&name) => true,
            (Some(one), None) | (None, Some(one)) => default().is_some_and(|default| self.equal(name, &default, one)),
        }
    }

    /// For each declared item the observed one that means the same, each used once. Items that say what AWS could make up
    /// choose first, because only one will do for them.
    fn pairs(&self, name: &str, declared: &[Value], observed: &[Value]) -> Vec<Option<usize>> {
        let mut order: Vec<usize> = (0..declared.len()).collect();
        let says =
            |at: &usize| declared.get(*at).is_some_and(|item| self.generated.iter().all(|g| item.get(g).is_some()));
        order.sort_by_key(|at| !says(at));
        let mut pairs = vec![None; declared.len()];
        let mut free: Vec<usize> = (0..observed.len()).collect();
        for at in order {
            let fits = |other: &usize| match (declared.get(at), observed.get(*other)) {
                (Some(a), Some(b)) => self.equal(name, a, b),
                _ => false,
            };
            if let (Some(slot), Some(found)) = (pairs.get_mut(at), free.iter().position(fits)) {
                *slot = Some(free.swap_remove(found));
            }
        }
        pairs
    }
}

/// The value of a field, where it says anything.
fn said<'v>(fields: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    fields.get(name).filter(|value| !value.as_array().is_some_and(Vec::is_empty))
}

impl Fill {
    fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Flag(flag) => flag.into(),
            Self::Number(number) => number.into(),
            Self::Empty => Map::new().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MEANING: Meaning = Meaning {
        sets: &["rules", "tags"],
        defaults: &[
            ("prefix", Fill::Text("")),
            ("filter", Fill::Empty),
            ("on", Fill::Flag(false)),
            ("n", Fill::Number(1)),
        ],
        generated: &["id"],
        caseless: &["name"],
        times: &["date"],
    };

    #[test]
    fn order_counts_only_where_there_is_one() {
        assert!(MEANING.same(&json!({"tags": [1, 2, 2]}), &json!({"tags": [2, 1, 2]})));
        assert!(!MEANING.same(&json!({"tags": [1, 2, 2]}), &json!({"tags": [1, 1, 2]})));
        assert!(!MEANING.same(&json!({"tags": [1]}), &json!({"tags": [1, 1]})));
        assert!(!MEANING.same(&json!({"list": [1, 2]}), &json!({"list": [2, 1]})));
        assert!(MEANING.same(&json!({"list": []}), &json!({})));
    }

    #[test]
    fn what_aws_fills_in_is_no_difference() {
        let filled = json!({"filter": {"prefix": ""}, "on": false, "n": 1});
        assert!(MEANING.same(&json!({}), &filled) && MEANING.same(&filled, &json!({})));
        assert!(!MEANING.same(&json!({}), &json!({"filter": {"prefix": "a"}})));
        assert!(!MEANING.same(&json!({}), &json!({"on": true})));
    }

    #[test]
    fn texts_and_times_are_compared_by_what_they_say() {
        assert!(MEANING.same(&json!({"name": "Prefix"}), &json!({"name": "prefix"})));
        assert!(!MEANING.same(&json!({"other": "Prefix"}), &json!({"other": "prefix"})));
        let (a, b) = (json!({"date": "2026-01-02T00:00:00Z"}), json!({"date": "2026-01-02T01:00:00.000+01:00"}));
        assert!(MEANING.same(&a, &b) && !MEANING.same(&a, &json!({"date": "2026-01-03T00:00:00Z"})));
    }

    #[test]
    fn what_aws_makes_up_is_no_difference_and_is_kept() {
        let declared = json!({"rules": [{"x": 1}, {"x": 1, "id": "mine"}, {"x": 2}]});
        let observed = json!({"rules": [{"x": 1, "id": "mine"}, {"x": 1, "id": "made-up"}, {"x": 3, "id": "other"}]});
        assert!(!MEANING.same(&declared, &observed));
        let expected = json!({"rules": [{"x": 1, "id": "made-up"}, {"x": 1, "id": "mine"}, {"x": 2}]});
        assert_eq!(MEANING.inherit(declared, &observed), expected);
        assert!(MEANING.same(&json!({"rules": [{"x": 1}]}), &json!({"rules": [{"x": 1, "id": "made-up"}]})));
        assert!(
            !MEANING.same(&json!({"rules": [{"x": 1, "id": "mine"}]}), &json!({"rules": [{"x": 1, "id": "made-up"}]}))
        );
    }
}
