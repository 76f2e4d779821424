//! What the tests share.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_s3::config::retry::RetryConfig;
use aws_smithy_async::time::SharedTimeSource;
use cairn_aws::{Account, AwsCall, CallObserver, Meter, Session, Sessions, Settings, failure};
use cairn_core::{
    failure::Failure,
    scope::{Region, Role, RoleArn, Scope},
};
use cairn_testkit::aws::Aws;

pub(crate) const OWN: &str = "111122223333";
pub(crate) const THEIRS: &str = "444455556666";

/// Remembers what it is told.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub(crate) calls: Mutex<Vec<String>>,
    pub(crate) identities: Mutex<Vec<(String, String, String)>>,
}

impl CallObserver for Observed {
    fn called(&self, call: AwsCall<'_>) {
        self.calls.lock().unwrap().push(call.operation.to_owned());
    }

    fn identified(&self, account: &Account, region: &Region) {
        let told = (account.id.clone(), account.caller.clone(), region.to_string());
        self.identities.lock().unwrap().push(told);
    }
}

/// Settings of an operator that is a user of account [`OWN`].
pub(crate) fn settings(aws: &Aws, observed: &Arc<Observed>) -> Settings {
    Settings {
        endpoint: None,
        identity_endpoint: None,
        read_timeout: Duration::from_mins(1),
        mutation_timeout: Duration::from_secs(7),
        use_fips: false,
        use_dual_stack: false,
        time_source: Some(SharedTimeSource::new(aws.clock().clone())),
        http_client: Some(aws.http_client()),
        credentials: Some(SharedCredentialsProvider::new(Credentials::new("KEY", "secret", None, None, "test"))),
        meter: Meter::new(Arc::clone(observed) as Arc<dyn CallObserver>),
    }
}

pub(crate) fn sessions(aws: &Aws) -> Sessions {
    Sessions::new(settings(aws, &Arc::default()))
}

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:iam::{THEIRS}:role/{name}")
}

pub(crate) fn role(name: &str) -> Role {
    Role::plain(RoleArn::parse(&arn(name)).unwrap())
}

pub(crate) fn region(name: &str) -> Region {
    Region::parse(name).unwrap()
}

pub(crate) fn under(role: Role) -> Scope {
    Scope { region: region("eu-west-1"), role: Some(role) }
}

/// Makes one call under the session.
pub(crate) async fn call(session: &Session) -> Result<(), Failure> {
    let config = aws_sdk_s3::config::Builder::from(&session.reading())
        .retry_config(RetryConfig::disabled())
        .interceptor(session.meter());
    let client = session.kept(|_| aws_sdk_s3::Client::from_conf(config.build()));
    client.list_buckets().send().await.map(drop).map_err(|error| failure("ListBuckets", &error))
}

/// How often AWS was asked for this.
pub(crate) fn count(aws: &Aws, operation: &str) -> usize {
    aws.calls().iter().filter(|call| call.operation == operation).count()
}
