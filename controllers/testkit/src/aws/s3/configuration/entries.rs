//! Configurations with ids, each of which is put and taken away by itself.

use std::sync::Arc;

use super::{
    super::{
        super::{
            answer::{Answer, Outcome, S3Error},
            world::{Bucket, World},
            xml::Element,
        },
        Request,
        shape::{Field, Shape, many, may, must, read, some},
        subresource::{Names, Verb},
    },
    filter,
};

/// A list of configurations.
#[derive(Debug)]
pub(in super::super) struct Entries {
    /// Name in the query.
    pub(in super::super) query: &'static str,
    /// Names of the operations: of the one that lists them, and of those about one.
    pub(in super::super) list: &'static str,
    pub(in super::super) names: Names,
    /// Name of a configuration in a document, and of the document that lists them.
    root: &'static str,
    listing: &'static str,
    fields: &'static [Field],
}

/// As many are in one answer.
const PAGE: usize = 100;

const ID: Field = must("Id", Shape::Text);
const STATUS: Shape = Shape::OneOf(&["Enabled", "Disabled"]);
const EXPORT: &[Field] = &[
    must("Format", Shape::OneOf(&["CSV"])),
    may("BucketAccountId", Shape::Text),
    must("Bucket", Shape::Text),
    may("Prefix", Shape::Text),
];
const ANALYSIS: &[Field] = &[may(
    "DataExport",
    Shape::Node(&[
        must("OutputSchemaVersion", Shape::OneOf(&["V_1"])),
        must("Destination", Shape::Node(&[must("S3BucketDestination", Shape::Node(EXPORT))])),
    ]),
)];
const TIERING: &[Field] =
    &[must("AccessTier", Shape::OneOf(&["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])), must("Days", Shape::Number(90))];
const ENCRYPTION: &[Field] =
    &[may("SSE-S3", Shape::Node(&[])), may("SSE-KMS", Shape::Node(&[must("KeyId", Shape::Text)]))];
const INVENTORY_BUCKET: &[Field] = &[
    may("AccountId", Shape::Text),
    must("Bucket", Shape::Text),
    must("Format", Shape::OneOf(&["CSV", "ORC", "Parquet"])),
    may("Prefix", Shape::Text),
    may("Encryption", Shape::Node(ENCRYPTION)),
];

pub(in super::super) static ALL: [Entries; 4] = [
    Entries {
        query: "analytics",
        list: "ListBucketAnalyticsConfigurations",
        names: Names {
            get: "GetBucketAnalyticsConfiguration",
            put: "PutBucketAnalyticsConfiguration",
            delete: "DeleteBucketAnalyticsConfiguration",
        },
        root: "AnalyticsConfiguration",
        listing: "ListBucketAnalyticsConfigurationResult",
        fields: &[ID, may("Filter", filter::FILTER), must("StorageClassAnalysis", Shape::Node(ANALYSIS))],
    },
    Entries {
        query: "intelligent-tiering",
        list: "ListBucketIntelligentTieringConfigurations",
        names: Names {
            get: "GetBucketIntelligentTieringConfiguration",
            put: "PutBucketIntelligentTieringConfiguration",
            delete: "DeleteBucketIntelligentTieringConfiguration",
        },
        root: "IntelligentTieringConfiguration",
        listing: "ListBucketIntelligentTieringConfigurationsOutput",
        fields: &[ID, may("Filter", filter::FILTER), must("Status", STATUS), some("Tiering", Shape::Node(TIERING), 2)],
    },
    Entries {
        query: "inventory",
        list: "ListBucketInventoryConfigurations",
        names: Names {
            get: "GetBucketInventoryConfiguration",
            put: "PutBucketInventoryConfiguration",
            delete: "DeleteBucketInventoryConfiguration",
        },
        root: "InventoryConfiguration",
        listing: "ListInventoryConfigurationsResult",
        fields: &[
            ID,
            must("IsEnabled", Shape::Flag),
            must("Destination", Shape::Node(&[must("S3BucketDestination", Shape::Node(INVENTORY_BUCKET))])),
            may("Filter", Shape::Node(&[must("Prefix", Shape::Text)])),
            must("IncludedObjectVersions", Shape::OneOf(&["All", "Current"])),
            may("OptionalFields", Shape::Node(&[many("Field", Shape::Text, 50)])),
            must("Schedule", Shape::Node(&[must("Frequency", Shape::OneOf(&["Daily", "Weekly"]))])),
        ],
    },
    Entries {
        query: "metrics",
        list: "ListBucketMetricsConfigurations",
        names: Names {
            get: "GetBucketMetricsConfiguration",
            put: "PutBucketMetricsConfiguration",
            delete: "DeleteBucketMetricsConfiguration",
        },
        root: "MetricsConfiguration",
        listing: "ListMetricsConfigurationsResult",
        fields: &[ID, may("Filter", filter::FILTER)],
    },
];

pub(in super::super) fn find(query: &str) -> Option<&'static Entries> {
    ALL.iter().find(|entries| entries.query == query)
}

/// The configurations that are stored, by their ids' order.
fn stored(entries: &Entries, bucket: &Bucket) -> Vec<Element> {
    let root = bucket.config.get(entries.query).and_then(|stored| Element::parse(stored.as_bytes()));
    root.map(|root| root.children).unwrap_or_default()
}

pub(in super::super) fn list(request: &Request<'_>, entries: &Entries, bucket: &Bucket) -> Answer {
    let after = request.raw.parameter("continuation-token").unwrap_or_default();
    let mut found = stored(entries, bucket);
    found.retain(|entry| entry.text_of("Id").unwrap_or_default() > after);
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let mut root = Element::s3(entries.listing).with("IsTruncated", if more { "true" } else { "false" });
    if let (true, Some(last)) = (more, found.last().and_then(|last| last.text_of("Id"))) {
        root = root.with("NextContinuationToken", last);
    }
    Answer::xml(200, &found.into_iter().fold(root, Element::child))
}

pub(in super::super) fn one(
    world: &mut World,
    request: &Request<'_>,
    entries: &Entries,
    verb: Verb,
    bucket: &Arc<Bucket>,
) -> Outcome<Answer> {
    let id = request.raw.parameter("id").unwrap_or_default();
    let mut all = stored(entries, bucket);
    let at = all.iter().position(|entry| entry.text_of("Id") == Some(id));
    let missing = || S3Error::new(404, "NoSuchConfiguration", "The specified configuration does not exist.");
    match verb {
        Verb::Get => {
            let found = at.and_then(|at| all.get(at)).ok_or_else(missing)?;
            let root = found.children.iter().cloned().fold(Element::s3(entries.root), Element::child);
            return Ok(Answer::xml(200, &root));
        }
        Verb::Put => {
            let entry = accept(entries, id, &request.raw.body)?;
            all.retain(|other| other.text_of("Id") != Some(id));
            all.push(entry);
            all.sort_by_key(|entry| entry.text_of("Id").unwrap_or_default().to_owned());
        }
        Verb::Delete => drop(all.remove(at.ok_or_else(missing)?)),
    }
    let mut changed = Bucket::clone(bucket);
    if all.is_empty() {
        changed.config.remove(entries.query);
    } else {
        let root = all.into_iter().fold(Element::s3("Configurations"), Element::child);
        changed.config.insert(entries.query, root.document());
    }
    world.put(changed);
    Ok(Answer::empty(if verb == Verb::Put { 200 } else { 204 }))
}

fn accept(entries: &Entries, id: &str, body: &[u8]) -> Outcome<Element> {
    let entry = read(body, entries.root, entries.fields)?;
    if entry.text_of("Id") != Some(id) {
        let message = "The id in the body does not match the id in the query";
        return Err(S3Error::new(400, "InvalidArgument", message));
    }
    filter::check(entry.get("Filter"))?;
    // A filter of these kinds has to say something.
    if entry.get("Filter").is_some_and(|filter| filter.children.is_empty()) {
        return Err(S3Error::malformed());
    }
    Ok(entry.children.into_iter().fold(Element::new(entries.root), Element::child))
}
