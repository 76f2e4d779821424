//! Which members the configuration of a bucket has, and where each is in a message.

use serde_json::Value;

use super::Bucket;
use crate::model::{Member, Model};

/// A place in a message, and what of a bucket the message is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct About {
    /// The word in the query that says it; empty for the bucket itself.
    pub(super) query: String,
    pub(super) place: Place,
}

/// Where a member is in a message.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Below this way of elements; the last may be an attribute.
    Body(String),
    /// In the header of this name.
    Header(String),
    /// In the parameter of this name.
    Parameter(String),
    /// The body is the member, and no XML.
    Whole,
}

/// Words in the query that stand for a part of what another word stands for.
const PARTS_OF: [(&str, &str); 3] = [
    ("metadataAnnotationTable", "metadataConfiguration"),
    ("metadataInventoryTable", "metadataConfiguration"),
    ("metadataJournalTable", "metadataConfiguration"),
];

impl About {
    /// A place in a message with this word in its query.
    pub(super) fn new(query: &str, place: Place) -> Self {
        let query = PARTS_OF.iter().find(|(part, _)| *part == query).map_or(query, |(_, whole)| whole);
        Self { query: query.to_owned(), place }
    }

    fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}

/// Answers end the names of what they tell with a word that requests do not have.
pub(super) fn plain(name: &str) -> &str {
    name.strip_suffix("Result").unwrap_or(name)
}

/// The members of all operations that write or read the configuration of a bucket; not what every request says.
pub(super) fn members(model: &Model) -> Vec<Member<About>> {
    let mut members = Vec::new();
    for (name, operation) in model.operations() {
        let Some(query) = about_buckets(operation) else { continue };
        let side = match name.as_str() {
            name if ["Put", "Create", "Update"].iter().any(|verb| name.starts_with(verb)) => "input",
            name if ["Get", "ListBucket"].iter().any(|verb| name.starts_with(verb)) => "output",
            _ => continue,
        };
        let operation_of = Member { name: name.clone(), place: About::new(&query, Place::Whole) };
        of_message(model, &operation_of, &operation[side], &mut members);
    }
    members
}

fn of_message(model: &Model, operation: &Member<About>, message: &Value, members: &mut Vec<Member<About>>) {
    let Some(shape) = model.shape(message) else { return };
    let is_structure = |member| model.shape(member).is_some_and(|shape| shape["type"] == "structure");
    let own = Model::members_of(shape).filter(|(name, _)| !OF_EVERY_REQUEST.contains(&name.as_str()));
    for (name, member) in own {
        let wire = member["locationName"].as_str().unwrap_or(name);
        let place = match member["location"].as_str() {
            Some("header") => Place::Header(wire.to_lowercase()),
            Some("querystring") => Place::Parameter(wire.into()),
            _ if shape["payload"] == **name && !is_structure(member) => Place::Whole,
            _ => Place::Body(plain(wire).into()),
        };
        let member_of = Member { name: format!("{}.{name}", operation.name), place: operation.place.at(place) };
        model.collect::<Bucket>(member_of, member, members);
    }
}

/// Where the member of a structure is, which only bodies have.
pub(super) fn inside(about: &About, name: &str, member: &Value) -> Option<About> {
    let Place::Body(way) = &about.place else { return None };
    let wire = member["locationName"].as_str().unwrap_or(name);
    Some(about.at(Place::Body(format!("{way}/{}", plain(wire)))))
}

/// Where the items of a list are: around them there is an element, unless the model says otherwise.
pub(super) fn item(about: &About, shape: &Value, reference: &Value) -> About {
    let flat = shape["flattened"] == true || reference["flattened"] == true;
    match &about.place {
        Place::Body(way) if !flat => {
            let wire = shape["member"]["locationName"].as_str().unwrap_or("member");
            about.at(Place::Body(format!("{way}/{}", plain(wire))))
        }
        _ => about.clone(),
    }
}

/// What has nothing to do with what is configured: the bucket, who owns it, checksums.
const OF_EVERY_REQUEST: [&str; 4] = ["Bucket", "ExpectedBucketOwner", "ContentMD5", "ChecksumAlgorithm"];

/// The word in the query of an operation that is about a bucket and not about objects.
fn about_buckets(operation: &Value) -> Option<String> {
    const ABOUT_OBJECTS: [&str; 5] = ["session", "delete", "uploads", "versions", "list-type=2"];
    let uri = operation["http"]["requestUri"].as_str()?;
    let query = uri.strip_prefix("/{Bucket}").filter(|rest| !rest.contains("{Key"))?.trim_start_matches('?');
    (!ABOUT_OBJECTS.contains(&query)).then(|| query.to_owned())
}
