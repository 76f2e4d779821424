//! What is in a bucket: counting it, and deleting it page by page.
//!
//! No place is remembered: every round begins with what is still there, so that it goes on after a crash as if there had
//! been none.

use aws_sdk_s3::{
    operation::{
        delete_objects::DeleteObjectsOutput, list_multipart_uploads::ListMultipartUploadsOutput,
        list_object_versions::ListObjectVersionsOutput,
    },
    types::{Delete, ObjectIdentifier},
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::failure::{Class, Failure};

use crate::client::{Scoped, fetch, send};

const LIST: &str = "ListObjectVersions";
const UPLOADS: &str = "ListMultipartUploads";
const DELETE: &str = "DeleteObjects";

/// What the failure to delete a bucket that is not empty says, with a count of what is in it.
pub(super) async fn counted(client: &Scoped, bucket: &str, failure: Failure) -> Failure {
    let (Ok(versions), Ok(uploads)) = (versions(client, bucket).await, uploads(client, bucket).await) else {
        return failure;
    };
    let what = in_words(&versions, &uploads);
    let way_out = "spec.deletion.emptyFirst has that done";
    Failure { message: format!("{}: {what}; {way_out}", failure.message.trim_end_matches('.')), ..failure }
}

fn in_words(versions: &ListObjectVersionsOutput, uploads: &ListMultipartUploadsOutput) -> String {
    let more = versions.is_truncated == Some(true) || uploads.is_truncated == Some(true);
    let found = [
        (versions.versions().len(), "versions of objects"),
        (versions.delete_markers().len(), "delete markers"),
        (uploads.uploads().len(), "unfinished uploads"),
    ];
    let told: Vec<_> = found.iter().filter(|(count, _)| *count > 0).map(|(n, what)| format!("{n} {what}")).collect();
    format!("it has {}{}", if more { "at least " } else { "" }, told.join(", "))
}

/// Deletes one page of what is in the bucket; tells how much that was, `None` when nothing was left.
pub(super) async fn empty(client: &Scoped, bucket: &str) -> Result<Option<u64>, Failure> {
    let versions = unless_absent(versions(client, bucket).await, &["NoSuchBucket"])?;
    let page = versions.as_ref().map(identifiers).transpose()?.unwrap_or_default();
    if !page.is_empty() {
        return delete(client, bucket, page).await.map(Some);
    }
    let uploads = unless_absent(uploads(client, bucket).await, &["NoSuchBucket"])?;
    let mut given_up = 0;
    for upload in uploads.iter().flat_map(ListMultipartUploadsOutput::uploads) {
        let (key, id) = (upload.key().unwrap_or_default(), upload.upload_id().unwrap_or_default());
        let answer = send!(client, bucket, abort_multipart_upload.key(key).upload_id(id), "AbortMultipartUpload");
        unless_absent(answer, &["NoSuchUpload"])?;
        given_up += 1;
    }
    Ok((given_up > 0).then_some(given_up))
}

async fn versions(client: &Scoped, bucket: &str) -> Result<ListObjectVersionsOutput, Failure> {
    fetch!(client, bucket, list_object_versions, LIST)
}

async fn uploads(client: &Scoped, bucket: &str) -> Result<ListMultipartUploadsOutput, Failure> {
    fetch!(client, bucket, list_multipart_uploads, UPLOADS)
}

fn identifiers(page: &ListObjectVersionsOutput) -> Result<Vec<ObjectIdentifier>, Failure> {
    let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
    let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
    let identifier = |(key, id): (Option<&str>, Option<&str>)| {
        let builder = ObjectIdentifier::builder().key(key.unwrap_or_default());
        builder.set_version_id(id.map(Into::into)).build().map_err(|error| unmade(DELETE, &error))
    };
    versions.chain(markers).map(identifier).collect()
}

async fn delete(client: &Scoped, bucket: &str, page: Vec<ObjectIdentifier>) -> Result<u64, Failure> {
    let count = page.len();
    let delete = Delete::builder().set_objects(Some(page)).quiet(true).build();
    let delete = delete.map_err(|error| unmade(DELETE, &error))?;
    let call = client.write.delete_objects().bucket(bucket).expected_bucket_owner(client.account()).delete(delete);
    let answer = call.send().await.map_err(|error| cairn_aws::failure(DELETE, &error))?;
    // A page of which something goes is progress: what stays is told when nothing else does.
    match count.saturating_sub(answer.errors().len()) {
        0 => Err(kept(&answer)),
        gone => Ok(u64::try_from(gone).unwrap_or(u64::MAX)),
    }
}

fn kept(answer: &DeleteObjectsOutput) -> Failure {
    let first = answer.errors().first();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let (code, why) = (text(first.and_then(|error| error.code())), text(first.and_then(|error| error.message())));
    let (count, key) = (answer.errors().len(), text(first.and_then(|error| error.key())));
    let message = format!("S3 keeps {count} versions of objects, of which {key} because: {code} {why}");
    Failure { code: "BucketNotEmpty".into(), message, class: Class::NotEmpty, ..unmade(DELETE, &"") }
}
