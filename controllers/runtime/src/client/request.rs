//! What a request is, read from its method and path alone.

use http::{Method, Uri};

/// A request as metrics name it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Described {
    /// The verb as RBAC names it.
    pub(super) verb: &'static str,
    /// `plural.group/subresource`, or what else is asked for.
    pub(super) resource: String,
}

pub(super) fn describe(method: &Method, uri: &Uri) -> Described {
    let segments: Vec<&str> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let (group, rest) = match segments.as_slice() {
        ["api", _version, rest @ ..] => ("", rest),
        ["apis", group, _version, rest @ ..] => (*group, rest),
        [first, ..] => return Described { verb: verb(method, true, uri), resource: outside(first).to_owned() },
        [] => return Described { verb: verb(method, true, uri), resource: outside("").to_owned() },
    };
    let (plural, name, subresource) = split(group, rest);
    let resource = match (plural, subresource) {
        ("", _) => "discovery".to_owned(),
        (plural, None) => qualified(plural, group),
        (plural, Some(subresource)) => format!("{}/{subresource}", qualified(plural, group)),
    };
    Described { verb: verb(method, name.is_some() || plural.is_empty(), uri), resource }
}

/// Plural, name and subresource of the path after the version.
fn split<'a>(group: &str, rest: &[&'a str]) -> (&'a str, Option<&'a str>, Option<&'a str>) {
    match *rest {
        ["namespaces", name, subresource @ ("status" | "finalize")] if group.is_empty() => {
            ("namespaces", Some(name), Some(subresource))
        }
        ["namespaces", _, plural] | [plural] => (plural, None, None),
        ["namespaces", _, plural, name] | [plural, name] => (plural, Some(name), None),
        ["namespaces", _, plural, name, subresource, ..] | [plural, name, subresource, ..] => {
            (plural, Some(name), Some(subresource))
        }
        [] => ("", None, None),
    }
}

fn qualified(plural: &str, group: &str) -> String {
    if group.is_empty() { plural.to_owned() } else { format!("{plural}.{group}") }
}

fn outside(first: &str) -> &'static str {
    match first {
        "api" | "apis" => "discovery",
        "openapi" => "openapi",
        "version" => "version",
        _ => "other",
    }
}

fn verb(method: &Method, named: bool, uri: &Uri) -> &'static str {
    match (method.as_str(), named) {
        ("GET", _) if is_watch(uri) => "watch",
        ("GET", true) => "get",
        ("GET", false) => "list",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", true) => "delete",
        ("DELETE", false) => "deletecollection",
        _ => "other",
    }
}

fn is_watch(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| matches!(pair, "watch=true" | "watch=1")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_named_as_rbac_names_them() {
        for (method, uri, verb, resource) in [
            ("GET", "/api/v1/pods", "list", "pods"),
            ("GET", "/api/v1/pods?&watch=true&timeoutSeconds=290", "watch", "pods"),
            ("GET", "/api/v1/namespaces", "list", "namespaces"),
            ("GET", "/api/v1/namespaces/a", "get", "namespaces"),
            ("PUT", "/api/v1/namespaces/a/finalize", "update", "namespaces/finalize"),
            ("PATCH", "/api/v1/namespaces/a/status", "patch", "namespaces/status"),
            ("GET", "/api/v1/namespaces/a/secrets/b", "get", "secrets"),
            ("POST", "/api/v1/namespaces/a/secrets", "create", "secrets"),
            ("DELETE", "/apis/s3.x.org/v1/namespaces/a/buckets/b", "delete", "buckets.s3.x.org"),
            ("DELETE", "/apis/s3.x.org/v1/namespaces/a/buckets", "deletecollection", "buckets.s3.x.org"),
            ("PATCH", "/apis/s3.x.org/v1/namespaces/a/buckets/b/status", "patch", "buckets.s3.x.org/status"),
            ("PATCH", "/apis/x.org/v1/graphs/b/status", "patch", "graphs.x.org/status"),
            ("GET", "/apis/x.org/v1/graphs/b", "get", "graphs.x.org"),
            ("GET", "/apis/x.org/v1", "get", "discovery"),
            ("GET", "/apis", "get", "discovery"),
            ("GET", "/openapi/v3/apis/x", "get", "openapi"),
            ("GET", "/version", "get", "version"),
            ("OPTIONS", "/", "other", "other"),
        ] {
            let described = describe(&method.parse().unwrap(), &uri.parse().unwrap());
            assert_eq!(described, Described { verb, resource: resource.to_owned() }, "{method} {uri}");
        }
    }
}
