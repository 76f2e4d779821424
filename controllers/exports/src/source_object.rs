//! What the object of an AWS resource says.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    path::NoValue,
    report::{Reason, Report},
    wish::Wish,
};

/// The value of each key, once the object is Ready and has them all.
pub(crate) fn values(wish: &Wish, object: &Value) -> Result<BTreeMap<String, String>, Report> {
    ready(object).map_err(|why| Report::new(Reason::SourceNotReady, format!("{} {why}", source(wish))))?;
    let each = wish.values.iter().map(|(key, path)| match path.value(object) {
        Ok(value) => Ok((key.clone(), value)),
        Err(NoValue::Nothing) => Err(format!("{} has no value at {path} yet", source(wish))),
        Err(why) => Err(format!("{} has no value at {path}: {why}", source(wish))),
    });
    each.collect::<Result<_, _>>().map_err(|why| Report::new(Reason::ValueNotFound, why))
}

/// The source as messages name it.
pub(crate) fn source(wish: &Wish) -> String {
    format!("{} {}", wish.resource.kind, wish.resource.name)
}

/// Whether the object says that AWS has what its present spec declares.
fn ready(object: &Value) -> Result<(), String> {
    if object["metadata"]["deletionTimestamp"].is_string() {
        return Err("is being deleted".into());
    }
    let status = &object["status"];
    let conditions = status["conditions"].as_array();
    let ready = conditions.into_iter().flatten().find(|condition| condition["type"] == "Ready");
    let Some(ready) = ready else { return Err("is not Ready yet".into()) };
    if ready["status"] != "True" {
        return Err(format!("is not Ready: {}", ready["reason"].as_str().unwrap_or("it does not say why")));
    }
    if status["observedGeneration"].as_i64() < object["metadata"]["generation"].as_i64() {
        return Err("is not Ready with its present spec yet".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use cairn_runtime::key::ObjectKey;
    use serde_json::json;

    use super::*;

    fn wish(values: &Value) -> Wish {
        let resource = json!({"group": "s3.aws.cairn.run", "kind": "Bucket", "name": "photos"});
        let to = json!({"kind": "configmap", "name": "app"});
        let spec = json!({"from": {"resource": resource}, "to": to, "values": values});
        Wish::of(&ObjectKey::new("team", "arn"), &serde_json::from_value(spec).unwrap()).unwrap()
    }

    fn bucket() -> Value {
        let conditions =
            json!([{"type": "Reconciling", "status": "True"}, {"type": "Ready", "status": "True", "reason": "R"}]);
        json!({
            "metadata": {"generation": 2}, "spec": {"name": "photos-of-a"},
            "status": {"conditions": conditions, "observedGeneration": 2, "port": 1},
        })
    }

    #[test]
    fn every_value_is_there_or_none_is() {
        let both = wish(&json!([{"key": "NAME", "path": ".spec.name"}, {"key": "PORT", "path": ".status.port"}]));
        let expected = [("NAME", "photos-of-a"), ("PORT", "1")].map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(values(&both, &bucket()), Ok(expected.into()));
        let half = wish(&json!([{"key": "NAME", "path": ".spec.name"}, {"key": "X", "path": ".status.x"}]));
        let report = values(&half, &bucket()).unwrap_err();
        assert_eq!(report.reason, Reason::ValueNotFound);
        assert_eq!(report.message, "Bucket photos has no value at .status.x yet");
        let misfit = wish(&json!([{"key": "X", "path": ".status.port.x"}]));
        let report = values(&misfit, &bucket()).unwrap_err();
        assert_eq!(report.message, "Bucket photos has no value at .status.port.x: a number has no field `x`");
    }

    #[test]
    fn a_source_that_is_not_ready_gives_nothing() {
        let name = wish(&json!([{"key": "NAME", "path": ".spec.name"}]));
        let cases: [(&str, fn(&mut Value), &str); 5] = [
            (
                "deleted",
                |bucket| bucket["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"),
                "is being deleted",
            ),
            ("failing", |bucket| bucket["status"]["conditions"][1]["status"] = json!("False"), "is not Ready: R"),
            ("edited", |bucket| bucket["metadata"]["generation"] = json!(3), "present spec"),
            ("new", |bucket| bucket["status"] = json!({}), "is not Ready yet"),
            ("untouched", |bucket| bucket["status"] = Value::Null, "is not Ready yet"),
        ];
        for (case, change, said) in cases {
            let mut bucket = bucket();
            change(&mut bucket);
            let report = values(&name, &bucket).unwrap_err();
            assert_eq!(report.reason, Reason::SourceNotReady, "{case}");
            assert!(report.message.contains(said), "{case}: {}", report.message);
        }
    }
}
