//! What applying one value over another gives.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value};

use super::{is_empty, items, names};
use crate::api::{
    fields::Element,
    schema::{Schema, Shape},
};

/// `new` over `old`; none where nothing is left.
pub(crate) fn merge(old: Option<&Value>, new: Option<&Value>, schema: &Schema) -> Option<Value> {
    let shape_of = |value: Option<&Value>| value.filter(|value| !value.is_null()).map(|value| schema.shape(value));
    let shape = shape_of(new).or_else(|| shape_of(old)).unwrap_or(Shape::Leaf);
    if shape == Shape::Leaf || (is_empty(old) && is_empty(new)) {
        return new.or(old).cloned();
    }
    if shape == Shape::Items {
        let merged = Lists::new(items(old), items(new), schema).merge();
        return (!merged.is_empty()).then_some(Value::Array(merged));
    }
    let mut merged = Map::new();
    for name in names(old, new) {
        let (old, new) = (old.and_then(|old| old.get(name)), new.and_then(|new| new.get(name)));
        if let Some(value) = merge(old, new, schema.field(name).unwrap_or(Schema::any())) {
            merged.insert(name.clone(), value);
        }
    }
    (!merged.is_empty()).then_some(Value::Object(merged))
}

/// Two lists on their way into one.
///
/// The items of the new list keep their order; those of only the old one stay where they are between them.
struct Lists<'a> {
    schema: &'a Schema,
    old: Vec<(Element, &'a Value)>,
    new: Vec<(Element, &'a Value)>,
    /// What an element was, unless there were several.
    was: BTreeMap<Element, Option<&'a Value>>,
    /// The items of both, in the order of the new list.
    shared: VecDeque<Element>,
}

impl<'a> Lists<'a> {
    fn new(old: &'a [Value], new: &'a [Value], schema: &'a Schema) -> Self {
        let index = |items: &'a [Value]| -> Vec<(Element, &'a Value)> {
            items.iter().filter_map(|item| Some((Element::of_item(schema, item).ok()?, item))).collect()
        };
        let (old, new) = (index(old), index(new));
        let mut was = BTreeMap::new();
        for (element, item) in &old {
            was.entry(element.clone()).and_modify(|seen| *seen = None).or_insert(Some(*item));
        }
        let shared = new.iter().map(|(element, _)| element).filter(|element| was.contains_key(element));
        Self { schema, shared: shared.cloned().collect(), old, new, was }
    }

    fn merge(mut self) -> Vec<Value> {
        let wanted: BTreeSet<Element> = self.new.iter().map(|(element, _)| element.clone()).collect();
        let (mut out, mut merged) = (Vec::new(), BTreeSet::new());
        let mut next = self.shared.pop_front();
        let (mut left, mut right) = (0, 0);
        while left < self.old.len() || right < self.new.len() {
            let (before, after) = (self.old.get(left).cloned(), self.new.get(right).cloned());
            if let (Some((old, _)), Some((new, item))) = (&before, &after) {
                if old == new {
                    merged.insert(new.clone());
                    out.extend(self.item(new, item));
                    (left, right) = (left + 1, right + 1);
                    next = self.shared.pop_front();
                    continue;
                }
                if wanted.contains(old) && next.as_ref().is_some_and(|next| next != old) {
                    // It comes later, in the place that the new list gives it.
                    left += 1;
                    continue;
                }
            }
            if let Some((old, item)) = before {
                if !wanted.contains(&old) {
                    out.extend(merge(Some(item), None, self.item_schema()));
                    left += 1;
                    continue;
                }
                if merged.contains(&old) {
                    left += 1;
                }
            }
            if let Some((new, item)) = after {
                merged.insert(new.clone());
                out.extend(self.item(&new, item));
                right += 1;
                if next.as_ref() == Some(&new) {
                    next = self.shared.pop_front();
                }
            }
        }
        out
    }

    fn item(&self, element: &Element, new: &Value) -> Option<Value> {
        merge(self.was.get(element).copied().flatten(), Some(new), self.item_schema())
    }

    fn item_schema(&self) -> &'a Schema {
        self.schema.item().unwrap_or(Schema::any())
    }
}
