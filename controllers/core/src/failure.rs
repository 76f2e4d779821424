//! Failures of AWS calls, and the one table from an AWS error code to what follows from it.

use std::fmt;

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// AWS asks for a slower pace.
    Throttled,
    /// AWS or the way to it failed; the same call may succeed later.
    Retry,
    /// Another change to the resource is under way.
    Conflict,
    /// The resource does not exist.
    NotFound,
    /// The name is taken by somebody else.
    Taken,
    /// The resource still holds something, and AWS refuses to delete it.
    NotEmpty,
    /// The caller lacks a permission.
    Denied,
    /// There are no credentials, or AWS does not accept them.
    Unauthenticated,
    /// AWS could not be reached.
    Unreachable,
    /// The request can never succeed as it is.
    Invalid,
    /// An account limit is reached.
    Quota,
}

impl Class {
    /// Whether trying again with the same inputs can help without anybody doing anything.
    #[must_use]
    pub fn passes_by_itself(self) -> bool {
        matches!(self, Self::Throttled | Self::Retry | Self::Conflict | Self::Unreachable)
    }
}

/// AWS error codes by class. Sources: the S3 API reference's list of error responses, the errors of each operation in the
/// DynamoDB and Application Auto Scaling API references, and the common errors of AWS's query and JSON protocols.
const CODES: &[(Class, &[&str])] = &[
    (
        Class::Throttled,
        &[
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "ProvisionedThroughputExceededException",
            "BandwidthLimitExceeded",
            "EC2ThrottledException",
        ],
    ),
    (
        Class::Retry,
        &[
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "RequestTimeout",
            "RequestTimeoutException",
            "500",
            "502",
            "503",
            "504",
        ],
    ),
    (
        // Whose a bucket is that the account owns already, the next read tells by its tags.
        Class::Conflict,
        // The same goes for a table, a backup or a replica that exists already. Continuous backups are unavailable only
        // while AWS sets a new table up.
        &[
            "OperationAborted",
            "BucketAlreadyOwnedByYou",
            "AccessPointAlreadyOwnedByYou",
            "ConflictException",
            "ConcurrentModificationException",
            "ConcurrentUpdateException",
            "ResourceInUseException",
            "TableInUseException",
            "TableAlreadyExistsException",
            "BackupInUseException",
            "ReplicaAlreadyExistsException",
            "GlobalTableAlreadyExistsException",
            "ContinuousBackupsUnavailableException",
            "ExportConflictException",
            "ImportConflictException",
            "409",
        ],
    ),
    (
        Class::NotFound,
        &[
            "NoSuchBucket",
            "NotFound",
            "ObjectNotFoundException",
            "ResourceNotFoundException",
            "TableNotFoundException",
            "IndexNotFoundException",
            "ReplicaNotFoundException",
            "GlobalTableNotFoundException",
            "BackupNotFoundException",
            "ExportNotFoundException",
            "ImportNotFoundException",
            "PolicyNotFoundException",
            "NoSuchTagSet",
            "NoSuchBucketPolicy",
            "NoSuchAccessPoint",
            "NoSuchAccessPointPolicy",
            "NoSuchPublicAccessBlockConfiguration",
            "OwnershipControlsNotFoundError",
            "ServerSideEncryptionConfigurationNotFoundError",
            "404",
        ],
    ),
    (Class::Taken, &["BucketAlreadyExists"]),
    (Class::NotEmpty, &["BucketNotEmpty"]),
    (
        Class::Denied,
        &[
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
            "FailedResourceAccessException",
            "UnauthorizedOperation",
            "NotAuthorized",
            "MethodNotAllowed",
            "OptInRequired",
            "RegionDisabledException",
            "403",
        ],
    ),
    (
        Class::Unauthenticated,
        &[
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "ExpiredTokenException",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "AuthFailure",
            "MissingAuthenticationToken",
            "IncompleteSignature",
            "RequestTimeTooSkewed",
            "401",
        ],
    ),
    (
        Class::Invalid,
        &[
            "InvalidBucketName",
            "InvalidLocationConstraint",
            "IllegalLocationConstraintException",
            "InvalidArgument",
            "InvalidRequest",
            "InvalidTag",
            "MalformedXML",
            "MalformedPolicy",
            "InvalidPolicyDocument",
            "PermanentRedirect",
            "AuthorizationHeaderMalformed",
            "InvalidBucketState",
            "KMS.NotFoundException",
            "KMS.DisabledException",
            "KMS.KMSInvalidStateException",
            "ValidationException",
            "ValidationError",
            "IdempotentParameterMismatchException",
            "InvalidEndpointException",
            "InvalidExportTimeException",
            "InvalidRestoreTimeException",
            "PointInTimeRecoveryUnavailableException",
            "InvalidParameter",
            "InvalidParameterValue",
            "NotImplemented",
            "400",
            "301",
        ],
    ),
    (Class::Quota, &["TooManyBuckets", "LimitExceededException", "ServiceQuotaExceededException"]),
];

/// The class of an AWS error code.
///
/// For an answer without a code give its HTTP status as text. A code that is not in the table is decided by the status:
/// what AWS calls its own fault passes, what it calls the caller's does not.
#[must_use]
pub fn classify(code: &str, status: Option<u16>) -> Class {
    let listed = |code: &str| CODES.iter().find(|(_, codes)| codes.contains(&code)).map(|(class, _)| *class);
    listed(code).or_else(|| listed(&status?.to_string())).unwrap_or(match status {
        Some(429) => Class::Throttled,
        Some(400..=499) => Class::Invalid,
        _ => Class::Retry,
    })
}

/// A call to AWS that did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Operation as AWS names it, for example `PutBucketPolicy`.
    pub operation: String,
    /// AWS error code, or a word of ours for what never reached AWS.
    pub code: String,
    /// AWS's own words, or the cause.
    pub message: String,
    /// Id under which AWS support finds the request.
    pub request_id: Option<String>,
    /// What follows.
    pub class: Class,
    /// The call may have taken effect all the same: only a read can tell.
    pub ambiguous: bool,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, code, message, .. } = self;
        match self.class {
            Class::Denied => {
                write!(f, "AWS denied {operation} ({code}: {message})")
            }
            Class::Unauthenticated => {
                write!(
                    f,
                    "AWS accepts no credentials for {operation} ({code}: {message}); check the operator's credentials"
                )
            }
            Class::Unreachable => write!(f, "AWS could not be reached for {operation} ({message})"),
            Class::Throttled => write!(f, "AWS throttles {operation} ({code})"),
            Class::Quota => write!(f, "an AWS quota stops {operation} ({code}: {message}); ask AWS to raise it"),
            Class::Conflict => {
                write!(f, "AWS is still busy with another change, {operation} has to wait ({code}: {message})")
            }
            Class::Retry => write!(f, "AWS failed {operation} ({code}: {message})"),
            Class::Taken => {
                write!(
                    f,
                    "{operation}: the name is taken in another AWS account or region ({code}: {message}); choose another"
                )
            }
            Class::NotEmpty => {
                write!(f, "AWS refused {operation}: it is not empty ({code}: {message}); empty it first")
            }
            Class::NotFound | Class::Invalid => write!(f, "AWS refused {operation} ({code}: {message})"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_stands_in_the_table_once() {
        let mut seen = BTreeSet::new();
        for code in CODES.iter().flat_map(|(_, codes)| *codes) {
            assert!(seen.insert(code), "{code} stands in the table twice");
        }
    }

    #[test]
    fn every_row_classifies_as_it_says_whatever_the_status() {
        for (class, codes) in CODES {
            for code in *codes {
                for status in [None, Some(400), Some(503)] {
                    assert_eq!(classify(code, status), *class, "{code} {status:?}");
                }
            }
        }
    }

    #[test]
    fn an_unknown_code_is_decided_by_the_status() {
        let cases = [
            (Some(400), Class::Invalid),
            (Some(401), Class::Unauthenticated),
            (Some(403), Class::Denied),
            (Some(404), Class::NotFound),
            (Some(418), Class::Invalid),
            (Some(429), Class::Throttled),
            (Some(500), Class::Retry),
            (Some(599), Class::Retry),
            (None, Class::Retry),
        ];
        for (status, class) in cases {
            assert_eq!(classify("NeverHeardOf", status), class, "{status:?}");
        }
    }

    #[test]
    fn messages_tell_what_to_do() {
        let failure = |class, code: &str| Failure {
            operation: "CreateBucket".into(),
            code: code.into(),
            message: "because".into(),
            request_id: None,
            class,
            ambiguous: false,
        };
        assert!(failure(Class::Denied, "AccessDenied").to_string().contains("denied"));
        assert!(failure(Class::Unauthenticated, "ExpiredToken").to_string().contains("credentials"));
        assert!(failure(Class::Taken, "BucketAlreadyExists").to_string().contains("choose another"));
    }
}
