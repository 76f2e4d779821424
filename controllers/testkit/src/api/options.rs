//! The options of writes: who writes, whether really, and how strict the server shall be.

use serde_json::{Value, json};

use super::{
    cause::Cause,
    failure::{Failure, Outcome},
    schema::Path,
    target::Query,
};

/// The group of the options themselves.
const META_GROUP: &str = "meta.k8s.io";

/// Characters of a manager's name.
const MAX_MANAGER: usize = 128;

/// What becomes of unknown and repeated fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldValidation {
    /// They are dropped.
    Ignore,
    /// They are dropped, and told.
    Warn,
    /// The request is refused.
    Strict,
}

/// The options of one write.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// The manager that the request names.
    pub(crate) manager: Option<String>,
    pub(crate) dry_run: bool,
    pub(crate) validation: FieldValidation,
    /// Whether an apply takes fields from others.
    pub(crate) force: bool,
}

impl Options {
    /// The options of a create or an update; `kind` is what refusals call them.
    ///
    /// # Errors
    /// Values that no option can have.
    pub(crate) fn of_write(query: &Query, kind: &str) -> Outcome<Self> {
        Self::read(query, kind, Vec::new())
    }

    /// The options of a patch.
    ///
    /// # Errors
    /// Values that no option can have, and what does not go with this sort of patch.
    pub(crate) fn of_patch(query: &Query, apply: bool) -> Outcome<Self> {
        let mut causes = Vec::new();
        if apply && query.get("fieldManager").is_none() {
            causes.push(Cause::required(&Path::of("fieldManager"), "is required for apply patch"));
        }
        if !apply && query.bool("force").is_some() {
            causes.push(Cause::forbidden(&Path::of("force"), "may not be specified for non-apply patch"));
        }
        Self::read(query, "PatchOptions", causes)
    }

    fn read(query: &Query, kind: &str, mut causes: Vec<Cause>) -> Outcome<Self> {
        let manager = query.get("fieldManager");
        causes.extend(manager.map(check_manager).unwrap_or_default());
        causes.extend(check_dry_run(&query.all("dryRun")));
        let validation = match query.get("fieldValidation") {
            None | Some("Warn") => FieldValidation::Warn,
            Some("Ignore") => FieldValidation::Ignore,
            Some("Strict") => FieldValidation::Strict,
            Some(other) => {
                let supported = ["", "Ignore", "Strict", "Warn"].map(Value::from);
                causes.push(Cause::unsupported(&Path::of("fieldValidation"), &other.into(), &supported));
                FieldValidation::Warn
            }
        };
        let options = Self {
            manager: manager.map(str::to_owned),
            dry_run: query.get("dryRun").is_some(),
            validation,
            force: query.bool("force").unwrap_or_default(),
        };
        if causes.is_empty() { Ok(options) } else { Err(Failure::invalid_of(META_GROUP, kind, "", &causes)) }
    }
}

fn check_manager(manager: &str) -> Vec<Cause> {
    let at = Path::of("fieldManager");
    let mut causes = Vec::new();
    if manager.len() > MAX_MANAGER {
        causes.push(Cause::too_long(&at, MAX_MANAGER as u64));
    }
    let strange = manager.chars().filter(|c| c.is_control() || (c.is_whitespace() && *c != ' '));
    causes.extend(strange.map(|c| Cause::invalid(&at, &manager.into(), &format!("invalid character {c:?}"))));
    causes
}

fn check_dry_run(values: &[&str]) -> Option<Cause> {
    let known = values.iter().all(|value| *value == "All");
    (!known).then(|| Cause::unsupported(&Path::of("dryRun"), &json!(values), &["All".into()]))
}

/// How the dependents of a deleted object fare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Propagation {
    Background,
    Foreground,
    Orphan,
}

/// The options of a delete.
#[derive(Clone, Debug, Default)]
pub(crate) struct DeleteOptions {
    pub(crate) propagation: Option<Propagation>,
    /// Asked for by the deprecated option, which is answered in its own way.
    pub(crate) orphan_dependents: Option<bool>,
    pub(crate) uid: Option<String>,
    pub(crate) resource_version: Option<String>,
    pub(crate) dry_run: bool,
}

impl DeleteOptions {
    /// The options from the body, or from the parameters when there is none.
    ///
    /// # Errors
    /// A body that is something else, and values that no option can have.
    pub(crate) fn read(query: &Query, body: &Value) -> Outcome<Self> {
        let from_query = body.is_null();
        let text = |key: &str| {
            if from_query { query.get(key).map(str::to_owned) } else { body[key].as_str().map(str::to_owned) }
        };
        let orphan_dependents =
            if from_query { query.bool("orphanDependents") } else { body["orphanDependents"].as_bool() };
        let dry_run: Vec<&str> = if from_query {
            query.all("dryRun")
        } else {
            body["dryRun"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        };
        if !from_query {
            check_types(body)?;
        }
        let mut causes = Vec::new();
        let policy = text("propagationPolicy");
        if orphan_dependents.is_some() && policy.is_some() {
            let why = "orphanDependents and deletionPropagation cannot be both set";
            causes.push(Cause::invalid(&Path::of("propagationPolicy"), &json!(policy), why));
        }
        let propagation = match policy.as_deref() {
            None => None,
            Some("Background") => Some(Propagation::Background),
            Some("Foreground") => Some(Propagation::Foreground),
            Some("Orphan") => Some(Propagation::Orphan),
            Some(other) => {
                let supported = ["Foreground", "Background", "Orphan", "nil"].map(Value::from);
                causes.push(Cause::unsupported(&Path::of("propagationPolicy"), &other.into(), &supported));
                None
            }
        };
        causes.extend(check_dry_run(&dry_run));
        let precondition = |key: &str| body["preconditions"][key].as_str().map(str::to_owned);
        let options = Self {
            propagation,
            orphan_dependents,
            uid: precondition("uid"),
            resource_version: precondition("resourceVersion"),
            dry_run: !dry_run.is_empty(),
        };
        if causes.is_empty() { Ok(options) } else { Err(Failure::invalid_of(META_GROUP, "DeleteOptions", "", &causes)) }
    }
}

fn check_types(body: &Value) -> Outcome<()> {
    if !body.is_object() {
        return Err(Failure::bad_request("the body of a delete must be DeleteOptions"));
    }
    let kind = body["kind"].as_str().unwrap_or("DeleteOptions");
    if kind != "DeleteOptions" {
        return Err(Failure::bad_request(format!("no kind {kind:?} is registered for deleting")));
    }
    let text = |value: &Value| value.is_null() || value.is_string();
    let fine = text(&body["propagationPolicy"])
        && text(&body["preconditions"]["uid"])
        && text(&body["preconditions"]["resourceVersion"])
        && (body["orphanDependents"].is_null() || body["orphanDependents"].is_boolean())
        && (body["gracePeriodSeconds"].is_null() || body["gracePeriodSeconds"].is_i64())
        && (body["dryRun"].is_null() || body["dryRun"].is_array());
    if fine { Ok(()) } else { Err(Failure::bad_request("json: cannot unmarshal a field of DeleteOptions")) }
}
