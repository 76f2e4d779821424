//! Whom S3 tells what happens.

use super::{
    super::{
        super::{
            answer::{Outcome, S3Error},
            xml::Element,
        },
        shape::{Field, Shape, many, may, must, read, some},
        subresource::Put,
    },
    name_all,
};

const END: &[Field] =
    &[must("Name", Shape::OneOf(&["prefix", "Prefix", "suffix", "Suffix"])), must("Value", Shape::Text)];
const FILTER: Shape = Shape::Node(&[may("S3Key", Shape::Node(&[many("FilterRule", Shape::Node(END), 2)]))]);
const EVENT: Field = some("Event", Shape::Text, 100);
const TOPIC: &[Field] = &[may("Id", Shape::Text), must("Topic", Shape::Text), EVENT, may("Filter", FILTER)];
const QUEUE: &[Field] = &[may("Id", Shape::Text), must("Queue", Shape::Text), EVENT, may("Filter", FILTER)];
const FUNCTION: &[Field] = &[may("Id", Shape::Text), must("CloudFunction", Shape::Text), EVENT, may("Filter", FILTER)];
const LISTS: [&str; 3] = ["TopicConfiguration", "QueueConfiguration", "CloudFunctionConfiguration"];

pub(in super::super) fn none() -> String {
    Element::s3("NotificationConfiguration").document()
}

pub(in super::super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let fields = [
        many("TopicConfiguration", Shape::Node(TOPIC), 100),
        many("QueueConfiguration", Shape::Node(QUEUE), 100),
        many("CloudFunctionConfiguration", Shape::Node(FUNCTION), 100),
        may("EventBridgeConfiguration", Shape::Node(&[])),
    ];
    let root = read(put.body, "NotificationConfiguration", &fields)?;
    let entries: Vec<_> = root.children.iter().filter(|child| LISTS.contains(&child.name.as_str())).collect();
    for (at, entry) in entries.iter().enumerate() {
        if entries.iter().skip(at + 1).any(|other| overlap(entry, other)) {
            let message = "Configurations overlap. Configurations on the same bucket cannot share a common event type.";
            return Err(S3Error::new(400, "InvalidArgument", message));
        }
    }
    let root = LISTS.into_iter().fold(root, |root, list| name_all(put, root, list, "Id"));
    Ok(capitalised(root).document())
}

/// Whether both would be told of the same object.
fn overlap(a: &Element, b: &Element) -> bool {
    let shared = a.all("Event").any(|event| b.all("Event").any(|other| event.text == other.text));
    let (prefix, suffix) = ((end(a, "prefix"), end(b, "prefix")), (end(a, "suffix"), end(b, "suffix")));
    let starts = prefix.0.starts_with(&prefix.1) || prefix.1.starts_with(&prefix.0);
    shared && starts && (suffix.0.ends_with(&suffix.1) || suffix.1.ends_with(&suffix.0))
}

fn end(entry: &Element, name: &str) -> String {
    let key = entry.get("Filter").and_then(|filter| filter.get("S3Key"));
    let mut rules = key.into_iter().flat_map(|key| key.all("FilterRule"));
    let found = rules.find(|rule| rule.text_of("Name").is_some_and(|found| found.eq_ignore_ascii_case(name)));
    found.and_then(|rule| rule.text_of("Value")).unwrap_or_default().to_owned()
}

/// S3 writes the names of filter rules with a capital letter, however they came.
fn capitalised(element: Element) -> Element {
    let is_rule = element.name == "FilterRule";
    let children = element.children.iter().map(|child| match child.text.as_str() {
        "prefix" if is_rule && child.name == "Name" => Element { text: "Prefix".to_owned(), ..child.clone() },
        "suffix" if is_rule && child.name == "Name" => Element { text: "Suffix".to_owned(), ..child.clone() },
        _ => capitalised(child.clone()),
    });
    Element { children: children.collect(), ..element }
}
