//! What went over the wire, member by member.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

use crate::{
    left_out::Half,
    model::{Member, Place},
    recorder::{Exchange, Message},
};

/// The members that went over the wire.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Requests had them.
    asked: BTreeSet<Fact>,
    /// Answers had them.
    told: BTreeSet<Fact>,
    /// Requests had them, and answers told them back with the same value.
    carried: BTreeSet<Fact>,
}

/// What of a bucket it is about, and the member.
type Fact = (String, Where);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    Body(String),
    Header(String),
    Parameter(String),
    Whole,
}

/// Words in the query that stand for a part of what another word stands for.
const PARTS_OF: [(&str, &str); 3] = [
    ("metadataAnnotationTable", "metadataConfiguration"),
    ("metadataInventoryTable", "metadataConfiguration"),
    ("metadataJournalTable", "metadataConfiguration"),
];

impl Seen {
    /// Adds what the messages about one bucket show.
    pub(crate) fn add(&mut self, exchanges: &[Exchange]) {
        let good = |exchange: &&Exchange| exchange.status < 300;
        let answers = exchanges.iter().filter(good).filter(|exchange| exchange.method == "GET");
        let told: BTreeSet<_> =
            answers.flat_map(|exchange| facts(&topic(exchange), &exchange.answered, Vec::new())).collect();
        let writes =
            exchanges.iter().filter(good).filter(|exchange| ["PUT", "POST"].contains(&exchange.method.as_str()));
        for exchange in writes {
            let asked = facts(&topic(exchange), &exchange.asked, exchange.parameters.clone());
            for (topic, place, value) in asked {
                let (fact, valued) = ((topic.clone(), place.clone()), (topic, place, value));
                if told.contains(&valued) {
                    self.carried.insert(fact.clone());
                }
                self.asked.insert(fact);
            }
        }
        self.told.extend(told.into_iter().map(|(topic, place, _)| (topic, place)));
    }

    /// Whether the member made the round trip.
    pub(crate) fn carries(&self, member: &Member) -> bool {
        has(&self.carried, member)
    }

    /// Whether half of the round trip was made, where that is all there is.
    pub(crate) fn shows(&self, half: Half, member: &Member) -> bool {
        match half {
            Half::Neither => true,
            Half::Asked => has(&self.asked, member),
            Half::Told => has(&self.told, member),
        }
    }
}

fn has(facts: &BTreeSet<Fact>, member: &Member) -> bool {
    let topic = parts_of(&member.query);
    facts.iter().filter(|(about, _)| about == topic).any(|(_, place)| match (&member.place, place) {
        (Place::Body(way), Where::Body(seen)) => ends_with(seen, &plain(way)),
        (Place::Header(name), Where::Header(seen)) | (Place::Parameter(name), Where::Parameter(seen)) => name == seen,
        (Place::Whole, Where::Whole) => true,
        _ => false,
    })
}

fn topic(exchange: &Exchange) -> String {
    let word = exchange.parameters.iter().map(|(name, _)| name.as_str()).find(|name| !["x-id", "id"].contains(name));
    parts_of(word.unwrap_or_default()).to_owned()
}

fn parts_of(word: &str) -> &str {
    PARTS_OF.iter().find(|(part, _)| *part == word).map_or(word, |(_, whole)| whole)
}

/// Answers end the names of what they tell with a word that requests do not have.
fn plain(way: &str) -> String {
    way.split('/').map(|name| name.strip_suffix("Result").unwrap_or(name)).collect::<Vec<_>>().join("/")
}

fn ends_with(way: &str, end: &str) -> bool {
    way.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// What a message says, as topic, place and value.
fn facts(topic: &str, message: &Message, parameters: Vec<(String, String)>) -> Vec<(String, Where, String)> {
    let mut said: Vec<(Where, String)> = Vec::new();
    said.extend(message.headers.iter().map(|(name, value)| (Where::Header(name.clone()), value.clone())));
    said.extend(parameters.into_iter().map(|(name, value)| (Where::Parameter(name), value)));
    match Document::parse(&message.body) {
        Ok(document) => said.extend(document.root().descendants().filter(Node::is_element).flat_map(element)),
        Err(_) if !message.body.is_empty() => said.push((Where::Whole, message.body.clone())),
        Err(_) => {}
    }
    // S3 writes some words with a capital letter, however they came.
    said.into_iter().map(|(place, value)| (topic.to_owned(), place, value.to_lowercase())).collect()
}

/// What an element says, below each element around it, because an answer may wrap what a request had at its root.
fn element(node: Node<'_, '_>) -> Vec<(Where, String)> {
    let names: Vec<_> = node.ancestors().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
    let leaf = !node.children().any(|child| child.is_element());
    let text = if leaf { node.text().unwrap_or_default() } else { "" };
    let ways = (1..=names.len()).map(|depth| names[..depth].iter().rev().copied().collect::<Vec<_>>().join("/"));
    let mut said: Vec<(Where, String)> = ways.map(|way| (Where::Body(plain(&way)), text.to_owned())).collect();
    let attributes = said.clone().into_iter().flat_map(|(way, _)| {
        let Where::Body(way) = way else { return Vec::new() };
        let said = |attribute: roxmltree::Attribute<'_, '_>| {
            (Where::Body(format!("{way}/xsi:{}", attribute.name())), attribute.value().to_owned())
        };
        node.attributes().map(said).collect()
    });
    said.extend(attributes.collect::<Vec<_>>());
    // The id that a request has in its query is told back in the body.
    if let ["Id", _, _] = names.as_slice() {
        said.push((Where::Parameter("id".into()), text.to_owned()));
    }
    said
}
