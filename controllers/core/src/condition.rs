//! The conditions of an object, as kstatus reads them: `Ready`, `Reconciling` and `Stalled`.

mod meaning;

use cairn_crds::status::time;
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

use crate::{
    failure::{Class, Failure},
    schedule::LONGEST_RETRY,
};

pub use meaning::Actor;

/// Why a condition is what it is. The list is closed, so that people and alerts can rely on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// AWS has what is declared.
    Available,
    /// The resource is being created.
    Creating,
    /// AWS is working on a change.
    Updating,
    /// The resource is being deleted.
    Deleting,
    /// A call failed and is tried again without anybody doing anything.
    Retrying,
    /// The spec, an annotation or a setting cannot be carried out as it is.
    InvalidSpec,
    /// A resource of that name exists and is not this object's.
    NotOwned,
    /// There is no resource of that name, and the object asks for one that is there; or the one that it made is gone, and
    /// another would be something else.
    NotFound,
    /// A setting of the platform does not permit what the object asks for.
    NotAllowed,
    /// Something that the object refers to is not there, or not ready.
    DependencyNotReady,
    /// The resource would have to move to another region or account.
    ScopeChanged,
    /// AWS does not change that in a resource that exists.
    Immutable,
    /// The object only plans: what is to be done is in its status.
    Planned,
    /// The object is paused, and something would be to be done.
    Paused,
    /// The object is protected from deletion.
    Protected,
    /// The resource can neither be used nor changed in the state that it is in.
    Unusable,
    /// Another controller writes to the object too.
    OtherController,
    /// AWS denies a permission.
    AccessDenied,
    /// There are no credentials, or AWS does not accept them.
    NoCredentials,
    /// AWS refuses the request as it is.
    Refused,
    /// An AWS quota is reached.
    QuotaExceeded,
    /// The resource is not empty, and AWS does not delete it.
    NotEmpty,
    /// The reconcile panicked or ran out of time; a defect of Cairn.
    InternalError,
}

impl Reason {
    /// Every reason, for documentation and tests.
    pub const ALL: [Self; 23] = [
        Self::Available,
        Self::Creating,
        Self::Updating,
        Self::Deleting,
        Self::Retrying,
        Self::InvalidSpec,
        Self::NotOwned,
        Self::NotFound,
        Self::NotAllowed,
        Self::DependencyNotReady,
        Self::ScopeChanged,
        Self::Immutable,
        Self::Planned,
        Self::Paused,
        Self::Protected,
        Self::Unusable,
        Self::OtherController,
        Self::AccessDenied,
        Self::NoCredentials,
        Self::Refused,
        Self::QuotaExceeded,
        Self::NotEmpty,
        Self::InternalError,
    ];

    /// The reason as it stands in a condition.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Creating => "Creating",
            Self::Updating => "Updating",
            Self::Deleting => "Deleting",
            Self::Retrying => "Retrying",
            Self::InvalidSpec => "InvalidSpec",
            Self::NotOwned => "NotOwned",
            Self::NotFound => "NotFound",
            Self::NotAllowed => "NotAllowed",
            Self::DependencyNotReady => "DependencyNotReady",
            Self::ScopeChanged => "ScopeChanged",
            Self::Immutable => "Immutable",
            Self::Planned => "Planned",
            Self::Paused => "Paused",
            Self::Protected => "Protected",
            Self::Unusable => "Unusable",
            Self::OtherController => "OtherController",
            Self::AccessDenied => "AccessDenied",
            Self::NoCredentials => "NoCredentials",
            Self::Refused => "Refused",
            Self::QuotaExceeded => "QuotaExceeded",
            Self::NotEmpty => "NotEmpty",
            Self::InternalError => "InternalError",
        }
    }

    /// What the reason says of the object's progress.
    #[must_use]
    pub fn progress(self) -> Progress {
        match self {
            Self::Available => Progress::Done,
            Self::Creating | Self::Updating | Self::Deleting | Self::Retrying | Self::DependencyNotReady => {
                Progress::Working
            }
            Self::Planned | Self::Paused => Progress::Held,
            _ => Progress::Stuck,
        }
    }
}

impl From<Class> for Reason {
    fn from(class: Class) -> Self {
        match class {
            Class::Throttled | Class::Retry | Class::Conflict | Class::Unreachable => Self::Retrying,
            Class::Taken => Self::NotOwned,
            Class::NotEmpty => Self::NotEmpty,
            Class::Denied => Self::AccessDenied,
            Class::Unauthenticated => Self::NoCredentials,
            Class::NotFound | Class::Invalid => Self::Refused,
            Class::Quota => Self::QuotaExceeded,
        }
    }
}

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// AWS has what is declared.
    Done,
    /// Cairn is at it.
    Working,
    /// Cairn holds back because it was told to.
    Held,
    /// Somebody has to do something.
    Stuck,
}

/// One sentence on an object, from which all its conditions follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Why.
    pub reason: Reason,
    /// What a person reads.
    pub message: String,
}

impl Report {
    /// Joins a reason and its message.
    #[must_use]
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into() }
    }
}

impl Report {
    /// What failed calls, each with the field that it served, say together. One that somebody has to do something about
    /// gives the reason; the message names them all, each with what can be done about it as `remedy` has it.
    #[must_use]
    pub fn of_failures(failures: &[(&str, Failure)], remedy: impl Fn(&Failure) -> Option<String>) -> Self {
        let reasons = failures.iter().map(|(_, failure)| Reason::from(failure.class));
        let reason = reasons.max_by_key(|reason| reason.progress() == Progress::Stuck).unwrap_or(Reason::Retrying);
        let said: Vec<_> = failures
            .iter()
            .map(|(field, failure)| match remedy(failure) {
                Some(remedy) => format!("{field}: {failure}; {remedy}"),
                None => format!("{field}: {failure}"),
            })
            .collect();
        Self::new(reason, said.join("; "))
    }

    /// Adds that it is tried again, and when at the latest. The time of the very next try is not told: it is another
    /// one after each, and telling it would be a write to Kubernetes for each.
    #[must_use]
    pub fn tried_again(mut self) -> Self {
        let when = format!("; tried again by itself, within {} minutes", LONGEST_RETRY.as_secs() / 60);
        if !self.message.ends_with(&when) {
            self.message.push_str(&when);
        }
        self
    }
}

/// The longest message of a condition, in bytes; Kubernetes allows 32 KiB, a person reads less.
const LONGEST_MESSAGE: usize = 2_048;

/// Where an object of any kind stands, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Where.
    pub progress: Progress,
    /// Why, in one word of a closed list of the kind.
    pub reason: &'a str,
    /// What a person reads.
    pub message: &'a str,
}

/// The conditions that follow from a report, with those of others in `previous` kept.
///
/// `lastTransitionTime` is `now` only where the condition's status changed.
#[must_use]
pub fn conditions(previous: &[Condition], report: &Report, generation: Option<i64>, now: Timestamp) -> Vec<Condition> {
    let Report { reason, message } = report;
    let standing = Standing { progress: reason.progress(), reason: reason.as_str(), message };
    conditions_of(previous, standing, generation, now)
}

/// As [`conditions`], for kinds with reasons of their own.
#[must_use]
pub fn conditions_of(
    previous: &[Condition],
    standing: Standing<'_>,
    generation: Option<i64>,
    now: Timestamp,
) -> Vec<Condition> {
    let ours = [
        ("Ready", standing.progress == Progress::Done),
        ("Reconciling", standing.progress == Progress::Working),
        ("Stalled", standing.progress == Progress::Stuck),
    ];
    let others = previous.iter().filter(|condition| ours.iter().all(|(name, _)| condition.type_ != *name)).cloned();
    let ours = ours.iter().filter(|(name, status)| *name == "Ready" || *status).map(|(name, status)| {
        let status = if *status { "True" } else { "False" };
        let since = previous.iter().find(|c| c.type_ == *name && c.status == status);
        Condition {
            type_: (*name).into(),
            status: status.into(),
            observed_generation: generation,
            last_transition_time: since.map_or_else(|| time(now), |c| c.last_transition_time.clone()),
            reason: standing.reason.into(),
            message: truncate(standing.message),
        }
    });
    ours.chain(others).collect()
}

fn truncate(message: &str) -> String {
    if message.len() <= LONGEST_MESSAGE {
        return message.into();
    }
    let end = (0..=LONGEST_MESSAGE).rev().find(|end| message.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", &message[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn summary(conditions: &[Condition]) -> Vec<(&str, &str, i64)> {
        let second = |c: &Condition| c.last_transition_time.0.as_second();
        conditions.iter().map(|c| (c.type_.as_str(), c.status.as_str(), second(c))).collect()
    }

    #[test]
    fn a_transition_has_an_honest_time() {
        let creating = conditions(&[], &Report::new(Reason::Creating, "x"), Some(1), at(10));
        assert_eq!(summary(&creating), [("Ready", "False", 10), ("Reconciling", "True", 10)]);
        let stalled = conditions(&creating, &Report::new(Reason::NotOwned, "y"), Some(1), at(20));
        assert_eq!(summary(&stalled), [("Ready", "False", 10), ("Stalled", "True", 20)]);
        let ready = conditions(&stalled, &Report::new(Reason::Available, "z"), Some(2), at(30));
        assert_eq!(summary(&ready), [("Ready", "True", 30)]);
        assert_eq!(ready[0].observed_generation, Some(2));
        assert_eq!(conditions(&ready, &Report::new(Reason::Available, "z"), Some(2), at(40)), ready);
    }

    #[test]
    fn conditions_of_others_stay() {
        let other = Condition { type_: "Other".into(), status: "True".into(), ..ready() };
        let next = conditions(&[other.clone(), ready()], &Report::new(Reason::Available, ""), Some(1), at(5));
        assert!(next.contains(&other));
        assert_eq!(next.len(), 2);
    }

    fn ready() -> Condition {
        conditions(&[], &Report::new(Reason::Available, ""), Some(1), at(1)).remove(0)
    }

    #[test]
    fn failures_are_all_named_and_the_one_that_needs_somebody_gives_the_reason() {
        let failure = |class| Failure {
            operation: "Put".into(),
            code: "Code".into(),
            message: "why".into(),
            request_id: None,
            class,
            ambiguous: false,
        };
        let report = Report::of_failures(&[("a", failure(Class::Throttled)), ("b", failure(Class::Denied))], |_| None);
        assert_eq!(report.reason, Reason::AccessDenied);
        assert!(report.message.contains("a: ") && report.message.contains("; b: "), "{}", report.message);
        assert_eq!(Report::of_failures(&[("a", failure(Class::Retry))], |_| None).reason, Reason::Retrying);
    }

    #[test]
    fn when_it_is_tried_again_is_said_once_and_is_the_same_after_each_try() {
        let once = Report::new(Reason::Refused, "why").tried_again();
        assert_eq!(once.message, "why; tried again by itself, within 5 minutes");
        assert_eq!(once.clone().tried_again(), once);
    }

    #[test]
    fn messages_are_cut_between_characters() {
        let long = conditions(&[], &Report::new(Reason::Refused, "é".repeat(5_000)), None, at(1));
        assert!(long[0].message.len() <= LONGEST_MESSAGE + '…'.len_utf8());
    }

    #[test]
    fn reasons_are_unique_words() {
        let names: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
        assert!(names.iter().all(|name| name.chars().all(char::is_alphanumeric)));
    }
}
