//! The log of requests.

use jiff::Timestamp;

use crate::{fault::Matcher, traffic::Call};

/// One request to the API server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    /// `get`, `list`, `watch`, `create`, `update`, `patch` (of every sort), `delete`, `deletecollection`; `discovery` for what
    /// is not about a resource.
    pub verb: String,
    /// API group; empty for the core group.
    pub group: String,
    /// Plural name of the resource; the path for `discovery`.
    pub resource: String,
    /// Subresource, if any.
    pub subresource: Option<String>,
    /// Namespace, if any.
    pub namespace: Option<String>,
    /// Name, if any.
    pub name: Option<String>,
    /// HTTP status of the answer; 0 when there was none (yet).
    pub code: u16,
    /// `reason` of the answer, when that was a failure.
    pub reason: Option<String>,
    /// When it was answered (hooks and log) or asked (matchers).
    pub at: Timestamp,
}

impl ApiCall {
    /// Whether this call is `verb` on `resource`, on the main resource or any subresource.
    #[must_use]
    pub fn is(&self, verb: &str, resource: &str) -> bool {
        self.verb == verb && self.resource == resource
    }

    /// Whether the call changes something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        !matches!(self.verb.as_str(), "get" | "list" | "watch" | "discovery")
    }
}

impl Call for ApiCall {
    fn answered(&mut self, status: u16, code: Option<String>) {
        self.code = status;
        self.reason = code;
    }
}

impl Matcher<ApiCall> {
    /// Matches `verb` on the plural `resource`.
    #[must_use]
    pub fn api(verb: &str, resource: &str) -> Self {
        let (verb, resource) = (verb.to_owned(), resource.to_owned());
        Self::when(move |call: &ApiCall| call.is(&verb, &resource))
    }

    /// Narrows down to a subresource.
    #[must_use]
    pub fn subresource(self, subresource: &str) -> Self {
        let subresource = subresource.to_owned();
        self.and(move |call| call.subresource.as_deref() == Some(subresource.as_str()))
    }

    /// Narrows down to one object name.
    #[must_use]
    pub fn name(self, name: &str) -> Self {
        let name = name.to_owned();
        self.and(move |call| call.name.as_deref() == Some(name.as_str()))
    }
}
