//! Credentials of assumed roles.
//!
//! The SDK has a provider for these, but the client in it takes no interceptors, so that its calls could not be counted;
//! nor does it say what the role's trust policy lacks. The SDK's identity cache around this one asks for each set of
//! credentials once, however many wait for it, and some minutes before the last one expires.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use aws_credential_types::{
    Credentials,
    provider::{self, ProvideCredentials, error::CredentialsError, future},
};
use aws_sdk_sts::{Client, error::BuildError, types::Tag};
use aws_smithy_async::time::SharedTimeSource;
use cairn_core::{
    failure::{Class, Failure},
    scope::{Region, Role},
};
use tokio::time::Instant;
use tracing::{debug, warn};

use crate::{
    Account, Meter,
    failure::{failure, unmade},
    identity::Own,
};

const OPERATION: &str = "AssumeRole";
/// A role that was assumed by a role is good for no longer. Source: IAM user guide, "Role chaining".
const LONGEST_IN_A_CHAIN: Duration = Duration::from_hours(1);
/// How long the last credentials are used without asking again, after asking for new ones failed.
const RESPITE: Duration = Duration::from_secs(30);

/// Assumes one role.
#[derive(Debug)]
pub(crate) struct AssumedRole {
    pub(crate) sts: Client,
    pub(crate) role: Role,
    pub(crate) region: Region,
    pub(crate) own: Arc<Own>,
    pub(crate) meter: Meter,
    pub(crate) time: SharedTimeSource,
    pub(crate) last: Mutex<Last>,
}

/// What was given last.
#[derive(Debug, Default)]
pub(crate) struct Last {
    credentials: Option<Credentials>,
    /// When it was tried in vain to replace them.
    failed: Option<Instant>,
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.provide())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.still_good(None)
    }
}

impl AssumedRole {
    async fn provide(&self) -> provider::Result {
        if let Some(credentials) = self.still_good(Some(RESPITE)) {
            return Ok(credentials);
        }
        let failure = match self.assume().await {
            Ok(credentials) => {
                debug!(role = %self.role.arn, "assumed role");
                self.remember(credentials.clone());
                return Ok(credentials);
            }
            Err(failure) => failure,
        };
        match self.still_good(None).filter(|_| failure.class.passes_by_itself()) {
            Some(credentials) => {
                warn!(role = %self.role.arn, error = %failure, "role cannot be assumed anew; its last session is used");
                self.lock().failed = Some(Instant::now());
                Ok(credentials)
            }
            None => Err(CredentialsError::provider_error(failure)),
        }
    }

    async fn assume(&self) -> Result<Credentials, Failure> {
        let call = self
            .sts
            .assume_role()
            .role_arn(self.role.arn.as_str())
            .role_session_name(&self.role.session_name)
            .set_external_id(self.role.external_id.clone())
            .set_tags(self.tags().map_err(|error| unmade(OPERATION, &error))?)
            .duration_seconds(i32::try_from(self.duration().await?.as_secs()).unwrap_or(i32::MAX));
        match call.send().await {
            Ok(answer) => {
                let given = answer.credentials.ok_or_else(|| unmade(OPERATION, &"AWS answered without credentials"))?;
                let expiry = SystemTime::try_from(given.expiration).map_err(|error| unmade(OPERATION, &error))?;
                Ok(Credentials::builder()
                    .access_key_id(given.access_key_id)
                    .secret_access_key(given.secret_access_key)
                    .session_token(given.session_token)
                    .expiry(expiry)
                    .account_id(self.role.arn.account())
                    .provider_name(OPERATION)
                    .build())
            }
            Err(error) => Err(self.explained(failure(OPERATION, &error)).await),
        }
    }

    fn tags(&self) -> Result<Option<Vec<Tag>>, BuildError> {
        let tags = self.role.session_tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
        let tags = tags.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(tags).filter(|tags| !tags.is_empty()))
    }

    async fn duration(&self) -> Result<Duration, Failure> {
        if self.role.duration <= LONGEST_IN_A_CHAIN {
            return Ok(self.role.duration);
        }
        let chained = self.own.ask(&self.sts, &self.region, &self.meter).await?.is_role();
        Ok(if chained { LONGEST_IN_A_CHAIN } else { self.role.duration })
    }

    /// Says what is missing, and where. Nothing was sent of the call that needed the credentials.
    async fn explained(&self, failure: Failure) -> Failure {
        let role = &self.role;
        let message = if failure.class == Class::Denied {
            let own = self.own.ask(&self.sts, &self.region, &self.meter).await.ok();
            let principal = own.as_ref().map_or_else(|| "the operator".to_owned(), Account::principal);
            let caller = own.map_or_else(|| "the operator".to_owned(), |own| own.caller);
            let action =
                if role.session_tags.is_empty() { "sts:AssumeRole" } else { "sts:AssumeRole and sts:TagSession" };
            let condition =
                if role.external_id.is_some() { " under the external id of the IAMRoleSelector" } else { "" };
            format!(
                "{caller} may not assume the role {}: {}. The role's trust policy must allow {action} to {principal}\
                 {condition}, and so must the policy of {principal} on that role",
                role.arn, failure.message
            )
        } else {
            format!("role {}: {}", role.arn, failure.message)
        };
        Failure { message, ambiguous: false, ..failure }
    }

    fn remember(&self, credentials: Credentials) {
        *self.lock() = Last { credentials: Some(credentials), failed: None };
    }

    /// The last credentials while they are good; with `since`, only if it was tried in vain to replace them no longer
    /// ago than that.
    fn still_good(&self, since: Option<Duration>) -> Option<Credentials> {
        let last = self.lock();
        let tried = since.is_none_or(|since| last.failed.is_some_and(|failed| failed.elapsed() < since));
        let now = self.time.now();
        last.credentials.clone().filter(|given| tried && given.expiry().is_some_and(|expiry| expiry > now))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
