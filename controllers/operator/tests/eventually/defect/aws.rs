//! Between the SDK and AWS.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;

use super::Defect;

/// A client whose traffic is tampered with.
#[derive(Clone, Debug)]
pub(crate) struct Tampered {
    client: SharedHttpClient,
    connector: Option<SharedHttpConnector>,
    defect: Defect,
    /// What this process sent a create for, by its address.
    created: Arc<Mutex<BTreeSet<String>>>,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    Locate,
    Create,
    OtherRead,
    OtherWrite,
}

impl Tampered {
    pub(crate) fn client(client: SharedHttpClient, defect: Defect) -> SharedHttpClient {
        SharedHttpClient::new(Self { client, connector: None, defect, created: Arc::default() })
    }

    async fn answer(self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let Some(connector) = self.connector.clone() else {
            return Err(ConnectorError::other("no connector".into(), None));
        };
        let (table, call, about) = (is_of_tables(&request), call(&request), about(&request));
        if call == Call::Create {
            self.created.lock().unwrap_or_else(PoisonError::into_inner).insert(about.clone());
        }
        let sent = self.created.lock().unwrap_or_else(PoisonError::into_inner).contains(&about);
        if self.defect == Defect::CreateWithoutRead && call == Call::Locate && !sent {
            return Ok(absent(table));
        }
        let again = request.try_clone();
        let outcome = connector.call(request).await;
        let failed = outcome.as_ref().map_or(true, |answer| answer.status().as_u16() >= 500);
        if let (Defect::RetryOnCreate, Call::Create, true, Some(again)) = (self.defect, call, failed, again) {
            return connector.call(again).await;
        }
        match (self.defect, call) {
            (Defect::ErrorIsAbsence, Call::Locate) if failed => Ok(absent(table)),
            (Defect::AmbiguityIsSuccess, Call::OtherWrite) if failed => Ok(done("{}")),
            (Defect::UnownedTaken, Call::Locate) if !table => outcome.map(without_unowned),
            (Defect::UnownedTaken | Defect::CreateWithoutRead, Call::Create) => outcome.map(exists_is_success),
            _ => outcome,
        }
    }
}

impl HttpClient for Tampered {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let connector = Some(self.client.http_connector(settings, parts));
        SharedHttpConnector::new(Self { connector, ..self.clone() })
    }
}

impl HttpConnector for Tampered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().answer(request))
    }
}

fn target(request: &HttpRequest) -> Option<&str> {
    request.headers().get("x-amz-target")?.rsplit('.').next()
}

fn is_of_tables(request: &HttpRequest) -> bool {
    target(request).is_some()
}

/// The bucket or the table.
fn about(request: &HttpRequest) -> String {
    let uri = request.uri();
    let name = || {
        let body: serde_json::Value = serde_json::from_slice(request.body().bytes()?).ok()?;
        Some(body["TableName"].as_str()?.to_owned())
    };
    let bucket = || uri.split('?').next().unwrap_or_default().trim_end_matches('/').to_owned();
    if is_of_tables(request) { name().unwrap_or_default() } else { bucket() }
}

fn call(request: &HttpRequest) -> Call {
    if request.uri().contains("sts.") {
        return Call::OtherRead;
    }
    if let Some(operation) = target(request) {
        return match operation {
            "DescribeTable" => Call::Locate,
            "CreateTable" => Call::Create,
            "ListTagsOfResource" => Call::OtherRead,
            _ => Call::OtherWrite,
        };
    }
    let query = request.uri().split_once('?').map_or("", |(_, query)| query);
    let plain = query.is_empty() || query.starts_with("x-id");
    match (request.method(), plain) {
        ("GET", false) if query.starts_with("tagging") => Call::Locate,
        ("PUT", true) => Call::Create,
        ("GET" | "HEAD", _) => Call::OtherRead,
        _ => Call::OtherWrite,
    }
}

fn response(status: u16, body: &str) -> HttpResponse {
    HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body))
}

fn done(body: &str) -> HttpResponse {
    response(200, body)
}

fn absent(table: bool) -> HttpResponse {
    if table {
        return response(
            400,
            r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"no"}"#,
        );
    }
    response(404, "<Error><Code>NoSuchBucket</Code><Message>no</Message></Error>")
}

fn text(answer: &HttpResponse) -> String {
    answer.body().bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

fn without_unowned(answer: HttpResponse) -> HttpResponse {
    let nobodys = text(&answer);
    let unowned =
        (answer.status().is_success() && !nobodys.contains("cairn.run/owner")) || nobodys.contains("NoSuchTagSet");
    if unowned { absent(false) } else { answer }
}

fn exists_is_success(answer: HttpResponse) -> HttpResponse {
    let why = text(&answer);
    if why.contains("BucketAlreadyOwnedByYou") {
        return done("");
    }
    answer
}
