//! What the operator may do for instances: it has what it was granted, and nothing else. What a definition needs beyond
//! that is found out before anything is made of it.

mod escalation;
mod manifest;
mod need;
mod right;
mod somewhere;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cairn_graph::run::ObjectName;
use cairn_graph::schemas::Gvk;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use k8s_openapi::api::{authorization::v1::SelfSubjectAccessReview, core::v1::Namespace};
use kube::{Api, Client, api::PostParams};
use serde_json::json;
use tokio::time::Instant;

use crate::hands::{Hands, Refusal, refusal, resource};
pub(crate) use manifest::{message, partly};
use need::Binding;
pub(crate) use need::{Need, Needs, needs};
use right::Right;
pub(crate) use somewhere::Lack;
use somewhere::Nowhere;

/// What was permitted is believed for so long.
const PERMITTED_FOR: Duration = Duration::from_hours(1);
/// What was not is asked again after so long: grants are no object that we may watch.
pub(crate) const ASK_AGAIN: Duration = Duration::from_secs(15);
/// How many questions are asked at once.
const AT_ONCE: usize = 16;

/// Asks Kubernetes what we may do.
#[derive(Debug)]
pub(crate) struct Rights {
    hands: Hands,
    apis: Apis,
    known: Mutex<BTreeMap<Right, (bool, Instant)>>,
    nowhere: Nowhere,
}

struct Apis {
    reviews: Api<SelfSubjectAccessReview>,
    namespaces: Api<Namespace>,
}

impl std::fmt::Debug for Apis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Apis")
    }
}

impl Rights {
    /// Nothing is known yet.
    pub(crate) fn new(client: Client, hands: Hands) -> Self {
        let apis = Apis { reviews: Api::all(client.clone()), namespaces: Api::all(client) };
        Self { hands, apis, known: Mutex::default(), nowhere: Nowhere::default() }
    }

    /// Everything is asked anew.
    pub(crate) fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.nowhere.clear();
    }

    /// Those needs that are not met.
    ///
    /// # Errors
    /// Kubernetes does not answer.
    pub(crate) async fn lacking(&self, needs: Needs) -> Result<Lack, Refusal> {
        let mut all = needs.rights;
        self.learn(all.iter().map(|need| need.right.clone()).collect()).await?;
        self.learn(needs.bindings.iter().map(|binding| binding.bind.clone()).collect()).await?;
        for binding in needs.bindings.iter().filter(|binding| !self.has(&binding.bind)) {
            all.extend(self.of_role(binding).await?);
        }
        self.learn(all.iter().map(|need| need.right.clone()).collect()).await?;
        let mut missing: Vec<Need> = all.into_iter().filter(|need| !self.has(&need.right)).collect();
        self.learn(missing.iter().filter_map(|need| need.unless.clone()).collect()).await?;
        missing.retain(|need| need.unless.as_ref().is_none_or(|unless| !self.has(unless)));
        self.split(missing).await
    }

    /// What who may not bind to a role has to hold.
    async fn of_role(&self, binding: &Binding) -> Result<Vec<Need>, Refusal> {
        let (kind, plural) = if binding.of_cluster { ("ClusterRole", "clusterroles") } else { ("Role", "roles") };
        let gvk = Gvk::new(&format!("{}/v1", escalation::GROUP), kind);
        let resource = resource(&gvk, plural);
        // A role of a namespace that is not known yet cannot be read.
        let namespace = binding.namespace.clone().filter(|_| !binding.of_cluster);
        if !binding.of_cluster && namespace.is_none() {
            return Ok(Vec::new());
        }
        let name = ObjectName { kind: gvk, namespace, name: binding.role.clone() };
        match self.hands.read(&resource, &name).await {
            Ok(Some(role)) => {
                let needs = escalation::of_role(&binding.whose, plural, binding.namespace.as_deref(), &json!(role));
                let of = |need: Need| Need {
                    grants: Some(format!("the binding to {kind} {:?}", binding.role)),
                    unless: Some(binding.bind.clone()),
                    ..need
                };
                Ok(needs.into_iter().map(of).collect())
            }
            // Kubernetes judges it when it is there.
            Ok(None) => Ok(Vec::new()),
            Err(Refusal::Forbidden(_)) => Ok(vec![need::plain(&binding.whose, binding.bind.clone())]),
            Err(other) => Err(other),
        }
    }

    /// Asks what is not known.
    async fn learn(&self, rights: BTreeSet<Right>) -> Result<(), Refusal> {
        let unknown = rights.into_iter().filter(|right| self.known(right).is_none());
        let questions = unknown.map(|right| async move {
            let answer = self.ask(&right).await?;
            Ok((right, answer))
        });
        let answers: Vec<(Right, bool)> = stream::iter(questions).buffer_unordered(AT_ONCE).try_collect().await?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, until)| *until > Instant::now());
        known.extend(answers.into_iter().map(|(right, answer)| {
            // A little less than the time after which it is asked again, so that it is.
            let lasts = if answer { PERMITTED_FOR } else { ASK_AGAIN / 2 };
            (right, (answer, Instant::now() + lasts))
        }));
        Ok(())
    }

    async fn ask(&self, right: &Right) -> Result<bool, Refusal> {
        let question = right.question();
        let params = PostParams::default();
        let asked = tokio::time::timeout(self.hands.timeout(), self.apis.reviews.create(&params, &question)).await;
        let answer = asked.map_err(|_| Refusal::Unknown("no answer in time".into()))?;
        let answer = answer.map_err(|error| refusal(&error))?;
        Ok(answer.status.is_some_and(|status| status.allowed))
    }

    fn known(&self, right: &Right) -> Option<bool> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(right).filter(|(_, until)| *until > Instant::now()).map(|(answer, _)| *answer)
    }

    fn has(&self, right: &Right) -> bool {
        self.known(right).unwrap_or_default()
    }
}
