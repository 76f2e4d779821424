//! What a document has to look like.

use super::super::{
    answer::{Outcome, S3Error},
    xml::Element,
};

/// What an element holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Text,
    Flag,
    /// A whole number that is at least so much.
    Number(i64),
    /// A day, as S3 takes it: midnight in UTC.
    Midnight,
    OneOf(&'static [&'static str]),
    Node(&'static [Field]),
}

/// One kind of child.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    name: &'static str,
    shape: Shape,
    least: usize,
    most: usize,
}

/// A child that may be there once.
pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, least: 0, most: 1 }
}

/// A child that has to be there once.
pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, least: 1, most: 1 }
}

/// A child that may be there up to so many times.
pub(super) const fn many(name: &'static str, shape: Shape, most: usize) -> Field {
    Field { name, shape, least: 0, most }
}

/// The same, at least once.
pub(super) const fn some(name: &'static str, shape: Shape, most: usize) -> Field {
    Field { name, shape, least: 1, most }
}

/// Reads a document with this root.
pub(super) fn read(body: &[u8], root: &str, fields: &[Field]) -> Outcome<Element> {
    let parsed = Element::parse(body).filter(|parsed| parsed.name == root).ok_or_else(S3Error::malformed)?;
    check_node(&parsed, fields)?;
    Ok(parsed.children.into_iter().fold(Element::s3(root), Element::child))
}

fn check_node(element: &Element, fields: &[Field]) -> Outcome<()> {
    let known = |child: &Element| fields.iter().any(|field| field.name == child.name);
    if !element.children.iter().all(known) {
        return Err(S3Error::malformed());
    }
    for field in fields {
        if !(field.least..=field.most).contains(&element.all(field.name).count()) {
            return Err(S3Error::malformed());
        }
        element.all(field.name).try_for_each(|child| check(child, field.shape))?;
    }
    Ok(())
}

fn check(element: &Element, shape: Shape) -> Outcome<()> {
    let text = element.text.trim();
    let fits = match shape {
        Shape::Node(fields) => return check_node(element, fields),
        Shape::Text => true,
        Shape::Flag => ["true", "false"].contains(&text),
        Shape::Number(least) => text.parse::<i64>().is_ok_and(|number| number >= least),
        Shape::OneOf(values) => values.contains(&text),
        Shape::Midnight => text.parse::<jiff::Timestamp>().is_ok_and(|at| at.as_second() % 86_400 == 0),
    };
    if fits && element.children.is_empty() { Ok(()) } else { Err(S3Error::malformed()) }
}
