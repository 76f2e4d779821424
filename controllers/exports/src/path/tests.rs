use serde_json::{Value, json};

use super::*;

fn bucket() -> Value {
    json!({
        "metadata": {"name": "photos", "labels": {"app.kubernetes.io/name": "web"}},
        "spec": {"name": "photos-of-a", "empty": "", "off": false, "zero": 0, "none": null, "size": 1.5},
        "status": {
            "ackResourceMetadata": {"arn": "arn:aws:s3:::photos-of-a", "region": "eu-west-1"},
            "endpoint": {"address": "db.example.com", "port": 5432},
            "nodes": [{"id": "a", "up": true}, {"id": "b", "up": false}],
            "conditions": [{"type": "Stalled", "status": "False"}, {"type": "Ready", "status": "True"}],
        },
    })
}

fn value(path: &str) -> Result<String, NoValue> {
    Path::parse(path).unwrap_or_else(|error| panic!("{error}")).value(&bucket())
}

#[test]
fn what_people_write_gives_what_jq_gives() {
    for (path, expected) in [
        (".status.ackResourceMetadata.arn", "arn:aws:s3:::photos-of-a"),
        (".spec.name", "photos-of-a"),
        (".spec.empty", ""),
        (".spec.off", "false"),
        (".spec.zero", "0"),
        (".spec.size", "1.5"),
        (".status.endpoint.port", "5432"),
        (".status.nodes[0].id", "a"),
        (".status.nodes[-1].id", "b"),
        (".status.nodes | .[1] | .id", "b"),
        (".status.nodes[].id", "a"),
        (".status.nodes | first | .id", "a"),
        (".status.nodes | last.id", "b"),
        (".metadata.labels[\"app.kubernetes.io/name\"]", "web"),
        (".metadata.labels.\"app.kubernetes.io/name\"", "web"),
        (".[\"spec\"][\"name\"]", "photos-of-a"),
        (" .spec\n.name ", "photos-of-a"),
        (".spec.name?", "photos-of-a"),
        ("(.spec.none, .spec.name) // \"x\"", "photos-of-a"),
        (".spec.none // \"fallback\"", "fallback"),
        (".spec.name.deeper? // \"fallback\"", "fallback"),
        (".status.nodes[] | select(.up == false) | .id", "b"),
        (".status.nodes[] | select(.up | not) | .id", "b"),
        (".status.conditions[] | select(.type == \"Ready\" and .status != \"False\").status", "True"),
        ("\"\\(.status.endpoint.address):\\(.status.endpoint.port)\"", "db.example.com:5432"),
        (".status.endpoint.address + \":\" + (.status.endpoint.port | tostring)", "db.example.com:5432"),
        (".status.ackResourceMetadata.arn | split(\":\") | .[5]", "photos-of-a"),
        (".status.ackResourceMetadata.arn | split(\":\") | join(\"/\")", "arn/aws/s3///photos-of-a"),
        (".status.ackResourceMetadata.arn | ltrimstr(\"arn:\") | rtrimstr(\"-of-a\")", "aws:s3:::photos"),
        (".spec.name | ascii_upcase | ascii_downcase | ascii_upcase", "PHOTOS-OF-A"),
        ("if .spec.off then \"on\" elif .spec.zero == 0.0 then \"zero\" else \"off\" end", "zero"),
        ("try .spec.name.x // .spec.off or true", "true"),
        ("-1", "-1"),
        (".spec.name | tojson", "\"photos-of-a\""),
        ("\"a\\n\\u00e9\"", "a\né"),
    ] {
        assert_eq!(value(path).as_deref(), Ok(expected), "{path}");
    }
}

#[test]
fn what_is_no_scalar_becomes_json() {
    assert_eq!(value(".status.endpoint").as_deref(), Ok("{\"address\":\"db.example.com\",\"port\":5432}"));
    assert_eq!(value(".status.nodes[0]").as_deref(), Ok("{\"id\":\"a\",\"up\":true}"));
}

#[test]
fn only_the_first_result_counts_and_what_comes_after_it_is_not_looked_at() {
    assert_eq!(value(".spec.name, .spec.name.x").as_deref(), Ok("photos-of-a"));
    assert_eq!(value(".status.conditions[] | .status").as_deref(), Ok("False"));
}

#[test]
fn a_path_that_leads_nowhere_has_no_value() {
    for path in [
        ".spec.none",
        ".spec.missing.deeper",
        ".status.nodes[7].id",
        ".spec.name.x?",
        ".status.nodes[] | select(.id == 1)",
    ] {
        assert_eq!(value(path), Err(NoValue::Nothing), "{path}");
    }
    for path in [".spec.name.x", ".spec.name[0]", ".spec.zero[]", ".spec.zero + \"x\"", ".spec.zero | split(\",\")"] {
        assert!(matches!(value(path), Err(NoValue::Mismatch(_))), "{path}");
    }
}

/// The message goes into statuses and Events, and the value may be on its way into a Secret.
#[test]
fn a_mismatch_does_not_say_what_is_there() {
    let secret = json!({"a": "hunter2", "list": ["hunter2", {"hunter2": "hunter2"}]});
    for path in [".a.b", ".a[0]", ".a[]", ".list.x", ".list | join(\",\")", ".a + 1", ".list | split(\"x\")"] {
        let why = Path::parse(path).unwrap().value(&secret).unwrap_err().to_string();
        assert!(!why.contains("hunter2"), "{path}: {why}");
    }
}

#[test]
fn what_is_not_jq_is_refused_with_the_place() {
    for (path, place) in [
        ("", "at its end"),
        (".a[", "at its end"),
        (".a | ", "at its end"),
        (".a b", "at byte 4"),
        (".a.\u{e9}", "at byte 4"),
        ("\"open", "at its end"),
        (".a)", "at byte 3"),
    ] {
        let error = Path::parse(path).unwrap_err();
        assert!(matches!(error, PathError::Syntax { .. }), "{path}: {error}");
        assert!(error.to_string().contains(place), "{path}: {error}");
    }
}

#[test]
fn what_there_is_not_is_refused_by_name() {
    for (path, named) in [
        ("..", "`..`"),
        (".a | map(.b)", "`map` with 1 argument"),
        (".a | first(.b)", "`first` with 1 argument"),
        ("env", "`env` with 0 arguments"),
        ("$ENV.PATH", "`$ENV`"),
        (".a[1:2]", "`[a:b]`"),
        (".a[.b]", "an index that"),
        (".a < 1", "`<`"),
        (".a * 2", "`*`"),
        (".a = 1", "an assignment"),
        ("[.a]", "makes a list"),
        ("{a: 1}", "`{…}`"),
        ("def f: f; f", "`def`"),
        ("reduce .[] as $x (0; .)", "`reduce`"),
        ("label $out | .a", "`label`"),
        (".a as $x | $x", "`as`"),
        ("@base64 \"\\(.a)\"", "`@base64`"),
        ("try .a catch .b", "`catch`"),
        ("-(.a)", "`-`"),
    ] {
        let error = Path::parse(path).unwrap_err();
        assert!(matches!(error, PathError::Unsupported { .. }), "{path}: {error}");
        assert!(error.to_string().contains(named), "{path}: {error}");
    }
}

#[test]
fn a_path_that_would_run_away_is_cut_off() {
    let double = format!("\"x{}\" | {}", "x".repeat(60), ["\"\\(.)\\(.)\""; 20].join(" | "));
    assert_eq!(value(&double), Err(NoValue::TooMuch));
    let concatenated = format!(".spec.name | {}", [". + ."; 40].join(" | "));
    assert_eq!(value(&concatenated), Err(NoValue::TooMuch));
    let branching = format!("{} | select(false)", [".,."; 60].join(" | "));
    assert_eq!(value(&branching), Err(NoValue::TooMuch));
    let hidden = format!("(({branching}) // 1)?");
    assert_eq!(value(&hidden), Err(NoValue::TooMuch), "neither `//` nor `?` hides it");
}

/// The parser is recursive, and a worker's stack is two megabytes.
#[test]
fn no_nesting_overflows_the_stack() {
    let nested = |open: &str, close: &str, depth: usize| format!("{}.{}", open.repeat(depth), close.repeat(depth));
    let forms = [
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("{a:", "}"),
        ("try ", ""),
        ("\"\\(", ")\""),
        ("if ", " then . end"),
        ("def f: ", ";."),
        ("select(", ")"),
        ("reduce . as $x(", ";.)"),
        ("label $x|", ""),
        (".|", ""),
        (".,", ""),
        (".//", ""),
        ("", "[]"),
        ("not|", ""),
        ("(", ""),
    ];
    let longest = |(open, close): (&str, &str)| (LONGEST - 1) / (open.len() + close.len());
    let at_limit = forms.map(|form| nested(form.0, form.1, longest(form)));
    let just_allowed = forms.map(|form| nested(form.0, form.1, longest(form).min(DEEPEST)));
    for path in at_limit.into_iter().chain(just_allowed) {
        let outcome = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || drop(Path::parse(&path).map(|path| path.value(&bucket()))))
            .unwrap();
        outcome.join().unwrap();
    }
    assert_eq!(Path::parse(&"(\")\"".repeat(DEEPEST + 1)), Err(PathError::TooDeep));
    assert_eq!(Path::parse(&".a".repeat(LONGEST)), Err(PathError::TooLong(2 * LONGEST)));
}
