//! Rows about S3.

use serde_json::{Value, json};

use super::{Deviation, is_about, leave_out, unchecked};
use crate::aws::script::Step;

pub(super) const ROWS: &[Deviation] = &[
    Deviation {
        name: "moto answers for every region at every endpoint",
        source: "S3 User Guide, Virtual hosting of buckets: a request to another region's endpoint is redirected, 301",
        forgive: |step, ours, theirs| {
            let applies = step.operation == "HeadBucket" && ours["status"] == 301 && theirs["status"] == 200;
            same_if(applies, ours, theirs)
        },
    },
    Deviation {
        name: "moto's ListBuckets tells neither the regions nor the prefix",
        source: "API model: Bucket.BucketRegion, for a request with a parameter; ListBucketsOutput.Prefix",
        forgive: |step, ours, theirs| {
            step.operation == "ListBuckets" && leave_out(ours, theirs, &["BucketRegion", "Prefix"])
        },
    },
    Deviation {
        name: "moto's ListBuckets gives no token for what is left",
        source: "API reference of ListBuckets: ContinuationToken",
        forgive: |step, ours, theirs| {
            step.operation == "ListBuckets" && leave_out(ours, theirs, &["ContinuationToken"])
        },
    },
    Deviation {
        name: "moto takes any number for max-buckets",
        source: "API reference of ListBuckets: MaxBuckets is from 1 to 10000",
        forgive: |step, ours, theirs| unchecked(step, &["ListBuckets"], &["InvalidArgument"], ours, theirs),
    },
    Deviation {
        name: "moto takes most names of buckets",
        source: "S3 User Guide, General purpose bucket naming rules",
        forgive: |step, ours, theirs| unchecked(step, &["CreateBucket"], &["InvalidBucketName"], ours, theirs),
    },
    Deviation {
        name: "moto takes any location constraint and any configuration",
        source: "API model: BucketLocationConstraint, CreateBucketConfiguration",
        forgive: |step, ours, theirs| {
            unchecked(step, &["CreateBucket"], &["InvalidLocationConstraint", "MalformedXML"], ours, theirs)
        },
    },
    Deviation {
        name: "moto's buckets may have ACLs from the start",
        source: "S3 User Guide, Controlling ownership of objects: since April 2023 ACLs are off in new buckets",
        forgive: |step, ours, theirs| {
            unchecked(step, &["CreateBucket"], &["InvalidBucketAclWithObjectOwnership"], ours, theirs)
        },
    },
    Deviation {
        name: "moto forgets the tags of CreateBucket",
        source: "API reference of CreateBucket: CreateBucketConfiguration.Tags",
        forgive: |step, ours, theirs| {
            let applies = is_about(step, "born-tagged", "tagging") && theirs["code"] == "NoSuchTagSet";
            same_if(applies, ours, theirs)
        },
    },
    Deviation {
        name: "moto's new buckets are not encrypted, and those whose encryption was deleted are not",
        source: "S3 User Guide: since January 2023 all buckets are encrypted; API reference of DeleteBucketEncryption: \
                 resets the default encryption to SSE-S3",
        forgive: |step, ours, theirs| absent(step, "ServerSideEncryptionConfigurationNotFoundError", ours, theirs),
    },
    Deviation {
        name: "moto's new buckets may be public",
        source: "S3 User Guide, Blocking public access: since April 2023 it is on for new buckets",
        forgive: |step, ours, theirs| absent(step, "NoSuchPublicAccessBlockConfiguration", ours, theirs),
    },
    Deviation {
        name: "moto's new buckets have no ownership controls",
        source: "S3 User Guide, Controlling ownership of objects: BucketOwnerEnforced is the default since April 2023",
        forgive: |step, ours, theirs| absent(step, "OwnershipControlsNotFoundError", ours, theirs),
    },
    Deviation {
        name: "moto leaves empty values of tags out",
        source: "API model: Tag.Value is required",
        forgive: |step, ours, theirs| step.operation == "GetBucketTagging" && leave_out(ours, theirs, &["Value"]),
    },
    Deviation {
        name: "moto has no set of no tags",
        source: "API reference of PutBucketTagging: it replaces the set; none is deleted but by DeleteBucketTagging",
        forgive: |_, ours, theirs| {
            let empty = ours["body"] == json!({ "Tagging": { "TagSet": [""] } }) && theirs["code"] == "NoSuchTagSet";
            same_if(empty, ours, theirs)
        },
    },
    Deviation {
        name: "moto does not check tags",
        source: "API model: Tag.Key, Tag.Value; S3 User Guide: 50 tags, 128 and 256 characters",
        forgive: |step, ours, theirs| {
            unchecked(step, &["PutBucketTagging"], &["InvalidTag", "BadRequest", "MalformedXML"], ours, theirs)
        },
    },
    Deviation {
        name: "moto takes any status of versioning, and does not find one that is missing",
        source: "API model: BucketVersioningStatus; API reference of PutBucketVersioning",
        forgive: |step, ours, theirs| {
            let codes = ["MalformedXML", "IllegalVersioningConfigurationException"];
            unchecked(step, &["PutBucketVersioning"], &codes, ours, theirs)
        },
    },
    Deviation {
        name: "moto suspends the versions of a bucket with object lock",
        source: "S3 User Guide, Object Lock considerations: versioning can no longer be suspended",
        forgive: |step, ours, theirs| unchecked(step, &["PutBucketVersioning"], &["InvalidBucketState"], ours, theirs),
    },
    Deviation {
        name: "moto does not check encryption",
        source: "API model: ServerSideEncryption; API reference of ServerSideEncryptionByDefault: KMSMasterKeyID only \
                 with aws:kms or aws:kms:dsse",
        forgive: |step, ours, theirs| {
            unchecked(step, &["PutBucketEncryption"], &["MalformedXML", "InvalidArgument"], ours, theirs)
        },
    },
    Deviation {
        name: "moto confirms a policy with 200 and a word",
        source: "API reference of PutBucketPolicy, Sample Response: 204 No Content",
        forgive: |step, ours, theirs| {
            let put = step.operation == "PutBucketPolicy" && ours["status"] == 204 && theirs["status"] == 200;
            same_if(put, ours, theirs)
        },
    },
    Deviation {
        name: "moto takes any text for a policy",
        source: "IAM User Guide, Grammar of the IAM JSON policy language; S3 User Guide, Bucket policies",
        forgive: |step, ours, theirs| unchecked(step, &["PutBucketPolicy"], &["MalformedPolicy"], ours, theirs),
    },
    Deviation {
        name: "moto lets a blocked policy pass",
        source: "S3 User Guide, Blocking public access: BlockPublicPolicy rejects PutBucketPolicy",
        forgive: |step, ours, theirs| unchecked(step, &["PutBucketPolicy"], &["AccessDenied"], ours, theirs),
    },
    Deviation {
        name: "moto does not check a public access block",
        source: "API model: PublicAccessBlockConfiguration, whose members are booleans",
        forgive: |step, ours, theirs| unchecked(step, &["PutPublicAccessBlock"], &["MalformedXML"], ours, theirs),
    },
    Deviation {
        name: "moto breaks over a public access block that says nothing",
        source: "API model: no member of PublicAccessBlockConfiguration is required",
        forgive: |step, ours, theirs| {
            let applies = is_about(step, "unblocked", "publicAccessBlock")
                && (theirs["status"] == 500 || theirs["code"] == "NoSuchPublicAccessBlockConfiguration");
            same_if(applies, ours, theirs)
        },
    },
    Deviation {
        name: "moto does not check ownership controls",
        source: "API model: ObjectOwnership; OwnershipControls.Rules is required",
        forgive: |step, ours, theirs| unchecked(step, &["PutBucketOwnershipControls"], &["MalformedXML"], ours, theirs),
    },
];

fn same_if(applies: bool, ours: &Value, theirs: &mut Value) -> bool {
    if applies {
        *theirs = ours.clone();
    }
    applies
}

/// What the testkit's buckets have of themselves, and moto's lack with this code.
fn absent(step: &Step, code: &str, ours: &Value, theirs: &mut Value) -> bool {
    let reads = step.operation.starts_with("Get");
    same_if(reads && ours["status"] == 200 && theirs["code"] == code, ours, theirs)
}
