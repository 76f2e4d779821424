//! Versioning, encryption, public access block and ownership controls.

use super::{
    super::{
        answer::{Outcome, S3Error},
        world::Bucket,
        xml::Element,
    },
    acl,
    configuration::object_lock,
    directory,
    subresource::Put,
};

/// The object ownership of new buckets.
pub(super) const OWNER_ENFORCED: &str = "BucketOwnerEnforced";

/// Parses a document that has this root and no children but these.
pub(super) fn parse(body: &[u8], root: &str, children: &[&str]) -> Outcome<Element> {
    let parsed = Element::parse(body).filter(|parsed| parsed.name == root).ok_or_else(S3Error::malformed)?;
    check(&parsed, children)?;
    Ok(parsed)
}

fn check(element: &Element, children: &[&str]) -> Outcome<()> {
    let known = element.children.iter().all(|child| children.contains(&child.name.as_str()));
    if known { Ok(()) } else { Err(S3Error::malformed()) }
}

pub(super) fn unversioned() -> String {
    Element::s3("VersioningConfiguration").document()
}

pub(super) fn versioned(status: &str) -> String {
    Element::s3("VersioningConfiguration").with("Status", status).document()
}

/// Whether earlier versions are kept.
pub(super) fn is_versioned(bucket: &Bucket) -> bool {
    bucket.config.get("versioning").is_some_and(|document| document.contains("<Status>Enabled</Status>"))
}

pub(super) fn accept_versioning(put: &Put<'_>) -> Outcome<String> {
    let root = parse(put.body, "VersioningConfiguration", &["Status", "MfaDelete"])?;
    if root.text_of("MfaDelete").is_some_and(|state| state != "Disabled") {
        return Err(S3Error::unsupported("MFA delete"));
    }
    match root.text_of("Status") {
        Some("Suspended") if object_lock::is_on(put.bucket) => {
            let message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be \
                changed.";
            Err(S3Error::new(409, "InvalidBucketState", message))
        }
        Some("Suspended") if put.bucket.config.contains_key("replication") => {
            let message = "A replication configuration is present on this bucket, so the versioning state cannot be \
                changed.";
            Err(S3Error::new(409, "InvalidBucketState", message))
        }
        Some(status @ ("Enabled" | "Suspended")) => Ok(versioned(status)),
        Some(_) => Err(S3Error::malformed()),
        None => {
            let message = "The Versioning element must be specified";
            Err(S3Error::new(400, "IllegalVersioningConfigurationException", message))
        }
    }
}

pub(super) fn default_encryption() -> String {
    encryption("AES256", None, "false", None)
}

fn encryption(algorithm: &str, key: Option<&str>, bucket_key: &str, blocked: Option<&Element>) -> String {
    let mut by_default = Element::new("ApplyServerSideEncryptionByDefault").with("SSEAlgorithm", algorithm);
    if let Some(key) = key {
        by_default = by_default.with("KMSMasterKeyID", key);
    }
    let mut rule = Element::new("Rule").child(by_default).with("BucketKeyEnabled", bucket_key);
    if let Some(blocked) = blocked {
        rule = rule.child(blocked.clone());
    }
    Element::s3("ServerSideEncryptionConfiguration").child(rule).document()
}

pub(super) fn accept_encryption(put: &Put<'_>) -> Outcome<String> {
    let root = parse(put.body, "ServerSideEncryptionConfiguration", &["Rule"])?;
    let [rule] = root.children.as_slice() else {
        return Err(S3Error::malformed());
    };
    check(rule, &["ApplyServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes"])?;
    let by_default = rule.get("ApplyServerSideEncryptionByDefault");
    if let Some(by_default) = by_default {
        check(by_default, &["SSEAlgorithm", "KMSMasterKeyID"])?;
    }
    let algorithm = match by_default.map(|element| element.text_of("SSEAlgorithm")) {
        None => "AES256",
        Some(Some(algorithm @ ("AES256" | "aws:kms" | "aws:kms:dsse"))) => algorithm,
        Some(_) => return Err(S3Error::malformed()),
    };
    let key = by_default.and_then(|element| element.text_of("KMSMasterKeyID"));
    if key.is_some() && algorithm == "AES256" {
        let message = "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse";
        return Err(
            S3Error::new(400, "InvalidArgument", message).field("ArgumentName", "ApplyServerSideEncryptionByDefault")
        );
    }
    let bucket_key = bucket_key(put, rule.text_of("BucketKeyEnabled"))?;
    Ok(encryption(algorithm, key, bucket_key, rule.get("BlockedEncryptionTypes")))
}

/// Directory buckets always have one.
fn bucket_key(put: &Put<'_>, told: Option<&str>) -> Outcome<&'static str> {
    let directory = directory::zone(&put.bucket.name).is_some();
    match told.map(|told| boolean(Some(told))).transpose()? {
        None if directory => Ok("true"),
        Some("false") if directory => {
            Err(S3Error::new(400, "InvalidRequest", "S3 Bucket Keys are always enabled in directory buckets"))
        }
        told => Ok(told.unwrap_or("false")),
    }
}

fn boolean(text: Option<&str>) -> Outcome<&'static str> {
    match text {
        None => Ok("false"),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok("true"),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok("false"),
        Some(_) => Err(S3Error::malformed()),
    }
}

const BLOCKS: [&str; 4] = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

pub(super) fn full_access_block() -> String {
    BLOCKS.iter().fold(Element::s3("PublicAccessBlockConfiguration"), |root, name| root.with(name, "true")).document()
}

pub(super) fn accept_access_block(put: &Put<'_>) -> Outcome<String> {
    let given = parse(put.body, "PublicAccessBlockConfiguration", &BLOCKS)?;
    let mut root = Element::s3("PublicAccessBlockConfiguration");
    for name in BLOCKS {
        root = root.with(name, boolean(given.text_of(name))?);
    }
    Ok(root.document())
}

/// Whether one of the four blocks is on.
pub(super) fn blocks(bucket: &Bucket, name: &str) -> bool {
    let root = bucket.config.get("publicAccessBlock").and_then(|document| Element::parse(document.as_bytes()));
    root.is_some_and(|root| root.text_of(name) == Some("true"))
}

pub(super) fn ownership(value: &str) -> String {
    let rule = Element::new("Rule").with("ObjectOwnership", value);
    Element::s3("OwnershipControls").child(rule).document()
}

/// Refuses what is not a kind of ownership.
pub(super) fn check_ownership(value: &str) -> Outcome<()> {
    match value {
        OWNER_ENFORCED | "BucketOwnerPreferred" | "ObjectWriter" => Ok(()),
        _ => Err(S3Error::malformed()),
    }
}

pub(super) fn accept_ownership(put: &Put<'_>) -> Outcome<String> {
    let root = parse(put.body, "OwnershipControls", &["Rule"])?;
    let [rule] = root.children.as_slice() else {
        return Err(S3Error::malformed());
    };
    check(rule, &["ObjectOwnership"])?;
    let value = rule.text_of("ObjectOwnership").unwrap_or_default();
    check_ownership(value)?;
    if value == OWNER_ENFORCED && !acl::is_private(put.bucket) {
        let message = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
        return Err(S3Error::new(400, "InvalidBucketAclWithObjectOwnership", message));
    }
    Ok(ownership(value))
}

/// Whether ACLs are switched off.
pub(super) fn is_owner_enforced(bucket: &Bucket) -> bool {
    bucket.config.get("ownershipControls").is_some_and(|document| document.contains(OWNER_ENFORCED))
}
