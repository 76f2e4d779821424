//! What a message of S3 says.

use roxmltree::{Document, Node};

use super::place::{About, Place, plain};
use crate::{
    recorder::{Exchange, Message},
    seen::Wish,
};

/// What a request wants to be configured; an answer tells it in the same place.
pub(super) fn asked(exchange: &Exchange) -> Vec<Wish<About>> {
    if !["PUT", "POST"].contains(&exchange.method.as_str()) {
        return Vec::new();
    }
    let parameters = exchange.parameters.iter().map(|(name, value)| (Place::Parameter(name.clone()), value.clone()));
    let wish = |(about, value): (About, String)| Wish { asked: about.clone(), told: about, value };
    facts(exchange, &exchange.asked, parameters.collect()).into_iter().map(wish).collect()
}

/// What an answer tells, each with its value.
pub(super) fn told(exchange: &Exchange) -> Vec<(About, String)> {
    if exchange.method == "GET" { facts(exchange, &exchange.answered, Vec::new()) } else { Vec::new() }
}

fn facts(exchange: &Exchange, message: &Message, mut said: Vec<(Place, String)>) -> Vec<(About, String)> {
    let word = exchange.parameters.iter().map(|(name, _)| name.as_str()).find(|name| !["x-id", "id"].contains(name));
    said.extend(message.headers.iter().map(|(name, value)| (Place::Header(name.clone()), value.clone())));
    match Document::parse(&message.body) {
        Ok(document) => said.extend(document.root().descendants().filter(Node::is_element).flat_map(element)),
        Err(_) if !message.body.is_empty() => said.push((Place::Whole, message.body.clone())),
        Err(_) => {}
    }
    // S3 writes some words with a capital letter, however they came.
    let fact = |(place, value): (Place, String)| (About::new(word.unwrap_or_default(), place), value.to_lowercase());
    said.into_iter().map(fact).collect()
}

/// What an element says, below each element around it, because an answer may wrap what a request had at its root.
fn element(node: Node<'_, '_>) -> Vec<(Place, String)> {
    let names: Vec<_> = node.ancestors().filter(Node::is_element).map(|node| plain(node.tag_name().name())).collect();
    let leaf = !node.children().any(|child| child.is_element());
    let text = if leaf { node.text().unwrap_or_default() } else { "" };
    let ways: Vec<_> =
        (1..=names.len()).map(|depth| names[..depth].iter().rev().copied().collect::<Vec<_>>().join("/")).collect();
    let attribute = |way: &String| {
        let way = way.clone();
        let said = move |attribute: roxmltree::Attribute<'_, '_>| {
            (Place::Body(format!("{way}/xsi:{}", attribute.name())), attribute.value().to_owned())
        };
        node.attributes().map(said).collect::<Vec<_>>()
    };
    let mut said: Vec<_> = ways.iter().flat_map(attribute).collect();
    said.extend(ways.into_iter().map(|way| (Place::Body(way), text.to_owned())));
    // The id that a request has in its query is told back in the body.
    if let ["Id", _, _] = names.as_slice() {
        said.push((Place::Parameter("id".into()), text.to_owned()));
    }
    said
}
