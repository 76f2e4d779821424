//! The simple storage service.

mod acl;
mod buckets;
mod configuration;
mod create;
mod directory;
mod names;
mod objects;
mod operation;
mod policy;
mod regions;
mod settings;
mod shape;
mod subresource;
mod table;
mod tagging;
mod versions;

use std::sync::Arc;

use jiff::Timestamp;

use self::operation::Operation;
pub(super) use self::{
    buckets::arn as bucket_arn,
    configuration::object_lock::is_on as has_object_lock,
    objects::{hide as hide_object, put as put_object},
    operation::operation_name,
    table::stored_query,
    tagging::{document as tag_document, of as tags, read as read_tags},
    versions::Objects,
};
use super::{
    answer::{Answer, Outcome, S3Error},
    route::{RawRequest, Route},
    world::{Bucket, World},
};

/// One request with what is known about it.
struct Request<'a> {
    raw: &'a RawRequest,
    route: &'a Route,
    account: String,
}

/// Handles one request.
pub(super) fn handle(world: &mut World, raw: &RawRequest, route: &Route, request_id: &str) -> Answer {
    serve(world, raw, route).unwrap_or_else(|error| error.answer(request_id, raw.method == "HEAD"))
}

fn serve(world: &mut World, raw: &RawRequest, route: &Route) -> Outcome<Answer> {
    let scope = route.scope.as_ref().ok_or_else(S3Error::denied)?;
    if let (Some(signed), Some(host)) = (&scope.region, &route.host_region)
        && signed != host
    {
        return Err(misdirected(signed, host));
    }
    let request = &Request { raw, route, account: world.account(&scope.access_key) };
    let operation = Operation::of(raw, route);
    directory::check(request, operation)?;
    match operation {
        Operation::ListBuckets => buckets::list(world, request),
        Operation::CreateBucket => create::create(world, request),
        Operation::Unknown => Err(S3Error::unsupported(&operation_name(raw, route))),
        operation => {
            let bucket = locate(world, request)?;
            on_bucket(world, request, operation, &bucket)
        }
    }
}

fn on_bucket(world: &mut World, request: &Request<'_>, operation: Operation, bucket: &Arc<Bucket>) -> Outcome<Answer> {
    match operation {
        Operation::HeadBucket => Ok(buckets::head(bucket)),
        Operation::DeleteBucket => buckets::delete(world, bucket),
        Operation::CreateSession => Ok(directory::create_session(world, request, bucket)),
        Operation::ListObjects | Operation::ListObjectsV2 => Ok(objects::list(request, bucket)),
        Operation::ListObjectVersions => Ok(objects::versions(request, bucket)),
        Operation::DeleteObjects => objects::delete_some(world, request, bucket),
        Operation::ListMultipartUploads => Ok(objects::uploads(request, bucket)),
        Operation::AbortMultipartUpload => objects::abort(world, request, bucket),
        Operation::PutObject | Operation::DeleteObject | Operation::HeadObject => {
            objects::one(world, request, operation, bucket)
        }
        Operation::ListEntries(entries) => Ok(configuration::entries::list(request, entries, bucket)),
        Operation::Entry(entries, verb) => configuration::entries::one(world, request, entries, verb, bucket),
        Operation::Sub(entry, verb) => subresource::handle(world, request, entry, verb, bucket),
        Operation::ListBuckets | Operation::CreateBucket | Operation::Unknown => {
            Err(S3Error::unsupported(&operation_name(request.raw, request.route)))
        }
    }
}

/// Finds the bucket, in the right region, of the right account.
fn locate(world: &World, request: &Request<'_>) -> Outcome<Arc<Bucket>> {
    let name = request.route.bucket.as_deref().unwrap_or_default();
    let reads = matches!(request.raw.method.as_str(), "GET" | "HEAD");
    let found = if reads { world.seen(name) } else { world.bucket(name) };
    let bucket = found.ok_or_else(|| no_such_bucket(name))?;
    check_region(request, bucket)?;
    check_owner(request, bucket)?;
    Ok(Arc::clone(bucket))
}

pub(super) fn no_such_bucket(name: &str) -> S3Error {
    S3Error::new(404, "NoSuchBucket", "The specified bucket does not exist").field("BucketName", name)
}

fn check_region(request: &Request<'_>, bucket: &Bucket) -> Outcome<()> {
    let route = request.route;
    let signed = route.scope.as_ref().and_then(|scope| scope.region.as_deref());
    if route.follows_bucket {
        // DNS leads to the bucket's own region, which then finds that the signature is for another.
        return match signed {
            Some(signed) if signed != bucket.region => Err(misdirected(signed, &bucket.region)),
            _ => Ok(()),
        };
    }
    if route.region == bucket.region {
        return Ok(());
    }
    let message = "The bucket you are attempting to access must be addressed using the specified endpoint. \
        Please send all future requests to this endpoint.";
    let endpoint = format!("{}.{}", bucket.name, regions::host(&bucket.region));
    let error = S3Error::new(301, "PermanentRedirect", message).field("Endpoint", &endpoint);
    Err(error.field("Bucket", &bucket.name).region(&bucket.region))
}

fn misdirected(signed: &str, expected: &str) -> S3Error {
    let message =
        format!("The authorization header is malformed; the region '{signed}' is wrong; expecting '{expected}'");
    S3Error::new(400, "AuthorizationHeaderMalformed", &message).field("Region", expected).region(expected)
}

fn check_owner(request: &Request<'_>, bucket: &Bucket) -> Outcome<()> {
    let expected = request.raw.header("x-amz-expected-bucket-owner");
    if bucket.account != request.account || expected.is_some_and(|expected| expected != bucket.account) {
        return Err(S3Error::denied().region(&bucket.region));
    }
    Ok(())
}

/// A bucket as S3 makes them since April 2023.
pub(super) fn new_bucket(name: &str, region: &str, account: &str, created: Timestamp) -> Bucket {
    let mut bucket = Bucket {
        name: name.to_owned(),
        region: region.to_owned(),
        account: account.to_owned(),
        created,
        config: std::collections::BTreeMap::new(),
        objects: Objects::default(),
        uploads: std::collections::BTreeSet::new(),
    };
    for entry in table::ALL {
        if let Some(document) = (entry.initial)(&bucket) {
            bucket.config.insert(entry.query, document);
        }
    }
    bucket
}
