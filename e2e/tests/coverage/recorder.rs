//! An HTTP client of the SDK that remembers what goes through it.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    runtime_components::RuntimeComponents,
};

/// One request with its answer.
#[derive(Clone, Debug)]
pub(crate) struct Exchange {
    pub(crate) method: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) asked: Message,
    pub(crate) status: u16,
    pub(crate) answered: Message,
}

/// Headers and body.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// The client. Clones remember together.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    inner: SharedHttpClient,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    pub(crate) fn over(inner: SharedHttpClient) -> Self {
        Self { inner, exchanges: Arc::default() }
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap().clone()
    }
}

impl HttpClient for Recorder {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Recording { inner, exchanges: Arc::clone(&self.exchanges) })
    }
}

#[derive(Debug)]
struct Recording {
    inner: SharedHttpConnector,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl HttpConnector for Recording {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let exchanges = Arc::clone(&self.exchanges);
        let query = request.uri().split_once('?').map_or("", |(_, query)| query).to_owned();
        let parameters = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let (method, asked) = (request.method().to_owned(), message(request.headers().iter(), request.body().bytes()));
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let answered = message(answer.headers().iter(), answer.body().bytes());
            let status = answer.status().as_u16();
            exchanges.lock().unwrap().push(Exchange { method, parameters, asked, status, answered });
            Ok(answer)
        })
    }
}

fn message<'a>(headers: impl Iterator<Item = (&'a str, &'a str)>, body: Option<&[u8]>) -> Message {
    Message {
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect(),
        body: String::from_utf8(body.unwrap_or_default().to_vec()).unwrap(),
    }
}
