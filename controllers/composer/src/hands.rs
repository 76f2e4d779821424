//! Requests that change something: each is sent once, and only while this process may act.

use std::{fmt, time::Duration};

use cairn_graph::{run::ObjectName, schemas::Gvk};
use cairn_runtime::claim::Claim;
use k8s_openapi::api::core::v1::Event;
use kube::{
    Api, Client,
    api::{DeleteParams, DynamicObject, ListParams, Patch, PatchParams, PostParams, Preconditions},
    core::{ApiResource, Status},
};
use serde_json::{Value as Json, json};

/// Why a request did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Another process acts now.
    NotHeld,
    /// There is no such object, or no such kind.
    NotFound(String),
    /// The object is not what was expected, or others have its fields.
    Conflict(String),
    /// The operator has not the right.
    Forbidden(String),
    /// The API server, or a policy, does not take it as it is.
    Refused(String),
    /// Nobody knows what it did.
    Unknown(String),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHeld => f.write_str("another process acts now"),
            Self::NotFound(why)
            | Self::Conflict(why)
            | Self::Forbidden(why)
            | Self::Refused(why)
            | Self::Unknown(why) => f.write_str(why),
        }
    }
}

/// Sends requests.
#[derive(Clone)]
pub(crate) struct Hands {
    client: Client,
    claim: Claim,
    timeout: Duration,
}

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hands").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Hands {
    /// Each request may take up to `timeout`, which `claim` has to cover.
    pub(crate) fn new(client: Client, claim: Claim, timeout: Duration) -> Self {
        Self { client, claim, timeout }
    }

    /// How long one request may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether something may be changed now.
    ///
    /// # Errors
    /// Another process acts.
    pub(crate) fn permit(&self) -> Result<(), Refusal> {
        self.claim.permits(self.timeout).map_err(|_| Refusal::NotHeld)
    }

    /// The client for the objects of an instance. There is one identity today; one for each graph is to follow here.
    pub(crate) fn api(&self, resource: &ApiResource, namespace: Option<&str>) -> Api<DynamicObject> {
        let client = self.client.clone();
        match namespace {
            Some(namespace) => Api::namespaced_with(client, namespace, resource),
            None => Api::all_with(client, resource),
        }
    }

    /// Applies an object as `manager`, which takes the fields of others.
    pub(crate) async fn apply(
        &self,
        resource: &ApiResource,
        name: &ObjectName,
        manager: &str,
        body: &Json,
    ) -> Result<DynamicObject, Refusal> {
        let params = PatchParams::apply(manager).force();
        let api = self.api(resource, name.namespace.as_deref());
        self.change(api.patch(&name.name, &params, &Patch::Apply(body))).await
    }

    /// Creates an object of the cluster.
    pub(crate) async fn create(
        &self,
        resource: &ApiResource,
        manager: &str,
        object: &DynamicObject,
    ) -> Result<DynamicObject, Refusal> {
        let params = PostParams { field_manager: Some(manager.into()), ..PostParams::default() };
        self.change(self.api(resource, None).create(&params, object)).await
    }

    /// Replaces an object of the version that it was read in.
    pub(crate) async fn replace(
        &self,
        resource: &ApiResource,
        name: &ObjectName,
        manager: &str,
        object: &DynamicObject,
    ) -> Result<DynamicObject, Refusal> {
        let params = PostParams { field_manager: Some(manager.into()), ..PostParams::default() };
        self.change(self.api(resource, name.namespace.as_deref()).replace(&name.name, &params, object)).await
    }

    /// Merges a patch into an object.
    pub(crate) async fn merge(
        &self,
        resource: &ApiResource,
        name: &ObjectName,
        manager: &str,
        patch: &Json,
    ) -> Result<DynamicObject, Refusal> {
        let params = PatchParams { field_manager: Some(manager.into()), ..PatchParams::default() };
        let api = self.api(resource, name.namespace.as_deref());
        self.change(api.patch(&name.name, &params, &Patch::Merge(patch))).await
    }

    /// Deletes the very object that has a UID. Gives it where it is still there.
    pub(crate) async fn delete(
        &self,
        resource: &ApiResource,
        name: &ObjectName,
        uid: &str,
    ) -> Result<Option<DynamicObject>, Refusal> {
        let only = Preconditions { uid: Some(uid.to_owned()), resource_version: None };
        let params = DeleteParams { preconditions: Some(only), ..DeleteParams::default() };
        let api = self.api(resource, name.namespace.as_deref());
        let answer = self.change(api.delete(&name.name, &params)).await?;
        let going = |object: &DynamicObject| object.metadata.deletion_timestamp.is_some();
        Ok(answer.left().filter(going))
    }

    /// An object, if it is there.
    pub(crate) async fn read(
        &self,
        resource: &ApiResource,
        name: &ObjectName,
    ) -> Result<Option<DynamicObject>, Refusal> {
        let api = self.api(resource, name.namespace.as_deref());
        self.in_time(api.get_opt(&name.name)).await
    }

    /// The Events about the object with a UID, that is in a namespace or in none.
    pub(crate) async fn events(&self, namespace: Option<&str>, uid: &str) -> Result<Vec<Json>, Refusal> {
        // Those about objects of the cluster are there.
        let api = self.api(&ApiResource::erase::<Event>(&()), Some(namespace.unwrap_or("default")));
        let params = ListParams::default().fields(&format!("involvedObject.uid={uid}"));
        let found = self.in_time(api.list(&params)).await?;
        Ok(found.items.into_iter().map(|event| json!(event)).collect())
    }

    async fn change<T>(&self, call: impl Future<Output = kube::Result<T>>) -> Result<T, Refusal> {
        self.permit()?;
        self.in_time(call).await
    }

    async fn in_time<T>(&self, call: impl Future<Output = kube::Result<T>>) -> Result<T, Refusal> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(answer) => answer.map_err(|error| refusal(&error)),
            Err(_) => Err(Refusal::Unknown("no answer in time".into())),
        }
    }
}

/// What an error means.
pub(crate) fn refusal(error: &kube::Error) -> Refusal {
    let kube::Error::Api(status) = error else { return Refusal::Unknown(error.to_string()) };
    let Status { code, message, .. } = &**status;
    let message = message.clone();
    match code {
        404 => Refusal::NotFound(message),
        409 => Refusal::Conflict(message),
        403 => Refusal::Forbidden(message),
        400 | 405..=428 => Refusal::Refused(message),
        _ => Refusal::Unknown(message),
    }
}

/// A kind as requests name it.
pub(crate) fn resource(kind: &Gvk, plural: &str) -> ApiResource {
    ApiResource {
        group: kind.group.clone(),
        version: kind.version.clone(),
        api_version: kind.api_version(),
        kind: kind.kind.clone(),
        plural: plural.to_owned(),
    }
}
