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

/// Checks the credentials of a request as far as they are of a session.
pub(in super::super) fn check(world: &World, request: &RawRequest, route: &Route) -> Result<(), Refused> {
    let key = route.scope.as_ref().map(|scope| scope.access_key.as_str()).unwrap_or_default();
    match world.sessions.get(key) {
        None if key.starts_with("ASIA") => Err(Refused::Unknown),
        None => Ok(()),
        Some(session) if request.header("x-amz-security-token") != Some(session.token.as_str()) => {
            Err(Refused::WrongToken)
        }
        Some(session) if session.view.expires <= world.clock.now() => Err(Refused::Expired),
        Some(_) => Ok(()),
    }
}

/// ARN of the identity that an access key belongs to.
pub(super) fn caller(world: &World, access_key: &str) -> String {
    let session = world.sessions.get(access_key).map(|session| session.view.arn.clone());
    session.unwrap_or_else(|| format!("arn:aws:iam::{}:user/testkit", world.account(access_key)))
}

impl Aws {
    /// All sessions that were ever opened, in that order.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionView> {
        lock(&self.world).sessions.values().map(|session| session.view.clone()).collect()
    }
}
