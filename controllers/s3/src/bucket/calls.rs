//! The calls that concern a bucket as a whole.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration, Tag, Tagging};
use cairn_aws::{failure, unless_absent, unmade};
use cairn_core::{
    failure::{Class, Failure},
    observed::{Existence, Present},
};

use crate::client::{Scoped, fetch, send};

/// Whether the bucket exists, and its tags: one call for both.
pub(super) async fn locate(client: &Scoped, bucket: &str) -> Result<Existence, Failure> {
    match fetch!(client, bucket, get_bucket_tagging, "GetBucketTagging") {
        Ok(answer) => Ok(present(answer.tag_set.into_iter().map(|t| (t.key, t.value)).collect())),
        Err(failure) => match failure.code.as_str() {
            "NoSuchBucket" => Ok(Existence::Absent),
            "NoSuchTagSet" => Ok(present(BTreeMap::new())),
            _ => Err(explained(failure, client)),
        },
    }
}

fn present(tags: BTreeMap<String, String>) -> Existence {
    Existence::Present(Present::tagged(tags))
}

/// S3 answers "access denied" for a bucket of another account as for a missing permission, and by a redirect for one in
/// another region.
fn explained(failure: Failure, client: &Scoped) -> Failure {
    let message = match (failure.class, failure.code.as_str()) {
        (Class::Denied, _) => {
            format!("{}; or the bucket belongs to another AWS account: then choose another name", failure.message)
        }
        (_, "PermanentRedirect" | "AuthorizationHeaderMalformed" | "301" | "IllegalLocationConstraintException") => {
            format!("the bucket exists in another region than {}; set the object's region to that", client.region())
        }
        _ => failure.message,
    };
    Failure { message, ..failure }
}

/// Creates the bucket with its tags, so that it carries its owner from its first moment.
pub(super) async fn create(client: &Scoped, bucket: &str, tags: &BTreeMap<String, String>) -> Result<(), Failure> {
    const OPERATION: &str = "CreateBucket";
    let configuration = CreateBucketConfiguration::builder()
        .set_location_constraint(client.location_constraint().map(BucketLocationConstraint::from))
        .set_tags(Some(sdk_tags(OPERATION, tags)?))
        .build();
    let call = client.write.create_bucket().bucket(bucket).create_bucket_configuration(configuration);
    call.send().await.map(drop).map_err(|error| failure(OPERATION, &error))
}

/// Writes the whole set of tags.
pub(super) async fn tag(client: &Scoped, bucket: &str, tags: &BTreeMap<String, String>) -> Result<(), Failure> {
    const OPERATION: &str = "PutBucketTagging";
    let tagging = Tagging::builder().set_tag_set(Some(sdk_tags(OPERATION, tags)?)).build();
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
    unless_absent(answer, &["NoSuchBucket"]).map(|_| ())
}
