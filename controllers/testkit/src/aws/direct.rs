//! AWS as plain HTTP, for those who look at the wire format.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response};

use super::{Aws, route::RawRequest};
use crate::process::Process;

impl Aws {
    /// Sends one request with an absolute URI. Signatures are not checked, but the `Credential` of the `Authorization`
    /// header says who asks which service in which region.
    ///
    /// # Errors
    /// When a fault breaks the connection, or when the answer cannot be written as HTTP.
    pub async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<String>, Box<dyn std::error::Error + Send + Sync>> {
        let (parts, body) = request.into_parts();
        let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let raw = RawRequest {
            method: parts.method.to_string(),
            host: parts.uri.host().unwrap_or_default().to_owned(),
            path: parts.uri.path().to_owned(),
            query: query.map(|(key, value)| (key.into_owned(), value.into_owned())).collect(),
            headers: parts.headers,
            body,
        };
        let answer = self.dispatch(&Process::new(), raw).await?;
        let mut response = Response::builder().status(answer.status).body(answer.body)?;
        for (name, value) in answer.headers {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_str(&value)?);
        }
        Ok(response)
    }
}
