//! What is known, and whom a change of it concerns. No I/O.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use cairn_core::{
    api::{Groups, annotation},
    scope::{AccountMap, Namespace, Roles, Selector},
};

use super::{Known, leaving::Leaving};
use crate::source::Ready;

/// Everything that is known. Each change names the namespaces whose objects it concerns.
pub(super) struct State {
    pub(super) groups: Groups,
    labels: BTreeSet<String>,
    offered: bool,
    ready: Vec<(&'static str, Ready)>,
    namespaces: HashMap<Arc<str>, Arc<Namespace>>,
    selectors: BTreeMap<Arc<str>, Selector>,
    accounts: AccountMap,
    pub(super) leaving: Leaving,
    roles: OnceLock<Arc<Roles>>,
}

/// Name under which the list of namespaces is known.
pub(super) const NAMESPACES: &str = "Namespace";

impl State {
    pub(super) fn new(groups: Groups, labels: BTreeSet<String>, offered: bool) -> Self {
        Self {
            groups,
            labels,
            offered,
            ready: Vec::new(),
            namespaces: HashMap::new(),
            selectors: BTreeMap::new(),
            accounts: AccountMap::default(),
            leaving: Leaving::default(),
            roles: OnceLock::new(),
        }
    }

    /// Says by what it is known that everything is listed.
    pub(super) fn listed(&mut self, ready: Vec<(&'static str, Ready)>) {
        self.ready = ready;
    }

    pub(super) fn is_listed(&self) -> bool {
        self.ready.iter().all(|(_, ready)| ready.is_ready())
    }

    pub(super) fn ready(&self) -> Vec<(&'static str, Ready)> {
        self.ready.clone()
    }

    pub(super) fn namespace(&self, name: &str) -> Known<Arc<Namespace>> {
        let listed = self.ready.iter().any(|(list, ready)| *list == NAMESPACES && ready.is_ready());
        match self.namespaces.get(name) {
            _ if !listed => Known::NotYet,
            Some(namespace) => Known::Present(Arc::clone(namespace)),
            None => Known::Absent,
        }
    }

    pub(super) fn roles(&self) -> Option<Arc<Roles>> {
        let listed = self.ready.iter().all(|(list, ready)| *list == NAMESPACES || ready.is_ready());
        listed.then(|| Arc::clone(self.roles.get_or_init(|| Arc::new(self.gathered()))))
    }

    fn gathered(&self) -> Roles {
        if !self.offered {
            return Roles::NotOffered;
        }
        Roles::Offered { selectors: self.selectors.values().cloned().collect(), accounts: self.accounts.clone() }
    }

    pub(super) fn set_namespace(&mut self, name: &Arc<str>, namespace: Option<Namespace>) -> Vec<Arc<str>> {
        let now = namespace.map(Arc::new);
        let before = match &now {
            Some(now) => self.namespaces.insert(Arc::clone(name), Arc::clone(now)),
            None => self.namespaces.remove(name),
        };
        let same = match (&before, &now) {
            (Some(before), Some(now)) => self.look_alike(before, now),
            (before, now) => before.is_none() && now.is_none(),
        };
        if same { Vec::new() } else { vec![Arc::clone(name)] }
    }

    /// Whether two states of a namespace are the same for every reconcile.
    fn look_alike(&self, one: &Namespace, other: &Namespace) -> bool {
        let looked_at = self.selectors.values().flat_map(Selector::namespace_labels);
        let mut labels = looked_at.chain(self.labels.iter().map(String::as_str));
        one.annotations == other.annotations && labels.all(|label| one.labels.get(label) == other.labels.get(label))
    }

    pub(super) fn set_selector(&mut self, name: &Arc<str>, now: Option<Selector>) -> Vec<Arc<str>> {
        let before = match now.clone() {
            Some(now) => self.selectors.insert(Arc::clone(name), now),
            None => self.selectors.remove(name),
        };
        if before == now {
            return Vec::new();
        }
        self.roles = OnceLock::new();
        if let (Some(before), Some(now)) = (&before, &now)
            && before.is_like(now)
        {
            return Vec::new();
        }
        let either = [before, now];
        self.those(|name, namespace| either.iter().flatten().any(|selector| selector.is_for(name, namespace)))
    }

    pub(super) fn set_accounts(&mut self, now: AccountMap) -> Vec<Arc<str>> {
        let before = std::mem::replace(&mut self.accounts, now);
        self.roles = OnceLock::new();
        let differing: BTreeSet<_> = self.accounts.differing(&before).collect();
        self.those(|_, namespace| {
            let account = namespace.annotation(&self.groups, &annotation::OWNER_ACCOUNT_ID);
            account.is_some_and(|account| differing.contains(account))
        })
    }

    fn those(&self, concerned: impl Fn(&str, &Namespace) -> bool) -> Vec<Arc<str>> {
        let found = self.namespaces.iter().filter(|(name, namespace)| concerned(name, namespace));
        found.map(|(name, _)| Arc::clone(name)).collect()
    }
}
