//! Sessions: what is needed to speak to AWS in one scope, made once and kept.

use std::{collections::HashMap, sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, Region as SdkRegion};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime::client::{defaults::default_http_client_plugin_v2, retries::RetryPartition};
use aws_smithy_runtime_api::client::{
    http::SharedHttpClient, runtime_components::RuntimeComponentsBuilder, runtime_plugin::RuntimePlugin,
    stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{
    SdkConfig,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};
use cairn_core::{
    failure::Failure,
    scope::{Region, Scope},
};
use tokio::sync::{Mutex, OnceCell};
use tracing::info;

use crate::{
    Arn, Meter,
    failure::failure,
    pace::{Access, Admission, Paced, Pacer, Route},
};

/// How AWS is reached. The SDK's own variables and files (`AWS_ENDPOINT_URL`, `AWS_PROFILE`, …) hold beside it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Overrides the endpoint of every service.
    pub endpoint: Option<String>,
    /// Overrides the endpoint of STS alone.
    pub identity_endpoint: Option<String>,
    /// How long one read may be on its way with its retries. Waiting for its turn does not count.
    pub read_timeout: Duration,
    /// How long one mutation may take. It is sent once.
    pub mutation_timeout: Duration,
    /// Replaces the SDK's HTTP client; for tests.
    pub http_client: Option<SharedHttpClient>,
    /// Replaces the SDK's chain of credential providers; for tests.
    pub credentials: Option<SharedCredentialsProvider>,
    /// Counts the calls.
    pub meter: Meter,
}

/// The AWS account that a session acts in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Twelve-digit id.
    pub id: String,
    /// Partition: `aws`, `aws-cn`, `aws-us-gov`, ….
    pub partition: String,
    /// ARN of the caller.
    pub caller: String,
}

/// What is needed to speak to AWS in one scope.
#[derive(Clone, Debug)]
pub struct Session {
    config: SdkConfig,
    read_timeout: Duration,
    mutation_timeout: Duration,
    region: Region,
    account: Account,
    meter: Meter,
    pacer: Pacer,
}

impl Session {
    /// The region.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Says of every attempt which call it belongs to; every service client must be given it.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.meter.clone()
    }

    /// How long one mutation may take.
    #[must_use]
    pub fn mutation_timeout(&self) -> Duration {
        self.mutation_timeout
    }

    /// SDK configuration for reads, which the SDK may retry. Each attempt keeps the pace of [`crate::pace`].
    #[must_use]
    pub fn reading(&self) -> SdkConfig {
        let retries = RetryConfig::standard().with_max_attempts(3);
        configured(&self.config, &self.pacer, self.route(Access::Read), retries)
    }

    /// SDK configuration for mutations, each of which is sent once: what became of it, only a read can tell. Each keeps
    /// the pace of [`crate::pace`].
    #[must_use]
    pub fn mutating(&self) -> SdkConfig {
        configured(&self.config, &self.pacer, self.route(Access::Mutate), RetryConfig::disabled())
    }

    /// Waits until the pace allows one mutation of a service (named as in metrics, for example `s3`), which then makes
    /// `operation` without waiting by [`Admission::carry`]. Who has to prove before a mutation that it may still be made
    /// for as long as it may take, does so between the two. Nothing is sent here, whatever happens.
    ///
    /// # Errors
    /// A failure that is not ambiguous: the region does not answer, or AWS throttles and no turn came in time.
    pub async fn admit(&self, service: &str, operation: &str) -> Result<Admission, Failure> {
        let lane = self.route(Access::Mutate).lane(&service.into());
        let flight = self.pacer.board(&lane, None).await;
        flight.map(Admission::new).map_err(|refused| refused.failure(operation))
    }

    fn route(&self, access: Access) -> Route {
        let limit = match access {
            Access::Read => self.read_timeout,
            Access::Mutate => self.mutation_timeout,
        };
        let (account, region) = (self.account.id.as_str().into(), self.region.as_str().into());
        Route { account, region, access, limit }
    }

    /// A retry state of this account's and region's own: the SDK's default is one for the whole process, so that one
    /// account's throttling would slow every other.
    #[must_use]
    pub fn retry_partition(&self, service: &str) -> RetryPartition {
        RetryPartition::new(format!("{service}-{}-{}", self.account.id, self.region))
    }

    /// Whether the endpoint of a service is overridden, so that it may be an emulator. `service_id` is the SDK's, for
    /// example `S3`.
    #[must_use]
    pub fn emulated(&self, service_id: &str) -> bool {
        self.config.endpoint_url().is_some()
            || self.config.service_config().is_some_and(|config| has_endpoint(config, service_id))
    }
}

/// The time that an attempt has begins when it leaves, so `route` limits it and not the SDK, whose clock runs while a
/// read waits for its turn. For the same reason the SDK must not watch how fast a request is sent; ours are small.
fn configured(config: &SdkConfig, pacer: &Pacer, route: Route, retries: RetryConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(route.limit.min(CONNECT));
    let timeouts = match route.access {
        Access::Read => timeouts,
        Access::Mutate => timeouts.operation_timeout(route.limit),
    };
    let stalled = StalledStreamProtectionConfig::enabled().upload_enabled(false).build();
    let mut builder = config.to_builder();
    builder.set_http_client(config.http_client().map(|client| {
        let paced = Paced::new(client, pacer.clone(), route);
        SharedHttpClient::new(paced)
    }));
    builder.retry_config(retries).timeout_config(timeouts.build()).stalled_stream_protection(stalled).build()
}

/// A connection that takes longer will not come.
const CONNECT: Duration = Duration::from_secs(5);

fn has_endpoint(config: &dyn LoadServiceConfig, service_id: &str) -> bool {
    let key =
        ServiceConfigKey::builder().service_id(service_id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    key.is_ok_and(|key| config.load_config(key).is_some())
}

/// Makes sessions and keeps them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Sessions {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    pacer: Pacer,
    base: OnceCell<SdkConfig>,
    sessions: Mutex<HashMap<Scope, Arc<OnceCell<Session>>>>,
}

impl Sessions {
    /// Sessions that reach AWS as `settings` say. Nothing is asked of AWS before the first session.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let pacer = Pacer::new(Arc::clone(settings.meter.observer()));
        Self { shared: Arc::new(Shared { settings, pacer, base: OnceCell::new(), sessions: Mutex::default() }) }
    }

    /// The session of a scope. The first caller makes it and the others wait for that; a failure is not kept.
    ///
    /// # Errors
    /// When the caller's identity cannot be had: no credentials, AWS unreachable.
    pub async fn session(&self, scope: &Scope) -> Result<Session, Failure> {
        let cell = self.shared.sessions.lock().await.entry(scope.clone()).or_default().clone();
        cell.get_or_try_init(|| self.open(scope)).await.cloned()
    }

    async fn open(&self, scope: &Scope) -> Result<Session, Failure> {
        let settings = &self.shared.settings;
        let base = self.shared.base.get_or_init(|| load(settings, &scope.region)).await;
        let config = base.to_builder().region(SdkRegion::new(scope.region.to_string())).build();
        let account = self.identify(&config, &scope.region).await?;
        info!(account = account.id, caller = account.caller, region = %scope.region, "speaking to AWS");
        Ok(Session {
            config,
            read_timeout: settings.read_timeout,
            mutation_timeout: settings.mutation_timeout,
            region: scope.region.clone(),
            account,
            meter: settings.meter.clone(),
            pacer: self.shared.pacer.clone(),
        })
    }

    async fn identify(&self, config: &SdkConfig, region: &Region) -> Result<Account, Failure> {
        let settings = &self.shared.settings;
        let (account, in_region) = ("".into(), region.as_str().into());
        let route = Route { account, region: in_region, access: Access::Read, limit: settings.read_timeout };
        let config = configured(config, &self.shared.pacer, route, RetryConfig::standard().with_max_attempts(2));
        let mut builder = aws_sdk_sts::config::Builder::from(&config).interceptor(settings.meter.clone());
        if let Some(endpoint) = &settings.identity_endpoint {
            builder = builder.endpoint_url(endpoint);
        }
        let answer = aws_sdk_sts::Client::from_conf(builder.build()).get_caller_identity().send().await;
        let identity = answer.map_err(|error| failure("GetCallerIdentity", &error))?;
        let caller = identity.arn.unwrap_or_default();
        let partition = Arn::parse(&caller).map_or_else(|| region.partition(), |arn| arn.partition).to_owned();
        Ok(Account { id: identity.account.unwrap_or_default(), partition, caller })
    }
}

/// The region only keeps the SDK from asking the instance's metadata for one; every session sets its own.
async fn load(settings: &Settings, region: &Region) -> SdkConfig {
    let region = SdkRegion::new(region.to_string());
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(region);
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(client) = settings.http_client.clone().or_else(http_client) {
        loader = loader.http_client(client);
    }
    if let Some(credentials) = &settings.credentials {
        loader = loader.credentials_provider(credentials.clone());
    }
    loader.load().await
}

/// The SDK's own HTTP client, once for all clients, so that they share its connections.
fn http_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::latest())?;
    plugin.runtime_components(&RuntimeComponentsBuilder::new("CairnHttpClient")).http_client()
}
