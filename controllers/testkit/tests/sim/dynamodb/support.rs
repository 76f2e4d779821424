//! What the tests of DynamoDB share.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, retry::RetryConfig, timeout::TimeoutConfig};
use cairn_testkit::{
    Process,
    aws::{
        Aws,
        dynamodb::model::{Caller, Dynamo, Failure, Request, Settings, Table, scaling::ScalingRequest},
    },
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The model, somebody who asks it, and a time that only the test moves.
pub(crate) struct Model {
    pub(crate) dynamo: Dynamo,
    pub(crate) caller: Caller,
    pub(crate) now: Timestamp,
}

impl Model {
    pub(crate) fn new() -> Self {
        Self {
            dynamo: Dynamo::new(Settings::default()),
            caller: Caller::new("111122223333", "eu-west-1"),
            now: "2026-01-01T00:00:00Z".parse().unwrap(),
        }
    }

    /// A model with the table `orders` of [`on_demand`], with `more`, that has come to rest.
    pub(crate) fn with(more: Value) -> Self {
        let mut model = Self::new();
        model.call("CreateTable", with(on_demand(), more)).unwrap();
        model.rest();
        model
    }

    /// The same of [`provisioned`].
    pub(crate) fn with_provisioned(more: Value) -> Self {
        let mut model = Self::new();
        model.call("CreateTable", with(provisioned(), more)).unwrap();
        model.rest();
        model
    }

    pub(crate) fn call(&mut self, operation: &str, body: Value) -> Result<Value, Failure> {
        let request = Request::parse(operation, body)?;
        assert_eq!(request.operation(), operation);
        self.dynamo.handle(&self.caller, &request, self.now)
    }

    /// Calls Application Auto Scaling about DynamoDB.
    pub(crate) fn scale(&mut self, operation: &str, body: Value) -> Result<Value, Failure> {
        // Operations on tags name no service.
        let namespace = body.get("ResourceARN").is_none().then_some("dynamodb");
        let request = ScalingRequest::parse(operation, with(json!({ "ServiceNamespace": namespace }), body))?;
        self.dynamo.scale(&self.caller, &request, self.now)
    }

    /// Calls on the table `orders`.
    pub(crate) fn on_table(&mut self, operation: &str, more: Value) -> Result<Value, Failure> {
        self.call(operation, with(json!({ "TableName": "orders" }), more))
    }

    pub(crate) fn update(&mut self, more: Value) -> Result<Value, Failure> {
        self.on_table("UpdateTable", more)
    }

    /// Updates the table and lets it come to rest.
    pub(crate) fn updated(&mut self, more: Value) -> Table {
        self.update(more).unwrap();
        self.rest()
    }

    /// Code of the failure, whose message must hold `says`.
    pub(crate) fn refused(&mut self, operation: &str, body: Value, says: &str) -> &'static str {
        let failure = self.call(operation, body).unwrap_err();
        assert!(failure.message.contains(says), "{}\ndoes not say: {says}", failure.message);
        failure.code
    }

    pub(crate) fn update_refused(&mut self, more: Value, says: &str) -> &'static str {
        self.refused("UpdateTable", with(json!({ "TableName": "orders" }), more), says)
    }

    pub(crate) fn wait(&mut self, duration: Duration) {
        self.now = self.now.checked_add(duration).unwrap();
    }

    /// Moves on to the next end of something under way, and gives the table of then; false when there is none.
    pub(crate) fn step(&mut self) -> bool {
        let next = self.dynamo.tables(self.now).iter().filter_map(Table::next_change).min();
        self.now = next.unwrap_or(self.now).max(self.now);
        next.is_some()
    }

    /// Lets everything come to rest but what takes a day, and gives the table `orders`.
    pub(crate) fn rest(&mut self) -> Table {
        let soon = self.now.checked_add(Duration::from_hours(1)).unwrap();
        while self.dynamo.tables(self.now).iter().filter_map(Table::next_change).min().is_some_and(|at| at < soon) {
            self.step();
        }
        self.table()
    }

    /// The table `orders` in another region.
    pub(crate) fn table_in(&self, region: &str) -> Option<Table> {
        self.dynamo.table(&Caller::new(&self.caller.account, region), "orders", self.now)
    }

    /// The table `orders`.
    pub(crate) fn table(&self) -> Table {
        self.dynamo.table(&self.caller, "orders", self.now).unwrap()
    }
}

/// `base` with the members of `more`; null takes one away.
pub(crate) fn with(mut base: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("not members: {more}") };
    for (name, value) in more {
        base[name] = value;
    }
    base.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    base
}

/// Definitions of string attributes.
pub(crate) fn strings(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect()
}

/// A key of a partition key and a sort key, if any.
pub(crate) fn key(names: &[&str]) -> Value {
    let element = |(name, role): (&&str, &str)| json!({ "AttributeName": name, "KeyType": role });
    names.iter().zip(["HASH", "RANGE"]).map(element).collect()
}

/// An index on one attribute that holds everything.
pub(crate) fn index(name: &str, attribute: &str) -> Value {
    json!({ "IndexName": name, "KeySchema": key(&[attribute]), "Projection": { "ProjectionType": "ALL" } })
}

/// Capacity.
pub(crate) fn units(read: i64, write: i64) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

/// The table `orders`, paid for by request.
pub(crate) fn on_demand() -> Value {
    json!({
        "TableName": "orders", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": strings(&["id"]), "KeySchema": key(&["id"]),
    })
}

/// The table `orders`, with capacity.
pub(crate) fn provisioned() -> Value {
    with(on_demand(), json!({ "BillingMode": null, "ProvisionedThroughput": units(5, 5) }))
}

/// The request that adds an index on `attribute`.
pub(crate) fn add_index(name: &str, attribute: &str) -> Value {
    json!({
        "AttributeDefinitions": strings(&[attribute]),
        "GlobalSecondaryIndexUpdates": [{ "Create": index(name, attribute) }],
    })
}

/// The request that deletes an index.
pub(crate) fn delete_index(name: &str) -> Value {
    json!({ "GlobalSecondaryIndexUpdates": [{ "Delete": { "IndexName": name } }] })
}

/// Builder of a client of DynamoDB, without retries.
pub(crate) fn config(
    aws: &Aws,
    process: &Process,
    region: &str,
    access_key: &str,
) -> aws_sdk_dynamodb::config::Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws.http_client_for(process))
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .time_source(aws.clock().clone())
        .timeout_config(TimeoutConfig::disabled())
        .retry_config(RetryConfig::disabled())
}

/// A client of DynamoDB, of the default account.
pub(crate) fn client(aws: &Aws, region: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(config(aws, &Process::new(), region, "AKIAMINE").build())
}
