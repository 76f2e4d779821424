//! The options of lists and watches.

use serde_json::Value;

use super::{
    cause::Cause,
    failure::{Failure, Outcome},
    schema::Path,
    selector::Selector,
    target::{Query, Target},
};

/// How exactly a resource version is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Exact,
    NotOlderThan,
}

/// What a list or watch asks for.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) selector: Selector,
    /// None for the present state, 0 for any.
    pub(crate) revision: Option<u64>,
    pub(crate) precision: Option<Match>,
    /// How many items at once; 0 for all.
    pub(crate) limit: usize,
    pub(crate) token: Option<String>,
    pub(crate) initial_events: Option<bool>,
}

impl Listing {
    /// The options of a list.
    ///
    /// # Errors
    /// Options that make no sense, by themselves or together.
    pub(crate) fn of_list(target: &Target, query: &Query) -> Outcome<Self> {
        let mut causes = Vec::new();
        let listing = Self::read(target, query, &mut causes)?;
        if query.get("resourceVersionMatch").is_some() {
            let mut forbid = |why: &str| causes.push(Cause::forbidden(&Path::of("resourceVersionMatch"), why));
            if listing.revision.is_none() {
                forbid("resourceVersionMatch is forbidden unless resourceVersion is provided");
            }
            if listing.token.is_some() {
                forbid("resourceVersionMatch is forbidden when continue is provided");
            }
            if listing.precision == Some(Match::Exact) && listing.revision == Some(0) {
                forbid("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if listing.initial_events.is_some() {
            let why = "sendInitialEvents is forbidden for list";
            causes.push(Cause::forbidden(&Path::of("sendInitialEvents"), why));
        }
        listing.unless(&causes)
    }

    /// The options of a watch.
    ///
    /// # Errors
    /// Options that make no sense, by themselves or together.
    pub(crate) fn of_watch(target: &Target, query: &Query) -> Outcome<Self> {
        let mut causes = Vec::new();
        let listing = Self::read(target, query, &mut causes)?;
        let mut forbid = |why: &str| causes.push(Cause::forbidden(&Path::of("resourceVersionMatch"), why));
        if listing.initial_events.is_some() && listing.precision != Some(Match::NotOlderThan) {
            forbid("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        }
        if let Some(asked) = query.get("resourceVersionMatch") {
            if listing.initial_events.is_none() {
                forbid("resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            }
            if listing.precision == Some(Match::Exact) {
                causes.push(Cause::unsupported(
                    &Path::of("resourceVersionMatch"),
                    &asked.into(),
                    &["NotOlderThan".into()],
                ));
            }
        }
        listing.unless(&causes)
    }

    fn read(target: &Target, query: &Query, causes: &mut Vec<Cause>) -> Outcome<Self> {
        let precision = match query.get("resourceVersionMatch") {
            None => None,
            Some("Exact") => Some(Match::Exact),
            Some("NotOlderThan") => Some(Match::NotOlderThan),
            Some(other) => {
                let supported = ["Exact", "NotOlderThan", ""].map(Value::from);
                causes.push(Cause::unsupported(&Path::of("resourceVersionMatch"), &other.into(), &supported));
                None
            }
        };
        let limit = query.number("limit")?.unwrap_or_default();
        Ok(Self {
            selector: Selector::new(target, query)?,
            revision: query.number("resourceVersion")?,
            precision,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            token: query.get("continue").map(str::to_owned),
            initial_events: query.bool("sendInitialEvents"),
        })
    }

    fn unless(self, causes: &[Cause]) -> Outcome<Self> {
        if causes.is_empty() { Ok(self) } else { Err(Failure::invalid_of("meta.k8s.io", "ListOptions", "", causes)) }
    }
}
