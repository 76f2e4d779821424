//! The security token service.

mod assume;
mod role;
mod session;

use super::{
    answer::Answer,
    regions::partition,
    route::{RawRequest, Route},
    world::World,
    xml::Element,
};

pub(super) use self::session::{Session, check};
pub use self::{role::RoleSeed, session::SessionView};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The action of a request.
pub(super) fn action(request: &RawRequest) -> String {
    parameter(request, "Action").unwrap_or_default()
}

fn parameters(request: &RawRequest) -> Vec<(String, String)> {
    form_urlencoded::parse(&request.body).map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

fn parameter(request: &RawRequest, name: &str) -> Option<String> {
    parameters(request).into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

pub(super) fn handle(world: &mut World, request: &RawRequest, route: &Route, request_id: &str) -> Answer {
    let Some(scope) = &route.scope else {
        return error(403, "MissingAuthenticationToken", "Request is missing Authentication Token", request_id);
    };
    match action(request).as_str() {
        "GetCallerIdentity" => identity(world, &scope.access_key, &route.region, request_id),
        "AssumeRole" => assume::assume(world, &scope.access_key, &parameters(request)).map_or_else(
            |refusal| refusal.answer(request_id),
            |result| reply("AssumeRoleResponse", result, request_id),
        ),
        other => {
            let message = format!("the testkit's STS does not simulate {other}");
            error(501, "NotImplemented", &message, request_id)
        }
    }
}

/// An error before it is on the wire.
struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn invalid(message: impl Into<String>) -> Self {
        Self { status: 400, code: "ValidationError", message: message.into() }
    }

    fn denied(caller: &str, action: &str, role: &str) -> Self {
        let message = format!("User: {caller} is not authorized to perform: {action} on resource: {role}");
        Self { status: 403, code: "AccessDenied", message }
    }

    fn unsupported(what: &str) -> Self {
        let message = format!("the testkit's STS does not simulate {what}");
        Self { status: 501, code: "NotImplemented", message }
    }

    fn answer(&self, request_id: &str) -> Answer {
        error(self.status, self.code, &self.message, request_id)
    }
}

fn identity(world: &World, access_key: &str, region: &str, request_id: &str) -> Answer {
    let result = Element::new("GetCallerIdentityResult")
        .with("Arn", &session::caller(world, access_key, partition(region)))
        .with("UserId", access_key)
        .with("Account", &world.account(access_key));
    reply("GetCallerIdentityResponse", result, request_id)
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
