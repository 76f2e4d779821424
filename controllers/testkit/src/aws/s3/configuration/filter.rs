//! Which objects something is about.

use super::super::{
    super::{
        answer::{Outcome, S3Error},
        xml::Element,
    },
    shape::{Field, Shape, many, may, must},
};

const TAG: &[Field] = &[must("Key", Shape::Text), must("Value", Shape::Text)];
const SIZE: Shape = Shape::Number(0);
const AND: &[Field] = &[
    may("Prefix", Shape::Text),
    many("Tag", Shape::Node(TAG), 10),
    may("ObjectSizeGreaterThan", SIZE),
    may("ObjectSizeLessThan", SIZE),
    may("AccessPointArn", Shape::Text),
];

/// A filter by prefix or tag, or by several of them.
pub(super) const FILTER: Shape = Shape::Node(&[
    may("Prefix", Shape::Text),
    may("Tag", Shape::Node(TAG)),
    may("And", Shape::Node(AND)),
    may("ObjectSizeGreaterThan", SIZE),
    may("ObjectSizeLessThan", SIZE),
    may("AccessPointArn", Shape::Text),
]);

/// Refuses a filter with two conditions side by side, or an `And` of fewer.
pub(super) fn check(filter: Option<&Element>) -> Outcome<()> {
    let Some(filter) = filter else { return Ok(()) };
    let few = filter.get("And").is_some_and(|and| and.children.len() < 2);
    if filter.children.len() > 1 || few { Err(S3Error::malformed()) } else { Ok(()) }
}
