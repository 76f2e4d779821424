//! Parts of a bucket's configuration: what they have in common.

use std::sync::Arc;

use super::{
    super::{
        answer::{Answer, Outcome, S3Error},
        world::{Bucket, World},
    },
    Request,
};

/// What is done with a sub-resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Put,
    Delete,
}

impl Verb {
    pub(super) fn of(method: &str) -> Option<Self> {
        match method {
            "GET" => Some(Self::Get),
            // Metadata configurations are posted.
            "PUT" | "POST" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// Names of the operations; an empty one does not exist.
#[derive(Clone, Copy, Debug)]
pub(super) struct Names {
    pub(super) get: &'static str,
    pub(super) put: &'static str,
    pub(super) delete: &'static str,
}

impl Names {
    pub(super) fn of(&self, verb: Verb) -> Option<&'static str> {
        let name = match verb {
            Verb::Get => self.get,
            Verb::Put => self.put,
            Verb::Delete => self.delete,
        };
        Some(name).filter(|name| !name.is_empty())
    }
}

/// A document that somebody wants to store.
pub(super) struct Put<'a> {
    pub(super) world: &'a World,
    pub(super) bucket: &'a Bucket,
    pub(super) request: &'a Request<'a>,
    pub(super) body: &'a [u8],
}

/// What `DELETE` leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deleted {
    Nothing,
    Initial,
}

/// One part of a bucket's configuration.
#[derive(Clone, Copy)]
pub(super) struct SubResource {
    /// Name in the query.
    pub(super) query: &'static str,
    pub(super) names: Names,
    /// What a new bucket has.
    pub(super) initial: fn(&Bucket) -> Option<String>,
    /// Status, code and message where nothing is stored.
    pub(super) missing: (u16, &'static str, &'static str),
    /// Checks a document, and says how it is stored.
    pub(super) accept: fn(&Put<'_>) -> Outcome<String>,
    /// For what follows from other state, and is not stored.
    pub(super) computed: Option<fn(&Bucket) -> Outcome<String>>,
    pub(super) deleted: Deleted,
    /// Name under which a put is stored, where that is another.
    pub(super) stored: Option<&'static str>,
    /// Whether a put has to bring a checksum.
    pub(super) summed: bool,
    /// Headers that go with a document.
    pub(super) headers: fn(&str) -> Vec<(&'static str, String)>,
    pub(super) put_status: u16,
    pub(super) media_type: &'static str,
}

impl std::fmt::Debug for SubResource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.query)
    }
}

fn refuse(_: &Put<'_>) -> Outcome<String> {
    Err(S3Error::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource."))
}

/// What entries of the table start from.
pub(super) const BLANK: SubResource = SubResource {
    query: "",
    names: Names { get: "", put: "", delete: "" },
    initial: |_| None,
    missing: (404, "NoSuchConfiguration", "The specified configuration does not exist."),
    accept: refuse,
    computed: None,
    deleted: Deleted::Nothing,
    stored: None,
    summed: true,
    headers: |_| Vec::new(),
    put_status: 200,
    media_type: "application/xml",
};

pub(super) fn handle(
    world: &mut World,
    request: &Request<'_>,
    entry: &SubResource,
    verb: Verb,
    bucket: &Arc<Bucket>,
) -> Outcome<Answer> {
    match verb {
        Verb::Get => get(entry, bucket),
        Verb::Put => put(world, request, entry, bucket),
        Verb::Delete => {
            let mut changed = Bucket::clone(bucket);
            let left = (entry.initial)(bucket).filter(|_| entry.deleted == Deleted::Initial);
            match left {
                Some(document) => drop(changed.config.insert(entry.query, document)),
                None => drop(changed.config.remove(entry.query)),
            }
            world.put(changed);
            Ok(Answer::empty(204))
        }
    }
}

fn get(entry: &SubResource, bucket: &Bucket) -> Outcome<Answer> {
    let document = match entry.computed {
        Some(compute) => Some(compute(bucket)?),
        None => bucket.config.get(entry.query).cloned(),
    };
    let (status, code, message) = entry.missing;
    let missing = || S3Error::new(status, code, message).field("BucketName", &bucket.name);
    let document = document.ok_or_else(missing)?;
    let headers = (entry.headers)(&document);
    let answer = Answer::text(200, entry.media_type, document);
    Ok(headers.into_iter().fold(answer, |answer, (name, value)| answer.header(name, &value)))
}

fn put(world: &mut World, request: &Request<'_>, entry: &SubResource, bucket: &Bucket) -> Outcome<Answer> {
    if entry.summed {
        check_integrity(request)?;
    }
    let document = (entry.accept)(&Put { world, bucket, request, body: &request.raw.body })?;
    let mut changed = bucket.clone();
    changed.config.insert(entry.stored.unwrap_or(entry.query), document);
    world.put(changed);
    Ok(Answer::empty(entry.put_status))
}

fn check_integrity(request: &Request<'_>) -> Outcome<()> {
    let mut names = request.raw.headers.keys().map(http::HeaderName::as_str);
    if names.any(|name| name == "content-md5" || name.starts_with("x-amz-checksum-")) {
        return Ok(());
    }
    let message = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*";
    Err(S3Error::new(400, "InvalidRequest", message))
}
