//! Where a request goes, and who sends it.

use http::HeaderMap;

use super::s3control;

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct RawRequest {
    pub(super) method: String,
    pub(super) host: String,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: bytes::Bytes,
}

impl RawRequest {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A query parameter, which may be empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What the signature says.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) access_key: String,
    /// None for signatures that are valid in several regions.
    pub(super) region: Option<String>,
    pub(super) service: String,
}

impl Scope {
    /// Reads the `Authorization` header; none for anonymous requests.
    pub(super) fn of(request: &RawRequest) -> Option<Self> {
        let header = request.header("authorization")?;
        let credential = header.split_once("Credential=")?.1.split(',').next()?.trim();
        let parts: Vec<&str> = credential.split('/').collect();
        match parts.as_slice() {
            [key, _, region, service, "aws4_request"] => Some(Self {
                access_key: (*key).to_owned(),
                region: Some((*region).to_owned()),
                service: (*service).to_owned(),
            }),
            [key, _, service, "aws4_request"] => {
                Some(Self { access_key: (*key).to_owned(), region: None, service: (*service).to_owned() })
            }
            _ => None,
        }
    }
}

/// What the host name says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Host {
    /// As the signature names it, such as `s3` or `dynamodb`; none for a host that is not AWS's.
    pub(super) service: Option<String>,
    pub(super) region: Option<String>,
    pub(super) bucket: Option<String>,
    pub(super) express: Option<Express>,
}

/// A host for directory buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Express {
    /// For buckets as a whole, in all zones of a region.
    Control,
    /// For their objects, in the zone of that id.
    Zone(String),
}

impl Express {
    /// What a label of a host says.
    fn of(label: &str) -> Option<Self> {
        let named = label.strip_prefix("s3express-")?;
        let named = named.strip_prefix("fips-").or(named.strip_suffix("-fips")).unwrap_or(named);
        Some(if named == "control" { Self::Control } else { Self::Zone(named.to_owned()) })
    }
}

impl Host {
    pub(super) fn parse(host: &str) -> Self {
        let host = host.split(':').next().unwrap_or_default();
        let suffix = SUFFIXES.into_iter().find_map(|end| host.strip_suffix(end));
        let Some(front) = suffix else {
            // What the SDK makes of an overridden endpoint unless it is told to use paths.
            let bucket = host.strip_suffix(".localhost").map(str::to_owned);
            return Self { bucket, ..Self::default() };
        };
        let labels: Vec<&str> = front.split('.').collect();
        let found = labels.iter().enumerate().rev().find_map(|(at, label)| Some((at, service_of(label)?)));
        let Some((at, service)) = found else {
            return Self::default();
        };
        let region = labels[at + 1..].iter().find(|label| **label != "dualstack");
        let bucket = labels[..at].join(".");
        Self {
            service: Some(service.to_owned()),
            region: region.map(|region| (*region).to_owned()),
            bucket: Some(bucket).filter(|bucket| !bucket.is_empty()),
            express: labels.get(at).and_then(|label| Express::of(label)),
        }
    }
}

/// What stands behind service and region, the longer first.
const SUFFIXES: [&str; 4] = [".api.amazonwebservices.com.cn", ".amazonaws.com.cn", ".amazonaws.com", ".api.aws"];

fn service_of(label: &str) -> Option<&'static str> {
    match label {
        "s3" | "s3-fips" => Some("s3"),
        express if Express::of(express).is_some() => Some("s3"),
        "s3-control" | "s3-control-fips" => Some("s3-control"),
        "sts" | "sts-fips" => Some("sts"),
        // The last is behind an account id.
        "dynamodb" | "dynamodb-fips" | "ddb" => Some("dynamodb"),
        "kms" | "kms-fips" => Some("kms"),
        "application-autoscaling" | "application-autoscaling-fips" => Some("application-autoscaling"),
        _ => None,
    }
}

/// Everything about a request that is known without its body.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(super) service: String,
    pub(super) scope: Option<Scope>,
    pub(super) bucket: Option<String>,
    pub(super) key: Option<String>,
    /// Region that the host names, if it names one.
    pub(super) host_region: Option<String>,
    /// Region of the endpoint.
    pub(super) region: String,
    /// `bucket.s3.amazonaws.com`, which leads to the bucket wherever it is.
    pub(super) follows_bucket: bool,
    /// What the host is for, if that is directory buckets.
    pub(super) express: Option<Express>,
}

impl Route {
    pub(super) fn of(request: &RawRequest) -> Self {
        let (host, scope) = (Host::parse(&request.host), Scope::of(request));
        // What is about directory buckets is signed for a service of its own.
        let named = |service: &str| if service == "s3express" { "s3".to_owned() } else { service.to_owned() };
        let signed = || scope.as_ref().map(|scope| named(&scope.service));
        // S3 Control signs as S3 does, and shares the host for directory buckets with it.
        let control = || request.path.starts_with(s3control::VERSION).then(|| "s3-control".to_owned());
        let of_host = host.service.clone().filter(|_| host.express.is_none() || control().is_none());
        let service = of_host.or_else(control).or_else(signed);
        let mut path = request.path.trim_start_matches('/');
        let bucket = host.bucket.clone().or_else(|| {
            let (first, rest) = path.split_once('/').unwrap_or((path, ""));
            path = rest;
            Some(first.to_owned()).filter(|first| !first.is_empty())
        });
        let scope_region = scope.as_ref().and_then(|scope| scope.region.clone());
        let is_s3 = service.as_deref() == Some("s3");
        let region = match (&host.service, &host.region) {
            (_, Some(region)) => region.clone(),
            (Some(_), None) => "us-east-1".to_owned(),
            (None, None) => scope_region.unwrap_or_else(|| "us-east-1".to_owned()),
        };
        Self {
            service: service.unwrap_or_default(),
            bucket: bucket.filter(|_| is_s3),
            key: Some(path.to_owned()).filter(|key| is_s3 && !key.is_empty()),
            follows_bucket: host.service.is_some() && host.bucket.is_some() && host.region.is_none(),
            host_region: host.region,
            express: host.express,
            region,
            scope,
        }
    }
}
