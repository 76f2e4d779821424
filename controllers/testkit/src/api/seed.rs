//! Putting objects there, and looking at them, without being seen.

use http::HeaderMap;
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    ApiServer,
    failure::Failure,
    object,
    request::{AnswerBody, RawRequest},
    target::{Path, Query},
};
use crate::sync::lock;

impl ApiServer {
    /// Stores a definition and serves what it defines; one that is there already is replaced.
    ///
    /// # Errors
    /// The `Status` that the server would have answered with.
    pub fn install(&self, crd: &CustomResourceDefinition) -> Result<(), Value> {
        let mut crd = json!(crd);
        crd["apiVersion"] = json!("apiextensions.k8s.io/v1");
        crd["kind"] = json!("CustomResourceDefinition");
        let name = object::name(&crd).to_owned();
        if let Some(live) = self.object("apiextensions.k8s.io", "customresourcedefinitions", None, &name) {
            object::copy_meta(&mut crd, &live, "resourceVersion");
            let path = format!("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}");
            return self.quietly("update", &path, &crd).map(drop);
        }
        self.quietly("create", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", &crd).map(drop)
    }

    /// Creates a namespace, unless it exists.
    pub fn namespace(&self, name: &str) {
        let body = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name,
            "labels": { "kubernetes.io/metadata.name": name } } });
        // It can only fail because the namespace exists, which is as good.
        drop(self.quietly("create", "/api/v1/namespaces", &body));
    }

    /// Creates an object with its status, without a call in the log; for what is there before a test starts.
    ///
    /// # Errors
    /// The `Status` that the server would have answered with.
    pub fn seed(&self, object: &impl Serialize) -> Result<Value, Value> {
        let object = json!(object);
        let path = self.collection_of(&object).ok_or_else(nowhere)?;
        let created = self.quietly("create", &path, &object)?;
        if object.get("status").is_none() || created.get("status").is_some() {
            return Ok(created);
        }
        let mut whole = created.clone();
        object::copy_field(&mut whole, &object, "status");
        self.quietly("update", &format!("{path}/{}/status", object::name(&created)), &whole)
    }

    fn collection_of(&self, object: &Value) -> Option<String> {
        let api_version = object["apiVersion"].as_str()?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let store = lock(&self.store);
        let kind = store.kinds.of_object(api_version, object["kind"].as_str()?)?;
        let root = if group.is_empty() { format!("/api/{version}") } else { format!("/apis/{group}/{version}") };
        if !kind.namespaced {
            return Some(format!("{root}/{}", kind.plural));
        }
        let namespace = object::meta_str(object, "namespace").unwrap_or("default");
        Some(format!("{root}/namespaces/{namespace}/{}", kind.plural))
    }

    /// A stored object, without a call in the log.
    #[must_use]
    pub fn object(&self, group: &str, plural: &str, namespace: Option<&str>, name: &str) -> Option<Value> {
        let store = lock(&self.store);
        let kind = store.kinds.get(group, plural)?;
        store.get(kind, namespace.unwrap_or_default(), name).map(|object| Value::clone(object))
    }

    /// All stored objects of a kind by namespace and name, without a call in the log.
    #[must_use]
    pub fn objects(&self, group: &str, plural: &str) -> Vec<Value> {
        let store = lock(&self.store);
        let table = store.current().1.get(&(group.to_owned(), plural.to_owned()));
        table.into_iter().flat_map(|table| table.values()).map(|object| Value::clone(object)).collect()
    }

    /// The resource version of the last write.
    #[must_use]
    pub fn revision(&self) -> u64 {
        lock(&self.store).revision()
    }

    /// Does a request that leaves no trace in the log and meets no fault.
    fn quietly(&self, verb: &'static str, path: &str, body: &Value) -> Result<Value, Value> {
        let raw = RawRequest {
            verb,
            uri_path: path.to_owned(),
            path: Path::parse(path),
            query: Query::parse("fieldManager=testkit"),
            headers: HeaderMap::new(),
            body: body.to_string().into(),
        };
        let answer = self.handle(raw);
        match answer.body {
            AnswerBody::Json(body) if answer.status < 400 => Ok(body),
            AnswerBody::Json(body) => Err(body),
            AnswerBody::Text(_) | AnswerBody::Watch(_) => Err(nowhere()),
        }
    }
}

/// What is answered where nothing is served.
fn nowhere() -> Value {
    Failure::new(404, "NotFound", "the server could not find the requested resource").body()
}
