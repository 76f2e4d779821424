//! S3 Control: what is refused to the public in an account, and access points.

mod access_points;
mod account;
mod operation;
mod policy;
mod state;
mod tags;
mod view;

use self::operation::Operation;
pub(super) use self::state::{State, is_attached};
pub use self::view::AccessPointView;
use super::{
    answer::{Answer, Outcome, S3Error},
    route::{RawRequest, Route},
    world::World,
    xml::Element,
};

const NAMESPACE: &str = "http://awss3control.amazonaws.com/doc/2018-08-20/";

/// What every path starts with.
pub(super) const VERSION: &str = "/v20180820/";

/// One request with what is known about it.
struct Request<'a> {
    raw: &'a RawRequest,
    region: &'a str,
    account: String,
}

/// The operation as the SDK names it; method and path for one that is not simulated.
pub(super) fn operation_name(raw: &RawRequest) -> String {
    Operation::of(raw).map_or_else(|| format!("{} {}", raw.method, raw.path), |operation| operation.name())
}

/// Handles one request.
pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route, request_id: &str) -> Answer {
    serve(world, raw, route).unwrap_or_else(|refused| error(&refused, request_id))
}

/// An error in the format of S3 Control.
pub(super) fn error(refused: &S3Error, request_id: &str) -> Answer {
    refused.wrapped(request_id)
}

fn serve(world: &mut World, raw: &RawRequest, route: &Route) -> Outcome<Answer> {
    let scope = route.scope.as_ref().ok_or_else(S3Error::denied)?;
    let request = Request { raw, region: &route.region, account: world.account(&scope.access_key) };
    if raw.header("x-amz-account-id") != Some(request.account.as_str()) {
        return Err(S3Error::denied());
    }
    let operation = Operation::of(raw).ok_or_else(|| S3Error::unsupported(&operation_name(raw)))?;
    match operation {
        Operation::PublicAccessBlock(verb) => account::handle(world, &request, verb),
        Operation::AccessPoint(verb, name) => access_points::handle(world, &request, verb, &name),
        Operation::Policy(verb, name) => policy::handle(world, &request, verb, &name),
        Operation::Tags(verb, arn) => tags::handle(world, &request, verb, &arn),
    }
}

/// An empty document of this API.
fn root(name: &str) -> Element {
    Element::new(name).attribute("xmlns", NAMESPACE)
}

/// The document of a request.
fn body(request: &Request<'_>, name: &str) -> Outcome<Element> {
    Element::parse(&request.raw.body).filter(|parsed| parsed.name == name).ok_or_else(S3Error::malformed)
}
