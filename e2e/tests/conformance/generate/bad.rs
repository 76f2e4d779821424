//! Requests that make no sense.

use super::Generator;
use crate::script::{Body, Request, request};

/// Method, path, parameters, media type, body. `{c}` is a collection, `{o}` an object in it, `{v}` and `{k}` its type.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

const PLAIN: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const JSON: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

const LONG: &str = "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm\
    mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm";

const ROWS: &[Row] = &[
    ("POST", "{c}", &[], PLAIN, "{"),
    ("POST", "{c}", &[], PLAIN, ""),
    ("POST", "{c}", &[], PLAIN, "[]"),
    ("POST", "{c}", &[], PLAIN, "{} {}"),
    ("POST", "{c}", &[], PLAIN, r#"{"metadata":{"name":"bad"}}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"kind":"{k}","metadata":{"name":"bad"}}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"Other","metadata":{"name":"bad"}}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"other.example.org/v1","kind":"{k}","metadata":{"name":"bad"}}"#),
    (
        "POST",
        "{c}",
        &[],
        PLAIN,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad","namespace":"other"},"spec":{"mass":1}}"#,
    ),
    (
        "POST",
        "{c}",
        &[],
        PLAIN,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"Not_A_Name"},"spec":{"mass":1}}"#,
    ),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{},"spec":{"mass":1}}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":"x"}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":7}}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}"}"#),
    ("POST", "{c}", &[], PLAIN, r#"{"apiVersion":1,"kind":"{k}"}"#),
    (
        "POST",
        "{c}",
        &[],
        PLAIN,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad-rv","resourceVersion":"7"},"spec":{"mass":1}}"#,
    ),
    (
        "POST",
        "{c}",
        &[],
        PLAIN,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad-rv","resourceVersion":"x"},"spec":{"mass":1}}"#,
    ),
    ("POST", "{c}", &[], "text/plain", r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#),
    ("POST", "{c}", &[("dryRun", "Some")], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#),
    (
        "POST",
        "{c}",
        &[("fieldValidation", "Hard")],
        PLAIN,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#,
    ),
    ("POST", "{c}", &[("fieldManager", LONG)], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#),
    ("POST", "{c}", &[("fieldManager", LONG), ("dryRun", "Some")], PLAIN, "{"),
    ("POST", "{o}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#),
    ("PUT", "{c}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"bad"}}"#),
    ("PUT", "{o}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"another"}}"#),
    ("PUT", "{o}", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{}}"#),
    ("PUT", "{c}/absent", &[], PLAIN, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"absent"}}"#),
    ("PUT", "{c}/absent", &[("dryRun", "Some")], PLAIN, "{"),
    ("PUT", "{c}/absent", &[], PLAIN, "{"),
    ("PATCH", "{o}", &[], MERGE, "{"),
    ("PATCH", "{o}", &[], MERGE, "[]"),
    ("PATCH", "{o}", &[], MERGE, "null"),
    ("PATCH", "{o}", &[], MERGE, "1"),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"name":"another"}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"name":null}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"namespace":"another"}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":null}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"labels":["x"]}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"resourceVersion":"1"}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"resourceVersion":null}}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"metadata":{"resourceVersion":"x"}}"#),
    (
        "PATCH",
        "{o}",
        &[],
        MERGE,
        r#"{"metadata":{"uid":"x","generation":null,"creationTimestamp":"2001-01-01T00:00:00Z"}}"#,
    ),
    ("PATCH", "{o}", &[], MERGE, r#"{"kind":"Other"}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"apiVersion":"other/v1"}"#),
    ("PATCH", "{o}", &[], MERGE, r#"{"kind":null}"#),
    ("PATCH", "{o}", &[("force", "true")], MERGE, "{}"),
    ("PATCH", "{o}", &[("dryRun", "Some"), ("fieldManager", LONG)], MERGE, "{}"),
    ("PATCH", "{c}/absent", &[], MERGE, "{}"),
    ("PATCH", "{c}/absent", &[], MERGE, "{"),
    ("PATCH", "{c}/absent", &[], JSON, "[]"),
    ("PATCH", "{c}", &[], MERGE, "{}"),
    ("PATCH", "{o}", &[], JSON, "{}"),
    ("PATCH", "{o}", &[], JSON, "[1]"),
    ("PATCH", "{o}", &[], JSON, r#"[{"op":"none","path":"/spec"}]"#),
    ("PATCH", "{o}", &[], JSON, r#"[{"op":"remove","path":"/none"}]"#),
    ("PATCH", "{o}", &[], JSON, r#"[{"op":"remove"}]"#),
    ("PATCH", "{o}", &[], JSON, r#"[{"op":"remove","path":"/metadata/name"}]"#),
    ("PATCH", "{o}", &[], JSON, "[]"),
    ("PATCH", "{o}", &[], PLAIN, "{}"),
    ("PATCH", "{o}", &[], "text/plain", "{}"),
    ("PATCH", "{o}", &[], APPLY, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"x"}}"#),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, "{"),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, "[]"),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, "a: [b"),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, r#"{"apiVersion":"{v}","kind":"Other","metadata":{"name":"x"}}"#),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, r#"{"apiVersion":"{v}9","kind":"{k}","metadata":{"name":"x"}}"#),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, r#"{"kind":"{k}","metadata":{"name":"x"}}"#),
    ("PATCH", "{o}", &[("fieldManager", "m")], APPLY, r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"x"}}"#),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}","namespace":"x"}}"#,
    ),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}","bogus":1}}"#,
    ),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}"},"bogus":1}"#,
    ),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}","labels":["a"]}}"#,
    ),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}","finalizers":["a/b","a/b"]}}"#,
    ),
    (
        "PATCH",
        "{o}",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"{n}","managedFields":[{"manager":"x"}]}}"#,
    ),
    ("DELETE", "{c}/absent", &[], PLAIN, ""),
    ("DELETE", "{c}/absent", &[("propagationPolicy", "Sideways")], PLAIN, ""),
    ("DELETE", "{o}", &[("propagationPolicy", "Sideways")], PLAIN, ""),
    ("DELETE", "{o}", &[("propagationPolicy", "Orphan"), ("orphanDependents", "true")], PLAIN, ""),
    ("DELETE", "{o}", &[("dryRun", "Some")], PLAIN, ""),
    ("DELETE", "{o}", &[], PLAIN, "{"),
    ("DELETE", "{o}", &[], PLAIN, r#"{"kind":"Pod","apiVersion":"v1"}"#),
    ("DELETE", "{o}", &[], PLAIN, r#"{"propagationPolicy":7}"#),
    ("DELETE", "{o}", &[], PLAIN, r#"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"ffffffff"}}"#),
    (
        "DELETE",
        "{o}",
        &[],
        PLAIN,
        r#"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"1"}}"#,
    ),
    (
        "DELETE",
        "{o}",
        &[],
        PLAIN,
        r#"{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["Some"],"propagationPolicy":"x"}"#,
    ),
    ("DELETE", "{c}", &[("labelSelector", "a b")], PLAIN, ""),
    ("DELETE", "{c}", &[("labelSelector", "nothing=here"), ("propagationPolicy", "x")], PLAIN, ""),
    ("GET", "{c}/absent", &[], PLAIN, ""),
    ("GET", "{o}/nothing", &[], PLAIN, ""),
    ("GET", "{c}", &[("limit", "many")], PLAIN, ""),
    ("GET", "{c}", &[("continue", "abc")], PLAIN, ""),
    ("GET", "{c}", &[("resourceVersion", "x")], PLAIN, ""),
    ("GET", "{o}", &[("resourceVersion", "x")], PLAIN, ""),
    ("GET", "{c}", &[("resourceVersionMatch", "Exact")], PLAIN, ""),
    ("GET", "{c}", &[("resourceVersionMatch", "Exact"), ("resourceVersion", "0")], PLAIN, ""),
    ("GET", "{c}", &[("resourceVersionMatch", "Almost"), ("resourceVersion", "1")], PLAIN, ""),
    ("GET", "{c}", &[("resourceVersionMatch", "Exact"), ("resourceVersion", "1"), ("continue", "x")], PLAIN, ""),
    ("GET", "{c}", &[("sendInitialEvents", "true")], PLAIN, ""),
    ("GET", "{c}", &[("labelSelector", "a===b")], PLAIN, ""),
    ("GET", "{c}", &[("labelSelector", "a in ()")], PLAIN, ""),
    ("GET", "{c}", &[("labelSelector", "-=b")], PLAIN, ""),
    ("GET", "{c}", &[("labelSelector", "a=b,")], PLAIN, ""),
    ("GET", "{c}", &[("fieldSelector", "spec.size=1")], PLAIN, ""),
    ("GET", "{c}", &[("fieldSelector", "metadata.name")], PLAIN, ""),
    ("GET", "{c}", &[("watch", "true"), ("resourceVersion", "x")], PLAIN, ""),
    ("GET", "{c}", &[("watch", "true"), ("resourceVersionMatch", "NotOlderThan")], PLAIN, ""),
    ("GET", "{c}", &[("watch", "true"), ("sendInitialEvents", "true")], PLAIN, ""),
    (
        "GET",
        "{c}",
        &[
            ("watch", "true"),
            ("sendInitialEvents", "true"),
            ("resourceVersionMatch", "Exact"),
            ("resourceVersion", "1"),
        ],
        PLAIN,
        "",
    ),
    ("GET", "{c}", &[("watch", "true"), ("fieldSelector", "spec.size=1")], PLAIN, ""),
    ("GET", "{c}", &[("watch", "true"), ("timeoutSeconds", "x")], PLAIN, ""),
    ("PUT", "{o}/status", &[], PLAIN, "{"),
    ("POST", "{o}/status", &[], PLAIN, "{}"),
    ("DELETE", "{o}/status", &[], PLAIN, ""),
    ("PATCH", "{c}/absent/status", &[], MERGE, "{}"),
    (
        "PATCH",
        "{c}/absent/status",
        &[("fieldManager", "m")],
        APPLY,
        r#"{"apiVersion":"{v}","kind":"{k}","metadata":{"name":"absent"}}"#,
    ),
    ("GET", "{c}/absent/scale", &[], PLAIN, ""),
    ("PATCH", "{o}/scale", &[], MERGE, r#"{"metadata":{"name":"other"}}"#),
    ("GET", "/apis/nothing.example.org/v1/things", &[], PLAIN, ""),
    ("GET", "/apis/conformance.example.org/v9/planets", &[], PLAIN, ""),
    ("GET", "/apis/conformance.example.org/v1/namespaces/conformance/planets", &[], PLAIN, ""),
    ("GET", "/apis/conformance.example.org/v1/gadgets/n0", &[], PLAIN, ""),
    (
        "POST",
        "/apis/conformance.example.org/v1/namespaces/nowhere/gadgets",
        &[],
        PLAIN,
        r#"{"apiVersion":"conformance.example.org/v1","kind":"Gadget","metadata":{"name":"a"},"spec":{"size":1000}}"#,
    ),
    ("POST", "/api/v1/namespaces/nowhere/configmaps", &[], PLAIN, r#"{"metadata":{"name":"a"}}"#),
    ("GET", "/api/v1/namespaces/nowhere/configmaps", &[], PLAIN, ""),
    ("DELETE", "/api/v1/namespaces/default", &[], PLAIN, ""),
    ("DELETE", "/api/v1/namespaces", &[], PLAIN, ""),
];

impl Generator {
    /// All rows come, in some order, for one kind or another; then again for others.
    pub(super) fn bad(&mut self) -> Request {
        let at = self.bad_rows.pop().unwrap_or_else(|| {
            self.bad_rows = self.rng.shuffled(&(0..ROWS.len()).collect::<Vec<_>>());
            self.bad_rows.pop().unwrap()
        });
        let (method, path, query, media, body) = ROWS[at];
        // An object that is there, more often than not, or else all that is wrong is that it is not.
        let spot = self.lively_spot();
        let fill = |text: &str| {
            text.replace("{c}", &spot.collection())
                .replace("{o}", &spot.path())
                .replace("{v}", &spot.thing.api_version())
                .replace("{k}", spot.thing.kind())
                .replace("{n}", &spot.name)
        };
        let mut bad = request(method, fill(path)).media(media);
        for (key, value) in query {
            bad = bad.with(key, *value);
        }
        if body.is_empty() {
            return bad;
        }
        match serde_json::from_str(&fill(body)) {
            Ok(body) => bad.json(body),
            Err(_) if body.starts_with("a:") => bad.body(Body::Text("a: [b")),
            Err(_) if body.contains("} {") => bad.body(Body::Text("{} {}")),
            Err(_) => bad.body(Body::Text("{")),
        }
    }

    fn lively_spot(&mut self) -> super::Spot {
        let keys: Vec<_> = self.seen.keys().cloned().collect();
        if keys.is_empty() {
            return self.spot();
        }
        let (thing, namespace, name) = self.rng.pick(&keys);
        super::Spot { thing, namespace, name }
    }
}

/// What a row may hold is JSON, or one of the few texts that are not.
#[test]
fn rows_are_readable() {
    for (_, _, _, _, body) in ROWS {
        let known = ["", "{", "{} {}", "a: [b"].contains(body);
        let body = body.replace("{v}", "v").replace("{k}", "K").replace("{n}", "n");
        assert!(known || serde_json::from_str::<serde_json::Value>(&body).is_ok(), "{body}");
    }
}
