//! Answers by what they mean: without times, ids and words that no two servers have in common, and in one order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::script::Ask;

/// An answer as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What an answer means: the status, the code of an error, the content, and the region that a header names.
pub(crate) fn meaning(ask: &Ask, raw: &Raw) -> Value {
    match ask {
        Ask::S3 { path, method, .. } => of_s3(path, method, raw),
        Ask::DynamoDb { .. } => of_dynamodb(raw),
        Ask::Rest => Value::Null,
    }
}

fn of_s3(path: &str, method: &str, raw: &Raw) -> Value {
    let mut meaning = json!({ "status": raw.status });
    if *method == *"HEAD" {
        meaning["region"] = json!(raw.headers.get("x-amz-bucket-region"));
        return meaning;
    }
    let reads = method == "GET";
    if raw.status < 300 && path.ends_with("?policy") && reads {
        meaning["policy"] = serde_json::from_str(&raw.body).unwrap_or_else(|_| json!(raw.body));
        return meaning;
    }
    let Ok(document) = roxmltree::Document::parse(&raw.body) else {
        meaning["text"] = json!(raw.body);
        return meaning;
    };
    let root = document.root_element();
    if let Some(error) = error(root) {
        let code = error.children().find(|child| child.tag_name().name() == "Code");
        meaning["code"] = json!(code.and_then(|code| code.text()));
    } else if reads {
        meaning["body"] = json!({ root.tag_name().name(): element(root) });
    }
    meaning
}

/// What says that something is wrong: a root of its own, or, with S3 Control, in another.
fn error<'a, 'd>(root: roxmltree::Node<'a, 'd>) -> Option<roxmltree::Node<'a, 'd>> {
    let error = match root.tag_name().name() {
        "ErrorResponse" => root.first_element_child()?,
        _ => root,
    };
    (error.tag_name().name() == "Error").then_some(error)
}

/// Text, or children by name. What belongs to nobody in particular is left out.
fn element(node: roxmltree::Node<'_, '_>) -> Value {
    let mut fields: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for child in node.children().filter(roxmltree::Node::is_element) {
        let value = match child.tag_name().name() {
            "Owner" => continue,
            "CreationDate" => json!("a time"),
            "ContinuationToken" => json!("a token"),
            "Alias" => json!("an alias"),
            _ => element(child),
        };
        fields.entry(child.tag_name().name()).or_default().push(value);
    }
    if fields.is_empty() {
        return json!(node.text().unwrap_or_default().trim());
    }
    for values in fields.values_mut() {
        values.sort_by_key(Value::to_string);
    }
    json!(fields)
}

fn of_dynamodb(raw: &Raw) -> Value {
    let body: Value = serde_json::from_str(&raw.body).unwrap_or_else(|_| json!(raw.body));
    if raw.status >= 300 {
        let code = body["__type"].as_str().map(|code| code.rsplit('#').next());
        return json!({ "status": raw.status, "code": code });
    }
    json!({ "status": raw.status, "body": tidy("", &body) })
}

/// Without times and ids, and with lists of named things as maps.
fn tidy(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), tidy(key, value))).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => list(items),
        _ if key.ends_with("DateTime") => json!("a time"),
        Value::String(_) if key == "TableId" => json!("an id"),
        Value::String(_) if key == "RevisionId" => json!("a revision"),
        Value::String(arn) if key == "BackupArn" || key == "SourceBackupArn" => {
            json!(arn.rsplit_once('/').map_or(arn.as_str(), |(table, _)| table))
        }
        Value::String(_) if key == "KMSMasterKeyArn" => json!("a key"),
        Value::String(_) if key == "NextToken" => json!("a token"),
        Value::String(_) if key == "LatestStreamLabel" => json!("a label"),
        Value::String(arn) if key == "LatestStreamArn" => {
            json!(arn.rsplit_once('/').map_or(arn.as_str(), |(table, _)| table))
        }
        // Counts of content, which is nobody's here, are zero in one way or another.
        Value::Number(number) if number.as_f64() == Some(0.0) => json!(0),
        other => other.clone(),
    }
}

const NAMES: [&str; 3] = ["IndexName", "AttributeName", "Key"];

fn list(items: &[Value]) -> Value {
    let is_key_schema = items.iter().any(|item| item.get("KeyType").is_some());
    let name = NAMES.iter().find(|name| items.iter().all(|item| item[**name].is_string()));
    match name.filter(|_| !is_key_schema && !items.is_empty()) {
        Some(name) => {
            let named = |item: &Value| (item[*name].as_str().unwrap_or_default().to_owned(), tidy("", item));
            items.iter().map(named).collect::<Map<_, _>>().into()
        }
        None => items.iter().map(|item| tidy("", item)).collect(),
    }
}
