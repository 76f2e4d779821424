//! Rights that are held by role bindings, in some namespaces and not in all. Where instances will be nobody knows
//! beforehand, and so one namespace is enough: elsewhere Kubernetes refuses, and the instance says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kube::api::ListParams;
use tokio::time::Instant;

use super::right::{Right, To};
use super::{AT_ONCE, Need, Rights};
use crate::hands::{Refusal, refusal};

/// What was found in no namespace is looked for again after so long: it is one question for each.
const SEARCH_AGAIN: Duration = Duration::from_mins(5);

/// What is lacking.
#[derive(Debug, Default)]
pub(crate) struct Lack {
    /// What we may not do.
    pub(crate) missing: Vec<Need>,
    /// What we may do in some namespaces.
    pub(crate) partly: Vec<Need>,
}

/// The rights that no namespace has, with the time until which that is believed.
#[derive(Debug, Default)]
pub(super) struct Nowhere(Mutex<BTreeMap<BTreeSet<Right>, Instant>>);

impl Nowhere {
    fn has(&self, rights: &BTreeSet<Right>) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(rights).is_some_and(|until| *until > Instant::now())
    }

    fn put(&self, rights: BTreeSet<Right>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, until| *until > Instant::now());
        known.insert(rights, Instant::now() + SEARCH_AGAIN);
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Rights {
    /// Tells apart, of what is not permitted everywhere, what is permitted somewhere; kind by kind.
    pub(super) async fn split(&self, all: Vec<Need>) -> Result<Lack, Refusal> {
        let mut lack = Lack::default();
        let mut by_kind: BTreeMap<To, Vec<Need>> = BTreeMap::new();
        for need in all {
            if need.somewhere {
                by_kind.entry(need.right.to.clone()).or_default().push(need);
            } else {
                lack.missing.push(need);
            }
        }
        for needs in by_kind.into_values() {
            let rights = needs.iter().map(|need| need.right.clone()).collect();
            let which = if self.is_somewhere(rights).await? { &mut lack.partly } else { &mut lack.missing };
            which.extend(needs);
        }
        Ok(lack)
    }

    /// Whether there is a namespace in which all of these are permitted.
    async fn is_somewhere(&self, rights: BTreeSet<Right>) -> Result<bool, Refusal> {
        let Some(first) = rights.first().filter(|_| !self.nowhere.has(&rights)) else { return Ok(false) };
        for namespaces in self.namespaces().await?.chunks(AT_ONCE) {
            // Most namespaces are told by one question.
            self.learn(namespaces.iter().map(|namespace| first.within(namespace)).collect()).await?;
            for namespace in namespaces.iter().filter(|namespace| self.has(&first.within(namespace))) {
                let there: BTreeSet<Right> = rights.iter().map(|right| right.within(namespace)).collect();
                self.learn(there.clone()).await?;
                if there.iter().all(|right| self.has(right)) {
                    return Ok(true);
                }
            }
        }
        self.nowhere.put(rights);
        Ok(false)
    }

    /// The names of all namespaces; none where we may not know them.
    async fn namespaces(&self) -> Result<Vec<String>, Refusal> {
        let params = ListParams::default();
        let asked = tokio::time::timeout(self.hands.timeout(), self.apis.namespaces.list_metadata(&params)).await;
        match asked.map_err(|_| Refusal::Unknown("no answer in time".into()))?.map_err(|error| refusal(&error)) {
            Ok(found) => Ok(found.items.into_iter().filter_map(|namespace| namespace.metadata.name).collect()),
            Err(Refusal::Forbidden(_)) => Ok(Vec::new()),
            Err(refusal) => Err(refusal),
        }
    }
}
