//! Finalizers and statuses of objects that no engine looks after.

use cairn_core::status;
use kube::{
    Api, Client,
    api::{DynamicObject, Patch, PatchParams},
    core::ApiResource,
};
use serde_json::{Value, json};

use crate::store::Store;

const MANAGER: &str = "cairn";

/// Writes to the objects of one kind. A write fails with a conflict when the object has changed since it was read.
#[derive(Clone)]
pub struct Writer {
    client: Client,
    resource: ApiResource,
    store: Store,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer").field("kind", &self.resource.kind).finish_non_exhaustive()
    }
}

impl Writer {
    /// A writer for the objects of `resource` that `store` holds; it takes in what the API server answers.
    #[must_use]
    pub fn new(client: Client, resource: ApiResource, store: Store) -> Self {
        Self { client, resource, store }
    }

    /// Adds a finalizer, unless it is there.
    ///
    /// # Errors
    /// When the API server does not take the write.
    pub async fn hold(&self, object: &mut DynamicObject, finalizer: &str) -> kube::Result<()> {
        let mut finalizers = object.metadata.finalizers.clone().unwrap_or_default();
        if finalizers.iter().any(|held| held == finalizer) {
            return Ok(());
        }
        finalizers.push(finalizer.to_owned());
        self.write_finalizers(object, &finalizers).await
    }

    /// Removes a finalizer, if it is there.
    ///
    /// # Errors
    /// When the API server does not take the write.
    pub async fn release(&self, object: &mut DynamicObject, finalizer: &str) -> kube::Result<()> {
        let mut finalizers = object.metadata.finalizers.clone().unwrap_or_default();
        let before = finalizers.len();
        finalizers.retain(|held| held != finalizer);
        if finalizers.len() == before {
            return Ok(());
        }
        self.write_finalizers(object, &finalizers).await
    }

    /// Makes the status what it is to be, unless it is that already.
    ///
    /// # Errors
    /// When the API server does not take the write.
    pub async fn status(&self, object: &mut DynamicObject, next: &Value) -> kube::Result<()> {
        let before = object.data.get("status").unwrap_or(&Value::Null);
        let Some(patch) = status::patch(before, next) else { return Ok(()) };
        let body = json!({"metadata": {"resourceVersion": object.metadata.resource_version}, "status": patch});
        let answer = self.api(object).patch_status(name(object), &params(), &Patch::Merge(body)).await?;
        self.take_in(object, answer);
        Ok(())
    }

    async fn write_finalizers(&self, object: &mut DynamicObject, finalizers: &[String]) -> kube::Result<()> {
        let body = json!({"metadata": {"resourceVersion": object.metadata.resource_version, "finalizers": finalizers}});
        let answer = self.api(object).patch(name(object), &params(), &Patch::Merge(body)).await?;
        self.take_in(object, answer);
        Ok(())
    }

    /// The answer to our write is the newest that is known of the object.
    fn take_in(&self, object: &mut DynamicObject, answer: DynamicObject) {
        object.clone_from(&answer);
        if let Err(error) = self.store.accept(answer) {
            tracing::warn!(kind = self.resource.kind, object = name(object), %error, "answer to a write cannot be kept");
        }
    }

    fn api(&self, object: &DynamicObject) -> Api<DynamicObject> {
        let client = self.client.clone();
        match object.metadata.namespace.as_deref() {
            Some(namespace) => Api::namespaced_with(client, namespace, &self.resource),
            None => Api::all_with(client, &self.resource),
        }
    }
}

fn name(object: &DynamicObject) -> &str {
    object.metadata.name.as_deref().unwrap_or_default()
}

fn params() -> PatchParams {
    PatchParams { field_manager: Some(MANAGER.into()), ..PatchParams::default() }
}
