//! What the tests share.

use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region, retry::RetryConfig, timeout::TimeoutConfig};
use cairn_testkit::{Process, api::ApiServer, aws::Aws};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::{
    Api,
    api::{ApiResource, DynamicObject},
};
use serde_json::{Value, json};

/// A kind to play with: namespaced, with a status subresource.
pub(crate) fn widgets() -> CustomResourceDefinition {
    let crd = json!({
        "metadata": { "name": "widgets.example.org" },
        "spec": {
            "group": "example.org", "scope": "Namespaced",
            "names": { "kind": "Widget", "plural": "widgets", "singular": "widget", "shortNames": ["wd"] },
            "versions": [{
                "name": "v1", "served": true, "storage": true, "subresources": { "status": {} },
                "schema": { "openAPIV3Schema": { "type": "object", "x-kubernetes-preserve-unknown-fields": true } },
            }],
        },
    });
    serde_json::from_value(crd).unwrap()
}

/// A server that serves widgets.
pub(crate) fn server() -> ApiServer {
    let server = ApiServer::new();
    server.install(&widgets()).unwrap();
    server
}

/// The resource of widgets.
pub(crate) fn resource() -> ApiResource {
    ApiResource {
        group: "example.org".into(),
        version: "v1".into(),
        api_version: "example.org/v1".into(),
        kind: "Widget".into(),
        plural: "widgets".into(),
    }
}

/// Widgets in the default namespace.
pub(crate) fn api(server: &ApiServer) -> Api<DynamicObject> {
    Api::namespaced_with(server.client(), "default", &resource())
}

/// A widget of this size.
pub(crate) fn widget(name: &str, size: u64) -> DynamicObject {
    object(json!({ "metadata": { "name": name }, "spec": { "size": size } }))
}

/// A widget from its JSON.
pub(crate) fn object(mut value: Value) -> DynamicObject {
    value["apiVersion"] = json!("example.org/v1");
    value["kind"] = json!("Widget");
    serde_json::from_value(value).unwrap()
}

/// Status and reason of a failed call.
pub(crate) fn failure<T: std::fmt::Debug>(result: Result<T, kube::Error>) -> (u16, String) {
    match result.unwrap_err() {
        kube::Error::Api(status) => (status.code, status.reason),
        other => panic!("not a status: {other:?}"),
    }
}

/// Builder of a client of S3, without retries.
pub(crate) fn s3_config(aws: &Aws, process: &Process, region: &str, access_key: &str) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(aws.http_client_for(process))
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .time_source(aws.clock().clone())
        .timeout_config(TimeoutConfig::disabled())
        .retry_config(RetryConfig::disabled())
}

/// A client of S3, of the default account.
pub(crate) fn s3(aws: &Aws, region: &str) -> aws_sdk_s3::Client {
    aws_sdk_s3::Client::from_conf(s3_config(aws, &Process::new(), region, "AKIAMINE").build())
}
