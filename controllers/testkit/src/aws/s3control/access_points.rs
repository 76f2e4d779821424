//! Access points as a whole.

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        regions::partition,
        s3,
        world::World,
        xml::Element,
    },
    Request, body,
    operation::Verb,
    root,
    state::{AccessPoint, Key, read_block, write_block},
};

pub(super) fn handle(world: &mut World, request: &Request<'_>, verb: Verb, name: &str) -> Outcome<Answer> {
    let key = key(request, name);
    match verb {
        Verb::Put => create(world, request, key),
        Verb::Get => Ok(Answer::xml(200, &described(&key, find(world, &key)?))),
        Verb::Delete => {
            find(world, &key)?;
            world.control.points.remove(&key);
            Ok(Answer::empty(200))
        }
    }
}

pub(super) fn key(request: &Request<'_>, name: &str) -> Key {
    (request.account.clone(), request.region.to_owned(), name.to_owned())
}

pub(super) fn find<'w>(world: &'w mut World, key: &Key) -> Outcome<&'w mut AccessPoint> {
    world.control.points.get_mut(key).ok_or_else(|| {
        let message = "The specified accesspoint does not exist";
        S3Error::new(404, "NoSuchAccessPoint", message).field("AccessPointName", &key.2)
    })
}

pub(super) fn arn((account, region, name): &Key) -> String {
    format!("arn:{}:s3:{region}:{account}:accesspoint/{name}", partition(region))
}

fn create(world: &mut World, request: &Request<'_>, key: Key) -> Outcome<Answer> {
    if world.control.points.contains_key(&key) {
        let message = "Your previous request to create the named accesspoint succeeded and you already own it.";
        return Err(S3Error::new(409, "AccessPointAlreadyOwnedByYou", message).field("AccessPointName", &key.2));
    }
    let asked = body(request, "CreateAccessPointRequest")?;
    check_name(&key.2)?;
    let bucket = asked.text_of("Bucket").ok_or_else(S3Error::malformed)?;
    let vpc = asked.get("VpcConfiguration").map(|vpc| vpc.text_of("VpcId").ok_or_else(S3Error::malformed));
    let block = asked.get("PublicAccessBlockConfiguration").map(|block| read_block(block, false));
    let tags = asked.get("Tags").map_or_else(|| Ok(Vec::new()), s3::read_tags)?;
    world.control.made += 1;
    let alias = format!("{}-{:034}-s3alias", key.2.chars().take(20).collect::<String>(), world.control.made);
    let point = AccessPoint {
        bucket: bucket.to_owned(),
        bucket_account: asked.text_of("BucketAccountId").unwrap_or(&request.account).to_owned(),
        vpc: vpc.transpose()?.map(str::to_owned),
        // A new access point refuses everything to the public, unless its request says what it refuses.
        block: block.transpose()?.unwrap_or([true; 4]),
        alias: alias.clone(),
        created: world.clock.now(),
        policy: None,
        tags: tags.into_iter().collect(),
    };
    let answer = root("CreateAccessPointResult").with("AccessPointArn", &arn(&key)).with("Alias", &alias);
    world.control.points.insert(key, point);
    Ok(Answer::xml(200, &answer))
}

/// Source: the S3 User Guide, "Access points restrictions and limitations".
fn check_name(name: &str) -> Outcome<()> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let edges = [name.bytes().next(), name.bytes().last()];
    let good = (3..=50).contains(&name.len())
        && name.bytes().all(|byte| plain(byte) || byte == b'-')
        && edges.into_iter().all(|edge| edge.is_some_and(plain))
        && !name.ends_with("-s3alias");
    if good {
        return Ok(());
    }
    Err(S3Error::new(400, "InvalidRequest", "The accesspoint name is not valid").field("AccessPointName", name))
}

fn described(key: &Key, point: &AccessPoint) -> Element {
    let mut answer = root("GetAccessPointResult")
        .with("Name", &key.2)
        .with("Bucket", &point.bucket)
        .with("NetworkOrigin", if point.vpc.is_some() { "VPC" } else { "Internet" });
    if let Some(vpc) = &point.vpc {
        answer = answer.child(Element::new("VpcConfiguration").with("VpcId", vpc));
    }
    answer
        .child(write_block(Element::new("PublicAccessBlockConfiguration"), point.block))
        .with("CreationDate", &point.created.to_string())
        .with("Alias", &point.alias)
        .with("AccessPointArn", &arn(key))
        .child(endpoints(&key.1))
        .with("BucketAccountId", &point.bucket_account)
}

fn endpoints(region: &str) -> Element {
    let kinds = [("ipv4", ""), ("dualstack", ".dualstack"), ("fips", "-fips"), ("fips_dualstack", "-fips.dualstack")];
    let entry = |(kind, infix): (&str, &str)| {
        let host = format!("s3-accesspoint{infix}.{region}.amazonaws.com");
        Element::new("entry").with("key", kind).with("value", &host)
    };
    kinds.into_iter().map(entry).fold(Element::new("Endpoints"), Element::child)
}
