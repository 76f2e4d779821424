//! What the parts have in common that are lists of configurations with ids.

use serde_json::{Map, Value};

/// A part that is such a list: its type, whose name is that of the API's operations, that name in snake case, its field,
/// and what is the same in one configuration.
macro_rules! configurations {
    ($type:ident, $name:ident, $field:literal, $meaning:expr) => {
        pub(super) struct $type;

        cairn_aws::wire::paste! {
            impl $crate::bucket::parts::Part for $type {
                const RULES: cairn_core::rules::PartRules = cairn_core::rules::PartRules {
                    field: $field,
                    rule: cairn_core::rules::Rule::Entries("id"),
                    get: concat!("ListBucket", stringify!($type), "Configurations"),
                    put: concat!("PutBucket", stringify!($type), "Configuration"),
                    delete: Some(concat!("DeleteBucket", stringify!($type), "Configuration")),
                    settle: $crate::bucket::parts::list::without_empty_filter,
                    same: |a, b| $meaning.same(a, b),
                    ..cairn_core::rules::PartRules::DEFAULT
                };

                async fn get(client: &$crate::client::Scoped, bucket: &str) -> cairn_core::observed::Reading {
                    $crate::bucket::parts::list::listed!(
                        client, bucket, [<list_bucket_ $name _configurations>], [<$name _configuration_list>],
                        Self::RULES.get
                    )
                }

                async fn put(
                    client: &$crate::client::Scoped,
                    bucket: &str,
                    value: &serde_json::Value,
                ) -> Result<(), cairn_core::failure::Failure> {
                    let configuration = $crate::wire::decode(Self::RULES.put, value)?;
                    let id = $crate::bucket::parts::list::id(value);
                    $crate::client::send!(
                        client,
                        bucket,
                        [<put_bucket_ $name _configuration>].id(id).[<$name _configuration>](configuration),
                        Self::RULES.put
                    )
                }

                async fn delete_entry(
                    client: &$crate::client::Scoped,
                    bucket: &str,
                    name: &str,
                ) -> Result<(), cairn_core::failure::Failure> {
                    $crate::client::send!(
                        client,
                        bucket,
                        [<delete_bucket_ $name _configuration>].id(name),
                        concat!("DeleteBucket", stringify!($type), "Configuration")
                    )
                }
            }
        }
    };
}

/// All pages of one of S3's lists: `listed!(client, bucket, sdk_method, field_of_the_answer, "Operation")`.
macro_rules! listed {
    ($client:expr, $bucket:expr, $call:ident, $list:ident, $operation:expr) => {{
        let (mut found, mut token) = (Vec::new(), None);
        loop {
            let call = $client.read.$call().bucket($bucket).set_expected_bucket_owner($client.expected_owner($bucket));
            let answer = call.set_continuation_token(token).send().await;
            let answer = answer.map_err(|error| cairn_aws::failure($operation, &error))?;
            found.extend(answer.$list.unwrap_or_default().iter().map($crate::wire::encode));
            token = answer.next_continuation_token.filter(|_| answer.is_truncated == Some(true));
            if token.is_none() {
                break Ok((!found.is_empty()).then(|| found.into()));
            }
        }
    }};
}

pub(super) use {configurations, listed};

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
