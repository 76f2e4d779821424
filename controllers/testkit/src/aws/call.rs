//! The log of requests.

use jiff::Timestamp;

use crate::{fault::Matcher, traffic::Call};

/// One HTTP attempt to reach AWS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwsCall {
    /// `s3`, `s3-control`, `dynamodb`, `application-autoscaling`, `kms` or `sts`.
    pub service: String,
    /// The operation as the SDK names it, such as `PutBucketTagging`.
    pub operation: String,
    /// The bucket, if any.
    pub bucket: Option<String>,
    /// The table, if any.
    pub table: Option<String>,
    /// The region of the endpoint.
    pub region: String,
    /// The account of the caller.
    pub account: String,
    /// HTTP status of the answer; 0 when there was none (yet).
    pub status: u16,
    /// Error code of the answer, when that was a failure; also for `HEAD`, whose answers do not carry it.
    pub code: Option<String>,
    /// When it was sent.
    pub at: Timestamp,
}

impl AwsCall {
    /// Whether the call may change something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        let reads = ["Get", "Head", "List", "Describe"];
        let other = self.service == "sts" || self.operation.contains(' ');
        !other && !reads.iter().any(|prefix| self.operation.starts_with(prefix))
    }
}

impl Call for AwsCall {
    fn answered(&mut self, status: u16, code: Option<String>) {
        self.status = status;
        self.code = code;
    }
}

impl Matcher<AwsCall> {
    /// Matches an operation by name.
    #[must_use]
    pub fn operation(operation: &str) -> Self {
        let operation = operation.to_owned();
        Self::when(move |call: &AwsCall| call.operation == operation)
    }

    /// Narrows down to one bucket.
    #[must_use]
    pub fn bucket(self, bucket: &str) -> Self {
        let bucket = bucket.to_owned();
        self.and(move |call| call.bucket.as_deref() == Some(bucket.as_str()))
    }

    /// Narrows down to one table.
    #[must_use]
    pub fn table(self, table: &str) -> Self {
        let table = table.to_owned();
        self.and(move |call| call.table.as_deref() == Some(table.as_str()))
    }
}

impl From<&str> for Matcher<AwsCall> {
    /// Matches an operation by name.
    fn from(operation: &str) -> Self {
        Self::operation(operation)
    }
}
