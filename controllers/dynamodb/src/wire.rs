//! Between the JSON of a spec and the types of DynamoDB's SDK.

use cairn_aws::wire::Wire;
use cairn_core::failure::Failure;
use serde_json::Value;

/// What tells DynamoDB's implementations of [`Wire`] from those of other services.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sdk;

/// The form of an SDK's value in a spec.
pub(crate) fn encode(value: &impl Wire<Sdk>) -> Value {
    value.to_json()
}

/// The value that an operation is to be sent.
///
/// # Errors
/// A failure of that operation, which was not sent, when the value does not have the form.
pub(crate) fn decode<T: Wire<Sdk>>(operation: &str, value: &Value) -> Result<T, Failure> {
    cairn_aws::wire::decode(operation, value)
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
