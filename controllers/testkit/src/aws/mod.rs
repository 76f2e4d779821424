//! An in-process AWS: S3 and S3 Control, DynamoDB with the parts of Application Auto Scaling
//! and KMS that are about it, and STS.

mod answer;
mod autoscaling;
mod call;
mod connector;
mod control;
mod direct;
pub mod dynamodb;
mod json;
mod kms;
mod regions;
mod route;
mod s3;
mod s3control;
mod sts;
mod tokens;
mod view;
mod world;
mod xml;

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use self::{
    answer::{Answer, S3Error},
    connector::Connector,
    json::Protocol,
    route::{RawRequest, Route},
    world::World,
};
pub use self::{
    call::AwsCall,
    s3control::AccessPointView,
    sts::{RoleSeed, SessionView},
    view::{BucketSeed, BucketView},
};
use crate::{
    clock::Clock,
    process::Process,
    sync::lock,
    traffic::{Backend, Dropped, Traffic},
};

/// An in-process AWS; clones are the same one.
#[derive(Clone)]
pub struct Aws {
    world: Arc<Mutex<World>>,
    traffic: Traffic<AwsCall>,
    clock: Clock,
}

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aws").finish_non_exhaustive()
    }
}

impl Default for Aws {
    fn default() -> Self {
        Self::new()
    }
}

impl Aws {
    /// An empty AWS with a clock of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::default())
    }

    /// An empty AWS that takes the time from `clock`.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        Self { world: Arc::new(Mutex::new(World::new(clock.clone()))), traffic: Traffic::new(), clock }
    }

    /// The wall clock; give it to the SDK as time source, or temporary credentials are long expired.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// An HTTP client for the SDK, in a process of its own.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        self.http_client_for(&Process::new())
    }

    /// An HTTP client of `process`.
    #[must_use]
    pub fn http_client_for(&self, process: &Process) -> SharedHttpClient {
        SharedHttpClient::new(Connector::new(self.clone(), process.clone()))
    }

    /// Assigns an access key to an account; others belong to 111122223333.
    pub fn set_account(&self, access_key: &str, account: &str) {
        lock(&self.world).accounts.insert(access_key.to_owned(), account.to_owned());
    }

    /// Whether tags in `CreateBucket` are dropped, as some emulators do.
    pub fn ignore_create_tags(&self, ignore: bool) {
        lock(&self.world).ignore_create_tags = ignore;
    }

    async fn dispatch(&self, process: &Process, raw: RawRequest) -> Result<Answer, Dropped> {
        let route = Route::of(&raw);
        let call = self.call_of(&raw, &route);
        self.traffic.run(self, process, call, (raw, route)).await
    }

    fn call_of(&self, raw: &RawRequest, route: &Route) -> AwsCall {
        let key = route.scope.as_ref().map(|scope| scope.access_key.as_str()).unwrap_or_default();
        AwsCall {
            service: route.service.clone(),
            operation: match route.service.as_str() {
                "sts" => sts::action(raw),
                "dynamodb" | "application-autoscaling" | "kms" => json::operation(raw),
                "s3-control" => s3control::operation_name(raw),
                _ => s3::operation_name(raw, route),
            },
            bucket: route.bucket.clone(),
            table: json::table_name(raw, &route.service),
            region: route.region.clone(),
            account: lock(&self.world).account(key),
            status: 0,
            code: None,
            at: self.clock.now(),
        }
    }
}

impl Backend for Aws {
    type Call = AwsCall;
    type Request = (RawRequest, Route);
    type Answer = Answer;

    fn execute(&self, _: &AwsCall, (raw, route): (RawRequest, Route)) -> Answer {
        let world = &mut *lock(&self.world);
        let id = world.next_request_id();
        if let Err(refused) = sts::check(world, &raw, &route) {
            return identified(error(&route.service, raw.method == "HEAD", refused.said_by(&route.service), &id), &id);
        }
        let answer = match route.service.as_str() {
            "sts" => sts::handle(world, &raw, &route, &id),
            "dynamodb" => dynamodb::handle(world, &raw, &route),
            "application-autoscaling" => autoscaling::handle(world, &raw, &route),
            "kms" => kms::handle(world, &raw, &route),
            "s3-control" => s3control::handle(world, &raw, &route, &id),
            _ => s3::handle(world, &raw, &route, &id),
        };
        identified(answer, &id)
    }

    fn refuse(&self, call: &AwsCall, status: u16, code: Option<&str>) -> Answer {
        let id = lock(&self.world).next_request_id();
        let code = code.unwrap_or_else(|| answer::usual_code(&call.service, status));
        let (status, code) = answer::native(&call.service, status, code);
        let said = (status, code, "a fault of the testkit");
        identified(error(&call.service, call.operation.starts_with("Head"), said, &id), &id)
    }

    fn outcome(answer: &Answer) -> (u16, Option<String>) {
        (answer.status, answer.code.clone())
    }
}

/// An error in the format of a service.
fn error(service: &str, head: bool, (status, code, message): (u16, &str, &str), id: &str) -> Answer {
    match service {
        "sts" => sts::error(status, code, message, id),
        "dynamodb" => dynamodb::error(status, code, message),
        "application-autoscaling" | "kms" => Protocol::V1_1.error(status, "", code, message),
        "s3-control" => s3control::error(&S3Error::new(status, code, message), id),
        _ => S3Error::new(status, code, message).answer(id, head),
    }
}

fn identified(answer: Answer, id: &str) -> Answer {
    answer.header("x-amz-request-id", id).header("x-amzn-requestid", id).header("x-amz-id-2", "testkit")
}
