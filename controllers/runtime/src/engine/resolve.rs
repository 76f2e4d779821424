//! Following an object's references before anything is planned.

use cairn_core::{
    ack_conditions::References as Said,
    condition::{Progress, Reason, Report},
    plan::{Action, Step},
    reference::{self, Refusal, Resolved, Sealed, Unresolved, Why},
};
use jiff::SignedDuration;

use super::{Engine, Interrupted, object::Managed, work::Work};
use crate::kind::ManagedKind;

/// How long at most nobody looks at an object that waits for another. All that can help is watched.
const LOOK_MEANWHILE: SignedDuration = SignedDuration::from_mins(10);

impl<K: ManagedKind> Engine<K> {
    /// The spec with what its references name.
    pub(super) fn resolve(&self, object: &mut Managed) -> Result<Resolved, Interrupted> {
        let (kind, rules) = (self.kind.kind(), self.kind.rules());
        let refers = !reference::filled_fields(rules, &object.spec).is_empty();
        let outcome = self.parts.references.resolve(kind, rules, &object.key, &object.spec);
        object.facts.references = Some(match &outcome {
            _ if !refers => Said::Absent,
            Ok(_) => Said::Resolved,
            Err(Refusal::Invalid(why)) => Said::Refused(why.clone()),
            Err(Refusal::Unresolved(unresolved)) => Said::unresolved(unresolved),
        });
        match outcome {
            Ok(resolved) => Ok(resolved),
            // What was made once has taken from its references what it needs, and may outlive what they name.
            Err(Refusal::Unresolved(unresolved)) if self.is_made(object) && are_known(&unresolved) => {
                Ok(Resolved { spec: reference::without(rules, &object.spec), ..Resolved::default() })
            }
            Err(Refusal::Invalid(why)) => Err(Report::new(Reason::InvalidSpec, why).into()),
            Err(Refusal::Unresolved(unresolved)) => Err(self.unresolved(object, &unresolved)),
        }
    }

    /// What is not ready may change yet, and is not built upon. To whom its value is nothing new it does not matter.
    pub(super) fn check_late(
        &self,
        object: &mut Managed,
        resolved: &Resolved,
        digest: &str,
    ) -> Result<(), Interrupted> {
        let record = &object.record;
        let known = [&record.digest, &record.shown].into_iter().any(|known| known.as_deref() == Some(digest));
        if known || resolved.late.is_empty() || self.is_made(object) {
            return Ok(());
        }
        object.facts.references = Some(Said::unresolved(&resolved.late));
        Err(self.unresolved(object, &resolved.late))
    }

    /// Reads the Secrets that a call needs, before a creation all of them: nothing is begun that could not be finished.
    pub(super) async fn open(
        &self,
        object: &Managed,
        work: &mut Work<K::Client>,
        steps: &[Step],
    ) -> Result<(), Interrupted> {
        if work.sealed.is_empty() || !work.secrets.is_empty() || !steps.iter().any(needs_secrets) {
            return Ok(());
        }
        match self.parts.references.open(&work.sealed).await {
            Ok(Ok(secrets)) => {
                work.secrets = secrets;
                Ok(())
            }
            Ok(Err(unresolved)) => Err(self.unresolved(object, &unresolved)),
            Err(error) => Err(Report::new(Reason::Retrying, format!("a Secret cannot be read: {error}")).into()),
        }
    }

    /// Whether the object has made, or taken over, the one resource that it ever has.
    fn is_made(&self, object: &Managed) -> bool {
        self.kind.rules().is_made_once() && object.record.ownership.is_some()
    }

    /// What is said of references that lead nowhere.
    fn unresolved(&self, object: &Managed, unresolved: &[Unresolved]) -> Interrupted {
        if !are_known(unresolved) {
            // Nothing is known, so nothing is said. The end of the list queues the object.
            return Interrupted::NotKnown;
        }
        let report = self.circle(object, unresolved).unwrap_or_else(|| {
            let refused = unresolved.iter().any(|unresolved| unresolved.why.is_refusal());
            let reason = if refused { Reason::NotAllowed } else { Reason::DependencyNotReady };
            let said: Vec<_> = unresolved.iter().map(ToString::to_string).collect();
            Report::new(reason, said.join("; "))
        });
        if report.reason.progress() == Progress::Stuck && !object.says(report.reason) {
            self.warn_of(object, report.reason.as_str(), &report.message);
        }
        let now = self.parts.clock.now();
        Interrupted::Until(report, now.saturating_add(LOOK_MEANWHILE).unwrap_or(now))
    }

    /// What is said of an object that waits for itself.
    fn circle(&self, object: &Managed, unresolved: &[Unresolved]) -> Option<Report> {
        let waits = |unresolved: &Unresolved| matches!(unresolved.why, Why::NotReady(_) | Why::NoValue(_));
        if !unresolved.iter().any(waits) {
            return None;
        }
        let way = self.parts.references.cycle(self.kind.kind(), &object.key)?;
        let way: Vec<_> = way.iter().map(ToString::to_string).collect();
        let why = format!("references go in a circle: {}; take one of them out", way.join(" → "));
        Some(Report::new(Reason::InvalidSpec, why))
    }
}

/// Whether all is listed that references name, so that what is not there is known to be not there.
fn are_known(unresolved: &[Unresolved]) -> bool {
    unresolved.iter().all(|unresolved| unresolved.why != Why::NotListed)
}

/// Whether a call sends the content of a Secret, or makes a resource to which one belongs.
fn needs_secrets(step: &Step) -> bool {
    match &step.action {
        Action::Create { .. } => true,
        Action::Put { value } => Sealed::is_in(value),
        Action::Tag(_) | Action::Untag(_) | Action::Clear | Action::ClearEntry { .. } => false,
    }
}
