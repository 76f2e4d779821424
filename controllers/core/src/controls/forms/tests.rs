//! The API server checks values by the patterns of the table, Cairn by these functions: they must agree.

use cairn_crds::annotation::{ANNOTATIONS, Form};
use proptest::prelude::*;
use regex::Regex;

use super::{super::FieldPath, *};

const WORDS: Form = Form::Words(&["delete", "retain"]);

fn takes(form: Form, text: &str) -> bool {
    match form {
        Form::Words(_) => deletion_policy(text).is_some(),
        Form::Boolean => boolean(text).is_some(),
        Form::Moment => moment(text).is_some(),
        Form::Period => period(text).is_some(),
        Form::Strings => strings(text).is_some(),
        Form::FieldPaths => FieldPath::parse_list(text).is_some(),
        Form::Region => region(text).is_some(),
        Form::Account => account(text).is_some(),
        Form::Text => true,
        Form::NotOffered { .. } => false,
    }
}

/// Forms with values that are good and values that are bad.
const CASES: &[(Form, &[&str], &[&str])] = &[
    (WORDS, &["delete", "retain"], &["", "Delete", "keep", "delete ", "delete\n", "deleteretain"]),
    (Form::Boolean, &["true", "false", "True", "FALSE"], &["", "yes", "1", "t", "truefalse", " true"]),
    (
        Form::Moment,
        &[
            "2026-01-31T18:00:00Z",
            "2026-01-31T18:00:00.5Z",
            "2026-01-31T18:00:00.123456789+01:00",
            "1999-12-31T23:59:59-00:00",
        ],
        &[
            "",
            "tomorrow",
            "2026-01-31",
            "2026-01-31T18:00:00",
            "2026-01-31 18:00:00Z",
            "2026-01-31T18:00Z",
            "2026-13-31T18:00:00Z",
            "2026-01-32T18:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T18:00:00.Z",
            "2026-01-31T18:00:00+0100",
            "2026-01-31T18:00:00+01",
            "2026-01-31T18:00:00Z[Europe/Berlin]",
            "1767225600",
        ],
    ),
    (
        Form::Period,
        &["0", "600", "90s", "2m", "1h30m", "30m1h", "99999999999999999999", "99999999999999999999h"],
        &["", "s", "-1", "1d", "1.5h", "1h 30m", "h1", "1h30", "500ms", "٣s", "é"],
    ),
    (
        Form::Strings,
        &["{}", " { } ", "{\"name\": \"x\"}", "{\"a\":\"\\\"\\u00e9\",\n \"b\" : \"{\"}\n"],
        &[
            "",
            "{",
            "[]",
            "\"name\"",
            "{\"a\": 1}",
            "{\"a\": null}",
            "{\"a\": {}}",
            "{a: \"b\"}",
            "{\"a\":\"b\",}",
            "{\"a\":\"\\x\"}",
        ],
    ),
    (
        Form::FieldPaths,
        &["spec.tags", "spec.tags, spec.secretString", "Spec.A_b.c-d", "", " , ", "spec.tags,\n"],
        &["spec", "spec.", "tags", "status.x", "spec.a[0]", "spec.a.0", "spec..a", "spec.a spec.b", "spec.a;spec.b"],
    ),
    (
        Form::Region,
        &["eu-west-1", "us-gov-east-1", "eusc-de-east-1"],
        &["", "EU", "eu-west", "eu-west-", "Eu-west-1", "eu--1"],
    ),
    (Form::Account, &["111122223333"], &["", "1111222233334", "11112222333", "1111-2222-3333", "11112222333a"]),
    (Form::NotOffered { instead: "" }, &[], &["", "a", "any", "\na"]),
];

fn pattern(form: Form) -> Regex {
    Regex::new(&form.pattern()).unwrap()
}

#[test]
fn the_controller_and_the_api_server_agree_on_what_is_good() {
    for (form, good, bad) in CASES {
        for text in *good {
            assert!(takes(*form, text) && pattern(*form).is_match(text), "{form:?} {text:?}");
        }
        for text in *bad {
            assert!(!takes(*form, text) && !pattern(*form).is_match(text), "{form:?} {text:?}");
        }
    }
}

#[test]
fn examples_are_good() {
    for row in ANNOTATIONS.iter().filter(|row| row.is_offered()) {
        assert!(pattern(row.form).is_match(row.form.example()), "{}", row.key);
    }
}

#[test]
fn what_only_a_calendar_knows_is_left_to_the_controller() {
    let never = "2026-02-30T00:00:00Z";
    assert!(pattern(Form::Moment).is_match(never) && moment(never).is_none());
}

#[test]
fn periods_are_counted_in_seconds() {
    for (text, seconds) in
        [("90", 90), ("1h30m", 5_400), ("2m5s", 125), ("9999999999", u32::MAX), ("9999999999h", u32::MAX)]
    {
        assert_eq!(period(text), Some(Period::Fixed(seconds)), "{text}");
    }
    assert_eq!(period("0"), Some(Period::Growing));
    assert_eq!(period("0h0m"), Some(Period::Growing));
}

#[test]
fn requests_are_times_in_two_ways() {
    assert_eq!(instant("60"), moment("1970-01-01T00:01:00Z"));
    assert_eq!(instant("now"), None);
}

/// Texts that are nearly right, in the letters that the forms are made of.
fn nearly(form: Form) -> &'static str {
    match form {
        Form::Words(_) => "(delete|retain|Delete| |){1,2}",
        Form::Boolean => "[tT]?[rR]?[uU]?[eE]?|false|fAlse",
        Form::Moment => {
            "20[0-9]{2}-[01][0-9]-[0-2][0-8]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\\.[0-9]{0,10})?(Z|[+-][01][0-9]:?[0-5][0-9]|)"
        }
        Form::Period => "([0-9]{0,3}[hmsd]?){0,3}",
        Form::Strings => "[ ]?[{](\"[a\\\\\"u0-9]{0,6}\"[ ]?[:,]?){0,4}[}]?",
        Form::FieldPaths => "((spec|Spec|status)?[.]?[a-b0_-]{0,3}[.,]?[ ]?){0,4}",
        Form::Region => "([a-cA]{0,2}-?){0,4}[0-9]{0,2}",
        Form::Account => "[0-9]{10,13}[a ]?",
        Form::Text | Form::NotOffered { .. } => ".*",
    }
}

fn any_case() -> impl Strategy<Value = (Form, String)> {
    proptest::sample::select(CASES.iter().map(|(form, ..)| *form).collect::<Vec<_>>())
        .prop_flat_map(|form| nearly(form).prop_map(move |text| (form, text)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn the_controller_and_the_api_server_agree_on_anything((form, text) in any_case()) {
        prop_assert_eq!(takes(form, &text), pattern(form).is_match(&text), "{:?} {:?}", form, text);
    }
}
