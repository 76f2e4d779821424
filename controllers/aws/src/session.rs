//! A session: what is needed to speak to AWS in one scope.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::{
    http::SharedHttpClient, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{
    SdkConfig,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};
use cairn_core::{failure::Failure, scope::Region};

use crate::{
    Account, Meter,
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
    /// Uses the endpoints that are validated for FIPS 140.
    pub use_fips: bool,
    /// Uses the endpoints that have IPv6 addresses too.
    pub use_dual_stack: bool,
    /// Replaces the clock; for tests.
    pub time_source: Option<SharedTimeSource>,
    /// Replaces the SDK's HTTP client; for tests.
    pub http_client: Option<SharedHttpClient>,
    /// Replaces the SDK's chain of credential providers; for tests.
    pub credentials: Option<SharedCredentialsProvider>,
    /// Counts the calls.
    pub meter: Meter,
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
    kept: Kept,
}

/// What a session is made of.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) pacer: Pacer,
    pub(crate) config: SdkConfig,
    pub(crate) region: Region,
    pub(crate) account: Account,
}

/// What was made of a session, by type.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Session {
    pub(crate) fn new(opening: Opening<'_>) -> Self {
        let Opening { settings, pacer, config, region, account } = opening;
        let (read_timeout, mutation_timeout) = (settings.read_timeout, settings.mutation_timeout);
        let (meter, kept) = (settings.meter.clone(), Kept::default());
        Self { config, read_timeout, mutation_timeout, region, account, meter, pacer, kept }
    }

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

    /// What `make` makes of the session: made once, and kept with it for all who ask for that type. It is for the
    /// SDK's clients, which are dear to make; it must not hold the session itself, or neither is ever given up.
    pub fn kept<T: Clone + Send + Sync + 'static>(&self, make: impl FnOnce(&Self) -> T) -> T {
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = kept.get(&TypeId::of::<T>()).and_then(|value| value.downcast_ref::<T>()) {
            return value.clone();
        }
        let value = make(self);
        kept.insert(TypeId::of::<T>(), Arc::new(value.clone()));
        value
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

#[cfg(test)]
impl Session {
    /// A session that asks nobody who it is. Those of one `pacer` are of one process.
    pub(crate) fn of(account: &str, region: &str, config: SdkConfig, pacer: &Pacer, meter: Meter) -> Self {
        let timeout = Duration::from_secs(8);
        Self {
            config: config.to_builder().region(aws_config::Region::new(region.to_owned())).build(),
            read_timeout: timeout,
            mutation_timeout: timeout,
            region: Region::parse(region).unwrap(),
            account: Account { id: account.into(), partition: "aws".into(), caller: String::new() },
            meter,
            pacer: pacer.clone(),
            kept: Kept::default(),
        }
    }

    /// The same with another time for mutations.
    pub(crate) fn with_mutation_timeout(&self, timeout: Duration) -> Self {
        Self { mutation_timeout: timeout, ..self.clone() }
    }

    /// The same with another time for reads.
    pub(crate) fn with_read_timeout(&self, timeout: Duration) -> Self {
        Self { read_timeout: timeout, ..self.clone() }
    }
}

/// The time that an attempt has begins when it leaves, so `route` limits it and not the SDK, whose clock runs while a
/// read waits for its turn. For the same reason the SDK must not watch how fast a request is sent; ours are small.
pub(crate) fn configured(config: &SdkConfig, pacer: &Pacer, route: Route, retries: RetryConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(route.limit.min(CONNECT));
    let timeouts = match route.access {
        Access::Read => timeouts,
        Access::Mutate => timeouts.operation_timeout(route.limit),
    };
    let stalled = StalledStreamProtectionConfig::enabled().upload_enabled(false).build();
    let mut builder = config.to_builder();
    builder.set_http_client(config.http_client().map(|client| {
        let connection = Paced::new(client, pacer.clone(), route);
        SharedHttpClient::new(connection)
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
