//! Which hosts are spoken to.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};
use cairn_aws::{Sessions, Settings};
use cairn_testkit::aws::{Aws, RoleSeed};

use crate::support::{arn, call, role, settings, under};

/// Remembers the hosts of all requests.
#[derive(Clone, Debug)]
struct Hosts {
    inner: SharedHttpClient,
    seen: Arc<Mutex<Vec<String>>>,
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    seen: Arc<Mutex<Vec<String>>>,
}

impl HttpClient for Hosts {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(Connector { inner, seen: Arc::clone(&self.seen) })
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let host = request.uri().split('/').nth(2).unwrap_or_default().to_owned();
        self.seen.lock().unwrap().push(host);
        self.inner.call(request)
    }
}

/// The hosts of one call to S3 under a role.
async fn hosts(adapt: impl FnOnce(Settings) -> Settings) -> Vec<String> {
    let aws = Aws::new();
    aws.put_role(RoleSeed::new(&arn("a")));
    let hosts = Hosts { inner: aws.http_client(), seen: Arc::default() };
    let seen = Arc::clone(&hosts.seen);
    let base = Settings { http_client: Some(SharedHttpClient::new(hosts)), ..settings(&aws, &Arc::default()) };
    call(&Sessions::new(adapt(base)).session(&under(role("a"))).await.unwrap()).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    seen
}

#[tokio::test(start_paused = true)]
async fn each_setting_leads_to_its_hosts() {
    assert_eq!(hosts(|settings| settings).await, ["sts.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"]);
    let fips = hosts(|settings| Settings { use_fips: true, ..settings }).await;
    assert_eq!(fips, ["sts-fips.eu-west-1.amazonaws.com", "s3-fips.eu-west-1.amazonaws.com"]);
    let dual = hosts(|settings| Settings { use_dual_stack: true, ..settings }).await;
    assert_eq!(dual, ["sts.eu-west-1.api.aws", "s3.dualstack.eu-west-1.amazonaws.com"]);
    let both = hosts(|settings| Settings { use_fips: true, use_dual_stack: true, ..settings }).await;
    assert_eq!(both, ["sts-fips.eu-west-1.api.aws", "s3-fips.dualstack.eu-west-1.amazonaws.com"]);
}

#[tokio::test(start_paused = true)]
async fn the_endpoint_of_sts_is_honoured_for_roles_whatever_else_is_set() {
    let endpoint = || Some("https://sts.example.internal".to_owned());
    let plain = hosts(|settings| Settings { identity_endpoint: endpoint(), ..settings }).await;
    assert_eq!(plain, ["sts.example.internal", "s3.eu-west-1.amazonaws.com"]);
    let fips = hosts(|settings| Settings { identity_endpoint: endpoint(), use_fips: true, ..settings }).await;
    assert_eq!(fips, ["sts.example.internal", "s3-fips.eu-west-1.amazonaws.com"]);
    let one = hosts(|settings| Settings { endpoint: Some("https://emulator.test".to_owned()), ..settings }).await;
    assert_eq!(one, ["emulator.test", "emulator.test"]);
}
