//! A server that a script is played to.

use std::time::Duration;

use cairn_e2e::{Error, Result};
use futures::{StreamExt, stream::BoxStream};
use http_body_util::BodyExt;
use kube::client::Body as ClientBody;
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    script::{Body, Request},
    things::{THINGS, Thing},
};

/// Who asks.
const AGENT: &str = "conformance/1";

/// How long events are waited for that must come.
const PATIENCE: Duration = Duration::from_secs(15);

/// One of the two servers, and what it answered so far.
pub(crate) struct Server {
    client: kube::Client,
    answers: Vec<Answer>,
    open: Vec<(usize, Events)>,
}

/// The events of a watch.
struct Events {
    chunks: BoxStream<'static, Vec<u8>>,
    rest: Vec<u8>,
}

impl Server {
    pub(crate) fn new(client: kube::Client) -> Self {
        Self { client, answers: Vec::new(), open: Vec::new() }
    }

    /// Notes the answer to the next step.
    pub(crate) fn record(&mut self, answer: Answer) {
        self.answers.push(answer);
    }

    pub(crate) fn into_answers(self) -> Vec<Answer> {
        self.answers
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer> {
        let Begun { status, warnings, body } = self.begin(request).await?;
        let bytes = body.collect().await.map_err(|error| Error::Wrong(error.to_string()))?.to_bytes();
        Ok(Answer { status, warnings, body: document(&bytes, is_watch(request)) })
    }

    /// Opens a watch.
    pub(crate) async fn open(&mut self, request: &Request) -> Result<Answer> {
        let begun = self.begin(request).await?;
        let answer = Answer { status: begun.status, warnings: begun.warnings, body: Value::Null };
        if answer.status == 200 {
            let chunks = begun.body.into_data_stream().map(|chunk| chunk.map(|b| b.to_vec()).unwrap_or_default());
            self.open.push((self.answers.len(), Events { chunks: chunks.boxed(), rest: Vec::new() }));
        }
        Ok(answer)
    }

    /// Reads a watch: `expected` events, and then whatever comes within `more`.
    pub(crate) async fn close(&mut self, step: usize, expected: usize, more: Duration) -> Answer {
        let Some(at) = self.open.iter().position(|(open, _)| *open == step) else {
            return Answer::default();
        };
        let (_, mut events) = self.open.remove(at);
        let mut seen = Vec::new();
        loop {
            let patience = if seen.len() < expected { PATIENCE } else { more };
            match tokio::time::timeout(patience, events.next()).await {
                Ok(Some(event)) => seen.push(event),
                Ok(None) | Err(_) => break,
            }
        }
        Answer { status: 200, warnings: Vec::new(), body: Value::Array(seen) }
    }

    async fn begin(&self, request: &Request) -> Result<Begun> {
        let (path, query) = (self.fill(&request.path), self.query(request));
        let accept = match (request.metadata_only, is_list(request)) {
            (false, _) => "application/json",
            (true, false) => "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
            (true, true) => "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        };
        let builder = http::Request::builder().method(request.method).uri(format!("{path}{query}"));
        let builder =
            builder.header("User-Agent", AGENT).header("Accept", accept).header("Content-Type", request.media);
        let request = builder.body(ClientBody::from(self.body(request))).map_err(|e| Error::Wrong(e.to_string()))?;
        let response = self.client.send(request).await.map_err(|error| Error::Wrong(error.to_string()))?;
        let warnings = response.headers().get_all("warning").iter();
        let warnings = warnings.map(|warning| warning.to_str().unwrap_or_default().to_owned()).collect();
        Ok(Begun { status: response.status().as_u16(), warnings, body: response.into_body() })
    }

    fn query(&self, request: &Request) -> String {
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (key, value) in &request.query {
            encoded.append_pair(key, &self.fill(value));
        }
        let encoded = encoded.finish();
        if encoded.is_empty() { encoded } else { format!("?{encoded}") }
    }

    fn body(&self, request: &Request) -> Vec<u8> {
        match &request.body {
            Body::Nothing => Vec::new(),
            Body::Text(text) => text.as_bytes().to_vec(),
            Body::Json(body) => self.fill(&body.to_string()).into_bytes(),
            Body::Edited { step, edit } => {
                let mut object = self.answers[*step].body.clone();
                merge(&mut object, edit);
                self.fill(&object.to_string()).into_bytes()
            }
        }
    }

    /// Puts in what this server made up.
    fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, after) = after.split_once("}}").unwrap();
            let (what, step) = name.split_once(':').unwrap();
            let answer = &self.answers[step.parse::<usize>().unwrap()].body;
            filled.push_str(before);
            filled.push_str(made_up(answer, what));
            rest = after;
        }
        filled + rest
    }
}

fn made_up<'a>(answer: &'a Value, what: &str) -> &'a str {
    let metadata = &answer["metadata"];
    let value = match what {
        "uid" => &metadata["uid"],
        "rv" => &metadata["resourceVersion"],
        "name" => &metadata["name"],
        "continue" => &metadata["continue"],
        other => panic!("nothing is called {other}"),
    };
    value.as_str().unwrap_or("none")
}

struct Begun {
    status: u16,
    warnings: Vec<String>,
    body: ClientBody,
}

impl Events {
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return serde_json::from_slice(&line).ok();
            }
            self.rest.extend(self.chunks.next().await?);
        }
    }
}

fn is_watch(request: &Request) -> bool {
    request.query.iter().any(|(key, value)| key == "watch" && value == "true")
}

fn is_list(request: &Request) -> bool {
    let plurals = THINGS.into_iter().map(Thing::plural);
    !is_watch(request) && plurals.into_iter().any(|plural| request.path.ends_with(plural))
}

fn document(bytes: &[u8], watch: bool) -> Value {
    let stream = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    match stream.collect::<Result<Vec<_>, _>>() {
        Ok(events) if watch => Value::Array(events),
        Ok(mut documents) if documents.len() == 1 => documents.remove(0),
        _ => json!(String::from_utf8_lossy(bytes)),
    }
}

/// A merge patch (RFC 7396).
pub(crate) fn merge(object: &mut Value, edit: &Value) {
    let Value::Object(changes) = edit else {
        *object = edit.clone();
        return;
    };
    if !object.is_object() {
        *object = json!({});
    }
    for (key, change) in changes {
        if change.is_null() {
            object.as_object_mut().unwrap().remove(key);
        } else {
            merge(&mut object[key], change);
        }
    }
}
