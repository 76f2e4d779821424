//! Questions of who may do what: `SelfSubjectAccessReview`.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};

use super::{
    ApiServer,
    request::{Answer, RawRequest},
};

type Rule = Arc<dyn Fn(&Access) -> bool + Send + Sync>;

/// What somebody asks to be permitted. What is not asked about is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// `get`, `list`, ….
    pub verb: String,
    /// Group of the resource.
    pub group: String,
    /// Plural of the resource.
    pub resource: String,
    /// Subresource, such as `status`.
    pub subresource: String,
    /// Namespace; empty: all.
    pub namespace: String,
    /// Name; empty: all.
    pub name: String,
    /// A path that is no resource's.
    pub path: String,
}

/// By what questions are answered; clones answer the same.
#[derive(Clone)]
pub(super) struct Rules(Arc<Mutex<Rule>>);

impl Default for Rules {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Arc::new(|_: &Access| true))))
    }
}

/// Rights.
impl ApiServer {
    /// Answers questions about rights (`SelfSubjectAccessReview`) by `rule` from now on; before, everything is permitted.
    ///
    /// Requests themselves are not judged by it: let them fail by [`fail_while`](Self::fail_while).
    pub fn permit(&self, rule: impl Fn(&Access) -> bool + Send + Sync + 'static) {
        *self.rules.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(rule);
    }
}

/// Answers a question; none where the request is not one.
pub(super) fn answer(rules: &Rules, request: &RawRequest) -> Option<Answer> {
    let path = request.path.as_ref()?;
    let asks = (path.group.as_str(), path.version.as_str(), path.plural.as_str());
    if asks != ("authorization.k8s.io", "v1", "selfsubjectaccessreviews") || request.verb != "create" {
        return None;
    }
    let mut review: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let access = read(&review["spec"]);
    let rule = Arc::clone(&rules.0.lock().unwrap_or_else(PoisonError::into_inner));
    review["status"] = json!({"allowed": rule(&access)});
    Some(Answer::json(201, review))
}

fn read(spec: &Value) -> Access {
    let (resource, other) = (&spec["resourceAttributes"], &spec["nonResourceAttributes"]);
    let text = |from: &Value, field: &str| from[field].as_str().unwrap_or_default().to_owned();
    Access {
        verb: text(if resource.is_null() { other } else { resource }, "verb"),
        group: text(resource, "group"),
        resource: text(resource, "resource"),
        subresource: text(resource, "subresource"),
        namespace: text(resource, "namespace"),
        name: text(resource, "name"),
        path: text(other, "path"),
    }
}
