//! YAML with the place of everything in it.

use std::fmt;
use std::ops::Range;

use cairn_graph::problem::{Problem, Step, steps};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value as Json};
use serde_saphyr::{Location, Spanned};

/// A value and where it stands in the text.
#[derive(Debug, Clone)]
pub(crate) struct Located {
    span: Range<usize>,
    node: Node,
}

#[derive(Debug, Clone)]
enum Node {
    Scalar(Json),
    List(Vec<Located>),
    Object(Vec<(String, Range<usize>, Located)>),
}

/// Reads every document of a text as Kubernetes' clients do: `yes` and `on` are booleans, also as keys, and `0777` is
/// octal. Documents without content are left out.
pub(crate) fn documents(text: &str) -> Result<Vec<Located>, serde_saphyr::Error> {
    let failed = |why: &str| serde_saphyr::Error::custom(format!("the text cannot be read: {why}"));
    // The parser goes down with what nests, up to a limit of its own; the caller's stack need not have room for that.
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, || read(text));
        match reader.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(failed("the parser failed")),
            Err(error) => Err(failed(&error.to_string())),
        }
    })
}

/// Room for what the parser allows to nest, sixty-four levels, without optimization.
const STACK: usize = 16 << 20;

fn read(text: &str) -> Result<Vec<Located>, serde_saphyr::Error> {
    let options = serde_saphyr::options! { legacy_octal_numbers: true };
    let found: Vec<Spanned<Node>> = serde_saphyr::from_multiple_with_options(text, options)?;
    let mut found: Vec<Located> = found.into_iter().map(Located::from).collect();
    found.retain(|document| !matches!(document.node, Node::Scalar(Json::Null)));
    for document in &mut found {
        document.rename(text);
    }
    Ok(found)
}

/// The name that clients of Kubernetes make of a key without quotes that YAML 1.1 reads as a boolean.
fn truth(written: &str) -> Option<&'static str> {
    match written {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "True" | "TRUE" => Some("true"),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" | "False" | "FALSE" => Some("false"),
        _ => None,
    }
}

impl From<Spanned<Node>> for Located {
    fn from(found: Spanned<Node>) -> Self {
        Self { span: range(&found.referenced), node: found.value }
    }
}

fn range(location: &Location) -> Range<usize> {
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok());
    let span = location.span();
    match (number(span.byte_offset()), number(span.byte_len())) {
        (Some(start), Some(length)) => start..start + length,
        _ => 0..0,
    }
}

impl Located {
    /// Gives keys the names that clients of Kubernetes send.
    fn rename(&mut self, text: &str) {
        match &mut self.node {
            Node::Scalar(_) => {}
            Node::List(items) => items.iter_mut().for_each(|item| item.rename(text)),
            Node::Object(fields) => {
                for (name, key, value) in fields {
                    if let Some(truth) = text.get(key.clone()).and_then(truth) {
                        truth.clone_into(name);
                    }
                    value.rename(text);
                }
            }
        }
    }

    /// The value without places.
    pub(crate) fn json(&self) -> Json {
        match &self.node {
            Node::Scalar(value) => value.clone(),
            Node::List(items) => Json::Array(items.iter().map(Self::json).collect()),
            Node::Object(fields) => {
                let fields = fields.iter().map(|(name, _, value)| (name.clone(), value.json()));
                Json::Object(fields.collect::<Map<_, _>>())
            }
        }
    }

    /// Where a problem is in the text: the part that it names, or else the nearest that is there.
    pub(crate) fn place(&self, text: &str, problem: &Problem) -> Range<usize> {
        let (place, value) = self.find(&steps(&problem.path).unwrap_or_default());
        let Some((span, Node::Scalar(Json::String(string)))) = problem.span.zip(value.map(|value| &value.node)) else {
            return place;
        };
        within(text, place, string, span.start..span.end)
    }

    /// The place of the longest part of a path that is there, and the value if the whole path is.
    fn find(&self, path: &[Step]) -> (Range<usize>, Option<&Self>) {
        let Some((step, rest)) = path.split_first() else { return (self.first_line(), Some(self)) };
        let found = match (&self.node, step) {
            (Node::Object(fields), Step::Name(name)) => {
                fields.iter().find(|(known, ..)| known == name).map(|(_, key, value)| (key.clone(), value))
            }
            (Node::List(items), Step::Index(at)) => items.get(*at).map(|value| (value.first_line(), value)),
            _ => None,
        };
        match found {
            None => (self.first_line(), None),
            // An object or list is pointed at by its name: it may be long.
            Some((key, value)) if rest.is_empty() && !matches!(value.node, Node::Scalar(_)) => (key, Some(value)),
            Some((key, value)) => match value.find(rest) {
                (_, None) if !rest.is_empty() && value.lacks(rest) => (key, None),
                found => found,
            },
        }
    }

    /// Whether the very next step of a path is not there.
    fn lacks(&self, path: &[Step]) -> bool {
        match (&self.node, path.first()) {
            (Node::Object(fields), Some(Step::Name(name))) => !fields.iter().any(|(known, ..)| known == name),
            (Node::List(items), Some(Step::Index(at))) => items.len() <= *at,
            _ => true,
        }
    }

    /// The place of a scalar, or of the beginning of anything else.
    fn first_line(&self) -> Range<usize> {
        match &self.node {
            Node::Scalar(_) => self.span.clone(),
            Node::Object(fields) => fields.first().map_or(self.span.start..self.span.start, |(_, key, _)| key.clone()),
            Node::List(_) => self.span.start..self.span.start,
        }
    }
}

/// Where a part of a text stands, whose YAML may be quoted or folded: the same words, counted from its beginning.
fn within(source: &str, place: Range<usize>, value: &str, part: Range<usize>) -> Range<usize> {
    let (Some(raw), Some(words)) = (source.get(place.clone()), value.get(part.clone())) else { return place };
    if words.trim().is_empty() {
        return place;
    }
    let earlier = value.get(..part.start).map_or(0, |before| before.matches(words).count());
    match raw.match_indices(words).nth(earlier) {
        Some((at, _)) => place.start + at..place.start + at + words.len(),
        None => place,
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

/// Reads any value.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value that JSON has")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Json::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(Json::from(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(Json::from(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom(format!("{value} is no number that JSON has")))?;
        Ok(Node::Scalar(Json::Number(number)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(Json::from(value)))
    }

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Json::Null))
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some(item) = items.next_element::<Spanned<Node>>()? {
            found.push(Located::from(item));
        }
        Ok(Node::List(found))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Node, A::Error> {
        let mut found = Vec::new();
        while let Some((name, value)) = fields.next_entry::<Spanned<String>, Spanned<Node>>()? {
            let key = range(&name.referenced);
            found.push((name.value, key, Located::from(value)));
        }
        Ok(Node::Object(found))
    }
}

#[cfg(test)]
mod tests {
    use cairn_graph::problem::Problem;

    use super::*;

    const TEXT: &str = r#"
a:
  b: plain ${x.y} and ${x.z}
  "c.d": 'quoted ${x.y}'
  list:
  - one
  - {k: v, l: "deep \" ${y}"}
  block: |
    first
    second ${x.y}
  folded: >-
    ${x
    .y}
---
second: 0777
third: yes
n: {"y": x, on: y}
"#;

    fn at(path: &str, part: &str) -> String {
        let document = &documents(TEXT).unwrap()[0];
        let mut value = document.json();
        for step in steps(path).unwrap() {
            value = match step {
                Step::Name(name) => value[name].clone(),
                Step::Index(at) => value[at].clone(),
                Step::Any => value,
            };
        }
        let mut problem = Problem::new(path, "");
        if let Some(start) = value.as_str().and_then(|text| text.find(part)).filter(|_| !part.is_empty()) {
            problem = problem.at(cairn_cel::span::Span::new(start, start + part.len()));
        }
        TEXT[document.place(TEXT, &problem)].to_owned()
    }

    #[test]
    fn problems_are_found_in_the_text() {
        assert_eq!(at("a.b", ""), "plain ${x.y} and ${x.z}");
        assert_eq!(at("a.b", "x.z"), "x.z");
        assert_eq!(at("a[\"c.d\"]", "x.y"), "x.y");
        assert_eq!(at("a.list[0]", ""), "one");
        assert_eq!(at("a.list[1].k", ""), "v");
        assert_eq!(at("a.list[1].l", "y}"), "y}");
        assert_eq!(at("a.block", "x.y"), "x.y");
        assert_eq!(at("a.list", ""), "list");
        assert_eq!(at("a.nothing.there", ""), "a");
        assert_eq!(at("a.list[9]", ""), "list");
        assert_eq!(at("zzz", ""), "a");
        // Words that a folded text breaks are pointed at as a whole.
        let folded = at("a.folded", "x .y");
        assert!(folded.contains("${x\n"), "{folded:?}");
    }

    #[test]
    fn documents_are_read_as_kubernetes_does() {
        let found = documents(TEXT).unwrap();
        assert_eq!(
            found[1].json(),
            serde_json::json!({"second": 511, "third": true, "false": {"y": "x", "true": true}})
        );
        assert_eq!(found.len(), 2);
        assert!(documents("---\n---\n# nothing\n").unwrap().is_empty());
        assert!(documents("a: [").is_err());
        assert!(documents("a: 1\na: 2\n").is_err());
    }
}
