//! How two values differ.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{is_empty, items, names};
use crate::api::{
    fields::{Element, Set},
    schema::{Schema, Shape},
};

/// The fields in which two values differ; each is in one set at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    pub(crate) removed: Set,
    pub(crate) modified: Set,
    pub(crate) added: Set,
}

impl Comparison {
    /// Without what is in `ignored` or below it.
    pub(crate) fn without(&self, ignored: &Set) -> Self {
        Self {
            removed: self.removed.without_trees(ignored),
            modified: self.modified.without_trees(ignored),
            added: self.added.without_trees(ignored),
        }
    }
}

/// What is different in `new`.
pub(crate) fn compare(old: &Value, new: &Value, schema: &Schema) -> Comparison {
    let mut walk = Walk::default();
    walk.values(Some(old), Some(new), schema);
    walk.found
}

#[derive(Default)]
struct Walk {
    path: Vec<Element>,
    found: Comparison,
}

impl Walk {
    fn values(&mut self, old: Option<&Value>, new: Option<&Value>, schema: &Schema) {
        let shape_of = |value: Option<&Value>| value.filter(|value| !value.is_null()).map(|value| schema.shape(value));
        let shapes = [shape_of(old), shape_of(new)];
        let leaf = match shapes {
            [Some(old_shape), Some(new_shape)] if old_shape != new_shape => {
                self.in_shape(old_shape, old, new, schema);
                self.in_shape(new_shape, old, new, schema)
            }
            [Some(shape), _] | [None, Some(shape)] => self.in_shape(shape, old, new, schema),
            [None, None] => self.leaf(old, new),
        };
        if !leaf {
            self.presence(old, new);
        }
    }

    /// Says whether the value was compared as a whole.
    fn in_shape(&mut self, shape: Shape, old: Option<&Value>, new: Option<&Value>, schema: &Schema) -> bool {
        if shape == Shape::Leaf || (is_empty(old) && is_empty(new)) {
            return self.leaf(old, new);
        }
        if shape == Shape::Fields {
            for name in names(old, new) {
                let (old, new) = (old.and_then(|old| old.get(name)), new.and_then(|new| new.get(name)));
                self.path.push(Element::Field(name.clone()));
                self.values(old, new, schema.field(name).unwrap_or(Schema::any()));
                self.path.pop();
            }
        } else {
            self.lists(items(old), items(new), schema);
        }
        false
    }

    fn leaf(&mut self, old: Option<&Value>, new: Option<&Value>) -> bool {
        if let (Some(old), Some(new)) = (old, new) {
            if old != new {
                self.found.modified.insert(&self.path);
            }
        } else {
            self.presence(old, new);
        }
        true
    }

    fn presence(&mut self, old: Option<&Value>, new: Option<&Value>) {
        if old.is_none() {
            self.found.added.insert(&self.path);
        } else if new.is_none() {
            self.found.removed.insert(&self.path);
        }
    }

    fn lists(&mut self, old: &[Value], new: &[Value], schema: &Schema) {
        let mut pairs: BTreeMap<Element, (Vec<&Value>, Vec<&Value>)> = BTreeMap::new();
        for item in old {
            if let Ok(element) = Element::of_item(schema, item) {
                pairs.entry(element).or_default().0.push(item);
            }
        }
        for item in new {
            if let Ok(element) = Element::of_item(schema, item) {
                pairs.entry(element).or_default().1.push(item);
            }
        }
        let item_schema = schema.item().unwrap_or(Schema::any());
        for (element, (old, new)) in pairs {
            self.path.push(element);
            self.same_element(&old, &new, item_schema);
            self.path.pop();
        }
    }

    /// Items that nobody can tell apart are compared as one.
    fn same_element(&mut self, old: &[&Value], new: &[&Value], schema: &Schema) {
        match (old, new) {
            ([] | [_], [] | [_]) => self.values(old.first().copied(), new.first().copied(), schema),
            ([_, _, ..], [_, _, ..]) => {
                if old != new {
                    self.found.modified.insert(&self.path);
                }
            }
            ([_, _, ..], _) => {
                if let Some(only) = new.first() {
                    self.values(None, Some(only), schema);
                }
                self.found.removed.insert(&self.path);
            }
            (_, [_, _, ..]) => {
                if let Some(only) = old.first() {
                    self.values(Some(only), None, schema);
                }
                self.found.added.insert(&self.path);
            }
        }
    }
}
