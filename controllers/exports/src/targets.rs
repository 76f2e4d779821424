//! Reading and writing targets. Only metadata comes back: what a Secret holds never reaches this process.

use std::{fmt, time::Duration};

use cairn_runtime::claim::Claim;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::{
    Api, Client,
    api::{DynamicObject, Patch, PatchParams},
    core::ApiResource,
};
use serde_json::Value;

use crate::{
    refusal::{Refusal, refusal, unknown},
    wish::Target,
};

/// Why a target was not read or written.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Kubernetes said no, or did not say anything.
    Refused(Refusal),
    /// Another process acts now.
    NotHeld,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Whether what another manager has set to another value is overwritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Force {
    Never,
    Always,
}

/// The way to the targets.
#[derive(Clone)]
pub(crate) struct Targets {
    client: Client,
    claim: Claim,
    timeout: Duration,
}

impl fmt::Debug for Targets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Targets").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

impl Targets {
    /// Each request may take up to `timeout`, which `claim` has to cover where it writes.
    pub(crate) fn new(client: Client, claim: Claim, timeout: Duration) -> Self {
        Self { client, claim, timeout }
    }

    /// How long one request may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// The metadata of the target, if it exists.
    pub(crate) async fn inspect(&self, target: &Target) -> Result<Option<ObjectMeta>, Failure> {
        let found = self.in_time(target, self.api(target).get_metadata_opt(&target.name)).await?;
        Ok(found.map(|found| found.metadata))
    }

    /// Makes `manager` own exactly what `body` says.
    pub(crate) async fn apply(
        &self,
        target: &Target,
        manager: &str,
        body: &Value,
        force: Force,
    ) -> Result<(), Failure> {
        self.claim.permits(self.timeout).map_err(|_| Failure::NotHeld)?;
        let params = PatchParams { force: force == Force::Always, ..PatchParams::apply(manager) };
        let patch = Patch::Apply(body);
        self.in_time(target, self.api(target).patch_metadata(&target.name, &params, &patch)).await.map(drop)
    }

    async fn in_time<T>(&self, target: &Target, call: impl Future<Output = kube::Result<T>>) -> Result<T, Failure> {
        match tokio::time::timeout(self.timeout, call).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(kube::Error::Api(status))) => Err(refusal(target, &status).into()),
            Ok(Err(error)) => Err(unknown(target, &error.to_string()).into()),
            Err(_) => Err(unknown(target, "no answer in time").into()),
        }
    }

    fn api(&self, target: &Target) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), &target.namespace, &resource(target))
    }
}

fn resource(target: &Target) -> ApiResource {
    let kind = target.kind();
    ApiResource {
        group: String::new(),
        version: "v1".into(),
        api_version: "v1".into(),
        kind: kind.into(),
        plural: format!("{}s", kind.to_ascii_lowercase()),
    }
}
