//! What Events say of objects that are not ready and say nothing themselves.

use std::time::Duration;

use cairn_graph::run::{Evaluation, ObjectName, State};
use cairn_runtime::worker::Verdict;
use jiff::Timestamp;
use tokio::time::Instant;

use super::children::Children;
use super::converge::Outcome;
use super::notes::Notes;
use super::own_words::{events_say, own_words};
use super::{BEHIND, Conductor};
use crate::graph::Serving;

/// How many objects are heard.
const HEARD: usize = 3;
/// Events are read again after so long at first, and later at longer and longer intervals.
const SOON: Duration = Duration::from_secs(30);
/// Events are read again after so long at last.
const SELDOM: Duration = Duration::from_mins(5);

/// What was heard of an object.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    words: Option<String>,
    at: Instant,
    lasts: Duration,
}

/// An object that is waited for and says nothing: its name and its UID.
pub(super) type Silent = (ObjectName, String);

/// The objects that are there, are not ready, and say nothing.
pub(super) fn silent(serving: &Serving, evaluation: &Evaluation, children: &Children) -> Vec<Silent> {
    let waited = evaluation.nodes.iter().enumerate().filter_map(|(at, standing)| match &standing.state {
        State::Rendered { objects, .. } if !evaluation.explain(&serving.program, at).is_empty() => Some(objects),
        _ => None,
    });
    let there = waited.flat_map(|objects| objects.iter()).filter_map(|object| children.get(&object.name));
    let silent = there.filter(|child| own_words(&child.object).is_none());
    silent.map(|child| (child.name.clone(), child.uid.clone())).take(HEARD).collect()
}

impl Conductor {
    /// Adds what Events say of those that are silent for long; gives when to look again.
    pub(super) async fn hear(&self, outcome: &mut Outcome, notes: &mut Notes) -> Option<Timestamp> {
        if outcome.silent.is_empty() {
            notes.silent_since = None;
            notes.heard.clear();
            return None;
        }
        let since = *notes.silent_since.get_or_insert_with(Instant::now);
        if since.elapsed() < BEHIND {
            return Some(self.after(BEHIND));
        }
        let mut next = SELDOM;
        notes.heard.retain(|known, _| outcome.silent.iter().any(|(_, uid)| uid == known));
        for (name, uid) in &outcome.silent {
            let heard = self.heard(name, uid, notes.heard.get(uid)).await;
            next = next.min(heard.lasts.saturating_sub(heard.at.elapsed()));
            outcome.said.extend(heard.words.clone().map(|words| (name.clone(), words)));
            notes.heard.insert(uid.clone(), heard);
        }
        Some(self.after(next.max(Duration::from_secs(1))))
    }

    /// What was heard not long ago, or is heard now.
    async fn heard(&self, name: &ObjectName, uid: &str, known: Option<&Heard>) -> Heard {
        if let Some(fresh) = known.filter(|known| known.at.elapsed() < known.lasts) {
            return fresh.clone();
        }
        let lasts = known.map_or(SOON, |known| (known.lasts * 2).min(SELDOM));
        Heard { words: self.events_of(name, uid).await, at: Instant::now(), lasts }
    }

    async fn events_of(&self, name: &ObjectName, uid: &str) -> Option<String> {
        match self.hands.events(name.namespace.as_deref(), uid).await {
            Ok(events) => events_say(&events),
            Err(refusal) => {
                tracing::debug!(object = %name, %refusal, "Events cannot be read");
                None
            }
        }
    }
}

/// A verdict that looks again at a time at the latest.
pub(super) fn at_the_latest(verdict: Verdict, at: Option<Timestamp>) -> Verdict {
    match (verdict, at) {
        (Verdict::Settled { next: None }, at) => Verdict::Settled { next: at },
        (Verdict::Settled { next: Some(next) }, Some(at)) => Verdict::Settled { next: Some(next.min(at)) },
        (verdict, _) => verdict,
    }
}
