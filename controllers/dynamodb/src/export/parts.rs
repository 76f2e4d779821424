//! The parts of an export. All are in the creating call, and none ever changes.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::ExportDescription;
use cairn_aws::Arn;
use cairn_core::rules::{PartRules, Rule};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{CREATE, LOCATE};
use crate::wire::{encode, wire};

wire! {
    struct IncrementalExportSpecification {
        "exportFromTime" => export_from_time,
        "exportToTime" => export_to_time,
        "exportViewType" => export_view_type,
    }
    enum ExportFormat
    enum ExportType
    enum ExportViewType
    enum S3SseAlgorithm
}

pub(super) const TABLE_ARN: &str = "tableARN";
pub(super) const TABLE_NAME: &str = "tableName";
pub(super) const BUCKET: &str = "s3Bucket";
const TIME: &str = "exportTime";
const INCREMENT: &str = "incrementalExportSpecification";

/// What an export is asked for with.
const BORN: PartRules = PartRules { get: LOCATE, put: CREATE, ..PartRules::BORN };

pub(super) const RULES: &[PartRules] = &[
    // A spec says one of the two, and both would be one too many.
    PartRules { field: TABLE_ARN, telling: |_| false, ..BORN },
    PartRules { field: TABLE_NAME, telling: |_| false, ..BORN },
    PartRules { field: BUCKET, ..BORN },
    PartRules { field: "s3BucketOwner", ..BORN },
    PartRules { field: "s3Prefix", ..BORN },
    PartRules { field: "s3SSEAlgorithm", ..BORN },
    PartRules { field: "s3SSEKMSKeyID", ..BORN },
    PartRules { field: "exportFormat", ..BORN },
    PartRules { field: TIME, same: same_time, ..BORN },
    PartRules { field: "exportType", ..BORN },
    PartRules { field: INCREMENT, rule: Rule::Document, same: same_increment, ..BORN },
];

/// What is told of each part, by field.
pub(super) fn described(export: &ExportDescription) -> BTreeMap<&'static str, Option<Value>> {
    let table = export.table_arn.as_deref().and_then(Arn::parse);
    let name = table.and_then(|arn| arn.resource.strip_prefix("table/").map(Value::from));
    let told = [
        (TABLE_ARN, encode(&export.table_arn)),
        (TABLE_NAME, json!(name)),
        (BUCKET, encode(&export.s3_bucket)),
        ("s3BucketOwner", encode(&export.s3_bucket_owner)),
        ("s3Prefix", encode(&export.s3_prefix)),
        ("s3SSEAlgorithm", encode(&export.s3_sse_algorithm)),
        ("s3SSEKMSKeyID", encode(&export.s3_sse_kms_key_id)),
        ("exportFormat", encode(&export.export_format)),
        (TIME, encode(&export.export_time)),
        ("exportType", encode(&export.export_type)),
        (INCREMENT, encode(&export.incremental_export_specification)),
    ];
    told.map(|(field, value)| (field, Some(value).filter(|value| !value.is_null()))).into()
}

/// The second that a time is in: AWS need not keep more of it.
fn second(time: &Value) -> Option<i64> {
    time.as_str()?.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

fn same_time(a: &Value, b: &Value) -> bool {
    a == b || second(a).is_some_and(|a| second(b) == Some(a))
}

fn same_increment(a: &Value, b: &Value) -> bool {
    let times = ["exportFromTime", "exportToTime"].iter().all(|field| same_time(&a[*field], &b[*field]));
    times && a["exportViewType"] == b["exportViewType"]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_however_it_is_written() {
        let same = |a: &str, b: &str| same_time(&json!(a), &json!(b));
        assert!(same("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"));
        assert!(same("2026-01-01T00:00:00.25Z", "2026-01-01T00:00:00Z"));
        assert!(!same("2026-01-01T00:00:01Z", "2026-01-01T00:00:00Z"));
        assert!(!same("noon", "midnight") && same("noon", "noon"));
        let span = |from: &str, view: &str| json!({"exportFromTime": from, "exportViewType": view});
        let whole = span("2026-01-01T00:00:00Z", "NEW_IMAGE");
        assert!(same_increment(&whole, &span("2026-01-01T01:00:00+01:00", "NEW_IMAGE")));
        assert!(!same_increment(&whole, &span("2026-01-01T00:00:00Z", "NEW_AND_OLD_IMAGES")));
        assert!(!same_increment(&whole, &span("2026-01-01T00:00:09Z", "NEW_IMAGE")));
    }

    #[test]
    fn what_is_told_is_what_was_asked_for() {
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        let told = described(&ExportDescription::builder().table_arn(arn).s3_bucket("exports").build());
        assert_eq!((told[TABLE_NAME].clone(), told[TABLE_ARN].clone()), (Some(json!("orders")), Some(json!(arn))));
        assert_eq!((told[BUCKET].clone(), told[TIME].clone()), (Some(json!("exports")), None));
        assert!(RULES.iter().all(|rules| told.contains_key(rules.field)));
    }
}
