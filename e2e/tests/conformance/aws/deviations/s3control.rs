//! Rows about S3 Control.

use serde_json::Value;

use super::{Deviation, leave_out};
use crate::aws::script::Step;

const READS: [&str; 3] = ["GetAccessPoint", "GetAccessPointPolicy", "ListTagsForResource"];

pub(super) const ROWS: &[Deviation] = &[
    Deviation {
        name: "moto names the roots of S3 Control's answers after the operations",
        source: "API reference of GetAccessPoint: the root is GetAccessPointResult, and so for the others",
        forgive: |step, _, theirs| READS.contains(&step.operation) && named_as_results(theirs),
    },
    Deviation {
        name: "moto does not tell the account of an access point's bucket",
        source: "API model: GetAccessPointResult.BucketAccountId",
        forgive: |step: &Step, ours, theirs| {
            step.operation == "GetAccessPoint" && leave_out(ours, theirs, &["BucketAccountId"])
        },
    },
];

fn named_as_results(answer: &mut Value) -> bool {
    let Some(body) = answer.get_mut("body").and_then(Value::as_object_mut) else { return false };
    let named =
        |name: String| name.strip_suffix("Response").map_or(name.clone(), |operation| format!("{operation}Result"));
    let renamed = std::mem::take(body).into_iter().map(|(name, content)| (named(name), content)).collect();
    *body = renamed;
    true
}
