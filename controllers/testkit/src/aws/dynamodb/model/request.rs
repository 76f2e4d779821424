//! Requests, by operation. A further operation is a further row here and its `run`.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    failure::{Failure, Outcome},
    shape::{
        CreateBackup, CreateTable, DeleteBackup, DeleteResourcePolicy, DeleteTable, DescribeBackup,
        DescribeContinuousBackups, DescribeContributorInsights, DescribeExport, DescribeImport,
        DescribeKinesisStreamingDestination, DescribeTable, DescribeTableReplicaAutoScaling, DescribeTimeToLive,
        DisableKinesisStreamingDestination, EnableKinesisStreamingDestination, ExportTableToPointInTime,
        GetResourcePolicy, ImportTable, ListBackups, ListContributorInsights, ListExports, ListImports, ListTables,
        ListTagsOfResource, PutResourcePolicy, RestoreTableFromBackup, RestoreTableToPointInTime, TagResource,
        UntagResource, UpdateContinuousBackups, UpdateContributorInsights, UpdateKinesisStreamingDestination,
        UpdateTable, UpdateTableReplicaAutoScaling, UpdateTimeToLive,
    },
};

macro_rules! requests {
    ($(#[$doc:meta])* $request:ident of $service:literal { $($name:ident: $reads:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $request {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name(Box<$name>),)*
        }

        $(impl From<$name> for $request {
            fn from(request: $name) -> Self {
                Self::$name(Box::new(request))
            }
        })*

        impl $request {
            /// Reads the request of an operation from the JSON of the wire.
            ///
            /// # Errors
            ///
            /// `ValidationException` or `SerializationException` as AWS would; `NotImplemented`, which names it, for an
            /// operation or a member that the model does not know.
            pub fn parse(operation: &str, body: ::serde_json::Value) -> $crate::aws::dynamodb::model::Outcome<Self> {
                use $crate::aws::dynamodb::model::{Failure, request::parse};
                match operation {
                    $(stringify!($name) => parse::<$name>($service, operation, body).map(Self::from),)*
                    other => Err(Failure::unsupported($service, other)),
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

            pub(in $crate::aws::dynamodb::model) fn run(
                &self,
                dynamo: &mut $crate::aws::dynamodb::model::Dynamo,
                context: &$crate::aws::dynamodb::model::Context,
            ) -> $crate::aws::dynamodb::model::Outcome<::serde_json::Value> {
                use $crate::aws::dynamodb::model::operation::Operation;
                match self {
                    $(Self::$name(request) => request.run(dynamo, context),)*
                }
            }
        }
    };
}

pub(super) use requests;

// Each operation, and whether it only reads.
requests! {
    /// A request to DynamoDB.
    Request of "DynamoDB" {
        CreateBackup: false,
        CreateTable: false,
        DeleteBackup: false,
        DeleteResourcePolicy: false,
        DeleteTable: false,
        DescribeBackup: true,
        DescribeContinuousBackups: true,
        DescribeContributorInsights: true,
        DescribeExport: true,
        DescribeImport: true,
        DescribeKinesisStreamingDestination: true,
        DescribeTable: true,
        DescribeTableReplicaAutoScaling: true,
        DescribeTimeToLive: true,
        DisableKinesisStreamingDestination: false,
        EnableKinesisStreamingDestination: false,
        ExportTableToPointInTime: false,
        GetResourcePolicy: true,
        ImportTable: false,
        ListBackups: true,
        ListContributorInsights: true,
        ListExports: true,
        ListImports: true,
        ListTables: true,
        ListTagsOfResource: true,
        PutResourcePolicy: false,
        RestoreTableFromBackup: false,
        RestoreTableToPointInTime: false,
        TagResource: false,
        UntagResource: false,
        UpdateContinuousBackups: false,
        UpdateContributorInsights: false,
        UpdateKinesisStreamingDestination: false,
        UpdateTable: false,
        UpdateTableReplicaAutoScaling: false,
        UpdateTimeToLive: false,
    }
}

pub(super) fn parse<T: DeserializeOwned>(service: &str, operation: &str, body: Value) -> Outcome<T> {
    serde_json::from_value(body).map_err(|error| refused(service, operation, &error.to_string()))
}

/// What a service makes of a body that is not a request of the operation, from what serde says of it.
fn refused(service: &str, operation: &str, error: &str) -> Failure {
    let quoted = error.split('`').nth(1).unwrap_or_default();
    if error.starts_with("unknown field") {
        return Failure::unsupported(service, format!("the member {quoted} of {operation}"));
    }
    if error.starts_with("missing field") {
        let failed =
            format!("Value null at '{}' failed to satisfy constraint: Member must not be null", member(quoted));
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

/// A member as such messages write it.
fn member(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}
