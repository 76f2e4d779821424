//! Requests, by operation. A further operation is a further row here and its `run`.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    context::Context,
    dynamo::Dynamo,
    failure::{Failure, Outcome},
    operation::Operation,
    shape::{
        CreateTable, DeleteTable, DescribeContinuousBackups, DescribeTable, DescribeTimeToLive, ListTables,
        ListTagsOfResource, TagResource, UntagResource, UpdateContinuousBackups, UpdateTable, UpdateTimeToLive,
    },
};

macro_rules! requests {
    ($($name:ident: $reads:literal,)*) => {
        /// A request.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Request {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name(Box<$name>),)*
        }

        $(impl From<$name> for Request {
            fn from(request: $name) -> Self {
                Self::$name(Box::new(request))
            }
        })*

        impl Request {
            /// Reads the request of an operation, such as `CreateTable`, from the JSON of the wire.
            ///
            /// # Errors
            ///
            /// `ValidationException` or `SerializationException` as DynamoDB would; `NotImplemented`, which names it,
            /// for an operation or a member that the model does not know.
            pub fn parse(operation: &str, body: Value) -> Outcome<Self> {
                match operation {
                    $(stringify!($name) => parse::<$name>(operation, body).map(Self::from),)*
                    other => Err(Failure::unsupported(other)),
                }
            }

            /// Name of the operation.
            #[must_use]
            pub fn operation(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                }
            }

            /// Whether it changes nothing.
            #[must_use]
            pub fn is_read(&self) -> bool {
                match self {
                    $(Self::$name(_) => $reads,)*
                }
            }

            pub(super) fn run(&self, dynamo: &mut Dynamo, context: &Context) -> Outcome<Value> {
                match self {
                    $(Self::$name(request) => request.run(dynamo, context),)*
                }
            }
        }
    };
}

// Each operation, and whether it only reads.
requests! {
    CreateTable: false,
    DeleteTable: false,
    DescribeContinuousBackups: true,
    DescribeTable: true,
    DescribeTimeToLive: true,
    ListTables: true,
    ListTagsOfResource: true,
    TagResource: false,
    UntagResource: false,
    UpdateContinuousBackups: false,
    UpdateTable: false,
    UpdateTimeToLive: false,
}

fn parse<T: DeserializeOwned>(operation: &str, body: Value) -> Outcome<T> {
    serde_json::from_value(body).map_err(|error| refused(operation, &error.to_string()))
}

/// What DynamoDB makes of a body that is not a request of the operation, from what serde says of it.
fn refused(operation: &str, error: &str) -> Failure {
    let quoted = error.split('`').nth(1).unwrap_or_default();
    if error.starts_with("unknown field") {
        return Failure::unsupported(format!("the member {quoted} of {operation}"));
    }
    if error.starts_with("missing field") {
        let failed = format!("Value null at '{quoted}' failed to satisfy constraint: Member must not be null");
        return Failure::validation(format!("1 validation error detected: {failed}"));
    }
    if error.starts_with("unknown variant") {
        let expected = error.split_once("expected ").map_or("", |(_, expected)| expected);
        let expected = expected.replace('`', "").replace("one of ", "").replace(" or ", ", ");
        let constraint = format!("Member must satisfy enum value set: [{expected}]");
        return Failure::constraint(quoted, operation, &constraint);
    }
    Failure::new("SerializationException", error)
}
