//! Sessions of assumed roles, and whether a request may use one.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::{
    Aws,
    route::{RawRequest, Route},
    world::World,
};
use crate::sync::lock;

/// A session of an assumed role, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionView {
    /// ARN of the role.
    pub role: String,
    /// ARN of the session, which is the caller of its calls.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// The external id that was given.
    pub external_id: Option<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it began.
    pub began: Timestamp,
    /// When its credentials expire.
    pub expires: Timestamp,
}

/// A session with its credentials.
#[derive(Clone, Debug)]
pub(in super::super) struct Session {
    pub(in super::super) view: SessionView,
    pub(in super::super) token: String,
}

/// Why the credentials of a request are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Refused {
    /// The session has expired.
    Expired,
    /// The token is not that of the session.
    WrongToken,
    /// There is no such session.
    Unknown,
}

impl Refused {
    /// Status, code and message by which a service says so.
    pub(in super::super) fn said_by(self, service: &str) -> (u16, &'static str, &'static str) {
        match (service, self) {
            ("sts", Self::Expired) => (403, "ExpiredToken", "The security token included in the request is expired"),
            ("sts", _) => (403, "InvalidClientTokenId", "The security token included in the request is invalid."),
            ("s3" | "s3-control", Self::Expired) => (400, "ExpiredToken", "The provided token has expired."),
            ("s3" | "s3-control", Self::WrongToken) => {
                (400, "InvalidToken", "The provided token is malformed or otherwise invalid.")
            }
            ("s3" | "s3-control", Self::Unknown) => {
                (403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
            }
            (_, Self::Expired) => {
                (400, "ExpiredTokenException", "The security token included in the request is expired")
            }
            (..) => (400, "UnrecognizedClientException", "The security token included in the request is invalid."),
        }
    }
}

/// Checks the credentials of a request as far as they are of a session.
pub(in super::super) fn check(world: &World, request: &RawRequest, route: &Route) -> Result<(), Refused> {
    let key = route.scope.as_ref().map(|scope| scope.access_key.as_str()).unwrap_or_default();
    let Some(session) = world.sessions.get(key) else {
        // Keys of sessions begin so, and those of users do not.
        return if key.starts_with("ASIA") { Err(Refused::Unknown) } else { Ok(()) };
    };
    if request.header("x-amz-security-token") != Some(session.token.as_str()) {
        return Err(Refused::WrongToken);
    }
    if session.view.expires <= world.clock.now() { Err(Refused::Expired) } else { Ok(()) }
}

/// ARN of the identity that an access key belongs to. A user is of the partition in which the key is used.
pub(super) fn caller(world: &World, access_key: &str, partition: &str) -> String {
    let session = world.sessions.get(access_key).map(|session| session.view.arn.clone());
    session.unwrap_or_else(|| format!("arn:{partition}:iam::{}:user/testkit", world.account(access_key)))
}

impl Aws {
    /// All sessions that were ever opened, in that order.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionView> {
        lock(&self.world).sessions.values().map(|session| session.view.clone()).collect()
    }
}
