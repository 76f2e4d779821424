//! Which expression may fill which field.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests are tests")]

use cairn_cel::Type;
use cairn_cel::assign::check;
use cairn_cel::schema::{NoDefinitions, to_type};
use cairn_cel::types::parse_type;
use serde_json::json;

fn ty(text: &str) -> Type {
    parse_type(text).unwrap()
}

#[test]
fn scalars_and_containers() {
    let fits = [
        ("string", "string"),
        ("int", "int"),
        ("dyn", "int"),
        ("int", "dyn"),
        ("null", "string"),
        ("int", "double"),
        ("uint", "int"),
        ("int", "int-or-string"),
        ("string", "int-or-string"),
        ("int-or-string", "int"),
        ("string", "timestamp"),
        ("timestamp", "string"),
        ("timestamp", "timestamp"),
        ("duration", "string"),
        ("string", "bytes"),
        ("optional(string)", "string"),
        ("optional(optional(int))", "int"),
        ("list(int)", "list(int)"),
        ("list(dyn)", "list(int)"),
        ("list(optional(int))", "list(int)"),
        ("map(string, int)", "map(string, int)"),
        ("map(string, dyn)", "map(string, string)"),
        ("map(dyn, dyn)", "map(string, string)"),
    ];
    for (found, expected) in fits {
        assert!(check(&ty(found), &ty(expected)).is_ok(), "{found} to {expected}");
    }
    let refused = [
        ("string", "int"),
        ("int", "string"),
        ("double", "int"),
        ("bool", "string"),
        ("bool", "int-or-string"),
        ("list(int)", "int-or-string"),
        ("int-or-string", "bool"),
        ("bytes", "bytes"),
        ("bytes", "string"),
        ("quantity", "string"),
        ("type", "string"),
        ("optional(int)", "string"),
        ("list(int)", "list(string)"),
        ("list(int)", "int"),
        ("int", "list(int)"),
        ("map(string, int)", "map(string, string)"),
        ("map(int, string)", "map(string, string)"),
        ("map(string, int)", "list(int)"),
    ];
    for (found, expected) in refused {
        assert!(check(&ty(found), &ty(expected)).is_err(), "{found} to {expected}");
    }
}

#[test]
fn objects_fit_by_their_fields() {
    let object = |schema: serde_json::Value| to_type(&schema, "Port", &NoDefinitions);
    let port =
        object(json!({"type": "object", "properties": {"port": {"type": "integer"}, "name": {"type": "string"}}}));
    let fewer = object(json!({"type": "object", "properties": {"port": {"type": "integer"}}}));
    let wrong = object(json!({"type": "object", "properties": {"port": {"type": "string"}}}));
    let typo = object(json!({"type": "object", "properties": {"prot": {"type": "integer"}}}));
    assert!(check(&fewer, &port).is_ok());
    assert_eq!(check(&wrong, &port).unwrap_err().to_string(), "type mismatch at port: expected int, found string");
    let error = check(&Type::list(typo), &Type::list(port.clone())).unwrap_err();
    assert_eq!(error.path, "[].prot");
    assert_eq!(error.suggestion.as_deref(), Some("port"));
    assert!(check(&port, &ty("map(string, int-or-string)")).is_ok());
    assert!(check(&port, &ty("map(string, int)")).is_err());
    assert!(check(&ty("map(string, int)"), &port).is_ok());
    assert!(check(&ty("map(string, bool)"), &port).is_err());
    assert!(check(&ty("map(string, dyn)"), &port).is_ok());
    assert!(check(&ty("map(int, int)"), &port).is_err());
}
