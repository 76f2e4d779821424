//! A connection to DynamoDB, and to what scales its capacity, in one scope.

use aws_sdk_dynamodb::Client;
use cairn_aws::{Arn, Session, Sessions, unmade};
use cairn_core::{
    api::AckResourceMetadata,
    failure::Failure,
    scope::{Region, Scope},
};
use cairn_runtime::kind::ScopedClient;

/// Opens connections to DynamoDB.
#[derive(Clone, Debug)]
pub struct DynamoDb {
    sessions: Sessions,
}

impl DynamoDb {
    /// Connections over `sessions`.
    #[must_use]
    pub fn new(sessions: Sessions) -> Self {
        Self { sessions }
    }

    pub(crate) async fn connect(&self, scope: &Scope) -> Result<Scoped, Failure> {
        let session = self.sessions.session(scope).await?;
        let client = |config| {
            let config = aws_sdk_dynamodb::config::Builder::from(&config)
                .interceptor(session.meter())
                .retry_partition(session.retry_partition("dynamodb"))
                .build();
            Client::from_conf(config)
        };
        let (read, write) = session.kept(|session| (client(session.reading()), client(session.mutating())));
        Ok(Scoped { read, write, session, dynamodb: self.clone(), scope: scope.clone() })
    }
}

/// A connection to DynamoDB in one scope: one client for reads and one for mutations, which are sent once.
#[derive(Clone, Debug)]
pub struct Scoped {
    pub(crate) read: Client,
    pub(crate) write: Client,
    session: Session,
    dynamodb: DynamoDb,
    scope: Scope,
}

impl Scoped {
    /// The same account, as the same role, in another region.
    pub(crate) async fn in_region(&self, region: &str) -> Result<Self, Failure> {
        let region = Region::parse(region).map_err(|why| unmade("a call to a replica", &why))?;
        self.dynamodb.connect(&Scope { region, ..self.scope.clone() }).await
    }

    /// What scales capacity there. Few tables need it.
    pub(crate) fn scaling(&self) -> Scaling {
        let client = |config| {
            let config = aws_sdk_applicationautoscaling::config::Builder::from(&config)
                .interceptor(self.session.meter())
                .retry_partition(self.session.retry_partition("application-autoscaling"))
                .build();
            aws_sdk_applicationautoscaling::Client::from_conf(config)
        };
        let (read, write) = self.session.kept(|session| (client(session.reading()), client(session.mutating())));
        Scaling { read, write }
    }

    /// What tells of keys there. Few tables need it.
    pub(crate) fn kms(&self) -> aws_sdk_kms::Client {
        self.session.kept(|session| {
            let config = aws_sdk_kms::config::Builder::from(&session.reading())
                .interceptor(session.meter())
                .retry_partition(session.retry_partition("kms"))
                .build();
            aws_sdk_kms::Client::from_conf(config)
        })
    }

    /// ARN of the table of that name. What has no name, such as a backup, is known by its ARN.
    pub(crate) fn arn(&self, table: &str) -> String {
        if Arn::parse(table).is_some() {
            return table.into();
        }
        let (account, resource) = (self.session.account(), format!("table/{table}"));
        let region = self.session.region().as_str();
        Arn { partition: &account.partition, service: "dynamodb", region, account: &account.id, resource: &resource }
            .to_string()
    }
}

/// A connection to Application Auto Scaling in one scope, with clients as [`Scoped`] has them.
#[derive(Clone, Debug)]
pub(crate) struct Scaling {
    pub(crate) read: aws_sdk_applicationautoscaling::Client,
    pub(crate) write: aws_sdk_applicationautoscaling::Client,
}

impl ScopedClient for Scoped {
    fn metadata(&self, identity: Option<&str>) -> AckResourceMetadata {
        let account = self.session.account();
        AckResourceMetadata {
            arn: identity.map(|table| self.arn(table)),
            owner_account_id: account.id.clone(),
            region: self.session.region().to_string(),
            partition: Some(account.partition.clone()),
        }
    }

    fn emulated(&self) -> bool {
        self.session.emulated("DynamoDB")
    }

    /// `CreateTable` refuses a name that there is already.
    fn confirm_create(&self) -> bool {
        false
    }
}

/// One read: `fetch!(client, sdk_method.sdk_member(value)…, "Operation")`.
macro_rules! fetch {
    ($client:expr, $call:ident$(.$member:ident($value:expr))*, $operation:expr) => {{
        let call = $client.read.$call()$(.$member($value))*;
        call.send().await.map_err(|error| $crate::failure::failure($operation, &error))
    }};
}

/// One mutation, sent once: `send!(client, sdk_method.sdk_member(value)…, "Operation")`.
macro_rules! send {
    ($client:expr, $call:ident$(.$member:ident($value:expr))*, $operation:expr) => {{
        let call = $client.write.$call()$(.$member($value))*;
        call.send().await.map(drop).map_err(|error| $crate::failure::failure($operation, &error))
    }};
}

pub(crate) use {fetch, send};
