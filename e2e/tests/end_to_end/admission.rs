//! What the API server refuses by the schema alone, with words that help.

use cairn_e2e::{Result, error::ensure};

use crate::fixture::{Room, bucket, bucket_name, in_cluster};

/// A spec below its name, and what the refusal must say.
const REFUSED: &[(&str, &str)] = &[
    ("  nmae: x", "unknown field \"spec.nmae\""),
    ("  versioning: {status: On}", "supported values: \"Enabled\", \"Suspended\""),
    ("  versioning: {}", "spec.versioning.status: Required value"),
    ("  policy: 'Allow everything'", "spec.policy in body should match"),
    ("  policy: '{\"Statement\": ['", "spec.policy in body should match"),
    ("  tagging: {tagSet: [{key: 'aws:x', value: x}]}", "tag keys that start with aws: belong to AWS"),
    ("  tagging: {tagSet: [{key: cairn.run/owner, value: x}]}", "belong to Cairn"),
    ("  tagging: {tagSet: [{key: a, value: b}, {key: a, value: c}]}", "Duplicate value"),
    ("  encryption: {rules: []}", "should have at least 1 items"),
    (
        "  encryption: {rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: AES256, kmsMasterKeyID: k}}]}",
        "kmsMasterKeyID needs sseAlgorithm aws:kms",
    ),
    ("  ownershipControls: {rules: [{objectOwnership: Mine}]}", "supported values: \"BucketOwnerPreferred\""),
    ("  publicAccessBlock: {blockPublicAcls: true}", "unknown field \"spec.publicAccessBlock.blockPublicAcls\""),
    ("  createBucketConfiguration: {locationConstraint: europe}", "should match"),
];

/// A name, and what the refusal must say.
const REFUSED_NAMES: &[(&str, &str)] = &[
    ("Upper", "spec.name in body should match"),
    ("under_score", "spec.name in body should match"),
    ("ends-", "spec.name in body should match"),
    ("two..dots", "spec.name in body should match"),
    ("ab", "should be at least 3 chars long"),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "may not be more than 63 bytes"),
    ("192.168.5.4", "name must not look like an IP address"),
    ("xn--bucket", "a prefix that AWS reserves"),
    ("sthree-bucket", "a prefix that AWS reserves"),
    ("amzn-s3-demo-bucket", "a prefix that AWS reserves"),
    ("bucket-s3alias", "a suffix that AWS reserves"),
    ("bucket--x-s3", "the name of a directory bucket ends with --<zone>--x-s3"),
];

/// Specs below the name that are good.
const ACCEPTED: &[&str] = &[
    "",
    "  versioning: {status: Suspended}",
    "  policy: ' {\"Version\": \"2012-10-17\", \"Statement\": []} '",
    "  tagging: {tagSet: [{key: Kosten Stelle, value: ''}]}",
    "  encryption: {rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: 'aws:kms', kmsMasterKeyID: alias/k}}]}",
    "  publicAccessBlock: {blockPublicACLs: true}",
    "  createBucketConfiguration: {locationConstraint: eu-central-1}",
];

#[test]
fn bad_specs_are_refused_and_the_refusal_says_why() -> Result<()> {
    in_cluster("refused", |room| {
        let specs = REFUSED.iter().map(|(spec, words)| (bucket("bad", "good-name", spec), *words));
        let names = REFUSED_NAMES.iter().map(|(name, words)| (bucket("bad", name, ""), *words));
        for (manifest, words) in specs.chain(names) {
            refused(room, &manifest, words)?;
        }
        Ok(())
    })
}

/// Without effect, so that an operator has nothing to do with it.
fn refused(room: &Room, manifest: &str, words: &str) -> Result<()> {
    let refusal = room.kubectl.refusal(&["create", "--dry-run=server", "-f", "-"], manifest)?;
    ensure(refusal.contains(words), || format!("{manifest}\nwas refused without {words:?}:\n{refusal}"))
}

#[test]
fn good_specs_are_accepted() -> Result<()> {
    in_cluster("accepted", |room| {
        for spec in ACCEPTED {
            room.kubectl.run_with(&["create", "--dry-run=server", "-f", "-"], &bucket("good", "good-name", spec))?;
        }
        Ok(())
    })
}

#[test]
fn the_name_and_the_place_cannot_be_changed() -> Result<()> {
    in_cluster("immutable", |room| {
        let place = |region: &str| format!("  createBucketConfiguration: {{locationConstraint: {region}}}");
        let name = bucket_name();
        room.kubectl.apply(&bucket("fixed", &name, &place("eu-west-1")))?;
        for (manifest, words) in [
            (bucket("fixed", &bucket_name(), &place("eu-west-1")), "name is immutable: a bucket cannot be renamed"),
            (bucket("fixed", &name, &place("eu-west-2")), "createBucketConfiguration is immutable"),
        ] {
            let refusal = room.kubectl.refusal(&["apply", "-f", "-"], &manifest)?;
            ensure(refusal.contains(words), || format!("{words:?} expected in: {refusal}"))?;
        }
        room.kubectl.run(&["delete", "--wait=false", "bucket", "fixed"]).map(drop)
    })
}
