//! The parts of a bucket's configuration. A further one is a further entry.

use super::{
    acl, buckets, policy, settings,
    subresource::{BLANK, Deleted, Names, SubResource},
    tagging,
};

pub(super) static ALL: &[SubResource] = &[
    SubResource {
        query: "acl",
        names: Names { get: "GetBucketAcl", put: "PutBucketAcl", delete: "" },
        initial: |bucket| Some(acl::private(bucket)),
        accept: acl::accept,
        ..BLANK
    },
    SubResource {
        query: "encryption",
        names: Names { get: "GetBucketEncryption", put: "PutBucketEncryption", delete: "DeleteBucketEncryption" },
        initial: |_| Some(settings::default_encryption()),
        missing: (
            404,
            "ServerSideEncryptionConfigurationNotFoundError",
            "The server side encryption configuration was not found",
        ),
        accept: settings::accept_encryption,
        deleted: Deleted::Initial,
        ..BLANK
    },
    SubResource {
        query: "location",
        names: Names { get: "GetBucketLocation", put: "", delete: "" },
        computed: Some(|bucket| Ok(buckets::location(bucket))),
        ..BLANK
    },
    SubResource {
        query: "ownershipControls",
        names: Names {
            get: "GetBucketOwnershipControls",
            put: "PutBucketOwnershipControls",
            delete: "DeleteBucketOwnershipControls",
        },
        initial: |_| Some(settings::ownership(settings::OWNER_ENFORCED)),
        missing: (404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
        accept: settings::accept_ownership,
        ..BLANK
    },
    SubResource {
        query: "policy",
        names: Names { get: "GetBucketPolicy", put: "PutBucketPolicy", delete: "DeleteBucketPolicy" },
        missing: (404, "NoSuchBucketPolicy", "The bucket policy does not exist"),
        accept: policy::accept,
        put_status: 204,
        media_type: "application/json",
        ..BLANK
    },
    SubResource {
        query: "policyStatus",
        names: Names { get: "GetBucketPolicyStatus", put: "", delete: "" },
        computed: Some(policy::status),
        ..BLANK
    },
    SubResource {
        query: "publicAccessBlock",
        names: Names { get: "GetPublicAccessBlock", put: "PutPublicAccessBlock", delete: "DeletePublicAccessBlock" },
        initial: |_| Some(settings::full_access_block()),
        missing: (404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
        accept: settings::accept_access_block,
        ..BLANK
    },
    SubResource {
        query: "tagging",
        names: Names { get: "GetBucketTagging", put: "PutBucketTagging", delete: "DeleteBucketTagging" },
        missing: (404, "NoSuchTagSet", "The TagSet does not exist"),
        accept: tagging::accept,
        put_status: 204,
        ..BLANK
    },
    SubResource {
        query: "versioning",
        names: Names { get: "GetBucketVersioning", put: "PutBucketVersioning", delete: "" },
        initial: |_| Some(settings::unversioned()),
        accept: settings::accept_versioning,
        ..BLANK
    },
];

/// The entry of a query name.
pub(super) fn find(query: &str) -> Option<&'static SubResource> {
    ALL.iter().find(|entry| entry.query == query)
}

/// The query name under which a sub-resource is stored, if it is.
pub(in super::super) fn stored_query(query: &str) -> Option<&'static str> {
    find(query).filter(|entry| entry.computed.is_none()).map(|entry| entry.query)
}
