//! What an object's reconcile depends on around it: its namespace, and the rules by which roles are assumed.
//!
//! Namespaces (metadata alone), `IAMRoleSelector`s and ACK's `ConfigMap` are watched, and of namespaces only labels and
//! our own annotations are kept. Where the operator works in single namespaces it may neither list nor watch them: it
//! reads each one again and again, and offers no roles. What is not known yet is never taken for absent.
//!
//! When a Namespace begins to be deleted, its objects are queued, so that those that are protected can be
//! [named](Surroundings::held_by) on it. Where Namespaces are only read nobody is named: an Event on a Namespace is
//! written outside of it, where such an operator may not write.

mod leaving;
mod poll;
mod state;
mod watch;

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
};

use cairn_core::{
    api::Groups,
    scope::{self, Namespace, OperatorScope, Roles, Scope, Selection, Subject, Unscoped},
};
use kube::Client;
use tracing::warn;

use crate::{
    key::ObjectKey,
    metrics::Metrics,
    queue::{Priority, Queue},
    source::Ready,
    store::Store,
};
pub use leaving::Held;
use state::State;
pub use watch::SurroundingsWatch;

/// Name of ACK's map from accounts to roles.
pub const ACCOUNT_MAP: &str = "ack-role-account-map";

/// What is watched.
#[derive(Clone, Debug)]
pub struct SurroundingsSettings {
    /// Group names.
    pub groups: Groups,
    /// The namespaces that the operator works in; all when empty.
    pub namespaces: Vec<String>,
    /// The operator's own namespace, in which ACK's map is.
    pub own_namespace: String,
    /// Labels of namespaces that reconciles depend on, beside those that selectors look at.
    pub labels: BTreeSet<String>,
}

/// What is known of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// Nothing: it is not listed yet.
    NotYet,
    /// That there is none.
    Absent,
    /// This.
    Present(T),
}

/// What is known of the surroundings. Clones share it.
#[derive(Clone)]
pub struct Surroundings {
    shared: Arc<Shared>,
}

struct Shared {
    state: RwLock<State>,
    feeds: RwLock<Vec<Feed>>,
}

/// Objects of one kind, with the queue in which they wait for their reconcile.
struct Feed {
    store: Store,
    queue: Queue,
}

impl Surroundings {
    /// The surroundings, and the watch that has to run for them to become known.
    #[must_use]
    pub fn new(settings: &SurroundingsSettings, client: Client, metrics: &Metrics) -> (Self, SurroundingsWatch) {
        let offered = settings.namespaces.is_empty();
        let state = State::new(settings.groups.clone(), settings.labels.clone(), offered);
        let shared = Arc::new(Shared { state: RwLock::new(state), feeds: RwLock::default() });
        let watch = if offered {
            SurroundingsWatch::cluster(settings, &client, metrics, &shared)
        } else {
            warn!(
                "an operator that works in single namespaces assumes no roles: IAMRoleSelectors and the ConfigMap \
                 {ACCOUNT_MAP} are not read"
            );
            SurroundingsWatch::namespaces(settings, client, &shared)
        };
        shared.change(|state| {
            state.listed(watch.ready());
            Vec::new()
        });
        (Self { shared }, watch)
    }

    /// Queues the objects of `store` when something changes around them that their reconcile depends on. What was there
    /// when the watch started is not told: controllers start [after](crate::worker::Controller::after) it.
    pub fn feed(&self, store: &Store, queue: &Queue) {
        let feed = Feed { store: store.clone(), queue: queue.clone() };
        self.shared.feeds.write().unwrap_or_else(PoisonError::into_inner).push(feed);
    }

    /// What is known of a namespace.
    #[must_use]
    pub fn namespace(&self, name: &str) -> Known<Arc<Namespace>> {
        self.shared.read(|state| state.namespace(name))
    }

    /// The rules from which roles come; `None` while they are not known.
    #[must_use]
    pub fn roles(&self) -> Option<Arc<Roles>> {
        self.shared.read(State::roles)
    }

    /// Decides where in AWS an object belongs.
    ///
    /// # Errors
    /// As [`scope::decide`]; [`Unscoped::Unknown`] while its namespace or the rules are not known. When a namespace comes
    /// to be known, the objects in it are queued.
    pub fn decide(&self, subject: &Subject<'_>, operator: &OperatorScope<'_>) -> Result<Scope, Unscoped> {
        let unknown = |what: String| Err(Unscoped::Unknown(what));
        let namespace = match self.namespace(subject.namespace) {
            Known::Present(namespace) => namespace,
            Known::Absent => return unknown(format!("namespace {} is not known yet", subject.namespace)),
            Known::NotYet => return unknown("the namespaces are not listed yet".into()),
        };
        let Some(roles) = self.roles() else {
            return unknown(format!("the IAMRoleSelectors and the ConfigMap {ACCOUNT_MAP} are not listed yet"));
        };
        scope::decide(subject, &namespace, &roles, operator)
    }

    /// Whence the role of a scope is that [`Surroundings::decide`] gave, where a selector gave it.
    #[must_use]
    pub fn selection(&self, subject: &Subject<'_>, groups: &Groups, scope: &Scope) -> Option<Selection> {
        let Known::Present(namespace) = self.namespace(subject.namespace) else { return None };
        scope::selection(subject, &namespace, self.roles()?.as_ref(), groups, scope)
    }

    /// What has to be listed, by name, and whether it is.
    #[must_use]
    pub fn ready(&self) -> Vec<(&'static str, Ready)> {
        self.shared.read(State::ready)
    }
}

impl std::fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

impl Shared {
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes what is known, and queues the objects of the namespaces that the change concerns. Before everything is
    /// listed nothing was decided for any of them.
    fn change(&self, change: impl FnOnce(&mut State) -> Vec<Arc<str>>) {
        let concerned: BTreeSet<_> = {
            let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
            let concerned = change(&mut state);
            if concerned.is_empty() || !state.is_listed() {
                return;
            }
            concerned.into_iter().collect()
        };
        let is_concerned = |key: &ObjectKey| concerned.contains(&key.namespace);
        for feed in self.feeds.read().unwrap_or_else(PoisonError::into_inner).iter() {
            for key in feed.store.keys(is_concerned) {
                feed.queue.add(key, Priority::Dependency);
            }
        }
    }
}

#[cfg(test)]
mod tests;
