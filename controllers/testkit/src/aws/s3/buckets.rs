//! Buckets as a whole: list, head, delete, location.

use std::sync::Arc;

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        regions::partition,
        s3control,
        world::{Bucket, World},
        xml::Element,
    },
    Request, acl, directory,
};

/// The region is told only to those who use one of these.
const DETAILING: [&str; 4] = ["max-buckets", "prefix", "continuation-token", "bucket-region"];

/// ARN of a bucket.
pub(in super::super) fn arn(bucket: &str, region: &str, account: &str) -> String {
    let partition = partition(region);
    match directory::zone(bucket) {
        Some(_) => format!("arn:{partition}:s3express:{region}:{account}:bucket/{bucket}"),
        None => format!("arn:{partition}:s3:::{bucket}"),
    }
}

pub(super) fn head(bucket: &Bucket) -> Answer {
    let arn = arn(&bucket.name, &bucket.region, &bucket.account);
    Answer::empty(200)
        .header("x-amz-bucket-region", &bucket.region)
        .header("x-amz-bucket-arn", &arn)
        .header("x-amz-access-point-alias", "false")
}

pub(super) fn delete(world: &mut World, bucket: &Bucket) -> Outcome<Answer> {
    if !bucket.objects.is_empty() {
        let error = S3Error::new(409, "BucketNotEmpty", "The bucket you tried to delete is not empty");
        return Err(error.field("BucketName", &bucket.name));
    }
    if s3control::is_attached(world, &bucket.name, &bucket.account) {
        let message = "The bucket that you tried to delete has access points attached. Delete your access points before \
            deleting your bucket.";
        return Err(S3Error::new(400, "BucketHasAccessPointsAttached", message).field("BucketName", &bucket.name));
    }
    world.remove(&bucket.name);
    Ok(Answer::empty(204))
}

pub(super) fn location(bucket: &Bucket) -> String {
    let mut root = Element::s3("LocationConstraint");
    if bucket.region != "us-east-1" {
        root.text.clone_from(&bucket.region);
    }
    root.document()
}

pub(super) fn list(world: &World, request: &Request<'_>) -> Outcome<Answer> {
    let limit = limit(request)?;
    let found = found(world, request);
    let shown = found.iter().take(limit.unwrap_or(usize::MAX));
    let detailed = DETAILING.iter().any(|parameter| request.raw.parameter(parameter).is_some());
    let list = shown.map(|bucket| entry(bucket, detailed)).fold(Element::new("Buckets"), Element::child);
    let owner = Element::new("Owner").with("ID", &acl::canonical_id(&request.account));
    let mut root = Element::s3("ListAllMyBucketsResult").child(owner).child(list);
    let more = limit.filter(|limit| *limit < found.len());
    if let Some(last) = more.and_then(|limit| found.get(limit - 1)) {
        root = root.with("ContinuationToken", &last.name);
    }
    if let Some(prefix) = request.raw.parameter("prefix").filter(|prefix| !prefix.is_empty()) {
        root = root.with("Prefix", prefix);
    }
    Ok(Answer::xml(200, &root))
}

fn limit(request: &Request<'_>) -> Outcome<Option<usize>> {
    match request.raw.parameter("max-buckets").map(str::parse) {
        None => Ok(None),
        Some(Ok(limit @ 1..=10_000)) => Ok(Some(limit)),
        Some(_) => Err(S3Error::new(400, "InvalidArgument", "max-buckets must be between 1 and 10000")),
    }
}

/// What is left to list, of the caller's account and partition.
fn found<'a>(world: &'a World, request: &Request<'_>) -> Vec<&'a Arc<Bucket>> {
    let raw = request.raw;
    let prefix = raw.parameter("prefix").unwrap_or_default();
    let after = raw.parameter("continuation-token").unwrap_or_default();
    let region = raw.parameter("bucket-region");
    let own_partition = partition(&request.route.region);
    let own = world
        .seen_buckets()
        .filter(|bucket| bucket.account == request.account && partition(&bucket.region) == own_partition);
    own.filter(|bucket| bucket.name.starts_with(prefix) && bucket.name.as_str() > after)
        .filter(|bucket| region.is_none_or(|region| bucket.region == region))
        .collect()
}

fn entry(bucket: &Bucket, detailed: bool) -> Element {
    let entry = Element::new("Bucket").with("Name", &bucket.name).with("CreationDate", &bucket.created.to_string());
    if detailed { entry.with("BucketRegion", &bucket.region) } else { entry }
}
