//! Requests and answers between the wire and the verbs.

use std::cell::RefCell;

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::{
    failure::Failure,
    managed::Writer,
    options::Options,
    target::{Path, Query, Target},
    watch::WatchSpec,
};
use crate::clock::Clock;

/// Characters of a manager's name that are kept of a user agent.
const MAX_MANAGER: usize = 128;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest {
    pub(crate) verb: &'static str,
    pub(crate) uri_path: String,
    pub(crate) path: Option<Path>,
    pub(crate) query: Query,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A request on something that is served.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) target: Target,
    pub(crate) query: Query,
    headers: HeaderMap,
    pub(crate) body: Bytes,
    warnings: RefCell<Vec<String>>,
}

/// An answer before it is on the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: AnswerBody,
    pub(crate) warnings: Vec<String>,
}

/// What an answer carries.
#[derive(Debug)]
pub(crate) enum AnswerBody {
    /// One document.
    Json(Value),
    /// What is said where no API is.
    Text(&'static str),
    /// A stream of events.
    Watch(Box<WatchSpec>),
}

impl Answer {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self { status, body: AnswerBody::Json(body), warnings: Vec::new() }
    }

    /// The answer of a path at which nothing is served.
    pub(crate) fn nowhere() -> Self {
        Self { status: 404, body: AnswerBody::Text("404 page not found\n"), warnings: Vec::new() }
    }

    pub(crate) fn watch(spec: WatchSpec) -> Self {
        Self { status: 200, body: AnswerBody::Watch(Box::new(spec)), warnings: Vec::new() }
    }

    /// `reason` of a failure.
    pub(crate) fn reason(&self) -> Option<String> {
        match &self.body {
            AnswerBody::Json(body) if self.status >= 400 => body["reason"].as_str().map(str::to_owned),
            _ => None,
        }
    }

    /// With what the server has to say beside the answer, each thing once.
    pub(crate) fn warning(mut self, warnings: Vec<String>) -> Self {
        for warning in warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        self
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Self::json(failure.status, failure.body())
    }
}

/// The verb of a request, as the audit log would name it.
pub(crate) fn verb(method: &http::Method, path: Option<&Path>, query: &Query) -> &'static str {
    let Some(path) = path else {
        return "discovery";
    };
    let named = path.name.is_some();
    match *method {
        http::Method::GET if query.flag("watch") => "watch",
        http::Method::GET if named => "get",
        http::Method::GET => "list",
        http::Method::POST => "create",
        http::Method::PUT => "update",
        http::Method::PATCH => "patch",
        http::Method::DELETE if named => "delete",
        http::Method::DELETE => "deletecollection",
        _ => "unknown",
    }
}

impl Request {
    pub(crate) fn new(target: Target, raw: RawRequest) -> Self {
        Self { target, query: raw.query, headers: raw.headers, body: raw.body, warnings: RefCell::default() }
    }

    fn header(&self, name: http::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Media type of the body, without parameters.
    pub(crate) fn content_type(&self) -> &str {
        self.header(http::header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim()
    }

    /// Whether only metadata is to be answered.
    pub(crate) fn metadata_only(&self) -> bool {
        self.header(http::header::ACCEPT).contains("as=PartialObjectMetadata")
    }

    /// Who writes, according to the parameters or the user agent.
    pub(crate) fn writer(&self, options: &Options, clock: &Clock) -> Writer {
        let agent = self.header(http::header::USER_AGENT).split('/').next().unwrap_or_default();
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(MAX_MANAGER).collect();
        let agent = if agent.is_empty() { "unknown".to_owned() } else { agent };
        Writer {
            manager: options.manager.clone().unwrap_or(agent),
            api_version: self.target.api_version(),
            subresource: self.target.part.name(),
            now: clock.stamp(),
        }
    }

    /// Says something beside the answer.
    pub(crate) fn warn(&self, warnings: impl IntoIterator<Item = String>) {
        self.warnings.borrow_mut().extend(warnings);
    }

    /// What is to be said beside the answer.
    pub(crate) fn warnings(&self) -> Vec<String> {
        self.warnings.take()
    }
}
