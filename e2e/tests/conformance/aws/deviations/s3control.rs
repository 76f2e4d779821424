//! Rows about S3 Control.

use super::{Deviation, leave_out};

pub(super) const ROWS: &[Deviation] = &[Deviation {
    name: "moto does not tell the account of an access point's bucket",
    source: "API model: GetAccessPointResult.BucketAccountId",
    forgive: |step, ours, theirs| step.operation == "GetAccessPoint" && leave_out(ours, theirs, &["BucketAccountId"]),
}];
