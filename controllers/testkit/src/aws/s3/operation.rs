//! Which operation a request is.

use super::{
    super::route::{RawRequest, Route},
    configuration::entries::{Entries, find},
    subresource::{SubResource, Verb},
    table,
};

/// An operation of S3.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    ListBuckets,
    CreateBucket,
    HeadBucket,
    DeleteBucket,
    /// Credentials for the objects of a directory bucket.
    CreateSession,
    ListObjects,
    ListObjectsV2,
    ListObjectVersions,
    ListMultipartUploads,
    PutObject,
    DeleteObject,
    DeleteObjects,
    HeadObject,
    AbortMultipartUpload,
    /// A list of configurations with ids.
    ListEntries(&'static Entries),
    /// One of them.
    Entry(&'static Entries, Verb),
    /// A part of a bucket's configuration.
    Sub(&'static SubResource, Verb),
    /// One that is not simulated.
    Unknown,
}

/// Parameters that do not select an operation.
const PLAIN: [&str; 18] = [
    "id",
    "x-id",
    "bucket-region",
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "key-marker",
    "list-type",
    "marker",
    "max-buckets",
    "max-keys",
    "max-uploads",
    "prefix",
    "start-after",
    "upload-id-marker",
    "versionId",
    "version-id-marker",
];

impl Operation {
    pub(super) fn of(raw: &RawRequest, route: &Route) -> Self {
        match (&route.bucket, &route.key) {
            (None, _) => Self::on_service(raw),
            (Some(_), Some(_)) => Self::on_object(raw),
            (Some(_), None) => Self::on_bucket(raw),
        }
    }

    fn on_service(raw: &RawRequest) -> Self {
        if raw.method == "GET" && selector(raw).is_none() { Self::ListBuckets } else { Self::Unknown }
    }

    fn on_object(raw: &RawRequest) -> Self {
        match (raw.method.as_str(), selector(raw)) {
            ("PUT", None) => Self::PutObject,
            ("DELETE", None) => Self::DeleteObject,
            ("HEAD", None) => Self::HeadObject,
            ("DELETE", Some("uploadId")) => Self::AbortMultipartUpload,
            _ => Self::Unknown,
        }
    }

    fn on_bucket(raw: &RawRequest) -> Self {
        let Some(selector) = selector(raw) else {
            return Self::on_plain_bucket(raw);
        };
        match (raw.method.as_str(), selector) {
            ("GET", "versions") => Self::ListObjectVersions,
            ("POST", "delete") => Self::DeleteObjects,
            ("GET", "uploads") => Self::ListMultipartUploads,
            ("GET", "session") => Self::CreateSession,
            ("GET", query) if find(query).is_some() && raw.parameter("id").is_none() => {
                find(query).map_or(Self::Unknown, Self::ListEntries)
            }
            (method, query) if find(query).is_some() => match (find(query), Verb::of(method)) {
                (Some(entries), Some(verb)) => Self::Entry(entries, verb),
                _ => Self::Unknown,
            },
            (method, query) => match (table::find(query), Verb::of(method)) {
                (Some(entry), Some(verb)) if entry.names.of(verb).is_some() => Self::Sub(entry, verb),
                _ => Self::Unknown,
            },
        }
    }

    fn on_plain_bucket(raw: &RawRequest) -> Self {
        match raw.method.as_str() {
            "PUT" => Self::CreateBucket,
            "HEAD" => Self::HeadBucket,
            "DELETE" => Self::DeleteBucket,
            "GET" if raw.parameter("list-type") == Some("2") => Self::ListObjectsV2,
            "GET" => Self::ListObjects,
            _ => Self::Unknown,
        }
    }
}

/// The parameter that selects an operation, if any does.
fn selector(raw: &RawRequest) -> Option<&str> {
    raw.query.iter().map(|(key, _)| key.as_str()).find(|key| !PLAIN.contains(key))
}

/// The operation as the SDK names it; method and parameter for one that is not simulated.
pub(in super::super) fn operation_name(raw: &RawRequest, route: &Route) -> String {
    match Operation::of(raw, route) {
        Operation::Sub(entry, verb) => entry.names.of(verb).unwrap_or_default().to_owned(),
        Operation::ListEntries(entries) => entries.list.to_owned(),
        Operation::Entry(entries, verb) => entries.names.of(verb).unwrap_or_default().to_owned(),
        Operation::Unknown => format!("{} ?{}", raw.method, selector(raw).unwrap_or_default()),
        simple => format!("{simple:?}"),
    }
}
