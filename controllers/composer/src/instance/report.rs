//! What is said of an instance, as values. States, types and reasons are kro's.

use cairn_graph::Program;
use cairn_graph::run::{Condition, Evaluation, ObjectName, Rendered, State};
use serde_json::Value as Json;

use super::converge::condition;
use crate::watches::Child;

/// How many resources a message names.
const NAMED: usize = 3;
/// The longest message, in bytes.
const LONGEST: usize = 4096;

/// A request that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) object: ObjectName,
    pub(crate) why: String,
    /// Whether the object is another's.
    pub(crate) is_block: bool,
}

/// How far an instance is, as kstatus reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Done,
    Working,
    Stuck,
    Held,
}

/// What is said of an instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) state: &'static str,
    pub(crate) progress: Progress,
    /// Without times and generations; the last is `Ready`.
    pub(crate) conditions: Vec<Condition>,
}

fn full(kind: &str, status: &str, reason: &str, message: &str) -> Condition {
    let end = message.floor_char_boundary(LONGEST);
    let message = message.get(..end).unwrap_or_default().to_owned();
    let message = Some(message).filter(|message| !message.is_empty());
    Condition { reason: Some(reason.to_owned()), message, ..condition(kind, status) }
}

fn managed() -> Condition {
    full("InstanceManaged", "True", "Managed", "instance is properly managed with finalizers and labels")
}

fn resolved() -> Condition {
    full("GraphResolved", "True", "Resolved", "runtime graph created and all resources resolved")
}

/// The conditions that expressions may read.
pub(super) fn built_in(evaluation: &Evaluation) -> Vec<Condition> {
    let ready = if evaluation.is_ready() { "True" } else { "False" };
    let all = [("InstanceManaged", "True"), ("GraphResolved", "True"), ("ResourcesReady", ready), ("Ready", ready)];
    all.map(|(kind, status)| condition(kind, status)).to_vec()
}

impl Report {
    /// Of an instance that was evaluated, and of what was refused.
    pub(crate) fn of(
        program: &Program,
        evaluation: &Evaluation,
        troubles: &[Trouble],
        leaving: &[ObjectName],
        said: &[(ObjectName, String)],
    ) -> Self {
        let failures = failures(program, evaluation);
        if !failures.is_empty() {
            let graph = full("GraphResolved", "False", "ResolutionFailed", &cut(&failures));
            return Self::new("ERROR", Progress::Stuck, vec![managed(), graph.clone()], &graph);
        }
        if !troubles.is_empty() {
            let words: Vec<String> = troubles.iter().map(words).collect();
            let blocked = troubles.iter().all(|trouble| trouble.is_block);
            let reason = if blocked { "Blocked" } else { "ApplyFailed" };
            let resources = full("ResourcesReady", "False", reason, &cut(&words));
            return Self::new("ERROR", Progress::Stuck, vec![managed(), resolved()], &resources);
        }
        if evaluation.is_ready() && leaving.is_empty() {
            let message = "all resources are created and ready";
            let resources = full("ResourcesReady", "True", "AllResourcesReady", message);
            return Self::new("ACTIVE", Progress::Done, vec![managed(), resolved()], &resources);
        }
        let mut words = unready(program, evaluation, said);
        words.extend(leaving.iter().map(|name| format!("{name} is being deleted")));
        let resources = full("ResourcesReady", "False", "NotReady", &cut(&words));
        Self::new("IN_PROGRESS", Progress::Working, vec![managed(), resolved()], &resources)
    }

    /// Of an instance whose author asked that nothing be done, by the annotation of this key.
    pub(crate) fn suspended(key: &str) -> Self {
        let message = format!("reconciliation suspended via {key} annotation");
        let resources = full("ResourcesReady", "False", "ReconciliationSuspended", &message);
        Self::new("ACTIVE", Progress::Held, vec![managed(), resolved()], &resources)
    }

    /// Of an instance whose definition has no revision that can be followed.
    pub(crate) fn unserved(definition: &str) -> Self {
        let message = format!(
            "no revision of the definition {definition:?} can be followed now; the conditions of the definition say why"
        );
        let graph = full("GraphResolved", "False", "ResolutionFailed", &message);
        Self::new("ERROR", Progress::Stuck, vec![managed(), graph.clone()], &graph)
    }

    /// Of an instance that has to wait until kinds are watched.
    pub(crate) fn unwatched(kinds: &[String]) -> Self {
        let message = format!(
            "waits until these kinds can be watched: {}; they must be served, and the operator must be permitted to \
             list and watch them",
            kinds.join(", ")
        );
        let resources = full("ResourcesReady", "False", "NotReady", &message);
        Self::new("IN_PROGRESS", Progress::Working, vec![managed(), resolved()], &resources)
    }

    /// Of an instance that is deleted, and has to wait until kinds are watched.
    pub(crate) fn unwatched_removal(kinds: &[String]) -> Self {
        Self::deleting(&format!("waits until these kinds can be watched: {}", kinds.join(", ")), Progress::Working)
    }

    /// Of an instance that is deleted; objects are on their way out.
    pub(crate) fn removal(leaving: &[&Child]) -> Self {
        let words: Vec<String> = leaving.iter().map(|child| going(child)).collect();
        let message = if words.is_empty() { "the resources are being deleted".to_owned() } else { cut(&words) };
        Self::deleting(&message, Progress::Working)
    }

    /// Of an instance that is deleted, of which an object cannot be removed.
    pub(crate) fn stuck_removal(troubles: &[Trouble]) -> Self {
        Self::deleting(&cut(&troubles.iter().map(words).collect::<Vec<_>>()), Progress::Stuck)
    }

    fn deleting(message: &str, progress: Progress) -> Self {
        let resources = full("ResourcesReady", "Unknown", "UnderDeletion", message);
        Self::new("DELETING", progress, vec![managed(), resolved()], &resources)
    }

    /// `Ready` says what decides.
    fn new(state: &'static str, progress: Progress, mut conditions: Vec<Condition>, decides: &Condition) -> Self {
        if conditions.last() != Some(decides) {
            conditions.push(decides.clone());
        }
        let ready = match progress {
            Progress::Done => full("Ready", "True", "Ready", ""),
            _ => Condition { kind: "Ready".to_owned(), ..decides.clone() },
        };
        conditions.push(ready);
        Self { state, progress, conditions }
    }

    /// Whether something is wrong that waiting does not help.
    pub(crate) fn is_error(&self) -> bool {
        self.progress == Progress::Stuck
    }
}

fn words(trouble: &Trouble) -> String {
    let name = trouble.object.to_string();
    if trouble.why.starts_with(&name) { trouble.why.clone() } else { format!("{name}: {}", trouble.why) }
}

fn going(child: &Child) -> String {
    let finalizers = child.object.pointer("/metadata/finalizers").and_then(Json::as_array);
    let finalizers: Vec<&str> = finalizers.into_iter().flatten().filter_map(Json::as_str).collect();
    match finalizers.as_slice() {
        [] => format!("{} is being deleted", child.name),
        held => format!("{} is being deleted and waits for its finalizers {}", child.name, held.join(", ")),
    }
}

fn failures(program: &Program, evaluation: &Evaluation) -> Vec<String> {
    let mut found: Vec<String> = evaluation.faults.iter().map(ToString::to_string).collect();
    for (at, standing) in evaluation.nodes.iter().enumerate() {
        if matches!(standing.state, State::Failed(_)) {
            found.extend(evaluation.explain(program, at));
        }
    }
    found
}

/// What stands in the way, resource by resource: first those that are there, then those that wait for others.
fn unready(program: &Program, evaluation: &Evaluation, said: &[(ObjectName, String)]) -> Vec<String> {
    let (mut first, mut waiting) = (Vec::new(), Vec::new());
    for (at, (node, standing)) in program.nodes.iter().zip(&evaluation.nodes).enumerate() {
        let reasons = evaluation.explain(program, at);
        if reasons.is_empty() {
            continue;
        }
        let mut text = format!("{:?} {}", node.id.as_str(), reasons.join("; "));
        if let State::Rendered { objects, .. } = &standing.state {
            let own = |object: &Rendered| said.iter().find(|(name, _)| name.is(&object.name));
            for (name, words) in objects.iter().filter_map(own).take(NAMED) {
                text.extend([" (", &name.to_string(), ": ", words, ")"]);
            }
            first.push(text);
        } else {
            waiting.push(text);
        }
    }
    first.extend(waiting);
    first
}

fn cut(words: &[String]) -> String {
    let mut text = words.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join("; ");
    if words.len() > NAMED {
        text.extend(["; and ", &(words.len() - NAMED).to_string(), " more"]);
    }
    text
}
