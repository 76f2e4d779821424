//! Objects, as far as emptiness, versions and a listing need them.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        world::{Bucket, World},
        xml::Element,
    },
    Request,
    configuration::object_lock,
    operation::Operation,
    settings,
    versions::Listed,
};

const ETAG: &str = "\"00000000000000000000000000000000\"";
/// So many are in one answer at most.
const PAGE: usize = 1000;
/// With it, whoever may overrules a lock of the softer kind.
const OVERRULE: &str = "x-amz-bypass-governance-retention";

/// Takes from the front as many as one answer has; tells whether there are more.
fn page<T>(request: &Request<'_>, limit: &str, mut found: Vec<T>) -> (Vec<T>, bool) {
    let limit = request.raw.parameter(limit).and_then(|limit| limit.parse().ok()).unwrap_or(PAGE).min(PAGE);
    let truncated = found.len() > limit;
    found.truncate(limit);
    (found, truncated)
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

pub(super) fn list(request: &Request<'_>, bucket: &Bucket) -> Answer {
    let parameter = |name| request.raw.parameter(name);
    let prefix = parameter("prefix").unwrap_or_default();
    let after = ["continuation-token", "start-after", "marker"].into_iter().find_map(parameter).unwrap_or_default();
    let selected = bucket.objects.current().filter(|(key, _)| key.starts_with(prefix) && *key > after);
    let (found, truncated) = page(request, "max-keys", selected.collect());
    let count = found.len().to_string();
    let mut root =
        Element::s3("ListBucketResult").with("Name", &bucket.name).with("KeyCount", &count).with("MaxKeys", "1000");
    root = root.with("IsTruncated", flag(truncated));
    if let (true, Some((last, _))) = (truncated, found.last()) {
        root = root.with("NextContinuationToken", last).with("NextMarker", last);
    }
    for (key, version) in found {
        let size = version.size.to_string();
        let entry = Element::new("Contents").with("Key", key).with("Size", &size).with("ETag", ETAG);
        root = root.child(entry.with("LastModified", &bucket.created.to_string()).with("StorageClass", "STANDARD"));
    }
    Answer::xml(200, &root)
}

pub(super) fn versions(request: &Request<'_>, bucket: &Bucket) -> Answer {
    let parameter = |name| request.raw.parameter(name);
    let prefix = parameter("prefix").unwrap_or_default();
    let all: Vec<_> = bucket.objects.listed().filter(|listed| listed.key.starts_with(prefix)).collect();
    let from = match (parameter("key-marker"), parameter("version-id-marker")) {
        (None, _) => 0,
        (Some(key), id) => {
            let passed = |listed: &&Listed<'_>| listed.key == key && id.is_some_and(|id| *listed.version.id == *id);
            let at = all.iter().position(|listed| passed(&listed)).map(|at| at + 1);
            at.unwrap_or_else(|| all.iter().take_while(|listed| listed.key <= key).count())
        }
    };
    let (found, truncated) = page(request, "max-keys", all.into_iter().skip(from).collect());
    let mut root = Element::s3("ListVersionsResult").with("Name", &bucket.name).with("MaxKeys", "1000");
    root = root.with("IsTruncated", flag(truncated));
    if let (true, Some(last)) = (truncated, found.last()) {
        root = root.with("NextKeyMarker", last.key).with("NextVersionIdMarker", &last.version.id);
    }
    Answer::xml(200, &found.into_iter().map(|listed| entry(bucket, listed)).fold(root, Element::child))
}

fn entry(bucket: &Bucket, Listed { key, version, latest }: Listed<'_>) -> Element {
    let entry = Element::new(if version.marker { "DeleteMarker" } else { "Version" });
    let entry = entry.with("Key", key).with("VersionId", &version.id).with("IsLatest", flag(latest));
    let entry = entry.with("LastModified", &bucket.created.to_string());
    if version.marker {
        return entry;
    }
    entry.with("ETag", ETAG).with("Size", &version.size.to_string()).with("StorageClass", "STANDARD")
}

/// Deletes the objects that a document names, or those of them that nothing keeps.
pub(super) fn delete_some(world: &mut World, request: &Request<'_>, bucket: &Bucket) -> Outcome<Answer> {
    let root = Element::parse(&request.raw.body).filter(|root| root.name == "Delete").ok_or_else(S3Error::malformed)?;
    let named: Vec<_> = root.all("Object").filter_map(|object| Some((object.text_of("Key")?, object))).collect();
    if named.is_empty() || named.len() > PAGE {
        return Err(S3Error::malformed());
    }
    let (mut changed, mut answer) = (bucket.clone(), Element::s3("DeleteResult"));
    for (key, object) in named {
        let id = object.text_of("VersionId");
        if let Err(refused) = delete(world, request, &mut changed, key, id) {
            let told = Element::new("Error").with("Key", key).with("VersionId", id.unwrap_or_default());
            answer = answer.child(told.with("Code", &refused.code).with("Message", &refused.message));
        }
    }
    world.put(changed);
    Ok(Answer::xml(200, &answer))
}

fn delete(world: &World, request: &Request<'_>, bucket: &mut Bucket, key: &str, id: Option<&str>) -> Outcome<()> {
    let Some(id) = id else {
        hide(bucket, key);
        return Ok(());
    };
    let overrules = request.raw.header(OVERRULE) == Some("true");
    if bucket.objects.find(key, id).is_some_and(|version| version.is_locked(world.clock.now(), overrules)) {
        return Err(S3Error::new(403, "AccessDenied", "Access Denied because object protected by object lock."));
    }
    bucket.objects.remove(key, id);
    Ok(())
}

/// Writes an object, which is kept as long as the bucket says.
pub(in super::super) fn put(world: &World, bucket: &mut Bucket, key: &str, size: u64) {
    let kept = object_lock::kept(bucket, world.clock.now());
    let versioned = settings::is_versioned(bucket);
    bucket.objects.put(key, size, versioned, kept);
}

/// Deletes an object without saying which version of it.
pub(in super::super) fn hide(bucket: &mut Bucket, key: &str) {
    let versioned = settings::is_versioned(bucket);
    bucket.objects.hide(key, versioned);
}

/// What is done with one object.
pub(super) fn one(world: &mut World, request: &Request<'_>, operation: Operation, bucket: &Bucket) -> Outcome<Answer> {
    let key = request.route.key.as_deref().unwrap_or_default();
    let mut changed = bucket.clone();
    match operation {
        Operation::PutObject => {
            let decoded = request.raw.header("x-amz-decoded-content-length").and_then(|size| size.parse().ok());
            let size = decoded.or(u64::try_from(request.raw.body.len()).ok()).unwrap_or_default();
            put(world, &mut changed, key, size);
            world.put(changed);
            Ok(Answer::empty(200).header("etag", ETAG))
        }
        Operation::DeleteObject => {
            delete(world, request, &mut changed, key, request.raw.parameter("versionId"))?;
            world.put(changed);
            Ok(Answer::empty(204))
        }
        _ => match bucket.objects.current().find(|(found, _)| *found == key) {
            Some(_) => Ok(Answer::empty(200).header("etag", ETAG)),
            None => Err(S3Error::new(404, "NoSuchKey", "The specified key does not exist.")),
        },
    }
}

/// The uploads in parts that are not finished.
pub(super) fn uploads(request: &Request<'_>, bucket: &Bucket) -> Answer {
    let parameter = |name| request.raw.parameter(name).unwrap_or_default();
    let after = (parameter("key-marker"), parameter("upload-id-marker"));
    let selected = bucket.uploads.iter().filter(|(key, id)| (key.as_str(), id.as_str()) > after);
    let (found, truncated) = page(request, "max-uploads", selected.collect());
    let root = Element::s3("ListMultipartUploadsResult").with("Bucket", &bucket.name);
    let mut root = root.with("MaxUploads", "1000").with("IsTruncated", flag(truncated));
    if let (true, Some((key, id))) = (truncated, found.last()) {
        root = root.with("NextKeyMarker", key).with("NextUploadIdMarker", id);
    }
    for (key, id) in found {
        let upload = Element::new("Upload").with("Key", key).with("UploadId", id);
        root = root.child(upload.with("Initiated", &bucket.created.to_string()).with("StorageClass", "STANDARD"));
    }
    Answer::xml(200, &root)
}

/// Gives up an upload.
pub(super) fn abort(world: &mut World, request: &Request<'_>, bucket: &Bucket) -> Outcome<Answer> {
    let key = request.route.key.clone().unwrap_or_default();
    let id = request.raw.parameter("uploadId").unwrap_or_default().to_owned();
    let mut changed = bucket.clone();
    if !changed.uploads.remove(&(key, id)) {
        return Err(S3Error::new(404, "NoSuchUpload", "The specified upload does not exist."));
    }
    world.put(changed);
    Ok(Answer::empty(204))
}
