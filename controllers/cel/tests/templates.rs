//! Text with holes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_cel::template::{Part, compile, split};
use cairn_cel::{Bindings, Env, FaultKind, Limits, Type};
use serde_json::{Value as Json, json};

fn env() -> Env {
    Env::new().with("x", Type::Dyn).with("n", Type::Int).with_omit()
}

fn render(text: &str) -> Result<Option<Json>, String> {
    let data = json!({"name": "web", "ports": [80], "none": null});
    let number = json!(3);
    let template = compile(&env(), text).map_err(|error| error.to_string())?;
    let bindings = Bindings::new().with("x", &data).with("n", &number);
    template.render(&bindings, Limits::default()).map_err(|error| error.to_string())
}

#[test]
fn a_hole_alone_keeps_its_type() {
    assert_eq!(render("${n}"), Ok(Some(json!(3))));
    assert_eq!(render("${x.ports}"), Ok(Some(json!([80]))));
    assert_eq!(render("${ {'a': n} }"), Ok(Some(json!({"a": 3}))));
    assert_eq!(render("${x.none}"), Ok(Some(Json::Null)));
    assert_eq!(render("${x.?other}"), Ok(None));
    assert_eq!(render("${[x.?other, x.?name]}"), Ok(Some(json!(["web"]))));
    assert_eq!(render("${ {'a': x.?other, 'b': x.none} }"), Ok(Some(json!({"b": null}))));
    assert_eq!(render("${true ? omit() : 1}"), Ok(None));
    assert_eq!(render("${[1, omit(), 3]}"), Ok(Some(json!([1, 3]))));
    assert_eq!(render("${timestamp(0)}"), Ok(Some(json!("1970-01-01T00:00:00Z"))));
    assert_eq!(render("${duration('90s')}"), Ok(Some(json!("90s"))));
    assert_eq!(render("${1.0}"), Ok(Some(json!(1))));
    assert!(render("${b'a'}").unwrap_err().contains("base64.encode"));
    assert!(render("${18446744073709551615u}").unwrap_err().contains("out of range"));
}

#[test]
fn more_is_joined() {
    assert_eq!(render("plain"), Ok(Some(json!("plain"))));
    assert_eq!(render(""), Ok(Some(json!(""))));
    assert_eq!(render("a-${x.name}-${n}"), Ok(Some(json!("a-web-3"))));
    assert_eq!(render("${x.name}${n}"), Ok(Some(json!("web3"))));
    assert_eq!(render(" ${n}"), Ok(Some(json!(" 3"))));
    assert_eq!(render("${n > 2} ${1.5} ${2u}"), Ok(Some(json!("true 1.5 2"))));
    assert_eq!(render("${x.?name} ok"), Ok(Some(json!("web ok"))));
    assert!(render("v${[n]}").unwrap_err().contains("list(int) cannot be put into a text"));
    assert!(render("v${x.ports}").unwrap_err().contains("list cannot be put into a text"));
    assert!(render("v${null}").is_err());
    assert!(render("v${x.?other}").unwrap_err().contains("without a value"));
}

#[test]
fn holes_end_where_their_tokens_say() {
    assert_eq!(render("${'}' + 'a'}"), Ok(Some(json!("}a"))));
    assert_eq!(render("${\"}\"}"), Ok(Some(json!("}"))));
    assert_eq!(render("${{'a': {'b': 1}}.a.b}"), Ok(Some(json!(1))));
    assert_eq!(render("${\"${VAR}\"}"), Ok(Some(json!("${VAR}"))));
    assert_eq!(render("$x {n} $$ }{"), Ok(Some(json!("$x {n} $$ }{"))));
    assert_eq!(render("$${n}"), Ok(Some(json!("$3"))));
    assert_eq!(render("é${'é'}é"), Ok(Some(json!("ééé"))));
    let parts = split("a${ n }b").unwrap();
    assert_eq!(parts.len(), 3);
    assert!(matches!(&parts[1], Part::Hole { source, span } if source == " n " && (span.start, span.end) == (3, 6)));
}

#[test]
fn what_does_not_end_is_an_error() {
    for text in ["${", "a${n", "${n + 'a", "${{'a': 1}", "{name: ${x.name", "${'}"] {
        let error = split(text).unwrap_err();
        assert!(error.message.contains("does not end") || error.message.contains("not closed"), "{text}: {error}");
    }
    assert!(split("${a ${b} }").unwrap_err().message.contains("inside an expression"));
    assert!(render("${}").unwrap_err().contains("empty"));
    assert!(render("${n +}").unwrap_err().contains("syntax error"));
}

#[test]
fn errors_count_from_the_start_of_the_template() {
    let text = "name-${n + y}";
    let cairn_cel::CompileError::Check(errors) = compile(&env(), text).unwrap_err() else { panic!("no check error") };
    assert_eq!(errors[0].span.text(text), "y");
    let text = "name-${n n}";
    let cairn_cel::CompileError::Parse(error) = compile(&env(), text).unwrap_err() else { panic!("no syntax error") };
    assert_eq!((error.span.start, error.span.end), (9, 10));
}

#[test]
fn a_list_may_be_gathered() {
    let schema = json!({"type": "object", "properties": {"data": {"type": "string", "format": "byte"}}});
    let element = cairn_cel::schema::to_type(&schema, "Secret", &cairn_cel::schema::NoDefinitions);
    let program = Env::new().with("all", Type::list(element)).compile("all.map(s, string(s.data))").unwrap();
    let (first, second) = (json!({"data": "YQ=="}), json!({"data": "Yg=="}));
    let bindings = Bindings::new().with_items("all", [&first, &second].into());
    assert_eq!(program.bind(&bindings).evaluate().unwrap().to_json().unwrap(), json!(["a", "b"]));
}

#[test]
fn absent_data_is_reported_as_such() {
    let template = compile(&env(), "host-${x.status.host}").unwrap();
    let data = json!({});
    let error = template.render(&Bindings::new().with("x", &data), Limits::default()).unwrap_err();
    assert_eq!((error.kind, error.path.as_deref()), (FaultKind::Absent, Some("x.status")));
    let unbound = template.render(&Bindings::new(), Limits::default()).unwrap_err();
    assert_eq!(unbound.kind, FaultKind::Unbound);
}
