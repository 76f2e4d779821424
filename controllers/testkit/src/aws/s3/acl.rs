//! Access control lists.

use super::{
    super::{
        answer::{Outcome, S3Error},
        world::Bucket,
        xml::{Element, XSI},
    },
    settings,
    subresource::Put,
};

const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
const AUTHENTICATED: &str = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers";
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The headers that grant, and what they grant.
const HEADERS: [(&str, &str); 5] = [
    ("x-amz-grant-full-control", "FULL_CONTROL"),
    ("x-amz-grant-read", "READ"),
    ("x-amz-grant-read-acp", "READ_ACP"),
    ("x-amz-grant-write", "WRITE"),
    ("x-amz-grant-write-acp", "WRITE_ACP"),
];

#[derive(Clone, Debug)]
struct Grant {
    /// `CanonicalUser` or `Group`.
    kind: &'static str,
    grantee: String,
    permission: String,
}

impl Grant {
    fn user(id: &str, permission: &str) -> Self {
        Self { kind: "CanonicalUser", grantee: id.to_owned(), permission: permission.to_owned() }
    }

    fn group(uri: &str, permission: &str) -> Self {
        Self { kind: "Group", grantee: uri.to_owned(), permission: permission.to_owned() }
    }

    fn is_public(&self) -> bool {
        self.grantee == ALL_USERS || self.grantee == AUTHENTICATED
    }

    fn element(&self) -> Element {
        let field = if self.kind == "Group" { "URI" } else { "ID" };
        let grantee = Element::new("Grantee")
            .attribute("xmlns:xsi", XSI)
            .attribute("xsi:type", self.kind)
            .with(field, &self.grantee);
        Element::new("Grant").child(grantee).with("Permission", &self.permission)
    }
}

/// The canonical user id of an account.
pub(super) fn canonical_id(account: &str) -> String {
    format!("{account:0>64}")
}

/// The ACL of a new bucket.
pub(super) fn private(bucket: &Bucket) -> String {
    document(&bucket.account, &[Grant::user(&canonical_id(&bucket.account), "FULL_CONTROL")])
}

/// Whether the ACL grants nothing to others.
pub(super) fn is_private(bucket: &Bucket) -> bool {
    bucket.config.get("acl").is_none_or(|document| *document == private(bucket))
}

fn document(account: &str, grants: &[Grant]) -> String {
    let list = grants.iter().map(Grant::element).fold(Element::new("AccessControlList"), Element::child);
    let owner = Element::new("Owner").with("ID", &canonical_id(account));
    Element::s3("AccessControlPolicy").child(owner).child(list).document()
}

pub(super) fn accept(put: &Put<'_>) -> Outcome<String> {
    let grants = grants(put)?;
    if settings::is_owner_enforced(put.bucket) {
        return Err(S3Error::new(400, "AccessControlListNotSupported", "The bucket does not allow ACLs"));
    }
    if grants.iter().any(Grant::is_public) && settings::blocks(put.bucket, "BlockPublicAcls") {
        return Err(S3Error::denied());
    }
    Ok(document(&put.bucket.account, &grants))
}

fn grants(put: &Put<'_>) -> Outcome<Vec<Grant>> {
    let raw = put.request.raw;
    let by_header: Vec<(&str, &str)> =
        HEADERS.iter().filter_map(|(header, permission)| Some((raw.header(header)?, *permission))).collect();
    match (raw.header("x-amz-acl"), by_header.is_empty(), put.body.is_empty()) {
        (Some(canned), true, true) => self::canned(&put.bucket.account, canned),
        (None, false, true) => {
            let lists = by_header.iter().map(|(header, permission)| from_header(header, permission));
            Ok(lists.collect::<Outcome<Vec<_>>>()?.concat())
        }
        (None, true, false) => from_body(put.body),
        (None, true, true) => {
            let message = "Your request was missing a required header: x-amz-acl";
            Err(S3Error::new(400, "MissingSecurityHeader", message))
        }
        (Some(_), false, _) => {
            let message = "Specifying both Canned ACLs and Header Grants is not allowed";
            Err(S3Error::new(400, "InvalidRequest", message))
        }
        (_, _, false) => {
            let message = "This request does not support content";
            Err(S3Error::new(400, "UnexpectedContent", message))
        }
    }
}

fn canned(account: &str, name: &str) -> Outcome<Vec<Grant>> {
    let groups: &[(&str, &str)] = match name {
        "private" => &[],
        "public-read" => &[(ALL_USERS, "READ")],
        "public-read-write" => &[(ALL_USERS, "READ"), (ALL_USERS, "WRITE")],
        "authenticated-read" => &[(AUTHENTICATED, "READ")],
        "log-delivery-write" => &[(LOG_DELIVERY, "WRITE"), (LOG_DELIVERY, "READ_ACP")],
        _ => return Err(S3Error::new(400, "InvalidArgument", "").field("ArgumentName", "x-amz-acl")),
    };
    let mut grants = vec![Grant::user(&canonical_id(account), "FULL_CONTROL")];
    grants.extend(groups.iter().map(|(uri, permission)| Grant::group(uri, permission)));
    Ok(grants)
}

/// Reads `id="…", uri="…"`.
fn from_header(header: &str, permission: &str) -> Outcome<Vec<Grant>> {
    let grant = |term: &str| {
        let (kind, value) = term.trim().split_once('=')?;
        let value = value.trim_matches('"');
        match kind {
            "id" => Some(Grant::user(value, permission)),
            "uri" => Some(Grant::group(value, permission)),
            _ => None,
        }
    };
    let invalid = || S3Error::new(400, "InvalidArgument", "Argument format not recognized");
    header.split(',').map(|term| grant(term).ok_or_else(invalid)).collect()
}

fn from_body(body: &[u8]) -> Outcome<Vec<Grant>> {
    let root = settings::parse(body, "AccessControlPolicy", &["Owner", "AccessControlList"])?;
    let list = root.get("AccessControlList").ok_or_else(S3Error::malformed)?;
    list.all("Grant").map(from_element).collect()
}

fn from_element(grant: &Element) -> Outcome<Grant> {
    let grantee = grant.get("Grantee").ok_or_else(S3Error::malformed)?;
    let permission = grant.text_of("Permission").ok_or_else(S3Error::malformed)?;
    match (grantee.text_of("ID"), grantee.text_of("URI")) {
        (Some(id), None) => Ok(Grant::user(id, permission)),
        (None, Some(uri)) => Ok(Grant::group(uri, permission)),
        _ => Err(S3Error::malformed()),
    }
}

/// Refuses the ACL that `CreateBucket` asks for where it cannot be.
pub(super) fn check_at_creation(name: &str, ownership: &str) -> Outcome<()> {
    canned("", name)?;
    if name != "private" && ownership == settings::OWNER_ENFORCED {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        return Err(S3Error::new(400, "InvalidBucketAclWithObjectOwnership", message));
    }
    if name.starts_with("public-") || name == "authenticated-read" {
        // New buckets block public ACLs.
        return Err(S3Error::new(
            400,
            "InvalidBucketAclWithBlockPublicAccessError",
            "Bucket cannot have public ACLs set with BlockPublicAccess enabled",
        ));
    }
    Ok(())
}

/// The document of a canned ACL.
pub(super) fn canned_document(account: &str, name: &str) -> Outcome<String> {
    Ok(document(account, &canned(account, name)?))
}
