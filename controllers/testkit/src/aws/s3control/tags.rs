//! Tags of access points.

use std::collections::BTreeMap;

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        s3,
        world::World,
        xml::Element,
    },
    Request,
    access_points::{arn, find, key},
    body,
    operation::Verb,
    root,
};

pub(super) fn handle(world: &mut World, request: &Request<'_>, verb: Verb, resource: &str) -> Outcome<Answer> {
    let name = resource.rsplit_once("accesspoint/").map(|(_, name)| name).unwrap_or_default();
    let key = key(request, name);
    if arn(&key) != resource {
        return Err(S3Error::unsupported(&format!("tags of {resource}")));
    }
    let point = find(world, &key)?;
    match verb {
        Verb::Get => {
            let tag = |(key, value): (&String, &String)| Element::new("Tag").with("Key", key).with("Value", value);
            let tags = point.tags.iter().map(tag).fold(Element::new("Tags"), Element::child);
            Ok(Answer::xml(200, &root("ListTagsForResourceResult").child(tags)))
        }
        Verb::Put => {
            let asked = body(request, "TagResourceRequest")?;
            let more = s3::read_tags(asked.get("Tags").ok_or_else(S3Error::malformed)?)?;
            let mut tags = point.tags.clone();
            tags.extend(more);
            point.tags = checked(tags)?;
            Ok(Answer::empty(204))
        }
        Verb::Delete => {
            for (_, gone) in request.raw.query.iter().filter(|(name, _)| name == "tagKeys") {
                point.tags.remove(gone);
            }
            Ok(Answer::empty(204))
        }
    }
}

fn checked(tags: BTreeMap<String, String>) -> Outcome<BTreeMap<String, String>> {
    if tags.len() > 50 {
        return Err(S3Error::new(400, "InvalidTag", "The number of tags is more than 50"));
    }
    Ok(tags)
}
