//! Sessions, made once and kept.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region as SdkRegion, identity::IdentityCache};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::time::{SharedTimeSource, SystemTimeSource};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime_api::client::{
    http::SharedHttpClient, runtime_components::RuntimeComponentsBuilder, runtime_plugin::RuntimePlugin,
};
use aws_types::SdkConfig;
use cairn_core::{
    failure::Failure,
    scope::{Region, Role, Scope},
};
use tokio::sync::OnceCell;

use crate::{
    Account, Session, Settings,
    assume::{AssumedRole, Last},
    cache::Cache,
    identity::{self, Own},
    pace::Pacer,
    session::Opening,
};

/// How long a session is kept that nobody asks for: longer than the shortest time between two checks of an object.
const IDLE: Duration = Duration::from_hours(2);
/// New credentials are fetched when the old ones are good for less than this.
const RENEW_BEFORE: Duration = Duration::from_mins(5);
/// How long fetching credentials may take: longer than STS may.
const LOAD_TIMEOUT: Duration = Duration::from_secs(15);

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
    own: Arc<Own>,
    sessions: Cache<Scope, Session>,
}

impl Sessions {
    /// Sessions that reach AWS as `settings` say. Nothing is asked of AWS before the first session.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let pacer = Pacer::new(Arc::clone(settings.meter.observer()));
        let (base, own, sessions) = (OnceCell::new(), Arc::default(), Cache::new(IDLE));
        Self { shared: Arc::new(Shared { settings, pacer, base, own, sessions }) }
    }

    /// The session of a scope. The first caller makes it and the others wait for that; a failure is not kept. Who the
    /// operator is, is asked of AWS once, with the first session under its own identity. A role is assumed with the
    /// first call that is made under it, and one that cannot be is the failure of that call.
    ///
    /// # Errors
    /// When the operator's own identity cannot be had: no credentials, AWS unreachable.
    pub async fn session(&self, scope: &Scope) -> Result<Session, Failure> {
        self.shared.sessions.get(scope, || self.open(scope)).await
    }

    /// The operator's own identity, if AWS has told it already.
    #[must_use]
    pub fn own_account(&self) -> Option<&Account> {
        self.shared.own.known()
    }

    async fn open(&self, scope: &Scope) -> Result<Session, Failure> {
        let Shared { settings, pacer, base, own, .. } = &*self.shared;
        let base = base.get_or_init(|| load(settings, &scope.region)).await;
        let config = base.to_builder().region(SdkRegion::new(scope.region.to_string())).build();
        let (config, account) = if let Some(role) = &scope.role {
            (self.under(role, config, &scope.region), Account::of(role))
        } else {
            let sts = identity::client(settings, pacer, &config, &scope.region);
            let account = own.ask(&sts, &scope.region, &settings.meter).await?;
            (config, account)
        };
        Ok(Session::new(Opening { settings, pacer: pacer.clone(), config, region: scope.region.clone(), account }))
    }

    /// The configuration under a role. Each has an identity cache of its own: that of the SDK's is one for all and holds
    /// 64 identities.
    fn under(&self, role: &Role, config: SdkConfig, region: &Region) -> SdkConfig {
        let Shared { settings, pacer, own, .. } = &*self.shared;
        let provider = AssumedRole {
            sts: identity::client(settings, pacer, &config, region),
            role: role.clone(),
            region: region.clone(),
            own: Arc::clone(own),
            meter: settings.meter.clone(),
            time: config.time_source().unwrap_or_else(|| SharedTimeSource::new(SystemTimeSource::new())),
            last: Mutex::new(Last::default()),
        };
        let cache = IdentityCache::lazy().buffer_time(RENEW_BEFORE).load_timeout(LOAD_TIMEOUT).build();
        let provider = SharedCredentialsProvider::new(provider);
        config.into_builder().credentials_provider(provider).identity_cache(cache).build()
    }
}

/// The region only keeps the SDK from asking the instance's metadata for one; every session sets its own.
async fn load(settings: &Settings, region: &Region) -> SdkConfig {
    let region = SdkRegion::new(region.to_string());
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(region);
    if let Some(endpoint) = &settings.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    // What is not asked for here may still be by the SDK's own variables and files.
    if settings.use_fips {
        loader = loader.use_fips(true);
    }
    if settings.use_dual_stack {
        loader = loader.use_dual_stack(true);
    }
    if let Some(time) = &settings.time_source {
        loader = loader.time_source(time.clone());
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
