//! What an answer says of the pace.

use aws_smithy_runtime_api::{
    client::{orchestrator::HttpResponse, result::ConnectorError},
    http::Headers,
};
use aws_smithy_types::{body::SdkBody, byte_stream::ByteStream};
use cairn_core::failure::{Class, classify};

use super::Outcome;

/// Reads an answer to its end, so that it is known by now whether it comes whole. Answers of control planes are small.
pub(super) async fn whole(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = ByteStream::new(body).collect().await.map_err(|error| ConnectorError::io(error.into()))?;
    *response.body_mut() = SdkBody::from(bytes.into_bytes());
    Ok(response)
}

/// What a whole answer says.
pub(super) fn outcome(response: &HttpResponse) -> Outcome {
    let status = response.status().as_u16();
    if status < 400 {
        return Outcome::Answered;
    }
    let body = response.body().bytes().and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    let code = code(response.headers(), body);
    match classify(code.unwrap_or_default(), Some(status)) {
        Class::Throttled => Outcome::Throttled,
        // What a service does not implement, it does not implement tomorrow either.
        _ if status >= 500 && status != 501 => Outcome::Failed,
        _ => Outcome::Answered,
    }
}

/// The error code, where each of AWS's protocols has it: a header (REST-JSON), `<Code>` (REST-XML, Query), `__type` or
/// `code` (AWS JSON). Source: the protocol specifications of Smithy, "Operation error serialization".
fn code<'a>(headers: &'a Headers, body: &'a str) -> Option<&'a str> {
    let element = || Some(body.split_once("<Code>")?.1.split_once('<')?.0);
    let member = |name: &str| {
        let value = body.split_once(name)?.1.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split_once('"').map(|(value, _)| value)
    };
    let found = headers.get("x-amzn-errortype").or_else(element);
    found.or_else(|| member("\"__type\"")).or_else(|| member("\"code\"")).map(bare)
}

/// Codes may carry a namespace before `#` and a URL after `:`.
fn bare(code: &str) -> &str {
    let code = code.rsplit_once('#').map_or(code, |(_, code)| code);
    code.split(':').next().unwrap_or(code).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, header: Option<&str>, body: &str) -> HttpResponse {
        let mut response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        if let Some(code) = header {
            response.headers_mut().insert("x-amzn-errortype", code.to_owned());
        }
        response
    }

    #[test]
    fn throttles_are_told_from_failures_in_every_protocol() {
        let throttles = [
            response(503, None, "<?xml?><Error><Code>SlowDown</Code><Message>Reduce</Message></Error>"),
            response(400, None, "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"),
            response(400, None, r#"{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException","message":"x"}"#),
            response(400, None, r#"{"message":"x", "code" : "TooManyRequestsException"}"#),
            response(429, Some("TooManyRequestsException:http://internal.amazon.com/x"), "{}"),
            response(429, None, ""),
        ];
        for response in throttles {
            assert_eq!(outcome(&response), Outcome::Throttled, "{response:?}");
        }
    }

    #[test]
    fn failures_of_aws_are_told_from_answers() {
        let service_unavailable = "<Error><Code>ServiceUnavailable</Code></Error>";
        for (status, body) in
            [(500, "<Error><Code>InternalError</Code></Error>"), (503, service_unavailable), (502, "")]
        {
            assert_eq!(outcome(&response(status, None, body)), Outcome::Failed, "{status}");
        }
        for (status, body) in [(200, ""), (404, "<Error><Code>NoSuchBucket</Code></Error>"), (403, "{}"), (501, "")] {
            assert_eq!(outcome(&response(status, None, body)), Outcome::Answered, "{status}");
        }
    }
}
