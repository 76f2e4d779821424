//! Directory buckets: their names, their hosts, and what can be done with them.
//!
//! Source: the S3 API reference, which says of each operation whether it is supported for directory buckets, and at which
//! endpoint.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        route::Express,
        world::{Bucket, World},
        xml::Element,
    },
    Request, no_such_bucket,
    operation::Operation,
};

/// Parts of the configuration, and lists of configurations, by their name in a query.
const PARTS: [&str; 5] = ["encryption", "inventory", "lifecycle", "metrics", "policy"];
/// The header with the token of a session.
const SESSION: &str = "x-amz-s3session-token";
/// So long a session lasts.
const LASTS: std::time::Duration = std::time::Duration::from_mins(5);

/// The zone of the directory bucket of that name; `None` for names of other buckets.
pub(super) fn zone(name: &str) -> Option<&str> {
    Some(name.strip_suffix("--x-s3")?.rsplit_once("--")?.1)
}

/// Whether an operation on a bucket of that name is one that the host of the request takes.
pub(super) fn check(request: &Request<'_>, operation: Operation) -> Outcome<()> {
    let name = request.route.bucket.as_deref().unwrap_or_default();
    let Some(zone) = zone(name) else { return Ok(()) };
    let zonal = is_zonal(operation).ok_or_else(|| {
        S3Error::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    })?;
    let at_home = match &request.route.express {
        Some(Express::Control) => !zonal,
        Some(Express::Zone(host)) => zonal && host == zone,
        // An endpoint that stands for all hosts.
        None => request.route.host_region.is_none(),
    };
    if !at_home {
        return Err(no_such_bucket(name));
    }
    if !zonal && request.raw.header("x-amz-expected-bucket-owner").is_some() {
        let message = "A header you provided implies functionality that is not implemented";
        return Err(S3Error::new(501, "NotImplemented", message));
    }
    let opens = matches!(operation, Operation::CreateSession | Operation::HeadBucket);
    if zonal && !opens && request.raw.header(SESSION).is_none() {
        return Err(S3Error::denied());
    }
    Ok(())
}

/// Whether an operation is one of a zone or of the region; `None` for one that directory buckets do not have.
fn is_zonal(operation: Operation) -> Option<bool> {
    match operation {
        Operation::CreateBucket | Operation::DeleteBucket => Some(false),
        Operation::ListEntries(entries) | Operation::Entry(entries, _) => {
            PARTS.contains(&entries.query).then_some(false)
        }
        Operation::Sub(entry, _) => PARTS.contains(&entry.query).then_some(false),
        Operation::CreateSession
        | Operation::HeadBucket
        | Operation::ListObjectsV2
        | Operation::DeleteObjects
        | Operation::PutObject
        | Operation::DeleteObject
        | Operation::HeadObject
        | Operation::ListMultipartUploads
        | Operation::AbortMultipartUpload => Some(true),
        Operation::ListBuckets | Operation::ListObjects | Operation::ListObjectVersions | Operation::Unknown => None,
    }
}

/// Checks what CreateBucket says of a directory bucket, or that it says nothing of one.
pub(super) fn check_creation(name: &str, configuration: Option<&Element>) -> Outcome<()> {
    let part = |part: &str| configuration.and_then(|root| root.get(part));
    let Some(zone) = zone(name) else {
        let said = part("Location").is_some() || part("Bucket").is_some();
        return if said { Err(invalid("The bucket name is not that of a directory bucket")) } else { Ok(()) };
    };
    let (Some(location), Some(bucket)) = (part("Location"), part("Bucket")) else {
        return Err(S3Error::malformed());
    };
    let told = [location.text_of("Type"), bucket.text_of("DataRedundancy"), bucket.text_of("Type")];
    let fits = [
        [Some("AvailabilityZone"), Some("SingleAvailabilityZone"), Some("Directory")],
        [Some("LocalZone"), Some("SingleLocalZone"), Some("Directory")],
    ];
    if location.text_of("Name") != Some(zone) || !fits.contains(&told) {
        return Err(invalid("The zone does not match the bucket name"));
    }
    Ok(())
}

fn invalid(message: &str) -> S3Error {
    S3Error::new(400, "InvalidRequest", message)
}

/// Opens a session, whose credentials are the caller's own under another name.
pub(super) fn create_session(world: &mut World, request: &Request<'_>, bucket: &Bucket) -> Answer {
    let key = format!("S3X{}", bucket.account);
    world.accounts.insert(key.clone(), request.account.clone());
    let ends = world.clock.now() + LASTS;
    let credentials = Element::new("Credentials")
        .with("SessionToken", "session")
        .with("SecretAccessKey", "secret")
        .with("AccessKeyId", &key)
        .with("Expiration", &ends.to_string());
    Answer::xml(200, &Element::s3("CreateSessionResult").child(credentials))
}
