//! Grants in the form of headers: `id="…", uri="…"`.

use cairn_crds::s3::BucketSpec;
use serde_json::{Value, json};

/// What is granted under one permission; `None` where that is nothing.
pub(super) fn header(list: &Value, permission: &str) -> Option<String> {
    let grants = list.get("grants").and_then(Value::as_array)?;
    let mine = grants.iter().filter(|grant| grant.get("permission").is_some_and(|granted| granted == permission));
    let terms: Vec<_> = mine.filter_map(|grant| term(grant.get("grantee")?)).collect();
    (!terms.is_empty()).then(|| terms.join(", "))
}

fn term(grantee: &Value) -> Option<String> {
    let text = |field: &str| grantee.get(field).and_then(Value::as_str);
    let id = text("id").map(|id| format!("id=\"{id}\""));
    id.or_else(|| text("uRI").map(|uri| format!("uri=\"{uri}\"")))
}

/// What the fields `grant…` declare, as a list.
///
/// # Errors
/// Which of them cannot be read, and at which term.
pub(super) fn granted(spec: &BucketSpec) -> Result<Option<Value>, String> {
    let fields = [
        ("grantFullControl", "FULL_CONTROL", &spec.grant_full_control),
        ("grantRead", "READ", &spec.grant_read),
        ("grantReadACP", "READ_ACP", &spec.grant_read_acp),
        ("grantWrite", "WRITE", &spec.grant_write),
        ("grantWriteACP", "WRITE_ACP", &spec.grant_write_acp),
    ];
    let mut grants: Vec<Value> = Vec::new();
    for (field, permission, text) in fields {
        for term in text.iter().flat_map(|text| text.split(',')) {
            let grantee = grantee(term.trim()).map_err(|why| format!("spec.{field}: {why}"))?;
            grants.push(json!({"grantee": grantee, "permission": permission}));
        }
    }
    Ok((!grants.is_empty()).then(|| json!({"grants": grants})))
}

fn grantee(term: &str) -> Result<Value, String> {
    let (kind, value) = term.split_once('=').ok_or_else(|| format!("expected id=\"…\" or uri=\"…\", found {term}"))?;
    let value = value.trim().trim_matches('"');
    match kind.trim() {
        "id" => Ok(json!({"type_": "CanonicalUser", "id": value})),
        "uri" => Ok(json!({"type_": "Group", "uRI": value})),
        "emailAddress" => {
            Err("AWS takes no e-mail addresses any more; use the canonical user id of the account".into())
        }
        _ => Err(format!("expected id=\"…\" or uri=\"…\", found {term}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(field: &str, text: &str) -> BucketSpec {
        serde_json::from_value(json!({"name": "photos", field: text})).unwrap()
    }

    #[test]
    fn a_header_is_read_and_written() {
        let text = r#"id="abc", uri="http://acs.amazonaws.com/groups/s3/LogDelivery""#;
        let list = granted(&spec("grantReadACP", text)).unwrap().unwrap();
        assert_eq!(header(&list, "READ_ACP").as_deref(), Some(text));
        assert_eq!(header(&list, "READ"), None);
        assert_eq!(granted(&serde_json::from_value(json!({"name": "photos"})).unwrap()), Ok(None));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let why = granted(&spec("grantRead", "everybody")).unwrap_err();
        assert_eq!(why, "spec.grantRead: expected id=\"…\" or uri=\"…\", found everybody");
        assert!(
            granted(&spec("grantWrite", "emailAddress=\"a@example.com\"")).unwrap_err().contains("canonical user id")
        );
    }
}
