//! `CreateBucket`.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        regions::is_known,
        world::{Bucket, World},
        xml::Element,
    },
    Request, acl, buckets,
    configuration::object_lock,
    directory, names, new_bucket, regions, settings,
    tagging::{self, Tag},
};

pub(super) fn create(world: &mut World, request: &Request<'_>) -> Outcome<Answer> {
    let name = request.route.bucket.as_deref().unwrap_or_default();
    if !names::is_valid(name) {
        let error = S3Error::new(400, "InvalidBucketName", "The specified bucket is not valid.");
        return Err(error.field("BucketName", name));
    }
    let configuration = configuration(request)?;
    directory::check_creation(name, configuration.as_ref())?;
    let region = region(request, configuration.as_ref())?;
    let tags = tags(configuration.as_ref())?;
    let mut bucket = new_bucket(name, &region, &request.account, world.clock.now());
    apply_headers(request, &mut bucket)?;
    if !tags.is_empty() && !world.ignore_create_tags {
        bucket.config.insert("tagging", tagging::document(&tags));
    }
    if let Some(existing) = world.bucket(name) {
        check_existing(request, existing)?;
    } else {
        world.put(bucket);
    }
    Ok(created(name, &region, &request.account))
}

fn created(name: &str, region: &str, account: &str) -> Answer {
    let answer = Answer::empty(200).header("x-amz-bucket-arn", &buckets::arn(name, region, account));
    if directory::zone(name).is_some() {
        return answer;
    }
    let location =
        if region == "us-east-1" { format!("/{name}") } else { format!("http://{name}.{}/", regions::GLOBAL) };
    answer.header("location", &location)
}

fn check_existing(request: &Request<'_>, existing: &Bucket) -> Outcome<()> {
    if existing.account != request.account {
        let message = "The requested bucket name is not available. The bucket namespace is shared by all users of the \
            system. Please select a different name and try again.";
        return Err(S3Error::new(409, "BucketAlreadyExists", message).field("BucketName", &existing.name));
    }
    // The oldest region answers as if it had created the bucket, and changes nothing.
    let oldest = existing.region == "us-east-1" && request.route.region == "us-east-1";
    if oldest && directory::zone(&existing.name).is_none() {
        return Ok(());
    }
    let message = "Your previous request to create the named bucket succeeded and you already own it.";
    Err(S3Error::new(409, "BucketAlreadyOwnedByYou", message).field("BucketName", &existing.name))
}

fn configuration(request: &Request<'_>) -> Outcome<Option<Element>> {
    if request.raw.body.is_empty() {
        return Ok(None);
    }
    let children = ["LocationConstraint", "Location", "Bucket", "Tags"];
    settings::parse(&request.raw.body, "CreateBucketConfiguration", &children).map(Some)
}

/// The region that the bucket is to be in.
fn region(request: &Request<'_>, configuration: Option<&Element>) -> Outcome<String> {
    let endpoint = request.route.region.as_str();
    let zone = request.route.bucket.as_deref().and_then(directory::zone);
    let constraint = configuration.and_then(|root| root.text_of("LocationConstraint"));
    let constraint = constraint.filter(|constraint| !constraint.is_empty());
    let constraint = if constraint == Some("EU") { Some("eu-west-1") } else { constraint };
    match constraint {
        None if endpoint == "us-east-1" || zone.is_some() => Ok(endpoint.to_owned()),
        None => Err(illegal("unspecified")),
        Some(wanted) if wanted == "us-east-1" || !is_known(wanted) => {
            let message = "The specified location-constraint is not valid";
            Err(S3Error::new(400, "InvalidLocationConstraint", message).field("LocationConstraint", wanted))
        }
        Some(wanted) if endpoint == "us-east-1" || wanted == endpoint => Ok(wanted.to_owned()),
        Some(wanted) => Err(illegal(wanted)),
    }
}

fn illegal(constraint: &str) -> S3Error {
    let message = format!(
        "The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to."
    );
    S3Error::new(400, "IllegalLocationConstraintException", &message)
}

fn tags(configuration: Option<&Element>) -> Outcome<Vec<Tag>> {
    configuration.and_then(|root| root.get("Tags")).map_or_else(|| Ok(Vec::new()), tagging::read)
}

fn apply_headers(request: &Request<'_>, bucket: &mut Bucket) -> Outcome<()> {
    let raw = request.raw;
    let ownership = raw.header("x-amz-object-ownership").unwrap_or(settings::OWNER_ENFORCED);
    settings::check_ownership(ownership)?;
    bucket.config.insert("ownershipControls", settings::ownership(ownership));
    if let Some(name) = raw.header("x-amz-acl") {
        acl::check_at_creation(name, ownership)?;
        bucket.config.insert("acl", acl::canned_document(&bucket.account, name)?);
    }
    if raw.headers.keys().any(|name| name.as_str().starts_with("x-amz-grant-")) {
        return Err(S3Error::unsupported("grants in CreateBucket"));
    }
    let namespace = raw.header("x-amz-bucket-namespace");
    let of_account = bucket.name.ends_with(&format!("-{}-{}-an", bucket.account, bucket.region));
    let asked = namespace == Some("account-regional");
    if asked != of_account || (!asked && bucket.name.ends_with("-an")) {
        let message = "The bucket name does not belong to the bucket namespace of the request.";
        return Err(S3Error::new(400, "InvalidBucketNamespace", message).field("BucketName", &bucket.name));
    }
    if raw.header("x-amz-bucket-object-lock-enabled").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        bucket.config.insert("object-lock", object_lock::on());
        bucket.config.insert("versioning", settings::versioned("Enabled"));
    }
    Ok(())
}
