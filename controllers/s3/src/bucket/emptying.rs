//! What is in a bucket: counting it, and deleting it page by page.
//!
//! No place is remembered: every round begins with what is still there, so that it goes on after a crash as if there had
//! been none.

use aws_sdk_s3::{
    operation::{
        delete_objects::DeleteObjectsOutput, list_multipart_uploads::ListMultipartUploadsOutput,
        list_object_versions::ListObjectVersionsOutput, list_objects_v2::ListObjectsV2Output,
    },
    types::{Delete, ObjectIdentifier},
};
use cairn_aws::{unless_absent, unmade};
use cairn_core::failure::{Class, Failure};

use crate::{
    client::{Scoped, fetch, send},
    zone::Zone,
};

const UPLOADS: &str = "ListMultipartUploads";
const DELETE: &str = "DeleteObjects";

/// What the failure to delete a bucket that is not empty says, with a count of what is in it.
pub(super) async fn counted(client: &Scoped, bucket: &str, failure: Failure) -> Failure {
    let (Ok(page), Ok(uploads)) = (page(client, bucket).await, uploads(client, bucket).await) else {
        return failure;
    };
    let what = in_words(&page, &uploads);
    let way_out = "spec.deletion.emptyFirst has that done";
    Failure { message: format!("{}: {what}; {way_out}", failure.message.trim_end_matches('.')), ..failure }
}

fn in_words(page: &Page, uploads: &ListMultipartUploadsOutput) -> String {
    let more = page.more || uploads.is_truncated == Some(true);
    let uploads = (uploads.uploads().len(), "unfinished uploads");
    let found = page.counts.iter().chain([&uploads]).filter(|(count, _)| *count > 0);
    let told: Vec<_> = found.map(|(count, what)| format!("{count} {what}")).collect();
    format!("it has {}{}", if more { "at least " } else { "" }, told.join(", "))
}

/// Deletes one page of what is in the bucket; tells how much that was, `None` when nothing was left.
pub(super) async fn empty(client: &Scoped, bucket: &str) -> Result<Option<u64>, Failure> {
    let page = unless_absent(page(client, bucket).await, &["NoSuchBucket"])?;
    if let Some(page) = page.filter(|page| !page.objects.is_empty()) {
        return delete(client, bucket, page.objects).await.map(Some);
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

/// One page of the objects in a bucket.
struct Page {
    objects: Vec<ObjectIdentifier>,
    /// How many there are of each sort.
    counts: Vec<(usize, &'static str)>,
    more: bool,
}

/// The first page. Directory buckets know no versions, and list objects instead.
async fn page(client: &Scoped, bucket: &str) -> Result<Page, Failure> {
    match Zone::of(bucket) {
        Some(_) => of_objects(&fetch!(client, bucket, list_objects_v2, "ListObjectsV2")?),
        None => of_versions(&fetch!(client, bucket, list_object_versions, "ListObjectVersions")?),
    }
}

fn of_objects(page: &ListObjectsV2Output) -> Result<Page, Failure> {
    let objects: Vec<_> =
        page.contents().iter().map(|object| identifier(object.key(), None)).collect::<Result<_, _>>()?;
    Ok(Page { counts: vec![(objects.len(), "objects")], objects, more: page.is_truncated == Some(true) })
}

fn of_versions(page: &ListObjectVersionsOutput) -> Result<Page, Failure> {
    let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
    let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
    let counts = vec![(versions.len(), "versions of objects"), (markers.len(), "delete markers")];
    let objects = versions.chain(markers).map(|(key, id)| identifier(key, id)).collect::<Result<_, _>>()?;
    Ok(Page { objects, counts, more: page.is_truncated == Some(true) })
}

fn identifier(key: Option<&str>, version: Option<&str>) -> Result<ObjectIdentifier, Failure> {
    let builder = ObjectIdentifier::builder().key(key.unwrap_or_default());
    builder.set_version_id(version.map(Into::into)).build().map_err(|error| unmade(DELETE, &error))
}

async fn uploads(client: &Scoped, bucket: &str) -> Result<ListMultipartUploadsOutput, Failure> {
    fetch!(client, bucket, list_multipart_uploads, UPLOADS)
}

async fn delete(client: &Scoped, bucket: &str, page: Vec<ObjectIdentifier>) -> Result<u64, Failure> {
    let count = page.len();
    let delete = Delete::builder().set_objects(Some(page)).quiet(true).build();
    let delete = delete.map_err(|error| unmade(DELETE, &error))?;
    let owner = client.expected_owner(bucket);
    let call = client.write.delete_objects().bucket(bucket).set_expected_bucket_owner(owner).delete(delete);
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
