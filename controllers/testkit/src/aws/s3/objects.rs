//! Objects, as far as emptiness and a listing need them.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        world::{Bucket, World},
        xml::Element,
    },
    Request,
    operation::Operation,
};

const ETAG: &str = "\"00000000000000000000000000000000\"";

fn selected<'a>(request: &Request<'_>, bucket: &'a Bucket) -> (Vec<(&'a String, &'a u64)>, bool) {
    let parameter = |name| request.raw.parameter(name);
    let prefix = parameter("prefix").unwrap_or_default();
    let after = ["continuation-token", "start-after", "marker", "key-marker"].into_iter().find_map(parameter);
    let limit = parameter("max-keys").and_then(|limit| limit.parse().ok()).unwrap_or(1000).min(1000);
    let all = bucket.objects.iter();
    let mut found: Vec<_> =
        all.filter(|(key, _)| key.starts_with(prefix) && key.as_str() > after.unwrap_or_default()).collect();
    let truncated = found.len() > limit;
    found.truncate(limit);
    (found, truncated)
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

pub(super) fn list(request: &Request<'_>, bucket: &Bucket) -> Answer {
    let (found, truncated) = selected(request, bucket);
    let count = found.len().to_string();
    let mut root =
        Element::s3("ListBucketResult").with("Name", &bucket.name).with("KeyCount", &count).with("MaxKeys", "1000");
    root = root.with("IsTruncated", flag(truncated));
    if let (true, Some((last, _))) = (truncated, found.last()) {
        root = root.with("NextContinuationToken", last).with("NextMarker", last);
    }
    for (key, size) in found {
        let entry = Element::new("Contents").with("Key", key).with("Size", &size.to_string()).with("ETag", ETAG);
        root = root.child(entry.with("LastModified", &bucket.created.to_string()).with("StorageClass", "STANDARD"));
    }
    Answer::xml(200, &root)
}

pub(super) fn versions(request: &Request<'_>, bucket: &Bucket) -> Answer {
    let (found, truncated) = selected(request, bucket);
    let mut root = Element::s3("ListVersionsResult").with("Name", &bucket.name).with("MaxKeys", "1000");
    root = root.with("IsTruncated", flag(truncated));
    if let (true, Some((last, _))) = (truncated, found.last()) {
        root = root.with("NextKeyMarker", last).with("NextVersionIdMarker", "null");
    }
    for (key, size) in found {
        let entry = Element::new("Version").with("Key", key).with("VersionId", "null").with("IsLatest", "true");
        let entry = entry.with("LastModified", &bucket.created.to_string()).with("ETag", ETAG);
        root = root.child(entry.with("Size", &size.to_string()).with("StorageClass", "STANDARD"));
    }
    Answer::xml(200, &root)
}

pub(super) fn uploads(bucket: &Bucket) -> Answer {
    let root = Element::s3("ListMultipartUploadsResult").with("Bucket", &bucket.name);
    Answer::xml(200, &root.with("MaxUploads", "1000").with("IsTruncated", "false"))
}

/// Deletes the objects that a document names.
pub(super) fn delete_some(world: &mut World, request: &Request<'_>, bucket: &Bucket) -> Outcome<Answer> {
    let root = Element::parse(&request.raw.body).filter(|root| root.name == "Delete").ok_or_else(S3Error::malformed)?;
    let keys: Vec<_> = root.all("Object").filter_map(|object| object.text_of("Key")).collect();
    if keys.is_empty() || keys.len() > 1000 {
        return Err(S3Error::malformed());
    }
    let mut changed = bucket.clone();
    changed.objects.retain(|key, _| !keys.contains(&key.as_str()));
    world.put(changed);
    Ok(Answer::xml(200, &Element::s3("DeleteResult")))
}

/// What is done with one object. Versions are not simulated.
pub(super) fn one(world: &mut World, request: &Request<'_>, operation: Operation, bucket: &Bucket) -> Outcome<Answer> {
    let key = request.route.key.as_deref().unwrap_or_default();
    let mut changed = bucket.clone();
    match operation {
        Operation::PutObject => {
            let decoded = request.raw.header("x-amz-decoded-content-length").and_then(|size| size.parse().ok());
            let size = decoded.or(u64::try_from(request.raw.body.len()).ok()).unwrap_or_default();
            changed.objects.insert(key.to_owned(), size);
            world.put(changed);
            Ok(Answer::empty(200).header("etag", ETAG))
        }
        Operation::DeleteObject => {
            changed.objects.remove(key);
            world.put(changed);
            Ok(Answer::empty(204))
        }
        _ => match bucket.objects.get(key) {
            Some(_) => Ok(Answer::empty(200).header("etag", ETAG)),
            None => Err(S3Error::new(404, "NoSuchKey", "The specified key does not exist.")),
        },
    }
}
