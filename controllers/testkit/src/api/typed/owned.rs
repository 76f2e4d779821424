//! What the writer of a value owns.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::api::{
    fields::{Element, Set},
    schema::{Schema, Shape},
};

/// The set of all fields in `value`.
pub(crate) fn owned(value: &Value, schema: &Schema) -> Set {
    let mut walk = Walk::default();
    walk.value(value, schema);
    walk.set
}

#[derive(Default)]
struct Walk {
    path: Vec<Element>,
    set: Set,
}

impl Walk {
    fn value(&mut self, value: &Value, schema: &Schema) {
        match (schema.shape(value), value) {
            (Shape::Fields, Value::Object(fields)) => self.fields(fields, schema),
            (Shape::Items, Value::Array(items)) => self.items(items, schema),
            // Whoever holds the null owns it by its name.
            (Shape::Fields | Shape::Items, _) => {}
            (Shape::Leaf, _) => self.set.insert(&self.path),
        }
    }

    fn fields(&mut self, fields: &Map<String, Value>, schema: &Schema) {
        for (name, value) in fields {
            self.path.push(Element::Field(name.clone()));
            self.value(value, schema.field(name).unwrap_or(Schema::any()));
            let empty = value.is_null() || value.as_object().is_some_and(Map::is_empty);
            if empty || !schema.declares(name) {
                self.set.insert(&self.path);
            }
            self.path.pop();
        }
    }

    fn items(&mut self, items: &[Value], schema: &Schema) {
        let elements: Vec<Option<Element>> = items.iter().map(|item| Element::of_item(schema, item).ok()).collect();
        let (mut seen, mut repeated) = (BTreeSet::new(), BTreeSet::new());
        for element in elements.iter().flatten() {
            if !seen.insert(element) {
                repeated.insert(element);
            }
        }
        for (item, element) in items.iter().zip(&elements) {
            let Some(element) = element else {
                continue;
            };
            self.path.push(element.clone());
            if !repeated.contains(element) {
                self.value(item, schema.item().unwrap_or(Schema::any()));
            }
            self.set.insert(&self.path);
            self.path.pop();
        }
    }
}
