//! IAM policy documents, compared by meaning.
//!
//! AWS gives documents back in its own spelling: white space, one value instead of a list of one, another order where
//! order has no meaning, an account's root ARN instead of its number. None of these is a difference. Source: the IAM
//! user guide, "Grammar of the IAM JSON policy language".

use serde_json::{Map, Value};

/// Checks that a text is a policy document as far as JSON goes; what it says, only AWS can judge.
///
/// # Errors
/// What is wrong, and where.
fn check(text: &str) -> Result<(), String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(_)) => Ok(()),
        Ok(_) => Err("a policy document is a JSON object".into()),
        Err(error) => Err(format!("it is no JSON: {error}")),
    }
}

/// Whether two documents mean the same. Texts that are no documents are the same only when they are equal.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    match (parse(a), parse(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a == b,
    }
}

/// The same of two fields that hold documents as text.
#[must_use]
pub fn same_values(a: &Value, b: &Value) -> bool {
    match (a.as_str(), b.as_str()) {
        (Some(a), Some(b)) => same(a, b),
        _ => a == b,
    }
}

/// Checks a field of a spec that holds a document as text.
///
/// # Errors
/// What is wrong, and where, with the field.
pub fn check_field(field: &str, text: Option<&str>) -> Result<(), String> {
    text.map_or(Ok(()), check).map_err(|why| format!("spec.{field}: {why}"))
}

fn parse(text: &str) -> Option<Value> {
    let Value::Object(mut document) = serde_json::from_str(text).ok()? else { return None };
    if let Some(statements) = document.remove("Statement") {
        let statements = listed(statements).into_iter().map(statement).collect();
        document.insert("Statement".into(), sorted(statements));
    }
    Some(Value::Object(document))
}

fn statement(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    let normal = |(key, value): (String, Value)| {
        let value = match key.as_str() {
            "Principal" | "NotPrincipal" => principal(value),
            "Action" | "NotAction" => actions(value),
            "Resource" | "NotResource" => set(value),
            "Condition" => condition(value),
            _ => value,
        };
        (key, value)
    };
    fields.into_iter().map(normal).collect()
}

fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        single => vec![single],
    }
}

fn set(value: Value) -> Value {
    sorted(listed(value))
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(ToString::to_string);
    items.dedup();
    items.into()
}

/// Actions are compared without regard to case.
fn actions(value: Value) -> Value {
    let lower = |action: Value| action.as_str().map_or(action.clone(), |text| text.to_ascii_lowercase().into());
    sorted(listed(value).into_iter().map(lower).collect())
}

fn principal(value: Value) -> Value {
    let by_kind = match value {
        Value::Object(by_kind) => by_kind,
        everyone => Map::from_iter([("AWS".to_owned(), everyone)]),
    };
    let normal = |(kind, members): (String, Value)| {
        let members = if kind == "AWS" { listed(members).into_iter().map(account).collect() } else { listed(members) };
        (kind, sorted(members))
    };
    by_kind.into_iter().map(normal).collect()
}

/// AWS writes an account's number as the ARN of its root.
fn account(member: Value) -> Value {
    let number = |text: &str| {
        let (head, id) = text.strip_suffix(":root")?.rsplit_once(':')?;
        let partition = head.strip_prefix("arn:")?.strip_suffix(":iam:")?;
        (!partition.contains(':')).then(|| id.to_owned())
    };
    member.as_str().and_then(number).map_or(member, Value::from)
}

/// In a condition `true` and `"true"`, `1` and `"1"` are the same, and keys are compared without regard to case.
fn condition(value: Value) -> Value {
    let Value::Object(operators) = value else { return value };
    let text = |value: Value| if value.is_string() { value } else { Value::from(value.to_string()) };
    let values = |values: Value| sorted(listed(values).into_iter().map(text).collect());
    let keys = |keys: Value| match keys {
        Value::Object(keys) => keys.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), values(value))).collect(),
        other => other,
    };
    operators.into_iter().map(|(operator, of)| (operator, keys(of))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"a","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["s3:GetObject","s3:PutObject"],
         "Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":true}}},
        {"Sid":"b","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["x","y"]}]}"#;

    #[test]
    fn another_spelling_is_no_difference() {
        let spelt = r#"{"Statement":[
            {"Sid":"b","Effect":"Deny","Principal":{"AWS":["*"]},"Action":["S3:*"],"Resource":["y","x"]},
            {"Sid":"a","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:root"]},
             "Action":["s3:putobject","s3:GetObject"],"Resource":["arn:aws:s3:::b/*"],
             "Condition":{"Bool":{"AWS:SecureTransport":["true"]}}}],"Version":"2012-10-17"}"#;
        assert!(same(BASE, spelt));
    }

    #[test]
    fn another_meaning_is_one() {
        let changes = [
            ("\"Allow\"", "\"Deny\""),
            ("s3:PutObject", "s3:DeleteObject"),
            ("arn:aws:s3:::b/*", "arn:aws:s3:::B/*"),
            ("111122223333", "444455556666"),
            (":true", ":false"),
            ("\"Sid\":\"a\"", "\"Sid\":\"c\""),
            ("2012-10-17", "2008-10-17"),
            ("[\"x\",\"y\"]", "[\"x\"]"),
        ];
        for (from, to) in changes {
            let other = BASE.replacen(from, to, 1);
            assert_ne!(other, BASE, "{from}");
            assert!(!same(BASE, &other), "{from} → {to}");
        }
    }

    #[test]
    fn what_is_no_document_is_compared_as_text() {
        assert!(same("nonsense", "nonsense"));
        assert!(!same("nonsense", "other nonsense"));
        assert!(!same("{", "{}"));
    }

    #[test]
    fn a_broken_document_is_told_where() {
        assert!(check(BASE).is_ok());
        assert!(check("[]").unwrap_err().contains("object"));
        assert!(check(r#"{"Version": }"#).unwrap_err().contains("line 1"));
    }
}
