//! From the SDK's errors to [`Failure`]s.

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::{
    client::{
        orchestrator::HttpResponse,
        result::{DispatchFailure, SdkError},
    },
    http::Headers,
};
use aws_smithy_types::error::{display::DisplayErrorContext, metadata::ProvideErrorMetadata};
use cairn_core::failure::{Class, Failure, classify};

use crate::pace::Refused;

/// What an SDK error means for the operation that it ended.
#[must_use]
pub fn failure<E>(operation: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    if let Some(failure) = chain(error).find_map(|cause| cause.downcast_ref::<Failure>()) {
        // What failed is what has to come before the call: its role could not be assumed.
        return failure.clone();
    }
    let (class, code, ambiguous) = judge(error);
    Failure {
        operation: operation.into(),
        message: error.message().map_or_else(|| reason(error), str::to_owned),
        request_id: error.raw_response().and_then(|response| request_id(response.headers())),
        code,
        class,
        ambiguous,
    }
}

/// Turns "there is none" into `None`.
///
/// # Errors
/// The failure, when its code is not among `codes`.
pub fn unless_absent<T>(answer: Result<T, Failure>, codes: &[&str]) -> Result<Option<T>, Failure> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(failure) if codes.contains(&failure.code.as_str()) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// A request that could not be made, or an answer that could not be used.
#[must_use]
pub fn unmade(operation: &str, message: &dyn std::fmt::Display) -> Failure {
    Failure {
        operation: operation.into(),
        code: "InvalidRequest".into(),
        message: message.to_string(),
        request_id: None,
        class: Class::Invalid,
        ambiguous: false,
    }
}

/// Class, code, and whether the call may have taken effect although it failed.
fn judge<E>(error: &SdkError<E, HttpResponse>) -> (Class, String, bool)
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let own = |class, code: &str, ambiguous| (class, code.to_owned(), ambiguous);
    if caused_by::<CredentialsError>(error) {
        return own(Class::Unauthenticated, "NoCredentials", false);
    }
    if let Some(refused) = chain(error).find_map(|cause| cause.downcast_ref::<Refused>()) {
        return own(refused.class(), refused.code(), false);
    }
    match error {
        SdkError::ConstructionFailure(_) => own(Class::Invalid, "InvalidRequest", false),
        SdkError::TimeoutError(_) => own(Class::Unreachable, "Timeout", true),
        SdkError::DispatchFailure(dispatch) => own(Class::Unreachable, "ConnectionFailed", !never_sent(dispatch)),
        SdkError::ResponseError(response) => {
            let status = response.raw().status().as_u16();
            (classify(&status.to_string(), Some(status)), status.to_string(), true)
        }
        SdkError::ServiceError(service) => {
            let status = service.raw().status().as_u16();
            let code = service.err().code().map_or_else(|| status.to_string(), str::to_owned);
            let class = classify(&code, Some(status));
            (class, code, status >= 500 && class != Class::Throttled)
        }
        _ => own(Class::Retry, "Unknown", true),
    }
}

/// Whether the request certainly never left: only then is a failed connection no reason to doubt.
fn never_sent(dispatch: &DispatchFailure) -> bool {
    let connector = dispatch.as_connector_error();
    let refused = connector.is_some_and(|error| {
        chain(error).any(|cause| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused)
        })
    });
    refused || dispatch.is_user()
}

fn caused_by<C: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(<dyn Error>::is::<C>)
}

fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let cause = next?;
        next = cause.source();
        Some(cause)
    })
}

/// The innermost cause says most, and the outer ones only that a request failed.
fn reason<E: Error + Send + Sync + 'static>(error: &SdkError<E, HttpResponse>) -> String {
    let innermost = chain(error).last().map(ToString::to_string).filter(|text| !text.is_empty());
    innermost.unwrap_or_else(|| DisplayErrorContext(error).to_string())
}

pub(crate) fn request_id(headers: &Headers) -> Option<String> {
    ["x-amz-request-id", "x-amzn-requestid"].iter().find_map(|name| headers.get(*name)).map(str::to_owned)
}
