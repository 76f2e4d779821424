//! Failures of DynamoDB's calls, where the code alone does not say enough.

use std::error::Error;

use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use cairn_core::failure::{Class, Failure};
use jiff::{Timestamp, fmt::strtime, tz::TimeZone};

/// What of AWS's messages tells that too much is going on at once, and not that there is too much.
const AT_ONCE: [&str; 3] = ["simultaneous", "concurrent", "too many operations"];
/// What of AWS's messages tells that the same was changed a short time ago, or is being changed. Source: DynamoDB API
/// reference, `UpdateTimeToLive`: another change within an hour is a `ValidationException`; so is a change of a Kinesis
/// streaming destination on which DynamoDB is still at work. The role that Application Auto Scaling makes with the first
/// target of an account can be assumed some seconds later.
const TOO_SOON: [&str; 4] = [
    "multiple times within a fixed interval",
    "being enabled or disabled",
    "not in a valid state to",
    "unable to assume iam role",
];

/// What an SDK error means for the operation that it ended.
pub(crate) fn failure<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    judged(cairn_aws::failure(operation, error))
}

/// `LimitExceededException` says both that a quota is used up, which somebody has to raise, and that DynamoDB works on as
/// many tables or indexes as it does at once, which passes. Only the message tells which. Source: DynamoDB API reference,
/// errors of `UpdateTable`.
fn judged(failure: Failure) -> Failure {
    let message = failure.message.to_ascii_lowercase();
    let passes = failure.code == "LimitExceededException" && AT_ONCE.iter().any(|words| message.contains(words));
    let too_soon = failure.code == "ValidationException" && TOO_SOON.iter().any(|words| message.contains(words));
    let class = match (passes, too_soon) {
        (true, _) => Class::Conflict,
        (_, true) => Class::Retry,
        _ => failure.class,
    };
    Failure { class, ..failure }
}

/// How AWS introduces the time from which it takes a change again.
const AGAIN: &str = "can be made at ";
/// How AWS writes that time, which is in UTC. Source: messages of `LimitExceededException`.
const LONG_TIME: &str = "%A, %B %e, %Y %I:%M:%S %p UTC";

/// When DynamoDB says that a change may come again which it takes only so often.
pub(crate) fn again_at(failure: &Failure) -> Option<Timestamp> {
    let (_, time) = failure.message.split_once(AGAIN)?;
    let time = time.trim_end_matches('.').trim();
    time.parse().ok().or_else(|| {
        let civil = strtime::parse(LONG_TIME, time).ok()?.to_datetime().ok()?;
        Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(code: &str, message: &str) -> Class {
        let failure = Failure {
            operation: "UpdateTable".into(),
            code: code.into(),
            message: message.into(),
            request_id: None,
            class: cairn_core::failure::classify(code, Some(400)),
            ambiguous: false,
        };
        judged(failure).class
    }

    #[test]
    fn a_limit_of_what_goes_on_at_once_passes_and_a_quota_does_not() {
        let limit = |message| class("LimitExceededException", message);
        let once = "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table";
        assert_eq!(limit(once), Class::Conflict);
        assert_eq!(limit("Too many operations for a given subscriber"), Class::Conflict);
        assert_eq!(limit("Subscriber limit exceeded: There is a limit of 2500 tables per subscriber"), Class::Quota);
        assert_eq!(class("ValidationException", "simultaneous"), Class::Invalid);
        let soon = "Time to live has been modified multiple times within a fixed interval";
        assert_eq!(class("ValidationException", soon), Class::Retry);
    }

    #[test]
    fn the_time_of_the_next_change_is_understood_as_aws_writes_it() {
        let told = |message: &str| {
            let message = format!("Provisioned throughput decreases are limited within a given UTC day. {message}");
            let (operation, code) = ("UpdateTable".into(), "LimitExceededException".into());
            let failure = Failure { operation, code, message, request_id: None, class: Class::Quota, ambiguous: false };
            again_at(&failure).map(|time| time.to_string())
        };
        let long = "Next decrease can be made at Tuesday, September 10, 2019 1:08:03 PM UTC";
        assert_eq!(told(long).as_deref(), Some("2019-09-10T13:08:03Z"));
        assert_eq!(told("Next update can be made at 2026-01-31T00:00:00Z").as_deref(), Some("2026-01-31T00:00:00Z"));
        assert_eq!((told("Next update can be made at noon"), told("")), (None, None));
    }

    #[test]
    fn what_dynamodb_is_busy_with_is_no_name_that_is_taken() {
        assert_eq!(class("ResourceInUseException", "Table already exists: a"), Class::Conflict);
        assert_eq!(class("ResourceNotFoundException", "Table: a not found"), Class::NotFound);
    }
}
