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
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{
    SdkConfig,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};
use cairn_core::scope::Region;

use crate::{Account, Meter};

/// How AWS is reached. The SDK's own variables and files (`AWS_ENDPOINT_URL`, `AWS_PROFILE`, …) hold beside it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Overrides the endpoint of every service.
    pub endpoint: Option<String>,
    /// Overrides the endpoint of STS alone.
    pub identity_endpoint: Option<String>,
    /// How long one read may take with its retries.
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
    kept: Kept,
}

/// What a session is made of.
#[derive(Debug)]
pub(crate) struct Opening<'a> {
    pub(crate) settings: &'a Settings,
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
        let Opening { settings, config, region, account } = opening;
        let (read_timeout, mutation_timeout) = (settings.read_timeout, settings.mutation_timeout);
        let (meter, kept) = (settings.meter.clone(), Kept::default());
        Self { config, read_timeout, mutation_timeout, region, account, meter, kept }
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

    /// Counts the calls; every service client must be given it.
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

    /// SDK configuration for reads, which the SDK may retry.
    #[must_use]
    pub fn reading(&self) -> SdkConfig {
        configured(&self.config, RetryConfig::standard().with_max_attempts(3), self.read_timeout)
    }

    /// SDK configuration for mutations, each of which is sent once: what became of it, only a read can tell.
    #[must_use]
    pub fn mutating(&self) -> SdkConfig {
        configured(&self.config, RetryConfig::disabled(), self.mutation_timeout)
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

pub(crate) fn configured(config: &SdkConfig, retries: RetryConfig, timeout: Duration) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(timeout.min(CONNECT)).operation_timeout(timeout).build();
    config.to_builder().retry_config(retries).timeout_config(timeouts).build()
}

/// A connection that takes longer will not come.
const CONNECT: Duration = Duration::from_secs(5);

fn has_endpoint(config: &dyn LoadServiceConfig, service_id: &str) -> bool {
    let key =
        ServiceConfigKey::builder().service_id(service_id).env("AWS_ENDPOINT_URL").profile("endpoint_url").build();
    key.is_ok_and(|key| config.load_config(key).is_some())
}
