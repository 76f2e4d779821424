//! A connection to S3 Control in one scope.

use aws_sdk_s3control::Client;
use cairn_aws::{Session, Sessions};
use cairn_core::{api::AckResourceMetadata, failure::Failure, scope::Scope};
use cairn_runtime::kind::ScopedClient;

use crate::host::PlainHost;

/// Opens connections to S3 Control.
#[derive(Clone, Debug)]
pub struct S3Control {
    sessions: Sessions,
    plain_host: bool,
}

impl S3Control {
    /// Connections over `sessions`. `plain_host` leaves the account's id out of the host name, for endpoints that have no
    /// such host names.
    #[must_use]
    pub fn new(sessions: Sessions, plain_host: bool) -> Self {
        Self { sessions, plain_host }
    }

    /// A connection for the kind whose resources have such ARNs.
    pub(crate) async fn connect(&self, scope: &Scope, arn: Named) -> Result<Scoped, Failure> {
        let session = self.sessions.session(scope).await?;
        let client = |config| {
            let config = aws_sdk_s3control::config::Builder::from(&config)
                .interceptor(session.meter())
                .retry_partition(session.retry_partition("s3control"));
            let plain = self.plain_host.then(|| PlainHost::new(&session.account().id));
            let config = plain.into_iter().fold(config, aws_sdk_s3control::config::Builder::interceptor);
            Client::from_conf(config.build())
        };
        let (read, write) = session.kept(|session| (client(session.reading()), client(session.mutating())));
        Ok(Scoped { read, write, session, arn })
    }
}

/// The ARN of a resource of a kind by its name; `None` where resources have none.
pub(crate) type Named = fn(&Session, &str) -> Option<String>;

/// A connection to S3 Control in one scope: one client for reads and one for mutations, which are sent once.
#[derive(Clone, Debug)]
pub struct Scoped {
    pub(crate) read: Client,
    pub(crate) write: Client,
    session: Session,
    arn: Named,
}

impl Scoped {
    /// The account that every call is about.
    pub(crate) fn account(&self) -> &str {
        &self.session.account().id
    }

    /// ARN of the resource of that name; empty where resources have none.
    pub(crate) fn arn(&self, name: &str) -> String {
        (self.arn)(&self.session, name).unwrap_or_default()
    }
}

impl ScopedClient for Scoped {
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata {
        let account = self.session.account();
        AckResourceMetadata {
            arn: identity.and_then(|name| (self.arn)(&self.session, name)),
            owner_account_id: account.id.clone(),
            region: self.session.region().to_string(),
            partition: Some(account.partition.clone()),
        }
    }

    fn emulated(&self) -> bool {
        self.session.emulated("S3 Control")
    }

    /// S3 Control refuses a name that there is already, which emulators do not; and all that it tells of what it made, only
    /// a read brings.
    fn confirm_create(&self) -> bool {
        true
    }
}

/// One read: `fetch!(client, sdk_method.sdk_member(value)…, "Operation")`.
macro_rules! fetch {
    ($client:expr, $call:ident$(.$member:ident($value:expr))*, $operation:expr) => {{
        let call = $client.read.$call().account_id($client.account())$(.$member($value))*;
        call.send().await.map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

/// One mutation, sent once: `send!(client, sdk_method.sdk_member(value)…, "Operation")`.
macro_rules! send {
    ($client:expr, $call:ident$(.$member:ident($value:expr))*, $operation:expr) => {{
        let call = $client.write.$call().account_id($client.account())$(.$member($value))*;
        call.send().await.map_err(|error| cairn_aws::failure($operation, &error))
    }};
}

pub(crate) use {fetch, send};
