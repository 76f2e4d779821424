//! A connection to S3 in one scope.

use aws_sdk_s3::Client;
use cairn_aws::{Session, Sessions};
use cairn_core::{api::AckResourceMetadata, failure::Failure, scope::Scope};
use cairn_runtime::kind::ScopedClient;

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

impl Scoped {
    /// The account that every bucket must belong to: S3 refuses the call for another's.
    pub(crate) fn account(&self) -> &str {
        &self.session.account().id
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
            arn: identity.map(|bucket| format!("arn:{}:s3:::{bucket}", account.partition)),
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
        let call = $client.read.$call().bucket($bucket).expected_bucket_owner($client.account());
        call.send().await.map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

/// One mutation of a bucket: `send!(client, bucket, sdk_method.sdk_field(value), "Operation")`. Sent once, and refused by
/// S3 for another account's bucket.
macro_rules! send {
    ($client:expr, $bucket:expr, $call:ident$(.$field:ident($value:expr))*, $operation:expr) => {{
        let call = $client.write.$call().bucket($bucket).expected_bucket_owner($client.account())$(.$field($value))*;
        call.send().await.map(drop).map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

pub(crate) use {fetch, send};
