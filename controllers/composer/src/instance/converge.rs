//! Evaluating an instance and doing what follows from it, until nothing follows any more.

use std::collections::BTreeSet;
use std::sync::Arc;

use cairn_graph::run::{Condition, Entry, Evaluation, ObjectName, Reference, Run, State};

use super::children::Children;
use super::claim::{Inventory, missing};
use super::decide::{Conflict, Decision, Scene};
use super::hear::{Silent, silent};
use super::notes::Notes;
use super::own_words::own_words;
use super::report::Trouble;
use super::subject::Subject;
use super::{Conductor, Interrupted};
use crate::graph::{Serving, group_kind};
use crate::watches::{Extent, WatchId, Whose};

/// What comes of an instance.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) evaluation: Evaluation,
    /// What was refused.
    pub(super) troubles: Vec<Trouble>,
    /// Objects on their way out.
    pub(super) leaving: Vec<ObjectName>,
    /// The conditions that the definition makes.
    pub(super) entries: Vec<Entry>,
    /// Why objects are not ready, in their own words.
    pub(super) said: Vec<(ObjectName, String)>,
    /// Those that say nothing.
    pub(super) silent: Vec<Silent>,
}

impl Conductor {
    /// What the instance needs and is not watched yet, in words.
    pub(super) async fn unwatched(&self, subject: &Subject, serving: &Serving) -> Vec<String> {
        let mut found: BTreeSet<String> = BTreeSet::new();
        let known = serving.group_kinds();
        let ids = serving.watches.iter().filter(|id| !self.hub.ensure(id, &self.graph.name, serving.extent(id)));
        found.extend(ids.map(|id| id.kind.to_string()));
        for kind in Inventory::written(subject).kinds.difference(&known) {
            found.extend(self.former(kind).await);
        }
        found.into_iter().collect()
    }

    /// Watches a kind that the program has no more; gives its name while it is not watched.
    pub(super) async fn former(&self, group_kind: &str) -> Option<String> {
        if let Some(id) = self.graph.extra(group_kind) {
            return (!self.hub.ensure(&id, &self.graph.name, Extent::Marks)).then(|| group_kind.to_owned());
        }
        let (kind, group) = group_kind.split_once('.').unwrap_or((group_kind, ""));
        match self.catalog.find(group, kind).await {
            Ok(Some(found)) => {
                let plural = found.traits.plural.clone();
                let id = WatchId { kind: found.gvk.clone(), plural, of: Whose::Owned };
                self.graph.add_extra(group_kind, id.clone());
                (!self.hub.ensure(&id, &self.graph.name, Extent::Marks)).then(|| group_kind.to_owned())
            }
            // Of a kind that there is not there are no objects.
            Ok(None) => None,
            Err(error) => Some(format!("{group_kind} ({error})")),
        }
    }

    /// Does everything that can be done now.
    pub(super) async fn converge(
        &self,
        subject: &mut Subject,
        serving: &Serving,
        notes: &mut Notes,
    ) -> Result<Outcome, Interrupted> {
        let set = subject.owner.set();
        let mut run = Run::new(Arc::clone(&serving.program), &subject.json);
        let mut troubles = Vec::new();
        // Each round applies what the one before made possible.
        for _ in 0..=serving.program.nodes.len() * 2 {
            let children: Children = self.hub.children(&set).into_iter().collect();
            let evaluation = self.evaluate(&mut run, &set, serving, &children);
            let decision = self.decide(subject, serving, &evaluation, &children, notes);
            if decision.is_empty() {
                self.claim(subject, serving, exact(&decision, &evaluation, &children, serving, subject)).await?;
                let silent = silent(serving, &evaluation, &children);
                let outcome = outcome(&mut run, evaluation, troubles, decision, &children, notes);
                return Ok(Outcome { silent, ..outcome });
            }
            let wanted = exact(&decision, &evaluation, &children, serving, subject).with(&Inventory::written(subject));
            self.claim(subject, serving, wanted).await?;
            troubles.extend(self.carry_out(subject, serving, decision, notes).await?);
        }
        Err(Interrupted::Changed)
    }

    /// Evaluates until nothing more becomes known. Which objects of others are read follows from what is read.
    pub(super) fn evaluate(&self, run: &mut Run, set: &str, serving: &Serving, children: &Children) -> Evaluation {
        for (at, (node, id)) in serving.program.nodes.iter().zip(&serving.watches).enumerate() {
            if id.of == Whose::Owned {
                run.observe(at, children.of_kind(&node.kind.gvk));
            }
        }
        let mut known = Vec::new();
        loop {
            let evaluation = run.evaluate();
            let references = references(&evaluation, serving);
            if references == known {
                return evaluation;
            }
            // Before it is looked at, so that no change is missed.
            let watched = references.iter().map(|(_, id, reference)| (id.clone(), reference.clone()));
            self.hub.reading(set, watched.collect());
            for (at, id, reference) in &references {
                run.observe(*at, self.hub.seen(id, reference));
            }
            known = references;
        }
    }

    fn decide(
        &self,
        subject: &Subject,
        serving: &Serving,
        evaluation: &Evaluation,
        children: &Children,
        notes: &Notes,
    ) -> Decision {
        let scene = Scene {
            marks: &self.marks,
            owner: &subject.owner,
            program: &serving.program,
            evaluation,
            children,
            past: notes,
        };
        scene.decide()
    }

    /// Lets the instance say what it must.
    async fn claim(&self, subject: &mut Subject, serving: &Serving, inventory: Inventory) -> Result<(), Interrupted> {
        let definition = (self.graph.name.as_str(), serving.uid.as_str());
        let name = ObjectName {
            kind: self.graph.kind.clone(),
            namespace: subject.owner.namespace.clone(),
            name: subject.owner.name.clone(),
        };
        for claim in missing(&self.marks, subject, definition, &inventory) {
            let answer = self.hands.apply(&self.graph.resource, &name, &claim.manager, &claim.body).await?;
            subject.object.clone_from(&answer);
            if let Err(error) = self.graph.store.accept(answer) {
                tracing::warn!(instance = %name, %error, "answer to a write cannot be kept");
            }
        }
        Ok(())
    }
}

/// What comes of an instance of which nothing more can be done now.
fn outcome(
    run: &mut Run,
    evaluation: Evaluation,
    mut troubles: Vec<Trouble>,
    decision: Decision,
    children: &Children,
    notes: &Notes,
) -> Outcome {
    let is_open = |name: &ObjectName| is_wanted(&evaluation, name) && children.get(name).is_none();
    let blocked = notes.blocked().filter(|(name, _)| is_open(name));
    let blocked = blocked.map(|(name, why)| Trouble { object: name.clone(), why: why.to_owned(), is_block: true });
    troubles.extend(blocked);
    troubles.extend(decision.conflicts.into_iter().map(conflict));
    troubles.extend(notes.fight().map(|(object, why)| Trouble { object, why, is_block: true }));
    let built_in = super::report::built_in(&evaluation);
    let entries = run.conditions(&built_in);
    let said = children.iter().filter_map(|child| Some((child.name.clone(), own_words(&child.object)?))).collect();
    Outcome { evaluation, troubles, leaving: decision.leaving, entries, said, silent: Vec::new() }
}

/// Where the resources of an instance are, and will be when the decision is carried out.
fn exact(
    decision: &Decision,
    evaluation: &Evaluation,
    children: &Children,
    serving: &Serving,
    subject: &Subject,
) -> Inventory {
    let mut kinds = serving.group_kinds();
    kinds.extend(children.iter().map(|child| group_kind(&child.name.kind)));
    let named = evaluation.nodes.iter().flat_map(|node| node.identities.iter().flatten());
    let named = named.filter_map(|name| name.namespace.as_deref());
    let there = children.iter().filter_map(|child| child.name.namespace.as_deref());
    let all: BTreeSet<&str> = named.chain(there).chain(decision.namespaces()).collect();
    let own = subject.owner.namespace.as_deref();
    let namespaces = all.into_iter().filter(|namespace| Some(*namespace) != own).map(str::to_owned).collect();
    Inventory { kinds, namespaces }
}

/// What is read of others, with the position of the resource and its watch.
fn references(evaluation: &Evaluation, serving: &Serving) -> Vec<(usize, WatchId, Reference)> {
    let nodes = evaluation.nodes.iter().zip(&serving.watches).enumerate();
    let reading = nodes.filter_map(|(at, (standing, id))| match &standing.state {
        State::Reading { reference, .. } => Some((at, id.clone(), reference.clone())),
        _ => None,
    });
    reading.collect()
}

fn is_wanted(evaluation: &Evaluation, name: &ObjectName) -> bool {
    evaluation.nodes.iter().flat_map(|node| node.identities.iter().flatten()).any(|wanted| wanted.is(name))
}

fn conflict(conflict: Conflict) -> Trouble {
    let Conflict { name, path, manager } = conflict;
    let why = format!(
        "the field {path} was applied by the manager {manager:?}, and is not taken from it; one of both has to leave it"
    );
    Trouble { object: name, why, is_block: true }
}

/// A condition of the operator's own, for expressions that read it.
pub(super) fn condition(kind: &str, status: &str) -> Condition {
    Condition { kind: kind.to_owned(), status: status.to_owned(), ..Condition::default() }
}
