//! Real clients of the SDK over an AWS in this process.

mod isolation;
mod mutations;
mod reads;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::BehaviorVersion;
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_s3::{Client, types::Tagging};
use aws_types::SdkConfig;
use cairn_core::failure::Failure;
use cairn_testkit::aws::{Aws, BucketSeed};

use super::{Access, Lane, Pacer};
use crate::{AwsCall, CallObserver, Meter, Session, failure};

const REGION: &str = "eu-west-1";
/// The operation of [`Scoped::look`].
const LOOK: &str = "GetBucketVersioning";
const ACCOUNT: &str = "111122223333";

/// What an observer was told.
#[derive(Clone, Debug, PartialEq)]
enum Told {
    Called(String, Option<u16>, Duration),
    Waited(Access, Duration),
    Throttled(Lane),
    Paced(Access, Option<f64>),
    Region(String, String, bool),
}

#[derive(Clone, Debug, Default)]
struct Ear(Arc<Mutex<Vec<Told>>>);

impl Ear {
    fn hear(&self, told: Told) {
        self.0.lock().unwrap().push(told);
    }

    fn told(&self) -> Vec<Told> {
        self.0.lock().unwrap().clone()
    }
}

impl CallObserver for Ear {
    fn called(&self, call: AwsCall<'_>) {
        self.hear(Told::Called(format!("{}:{}", call.service, call.operation), call.status, call.latency));
    }

    fn waited(&self, lane: &Lane, waited: Duration) {
        self.hear(Told::Waited(lane.access, waited));
    }

    fn throttled(&self, lane: &Lane) {
        self.hear(Told::Throttled(lane.clone()));
    }

    fn paced(&self, lane: &Lane, rate: Option<f64>) {
        self.hear(Told::Paced(lane.access, rate));
    }

    fn region(&self, region: &str, service: &str, answers: bool) {
        self.hear(Told::Region(region.into(), service.into(), answers));
    }
}

/// AWS and a process that calls it.
struct World {
    aws: Aws,
    ear: Ear,
    pacer: Pacer,
}

/// A session with its clients of S3.
#[derive(Clone)]
struct Scoped {
    session: Session,
    read: Client,
    write: Client,
}

impl World {
    fn new() -> Self {
        let (aws, ear) = (Aws::new(), Ear::default());
        let pacer = Pacer::new(Arc::new(ear.clone()));
        Self { aws, ear, pacer }
    }

    /// The account whose access key is its id, in a region where it has a bucket.
    fn scoped(&self, account: &str, region: &str) -> Scoped {
        self.aws.set_account(account, account);
        self.aws.put_bucket(&BucketSeed::new(&bucket(account, region)).region(region).account(account));
        let credentials = Credentials::new(account, "secret", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(self.aws.http_client())
            .time_source(self.aws.clock().clone())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        let meter = Meter::new(Arc::new(self.ear.clone()));
        let session = Session::of(account, region, config, &self.pacer, meter);
        let client = |config: SdkConfig| {
            let config = aws_sdk_s3::config::Builder::from(&config)
                .interceptor(session.meter())
                .retry_partition(session.retry_partition("s3"));
            Client::from_conf(config.build())
        };
        Scoped { read: client(session.reading()), write: client(session.mutating()), session }
    }

    /// Lets AWS throttle one call of that kind, so that there is a limit of five calls a second.
    async fn throttle(&self, scoped: &Scoped, access: Access) {
        let throttled = self.aws.throttle(|_: &cairn_testkit::aws::AwsCall| true);
        match access {
            Access::Read => drop(self.look_once(scoped).await),
            Access::Mutate => drop(scoped.tag().await),
        }
        drop(throttled);
        self.aws.clear_calls();
        self.ear.0.lock().unwrap().clear();
    }

    /// One attempt, without the SDK's retries.
    async fn look_once(&self, scoped: &Scoped) -> Result<(), Failure> {
        let retries = aws_sdk_s3::config::retry::RetryConfig::disabled();
        let config = aws_sdk_s3::config::Builder::from(&scoped.session.reading())
            .interceptor(scoped.session.meter())
            .retry_config(retries);
        Scoped { read: Client::from_conf(config.build()), ..scoped.clone() }.look().await
    }
}

fn bucket(account: &str, region: &str) -> String {
    format!("bucket-{account}-{region}")
}

impl Scoped {
    fn bucket(&self) -> String {
        bucket(&self.session.account().id, self.session.region().as_str())
    }

    async fn look(&self) -> Result<(), Failure> {
        let answer = self.read.get_bucket_versioning().bucket(self.bucket()).send().await;
        answer.map(drop).map_err(|error| failure(LOOK, &error))
    }

    async fn tag(&self) -> Result<(), Failure> {
        let tagging = Tagging::builder().set_tag_set(Some(Vec::new())).build().unwrap();
        let answer = self.write.put_bucket_tagging().bucket(self.bucket()).tagging(tagging).send().await;
        answer.map(drop).map_err(|error| failure("PutBucketTagging", &error))
    }
}
