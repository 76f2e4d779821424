//! Tables with the metadata of objects.

use super::super::{
    super::{
        answer::{Outcome, S3Error},
        xml::Element,
    },
    shape::{Field, Shape, may, must, read},
    subresource::Put,
};

const STATE: Shape = Shape::OneOf(&["ENABLED", "DISABLED"]);
const ENCRYPTION: Field = may(
    "EncryptionConfiguration",
    Shape::Node(&[must("SseAlgorithm", Shape::OneOf(&["AES256", "aws:kms"])), may("KmsKeyArn", Shape::Text)]),
);
const EXPIRATION: Field =
    must("RecordExpiration", Shape::Node(&[must("Expiration", STATE), may("Days", Shape::Number(7))]));
const JOURNAL: &[Field] = &[EXPIRATION, ENCRYPTION];
const INVENTORY: &[Field] = &[must("ConfigurationState", STATE), ENCRYPTION];
const ANNOTATION: &[Field] = &[must("ConfigurationState", STATE), ENCRYPTION, may("Role", Shape::Text)];
const RESULT: &str = "MetadataConfigurationResult";
/// Under which name the configuration is stored.
pub(in super::super) const STORED: &str = "metadataConfiguration";

pub(in super::super) fn create(put: &Put<'_>) -> Outcome<String> {
    let fields = [
        must("JournalTableConfiguration", Shape::Node(JOURNAL)),
        may("InventoryTableConfiguration", Shape::Node(INVENTORY)),
        may("AnnotationTableConfiguration", Shape::Node(ANNOTATION)),
    ];
    let root = read(put.body, "MetadataConfiguration", &fields)?;
    if put.bucket.config.contains_key(STORED) {
        let message = "A metadata configuration already exists for this bucket.";
        return Err(S3Error::new(409, "MetadataConfigurationAlreadyExists", message));
    }
    let destination = Element::new("DestinationResult").with("TableBucketType", "aws").with("TableNamespace", "b_x");
    let result = root.children.iter().map(told).fold(Element::new(RESULT).child(destination), Element::child);
    Ok(Element::s3("GetBucketMetadataConfigurationResult").child(result).document())
}

pub(in super::super) fn update_journal(put: &Put<'_>) -> Outcome<String> {
    update(put, &read(put.body, "JournalTableConfiguration", &[EXPIRATION])?)
}

pub(in super::super) fn update_inventory(put: &Put<'_>) -> Outcome<String> {
    update(put, &read(put.body, "InventoryTableConfiguration", INVENTORY)?)
}

pub(in super::super) fn update_annotation(put: &Put<'_>) -> Outcome<String> {
    update(put, &read(put.body, "AnnotationTableConfiguration", ANNOTATION)?)
}

fn update(put: &Put<'_>, table: &Element) -> Outcome<String> {
    let stored = put.bucket.config.get(STORED).and_then(|stored| Element::parse(stored.as_bytes()));
    let missing = || S3Error::new(404, "MetadataConfigurationNotFound", "The metadata configuration was not found");
    let stored = stored.ok_or_else(missing)?;
    let result = stored.get(RESULT).cloned().unwrap_or_default();
    let told = told(table);
    let others = result.children.into_iter().filter(|child| child.name != told.name);
    let result = others.fold(Element::new(RESULT), Element::child).child(told);
    Ok(Element::s3("GetBucketMetadataConfigurationResult").child(result).document())
}

/// What is told of a table: not how it is encrypted.
fn told(table: &Element) -> Element {
    let result = Element::new(&format!("{}Result", table.name));
    let shown = table.children.iter().filter(|child| child.name != "EncryptionConfiguration").cloned();
    let result = shown.fold(result, Element::child);
    if table.text_of("ConfigurationState") == Some("DISABLED") {
        return result;
    }
    let name = table.name.trim_end_matches("TableConfiguration").to_ascii_lowercase();
    result.with("TableStatus", "ACTIVE").with("TableName", &name)
}
