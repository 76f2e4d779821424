//! Tags of access points and of directory buckets.

use std::collections::BTreeMap;

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        s3,
        world::{Bucket, World},
        xml::Element,
    },
    Request,
    access_points::{arn, find, key},
    body,
    operation::Verb,
    root,
    state::Key,
};

pub(super) fn handle(world: &mut World, request: &Request<'_>, verb: Verb, resource: &str) -> Outcome<Answer> {
    let mut tags = of(world, request, resource)?;
    match verb {
        Verb::Get => {
            let tag = |(key, value): (&String, &String)| Element::new("Tag").with("Key", key).with("Value", value);
            let tags = tags.iter().map(tag).fold(Element::new("Tags"), Element::child);
            return Ok(Answer::xml(200, &root("ListTagsForResourceResult").child(tags)));
        }
        Verb::Put => {
            let asked = body(request, "TagResourceRequest")?;
            tags.extend(s3::read_tags(asked.get("Tags").ok_or_else(S3Error::malformed)?)?);
            tags = checked(tags)?;
        }
        Verb::Delete => {
            let gone = request.raw.query.iter().filter(|(name, _)| name == "tagKeys");
            gone.for_each(|(_, key)| drop(tags.remove(key)));
        }
    }
    keep(world, request, resource, tags)?;
    Ok(Answer::empty(204))
}

/// The tags of a resource, as reads see them.
fn of(world: &mut World, request: &Request<'_>, resource: &str) -> Outcome<BTreeMap<String, String>> {
    if let Some(bucket) = bucket(request, resource) {
        let reads = request.raw.method == "GET";
        let found = if reads { world.seen(bucket) } else { world.bucket(bucket) };
        return Ok(s3::tags(found.ok_or_else(|| s3::no_such_bucket(bucket))?).into_iter().collect());
    }
    Ok(find(world, &point(request, resource)?)?.tags.clone())
}

fn keep(world: &mut World, request: &Request<'_>, resource: &str, tags: BTreeMap<String, String>) -> Outcome<()> {
    if let Some(bucket) = bucket(request, resource) {
        let mut changed = Bucket::clone(world.bucket(bucket).ok_or_else(|| s3::no_such_bucket(bucket))?);
        changed.config.insert("tagging", s3::tag_document(&tags.into_iter().collect::<Vec<_>>()));
        world.put(changed);
        return Ok(());
    }
    find(world, &point(request, resource)?)?.tags = tags;
    Ok(())
}

/// The directory bucket that an ARN names, if it is of the caller's account and the endpoint's region.
fn bucket<'r>(request: &Request<'_>, resource: &'r str) -> Option<&'r str> {
    let (_, name) = resource.split_once(":bucket/")?;
    (s3::bucket_arn(name, request.region, &request.account) == resource).then_some(name)
}

/// The access point that an ARN names.
fn point(request: &Request<'_>, resource: &str) -> Outcome<Key> {
    let name = resource.rsplit_once("accesspoint/").map(|(_, name)| name).unwrap_or_default();
    let key = key(request, name);
    if arn(&key) == resource { Ok(key) } else { Err(S3Error::unsupported(&format!("tags of {resource}"))) }
}

fn checked(tags: BTreeMap<String, String>) -> Outcome<BTreeMap<String, String>> {
    if tags.len() > 50 {
        return Err(S3Error::new(400, "InvalidTag", "The number of tags is more than 50"));
    }
    Ok(tags)
}
