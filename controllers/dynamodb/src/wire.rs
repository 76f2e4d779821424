//! Between the JSON of a spec and the types of DynamoDB's SDK.

use aws_sdk_dynamodb::primitives::DateTime;
use jiff::Timestamp;

cairn_aws::wire_of!("DynamoDB");

/// A time of the SDK; `None` for one that is out of range.
pub(crate) fn timestamp(time: DateTime) -> Option<Timestamp> {
    Timestamp::from_nanosecond(time.as_nanos()).ok()
}

/// [`cairn_aws::wire!`] for the types of DynamoDB.
macro_rules! wire {
    ($($items:tt)*) => {
        cairn_aws::wire! { aws_sdk_dynamodb, $crate::wire::Sdk; $($items)* }
    };
}

/// A function that sends one operation, and takes its members from a JSON document:
/// `request! { sdk_method, "Operation" -> Output { "member" => sdk_member, … } }`.
macro_rules! request {
    ($call:ident, $operation:literal -> $output:ty { $($name:literal => $member:ident),+ $(,)? }) => {
        async fn $call(
            client: &aws_sdk_dynamodb::Client,
            document: &serde_json::Value,
        ) -> Result<$output, cairn_core::failure::Failure> {
            let unmade = |why: String| cairn_aws::unmade($operation, &why);
            cairn_aws::wire::paste! {
                let call = client.$call()$(
                    .[<set_ $member>](cairn_aws::wire::take::<$crate::wire::Sdk, _>(document, $name).map_err(unmade)?)
                )+;
            }
            call.send().await.map_err(|error| $crate::failure::failure($operation, &error))
        }
    };
}

pub(crate) use {request, wire};
