//! Bodies of requests, as JSON or YAML.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::schema::Path;

/// A document, and the paths of the fields that are in it more than once; the last one counts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) value: Value,
    pub(crate) repeated: Vec<String>,
}

/// Reads JSON.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn json(bytes: &[u8]) -> Result<Document, String> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let document = read(&mut reader).map_err(|error| error.to_string())?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(document)
}

/// Reads YAML, or JSON, which is YAML too.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn yaml(bytes: &[u8]) -> Result<Document, String> {
    json(bytes).or_else(|_| read(serde_yaml::Deserializer::from_slice(bytes)).map_err(|error| error.to_string()))
}

fn read<'de, D: Deserializer<'de>>(reader: D) -> Result<Document, D::Error> {
    let repeated = RefCell::new(Vec::new());
    let value = Tree { path: Path::root(), repeated: &repeated }.deserialize(reader)?;
    Ok(Document { value, repeated: repeated.into_inner() })
}

/// Reads one value.
struct Tree<'a> {
    path: Path,
    repeated: &'a RefCell<Vec<String>>,
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        // Stored and read again, a whole number is one, however it was written.
        let text = if value.fract() == 0.0 { format!("{value:.0}") } else { String::new() };
        let whole = text.parse::<i64>().ok().map(Number::from);
        Ok(whole.or_else(|| Number::from_f64(value)).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) =
            seq.next_element_seed(Tree { path: self.path.index(items.len()), repeated: self.repeated })?
        {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let path = self.path.field(&key);
            let value = map.next_value_seed(Tree { path: path.clone(), repeated: self.repeated })?;
            if fields.insert(key, value).is_some() {
                self.repeated.borrow_mut().push(path.to_string());
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_yaml_say_the_same() {
        let value = json!({ "a": [1, -2, 1.5, 3, true, null, "x"], "b": { "c": "" } });
        let text = r#"{ "a": [1, -2, 1.5, 3.0, true, null, "x"], "b": { "c": "" } }"#;
        assert_eq!(super::json(text.as_bytes()).unwrap().value, value);
        assert_eq!(yaml(b"a: [1, -2, 1.5, 3.0, true, null, x]\nb:\n  c: ''\n").unwrap().value, value);
        for bad in ["{", "{} {}", "", "\u{1}"] {
            assert!(super::json(bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert!(yaml(b"a: [").is_err());
    }

    #[test]
    fn the_last_of_equal_fields_counts_and_all_are_told() {
        let read = super::json(br#"{ "a": 1, "b": [{ "c": 1, "c": 2 }], "a": 2 }"#).unwrap();
        assert_eq!(read.value, json!({ "a": 2, "b": [{ "c": 2 }] }));
        assert_eq!(read.repeated, ["b[0].c", "a"]);
    }
}
