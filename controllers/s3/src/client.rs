//! A connection to S3 in one scope.

use aws_sdk_s3::Client;
use cairn_aws::{Arn, Session, Sessions};
use cairn_core::{api::AckResourceMetadata, failure::Failure, scope::Scope};
use cairn_runtime::kind::ScopedClient;

use crate::zone::Zone;

/// The region whose CreateBucket answers 200 also for a bucket that the caller owns already.
const US_EAST_1: &str = "us-east-1";

/// Opens connections to S3.
#[derive(Clone, Debug)]
pub struct S3 {
    sessions: Sessions,
    path_style: bool,
}

impl S3 {
    /// Connections over `sessions`. `path_style` puts the bucket's name into the path instead of the host name, for
    /// endpoints that have no such host names.
    #[must_use]
    pub fn new(sessions: Sessions, path_style: bool) -> Self {
        Self { sessions, path_style }
    }

    pub(crate) async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        let session = self.sessions.session(scope).await?;
        let client = |config| {
            let config = aws_sdk_s3::config::Builder::from(&config)
                .force_path_style(self.path_style)
                .interceptor(session.meter())
                .retry_partition(session.retry_partition("s3"))
                .build();
            Client::from_conf(config)
        };
        let (read, write) = session.kept(|session| (client(session.reading()), client(session.mutating())));
        Ok(Scoped { read, write, session })
    }
}

/// A connection to S3 in one scope: one client for reads and one for mutations, which are sent once.
#[derive(Clone, Debug)]
pub struct Scoped {
    pub(crate) read: Client,
    pub(crate) write: Client,
    session: Session,
}

/// A connection to S3 Control, which has the tags of directory buckets.
#[derive(Clone, Debug)]
pub(crate) struct Control {
    pub(crate) read: aws_sdk_s3control::Client,
    pub(crate) write: aws_sdk_s3control::Client,
}

impl Scoped {
    /// The account that every bucket must belong to.
    pub(crate) fn account(&self) -> &str {
        &self.session.account().id
    }

    /// The account for S3 to compare with the bucket's: it refuses the call for another's. It takes calls about directory
    /// buckets only from their own account, and refuses to be told so.
    pub(crate) fn expected_owner(&self, bucket: &str) -> Option<String> {
        Zone::of(bucket).is_none().then(|| self.account().to_owned())
    }

    /// ARN of a bucket.
    pub(crate) fn arn(&self, bucket: &str) -> String {
        let partition = &self.session.account().partition;
        if Zone::of(bucket).is_none() {
            return Arn { partition, service: "s3", region: "", account: "", resource: bucket }.to_string();
        }
        let (region, account, resource) = (self.region(), self.account(), format!("bucket/{bucket}"));
        Arn { partition, service: "s3express", region, account, resource: &resource }.to_string()
    }

    /// The connection to S3 Control, made when it is first asked for. About directory buckets it is the hosts of S3 that
    /// answer. The SDK refuses to ask them by dual stack.
    pub(crate) fn control(&self) -> Control {
        let client = |config, session: &Session| {
            let config = aws_sdk_s3control::config::Builder::from(&config)
                .use_dual_stack(false)
                .interceptor(session.meter().counting_as("s3"))
                .retry_partition(session.retry_partition("s3"))
                .build();
            aws_sdk_s3control::Client::from_conf(config)
        };
        self.session.kept(|session| Control {
            read: client(session.reading(), session),
            write: client(session.mutating(), session),
        })
    }

    pub(crate) fn region(&self) -> &str {
        self.session.region().as_str()
    }

    /// Where a new bucket is to be, in the form of CreateBucket; `None` for the region that has none.
    pub(crate) fn location_constraint(&self) -> Option<&str> {
        Some(self.region()).filter(|region| *region != US_EAST_1)
    }
}

impl ScopedClient for Scoped {
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata {
        let account = self.session.account();
        AckResourceMetadata {
            arn: identity.map(|bucket| self.arn(bucket)),
            owner_account_id: account.id.clone(),
            region: self.region().into(),
            partition: Some(account.partition.clone()),
        }
    }

    fn emulated(&self) -> bool {
        self.session.emulated("S3")
    }

    fn confirm_create(&self) -> bool {
        self.region() == US_EAST_1 || self.emulated()
    }
}

/// One read of a bucket: `fetch!(client, bucket, sdk_method, "Operation")`. S3 refuses it for another account's bucket.
macro_rules! fetch {
    ($client:expr, $bucket:expr, $call:ident, $operation:expr) => {{
        let call = $client.read.$call().bucket($bucket).set_expected_bucket_owner($client.expected_owner($bucket));
        call.send().await.map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

/// One mutation of a bucket: `send!(client, bucket, sdk_method.sdk_field(value), "Operation")`. Sent once, and refused by
/// S3 for another account's bucket.
macro_rules! send {
    ($client:expr, $bucket:expr, $call:ident$(.$field:ident($value:expr))*, $operation:expr) => {{
        let owner = $client.expected_owner($bucket);
        let call = $client.write.$call().bucket($bucket).set_expected_bucket_owner(owner)$(.$field($value))*;
        call.send().await.map(drop).map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

pub(crate) use {fetch, send};
