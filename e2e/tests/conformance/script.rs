//! A script: what is sent, in words that each server fills in for itself.
//!
//! Where a request must name what a server made up (a UID, a resource version, a generated name, a token), it holds
//! `{{uid:7}}`: the UID in the answer to step 7.

use serde_json::Value;

use crate::answer::Answer;

/// Sorts of requests, by what they are to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Create,
    CreateGenerated,
    Get,
    GetMetadata,
    List,
    ListSelected,
    ListPaged,
    ListVersion,
    Update,
    MergePatch,
    JsonPatch,
    Apply,
    ApplyForced,
    Status,
    StatusApply,
    Scale,
    Finalizers,
    Owners,
    Delete,
    DeletePrecondition,
    DeletePropagation,
    DeleteCollection,
    DryRun,
    Strict,
    Bad,
    Watch,
    WatchInitial,
    WatchLive,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Parameters, not yet encoded.
    pub(crate) query: Vec<(String, String)>,
    /// Media type of the body.
    pub(crate) media: &'static str,
    pub(crate) body: Body,
    pub(crate) metadata_only: bool,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Nothing,
    Json(Value),
    /// Something that may be no JSON.
    Text(&'static str),
    /// The object in the answer to a step, with changes as in a merge patch.
    Edited {
        step: usize,
        edit: Value,
    },
}

/// What is done in a step.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// A request is sent and its answer read to the end.
    Send(Request),
    /// As `Send`, at the same time as its neighbours of this sort: these wait rather than write.
    SendTogether(Request),
    /// A watch begins.
    Open(Request),
    /// The watch that began in this step is read: as many events as there are.
    Close(usize),
    /// Everybody waits until the garbage collector has nothing to do.
    Settle,
    /// The real garbage collector learns of new kinds only now and then: it is waited for.
    AwaitCollector,
}

/// A step, with the testkit's answer.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// None for what is not compared.
    pub(crate) class: Option<Class>,
    pub(crate) action: Action,
    pub(crate) answer: Answer,
}

/// A request with nothing special about it.
pub(crate) fn request(method: &'static str, path: impl Into<String>) -> Request {
    Request {
        method,
        path: path.into(),
        query: Vec::new(),
        media: "application/json",
        body: Body::Nothing,
        metadata_only: false,
    }
}

impl Request {
    pub(crate) fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.query.push((key.to_owned(), value.into()));
        self
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Body::Json(body);
        self
    }

    pub(crate) fn media(mut self, media: &'static str) -> Self {
        self.media = media;
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }
}
