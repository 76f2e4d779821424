//! Requests and answers between the wire and the verbs.

use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;

use super::{
    failure::{Failure, Outcome},
    managed::Writer,
    object,
    target::{Path, Query, Target},
    watch::WatchSpec,
};
use crate::clock::Clock;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest {
    pub(super) verb: &'static str,
    pub(super) uri_path: String,
    pub(super) path: Option<Path>,
    pub(super) query: Query,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// A request on something that is served.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) target: Target,
    pub(super) query: Query,
    headers: HeaderMap,
    pub(super) body: Bytes,
}

/// An answer before it is on the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) body: AnswerBody,
}

/// What an answer carries.
#[derive(Debug)]
pub(super) enum AnswerBody {
    /// One document.
    Json(Value),
    /// A stream of events.
    Watch(Box<WatchSpec>),
}

impl Answer {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, body: AnswerBody::Json(body) }
    }

    pub(super) fn watch(spec: WatchSpec) -> Self {
        Self { status: 200, body: AnswerBody::Watch(Box::new(spec)) }
    }

    /// `reason` of a failure.
    pub(super) fn reason(&self) -> Option<String> {
        match &self.body {
            AnswerBody::Json(body) if self.status >= 400 => body["reason"].as_str().map(str::to_owned),
            _ => None,
        }
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Self::json(failure.status, failure.body())
    }
}

/// The verb of a request, as the audit log would name it.
pub(super) fn verb(method: &http::Method, path: Option<&Path>, query: &Query) -> &'static str {
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
    pub(super) fn new(target: Target, raw: RawRequest) -> Self {
        Self { target, query: raw.query, headers: raw.headers, body: raw.body }
    }

    fn header(&self, name: http::HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Media type of the body, without parameters.
    pub(super) fn content_type(&self) -> &str {
        self.header(http::header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim()
    }

    /// Whether only metadata is to be answered.
    pub(super) fn metadata_only(&self) -> bool {
        self.header(http::header::ACCEPT).contains("as=PartialObjectMetadata")
    }

    /// Who writes, according to the parameters or the user agent.
    pub(super) fn writer(&self, clock: &Clock) -> Writer {
        let agent = self.header(http::header::USER_AGENT).split('/').next().unwrap_or_default();
        let agent = if agent.is_empty() { "unknown" } else { agent };
        Writer {
            manager: self.query.get("fieldManager").unwrap_or(agent).to_owned(),
            api_version: self.target.api_version(),
            subresource: self.target.subresource.clone(),
            now: clock.stamp(),
        }
    }

    /// The body as any JSON.
    pub(super) fn json(&self) -> Outcome<Value> {
        serde_json::from_slice(&self.body)
            .map_err(|error| Failure::bad_request(format!("the body of the request is not JSON: {error}")))
    }

    /// The body as an object of the kind that the path names, with the namespace and name of the path.
    pub(super) fn object(&self) -> Outcome<Value> {
        let mut body = self.json()?;
        self.check_shape(&body)?;
        if self.target.namespace.is_some() && object::meta_str(&body, "namespace").is_none() {
            object::set_meta(&mut body, "namespace", self.target.namespace.clone().into());
        }
        if let (Some(name), None) = (&self.target.name, object::meta_str(&body, "name")) {
            object::set_meta(&mut body, "name", name.clone().into());
        }
        Ok(body)
    }

    /// Refuses an object that is not what the path names.
    pub(super) fn check_shape(&self, body: &Value) -> Outcome<()> {
        let target = &self.target;
        let (api_version, kind) = (target.api_version(), target.kind.name.as_str());
        if body["apiVersion"] != api_version.as_str() || body["kind"] != kind {
            let message = format!(
                "the object provided is unrecognized (must be of type {kind}, {api_version}): found {}, {}",
                body["kind"], body["apiVersion"]
            );
            return Err(Failure::bad_request(message));
        }
        if !body.get("metadata").is_none_or(Value::is_object) {
            return Err(Failure::bad_request("metadata must be an object"));
        }
        self.check_names(body)
    }

    fn check_names(&self, body: &Value) -> Outcome<()> {
        let pairs = [("name", &self.target.name), ("namespace", &self.target.namespace)];
        for (key, wanted) in pairs {
            let found = object::meta_str(body, key).filter(|found| !found.is_empty());
            if let (Some(found), Some(wanted)) = (found, wanted)
                && found != wanted
            {
                let message =
                    format!("the {key} of the object ({found}) does not match the {key} on the URL ({wanted})");
                return Err(Failure::bad_request(message));
            }
        }
        Ok(())
    }
}
