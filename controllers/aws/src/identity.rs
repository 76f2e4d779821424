//! Who the operator itself is in AWS.

use std::{sync::OnceLock, time::Duration};

use aws_sdk_sts::Client;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use cairn_core::{
    failure::Failure,
    scope::{Region, Role},
};
use tracing::info;

use crate::{
    Arn, Meter, Settings,
    failure::failure,
    pace::{Access, Pacer, Route},
    session::configured,
};

/// How long STS may take, so that nothing waits long for an identity.
const TIMEOUT: Duration = Duration::from_secs(10);

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

impl Account {
    /// The account in which a role's sessions act: it is known from the role's ARN.
    pub(crate) fn of(role: &Role) -> Self {
        let (partition, id) = (role.arn.partition().to_owned(), role.arn.account().to_owned());
        let (name, session) = (role.arn.name(), &role.session_name);
        Self { caller: format!("arn:{partition}:sts::{id}:assumed-role/{name}/{session}"), partition, id }
    }

    /// Whether the caller is a role itself, as with EKS Pod Identity and roles for service accounts.
    pub(crate) fn is_role(&self) -> bool {
        self.role().is_some()
    }

    /// The caller as a trust policy names it: of a session, the role. Its path is not known.
    pub(crate) fn principal(&self) -> String {
        let role = self.role().map(|role| format!("arn:{}:iam::{}:role/{role}", self.partition, self.id));
        role.unwrap_or_else(|| self.caller.clone())
    }

    fn role(&self) -> Option<&str> {
        Arn::parse(&self.caller)?.resource.strip_prefix("assumed-role/")?.split('/').next()
    }
}

/// The operator's own identity, which is the same in all regions.
#[derive(Debug, Default)]
pub(crate) struct Own(OnceLock<Account>);

impl Own {
    /// The identity, if it was asked for already.
    pub(crate) fn known(&self) -> Option<&Account> {
        self.0.get()
    }

    /// The identity, asked of AWS unless it is known.
    pub(crate) async fn ask(&self, sts: &Client, region: &Region, meter: &Meter) -> Result<Account, Failure> {
        if let Some(known) = self.known() {
            return Ok(known.clone());
        }
        let answer = sts.get_caller_identity().send().await;
        let identity = answer.map_err(|error| failure("GetCallerIdentity", &error))?;
        let caller = identity.arn.unwrap_or_default();
        let partition = Arn::parse(&caller).map_or_else(|| region.partition(), |arn| arn.partition).to_owned();
        let account = Account { id: identity.account.unwrap_or_default(), partition, caller };
        if self.0.set(account.clone()).is_ok() {
            info!(account = account.id, caller = account.caller, %region, "speaking to AWS");
            meter.observer().identified(&account, region);
        }
        Ok(account)
    }
}

/// A client of STS, under the operator's own credentials and in the region of `config`: the tokens of a regional
/// endpoint are good in every region, and one region's outage is not felt in another.
pub(crate) fn client(settings: &Settings, pacer: &Pacer, config: &SdkConfig, region: &Region) -> Client {
    let (account, region) = ("".into(), region.as_str().into());
    let route = Route { account, region, access: Access::Read, limit: settings.read_timeout.min(TIMEOUT) };
    let config = configured(config, pacer, route, RetryConfig::standard().with_max_attempts(2));
    let mut builder = aws_sdk_sts::config::Builder::from(&config).interceptor(settings.meter.clone());
    if let Some(endpoint) = &settings.identity_endpoint {
        // The SDK refuses to combine an endpoint with these; who gives one has chosen it for what it is.
        builder.set_use_fips(None).set_use_dual_stack(None);
        builder = builder.endpoint_url(endpoint);
    }
    Client::from_conf(builder.build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(caller: &str) -> Account {
        Account { id: "111122223333".into(), partition: "aws-cn".into(), caller: caller.into() }
    }

    #[test]
    fn a_trust_policy_names_the_role_of_a_session() {
        let pod = account("arn:aws-cn:sts::111122223333:assumed-role/cairn/eks-pod-1");
        assert!(pod.is_role());
        assert_eq!(pod.principal(), "arn:aws-cn:iam::111122223333:role/cairn");
        let user = account("arn:aws-cn:iam::111122223333:user/assumed-role/x");
        assert!(!user.is_role());
        assert_eq!(user.principal(), user.caller);
        assert_eq!(account("").principal(), "");
    }
}
