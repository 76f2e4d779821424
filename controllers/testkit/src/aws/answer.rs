//! Answers and errors before they are on the wire.

use super::xml::Element;

/// An answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    /// Error code, for the log.
    pub(super) code: Option<String>,
}

impl Answer {
    pub(super) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(super) fn xml(status: u16, root: &Element) -> Self {
        Self::text(status, "application/xml", root.document())
    }

    pub(super) fn text(status: u16, media_type: &str, body: String) -> Self {
        Self { body, ..Self::empty(status).header("content-type", media_type) }
    }

    #[must_use]
    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// An error of S3.
#[derive(Clone, Debug)]
pub(super) struct S3Error {
    status: u16,
    pub(super) code: String,
    pub(super) message: String,
    fields: Vec<(&'static str, String)>,
    region: Option<String>,
}

/// Result of an S3 operation.
pub(super) type Outcome<T> = Result<T, S3Error>;

impl S3Error {
    pub(super) fn new(status: u16, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { status, code, message, fields: Vec::new(), region: None }
    }

    /// Adds an element to the body.
    #[must_use]
    pub(super) fn field(mut self, name: &'static str, value: &str) -> Self {
        self.fields.push((name, value.to_owned()));
        self
    }

    /// Adds the header that names the region of the bucket.
    #[must_use]
    pub(super) fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    pub(super) fn malformed() -> Self {
        let message = "The XML you provided was not well-formed or did not validate against our published schema";
        Self::new(400, "MalformedXML", message)
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "AccessDenied", "Access Denied")
    }

    pub(super) fn unsupported(what: &str) -> Self {
        Self::new(501, "NotImplemented", &format!("the testkit's S3 does not simulate {what}"))
    }

    /// The answer as S3 Control has it.
    pub(super) fn wrapped(&self, request_id: &str) -> Answer {
        let root =
            Element::new("ErrorResponse").child(self.said()).with("RequestId", request_id).with("HostId", "testkit");
        Answer { code: Some(self.code.clone()), ..Answer::xml(self.status, &root) }
    }

    fn said(&self) -> Element {
        let error = Element::new("Error").with("Code", &self.code).with("Message", &self.message);
        self.fields.iter().fold(error, |error, (name, value)| error.with(name, value))
    }

    /// The answer; those to `HEAD` have no body.
    pub(super) fn answer(&self, request_id: &str, head: bool) -> Answer {
        let root = self.said().with("RequestId", request_id).with("HostId", "testkit");
        let mut answer = if head { Answer::empty(self.status) } else { Answer::xml(self.status, &root) };
        if let Some(region) = &self.region {
            answer = answer.header("x-amz-bucket-region", region);
        }
        Answer { code: Some(self.code.clone()), ..answer }
    }
}

/// The code that usually goes with a bare HTTP status.
pub(super) fn usual_code(service: &str, status: u16) -> &'static str {
    match (service, status) {
        (_, 403) => "AccessDenied",
        ("s3", 404) => "NoSuchBucket",
        ("s3", 409) => "OperationAborted",
        ("s3-control", 404) => "NoSuchAccessPoint",
        ("s3" | "s3-control", 503) => "SlowDown",
        ("s3" | "s3-control", 500..) => "InternalError",
        ("s3" | "s3-control", _) => "InvalidRequest",
        ("dynamodb", 404) => "ResourceNotFoundException",
        ("dynamodb", 409) => "ResourceInUseException",
        ("dynamodb" | "application-autoscaling" | "kms", 429) => "ThrottlingException",
        ("dynamodb", 503) => "ServiceUnavailable",
        ("dynamodb", 500..) => "InternalServerError",
        ("kms", 500..) => "KMSInternalException",
        ("application-autoscaling", 500..) => "InternalServiceException",
        ("dynamodb" | "application-autoscaling" | "kms", _) => "ValidationException",
        (_, 503) => "ServiceUnavailable",
        (_, 500..) => "InternalFailure",
        (_, 429) => "Throttling",
        _ => "ValidationError",
    }
}

/// What a service answers where S3 answers this: others have names of their own for the same thing.
pub(super) fn native<'a>(service: &str, status: u16, code: &'a str) -> (u16, &'a str) {
    match (service, code) {
        ("dynamodb" | "application-autoscaling" | "kms", "SlowDown") => (400, "ThrottlingException"),
        ("dynamodb" | "application-autoscaling" | "kms", "AccessDenied") => (400, "AccessDeniedException"),
        _ => (status, code),
    }
}
