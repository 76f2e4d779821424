//! What is different for directory buckets.
//!
//! Their tags are S3 Control's, which takes single ones. They have only some of the parts. Sources: the operations of the
//! Amazon S3 API reference, each of which says whether it is supported for directory buckets.

use std::collections::BTreeMap;

use aws_sdk_s3control::types::Tag;
use cairn_aws::{failure, unmade};
use cairn_core::{
    failure::{Class, Failure},
    observed::{Existence, Present},
    tags::TagChange,
};

use crate::client::Scoped;

/// The parts that a directory bucket has.
pub(super) const PARTS: [&str; 5] = ["encryption", "inventory", "lifecycle", "metrics", "policy"];

/// Whether the bucket exists, and its tags: one call for both.
pub(super) async fn locate(client: &Scoped, bucket: &str) -> Result<Existence, Failure> {
    let control = client.control();
    let call = control.read.list_tags_for_resource().account_id(client.account()).resource_arn(client.arn(bucket));
    let tags = match call.send().await {
        Ok(answer) => answer.tags.unwrap_or_default(),
        Err(error) => {
            let failure = failure("ListTagsForResource", &error);
            // A bucket without tags has an empty list of them: nothing else can be missing.
            return if failure.class == Class::NotFound { Ok(Existence::Absent) } else { Err(failure) };
        }
    };
    Ok(Existence::Present(Present::tagged(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())))
}

/// Sets tags and takes tags away, by one call for each where there are any.
pub(super) async fn tag(client: &Scoped, bucket: &str, change: &TagChange) -> Result<(), Failure> {
    if !change.set.is_empty() {
        set_tags(client, bucket, &change.set).await?;
    }
    if change.remove.is_empty() {
        return Ok(());
    }
    let control = client.control();
    let call = control.write.untag_resource().account_id(client.account()).resource_arn(client.arn(bucket));
    let answer = call.set_tag_keys(Some(change.remove.clone())).send().await;
    answer.map(drop).map_err(|error| failure("UntagResource", &error))
}

async fn set_tags(client: &Scoped, bucket: &str, tags: &BTreeMap<String, String>) -> Result<(), Failure> {
    const OPERATION: &str = "TagResource";
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<_>, _> = tags.iter().map(tag).collect();
    let tags = tags.map_err(|error| unmade(OPERATION, &error))?;
    let control = client.control();
    let call = control.write.tag_resource().account_id(client.account()).resource_arn(client.arn(bucket));
    call.set_tags(Some(tags)).send().await.map(drop).map_err(|error| failure(OPERATION, &error))
}
