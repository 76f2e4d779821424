//! The calls that concern a bucket as a whole.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Tag, Tagging};
use cairn_aws::{failure, unless_absent, unmade};
use cairn_core::{
    failure::{Class, Failure},
    observed::{Existence, Present},
    tags::TagChange,
};

use super::{directory, emptying, naming};
use crate::{
    client::{Scoped, send},
    zone::Zone,
};

/// Whether the bucket exists, and its tags: one call for both.
pub(super) async fn locate(client: &Scoped, bucket: &str) -> Result<Existence, Failure> {
    if Zone::of(bucket).is_some() {
        return directory::locate(client, bucket).await;
    }
    let call = client.read.get_bucket_tagging().bucket(bucket).expected_bucket_owner(client.account());
    let error = match call.send().await {
        Ok(answer) => return Ok(present(answer.tag_set.into_iter().map(|t| (t.key, t.value)).collect())),
        Err(error) => error,
    };
    let told = error.raw_response().and_then(|response| response.headers().get("x-amz-bucket-region"));
    let region = told.map(str::to_owned);
    let failure = failure("GetBucketTagging", &error);
    match failure.code.as_str() {
        "NoSuchBucket" => Ok(Existence::Absent),
        "NoSuchTagSet" => Ok(present(BTreeMap::new())),
        _ => Err(explained(failure, client, region.as_deref())),
    }
}

fn present(tags: BTreeMap<String, String>) -> Existence {
    Existence::Present(Present::tagged(tags))
}

/// S3 answers "access denied" for a bucket of another account as for a missing permission, and by a redirect for one in
/// another region.
fn explained(failure: Failure, client: &Scoped, region: Option<&str>) -> Failure {
    let message = match (failure.class, failure.code.as_str()) {
        (Class::Denied, _) => {
            format!(
                "{}; or the bucket belongs to another AWS account: then choose another name, or leave spec.name out",
                failure.message
            )
        }
        (_, "PermanentRedirect" | "AuthorizationHeaderMalformed" | "301" | "IllegalLocationConstraintException") => {
            let (here, there) = (client.region(), region.unwrap_or("another region"));
            format!("the bucket exists in {there} and not in {here}; set the object's region to that")
        }
        _ => failure.message,
    };
    Failure { message, ..failure }
}

/// Creates the bucket with its tags, so that it carries its owner from its first moment, and `locked` where objects can
/// be kept from being deleted.
pub(super) async fn create(
    client: &Scoped,
    bucket: &str,
    tags: &BTreeMap<String, String>,
    locked: Option<bool>,
) -> Result<(), Failure> {
    const OPERATION: &str = "CreateBucket";
    let configuration = CreateBucketConfiguration::builder().set_tags(Some(sdk_tags(OPERATION, tags)?));
    let configuration = match Zone::of(bucket) {
        Some(zone) => configuration.location(zone.location()).bucket(zone.bucket()),
        None => configuration.set_location_constraint(client.location_constraint().map(BucketLocationConstraint::from)),
    };
    let configuration = configuration.build();
    let call = client.write.create_bucket().bucket(bucket).create_bucket_configuration(configuration);
    let call = call.set_object_lock_enabled_for_bucket(locked);
    let call = call.set_bucket_namespace(naming::namespace(client, bucket));
    call.send().await.map(drop).map_err(|error| taken(failure(OPERATION, &error), bucket))
}

/// Who meets a name that is taken hears of names that nobody can take. Directory buckets have no such names.
fn taken(failure: Failure, bucket: &str) -> Failure {
    if failure.class != Class::Taken || Zone::of(bucket).is_some() {
        return failure;
    }
    let message = "leave spec.name out, and the bucket gets a name that only \
        this account can have";
    Failure { message: message.into(), ..failure }
}

/// Writes tags: the whole set of them, but for directory buckets, which have calls for single ones.
pub(super) async fn tag(client: &Scoped, bucket: &str, change: &TagChange) -> Result<(), Failure> {
    const OPERATION: &str = "PutBucketTagging";
    if Zone::of(bucket).is_some() {
        return directory::tag(client, bucket, change).await;
    }
    let tagging = Tagging::builder().set_tag_set(Some(sdk_tags(OPERATION, &change.all)?)).build();
    let tagging = tagging.map_err(|error| unmade(OPERATION, &error))?;
    send!(client, bucket, put_bucket_tagging.tagging(tagging), OPERATION)
}

fn sdk_tags(operation: &str, tags: &BTreeMap<String, String>) -> Result<Vec<Tag>, Failure> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build().map_err(|error| unmade(operation, &error)))
        .collect()
}

/// Deletes the bucket. One that is gone already is deleted.
pub(super) async fn delete(client: &Scoped, bucket: &str) -> Result<(), Failure> {
    let answer = send!(client, bucket, delete_bucket, "DeleteBucket");
    match unless_absent(answer, &["NoSuchBucket"]) {
        Err(failure) if failure.class == Class::NotEmpty => Err(emptying::counted(client, bucket, failure).await),
        answer => answer.map(|_| ()),
    }
}
