//! What the parts have in common that are lists of configurations with ids.

use serde_json::{Map, Value};

/// All pages of one of S3's lists: `listed!(client, bucket, sdk_method, field_of_the_answer, "Operation")`.
macro_rules! listed {
    ($client:expr, $bucket:expr, $call:ident, $list:ident, $operation:expr) => {{
        let (mut found, mut token) = (Vec::new(), None);
        loop {
            let call = $client.read.$call().bucket($bucket).expected_bucket_owner($client.account());
            let answer = call.set_continuation_token(token).send().await;
            let answer = answer.map_err(|error| cairn_aws::failure($operation, &error))?;
            found.extend(answer.$list.unwrap_or_default().iter().map(encode));
            token = answer.next_continuation_token.filter(|_| answer.is_truncated == Some(true));
            if token.is_none() {
                break Ok((!found.is_empty()).then(|| found.into()));
            }
        }
    }};
}

pub(super) use listed;

/// The id of a configuration.
pub(super) fn id(configuration: &Value) -> &str {
    configuration.get("id").and_then(Value::as_str).unwrap_or_default()
}

/// A filter with no condition lets everything through, and S3 wants none then.
pub(super) fn without_empty_filter(mut configuration: Value, _: Option<&Value>) -> Value {
    if let Value::Object(fields) = &mut configuration
        && fields.get("filter").and_then(Value::as_object).is_some_and(Map::is_empty)
    {
        fields.remove("filter");
    }
    configuration
}
