//! `docs/conditions.md`.

use cairn_core::{
    ack_conditions::{self, Facts},
    condition::{self, Actor, Progress, Reason, Report},
};
use k8s_openapi::{apimachinery::pkg::apis::meta::v1::Condition, jiff::Timestamp};

use super::markdown::{code, table};

const INTRODUCTION: &str = "\
# Conditions

Every object of an AWS kind says where it stands by `Ready`, and while it is not Ready by `Reconciling` or `Stalled`, as
kstatus reads them: `kubectl wait --for=condition=Ready` and Flux understand them. `observedGeneration` is the generation
of the spec that a condition speaks of, `lastTransitionTime` the time at which its status changed. The message is for
people; the reason is from the closed list below, for people and alerts. A `Stalled` object is looked at again when
anything that it depends on changes; unless the reason is `InvalidSpec` or `ScopeChanged`, it is also tried again, ever
more rarely up to some minutes.

";

const REASONS: &str = "
## Reasons

All conditions of an object have the same reason. Under ACK's names, ACK's conditions stand beside ours, with ACK's
sentences. Who can act is the

";

pub(super) fn page() -> String {
    let standings = table(["an object that", "has"], PROGRESS.map(standing));
    let actors = Actor::ALL.map(|actor| format!("- **{}**: {}\n", actor.as_str(), actor.who())).concat();
    let reasons =
        table(["reason", "conditions", "besides under ACK's names", "meaning", "who can act"], Reason::ALL.map(row));
    format!("{INTRODUCTION}{standings}{REASONS}{actors}\n{reasons}{FACTS}")
}

const FACTS: &str = "
## What ACK says besides

Under ACK's names, an object that refers to others has `ACK.ReferencesResolved`: `True` when all references lead to a
value; `Unknown` while one waits for something that is missing or not ready; `False` when one leads nowhere until somebody
acts: its target is `ACK.Terminal`, is in another namespace that does not permit it, or makes no sense. An object that
has its role from an `IAMRoleSelector` has `ACK.IAMRoleSelected=True`, with role, selector and the selector's resource
version in the message. An object to which neither applies has neither.
";

const PROGRESS: [(Progress, &str); 4] = [
    (Progress::Done, "is as declared"),
    (Progress::Working, "is being worked on"),
    (Progress::Held, "is held back, because it was told to be"),
    (Progress::Stuck, "needs somebody to do something"),
];

fn standing((progress, words): (Progress, &str)) -> [String; 2] {
    let example = Reason::ALL.into_iter().find(|reason| reason.progress() == progress);
    [words.to_owned(), example.map(|reason| listed(&ours(reason))).unwrap_or_default()]
}

fn row(reason: Reason) -> [String; 5] {
    let actors: Vec<_> = reason.actors().iter().map(|actor| actor.as_str()).collect();
    let meaning = reason.meaning().to_owned();
    [code(reason.as_str()), listed(&ours(reason)), listed(&acks(reason)), meaning, actors.join(", ")]
}

/// The conditions of an object for this reason, as the engine makes them.
fn ours(reason: Reason) -> Vec<Condition> {
    condition::conditions(&[], &Report::new(reason, ""), None, Timestamp::UNIX_EPOCH)
}

fn acks(reason: Reason) -> Vec<Condition> {
    ack_conditions::with(Vec::new(), &Report::new(reason, ""), &Facts::default(), None, Timestamp::UNIX_EPOCH)
}

fn listed(conditions: &[Condition]) -> String {
    let each = conditions.iter().map(|one| code(&format!("{}={}", one.type_, one.status)));
    each.collect::<Vec<_>>().join(", ")
}
