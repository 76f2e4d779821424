//! The security token service.

use std::time::Duration;

use super::{
    answer::Answer,
    route::{RawRequest, Route},
    world::World,
    xml::Element,
};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The action of a request.
pub(super) fn action(request: &RawRequest) -> String {
    parameter(request, "Action").unwrap_or_default()
}

fn parameter(request: &RawRequest, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(&request.body);
    pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

pub(super) fn handle(world: &mut World, request: &RawRequest, route: &Route, request_id: &str) -> Answer {
    let Some(scope) = &route.scope else {
        return error(403, "MissingAuthenticationToken", "Request is missing Authentication Token", request_id);
    };
    match action(request).as_str() {
        "GetCallerIdentity" => identity(world, &scope.access_key, request_id),
        "AssumeRole" => assume(world, request, request_id),
        other => {
            let message = format!("the testkit's STS does not simulate {other}");
            error(501, "NotImplemented", &message, request_id)
        }
    }
}

fn identity(world: &World, access_key: &str, request_id: &str) -> Answer {
    let account = world.account(access_key);
    let arn = world.sessions.get(access_key).cloned();
    let result = Element::new("GetCallerIdentityResult")
        .with("Arn", &arn.unwrap_or_else(|| format!("arn:aws:iam::{account}:user/testkit")))
        .with("UserId", access_key)
        .with("Account", &account);
    reply("GetCallerIdentityResponse", result, request_id)
}

fn assume(world: &mut World, request: &RawRequest, request_id: &str) -> Answer {
    let arn = parameter(request, "RoleArn").unwrap_or_default();
    let session = parameter(request, "RoleSessionName").unwrap_or_default();
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, role] = parts.as_slice() else {
        return error(400, "ValidationError", &format!("{arn} is invalid"), request_id);
    };
    let Some(role) = role.strip_prefix("role/") else {
        return error(400, "ValidationError", &format!("{arn} is invalid"), request_id);
    };
    let role = role.rsplit('/').next().unwrap_or_default();
    let session_arn = format!("arn:{partition}:sts::{account}:assumed-role/{role}/{session}");
    let seconds = parameter(request, "DurationSeconds").and_then(|s| s.parse().ok()).unwrap_or(3600);
    let key = world.open_session(account, &session_arn);
    let expiry = world.clock.now().checked_add(Duration::from_secs(seconds)).unwrap_or(jiff::Timestamp::MAX);
    let credentials = Element::new("Credentials")
        .with("AccessKeyId", &key)
        .with("SecretAccessKey", "testkit")
        .with("SessionToken", &format!("token-of-{key}"))
        .with("Expiration", &expiry.to_string());
    let user =
        Element::new("AssumedRoleUser").with("AssumedRoleId", &format!("{key}:{session}")).with("Arn", &session_arn);
    reply("AssumeRoleResponse", Element::new("AssumeRoleResult").child(credentials).child(user), request_id)
}

fn reply(name: &str, result: Element, request_id: &str) -> Answer {
    let metadata = Element::new("ResponseMetadata").with("RequestId", request_id);
    let root = Element::new(name).attribute("xmlns", NAMESPACE).child(result).child(metadata);
    Answer { headers: vec![("content-type", "text/xml".to_owned())], ..Answer::xml(200, &root) }
}

/// An error in the format of the query protocol.
pub(super) fn error(status: u16, code: &str, message: &str, request_id: &str) -> Answer {
    let fault = if status >= 500 { "Receiver" } else { "Sender" };
    let error = Element::new("Error").with("Type", fault).with("Code", code).with("Message", message);
    let root = Element::new("ErrorResponse").attribute("xmlns", NAMESPACE).child(error).with("RequestId", request_id);
    let headers = vec![("content-type", "text/xml".to_owned())];
    Answer { code: Some(code.to_owned()), headers, ..Answer::xml(status, &root) }
}
