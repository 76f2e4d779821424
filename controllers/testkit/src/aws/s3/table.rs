//! The parts of a bucket's configuration. A further one is a further entry.

use super::{
    acl, buckets,
    configuration::{
        cors, entries, lifecycle, logging, metadata, notification, object_lock, replication, simple, website,
    },
    policy, settings,
    subresource::{BLANK, Deleted, Names, SubResource},
    tagging,
};

pub(super) static ALL: &[SubResource] = &[
    SubResource {
        query: "abac",
        names: Names { get: "GetBucketAbac", put: "PutBucketAbac", delete: "" },
        initial: |_| Some(simple::no_abac()),
        accept: simple::accept_abac,
        ..BLANK
    },
    SubResource {
        query: "accelerate",
        names: Names { get: "GetBucketAccelerateConfiguration", put: "PutBucketAccelerateConfiguration", delete: "" },
        initial: |_| Some(simple::no_acceleration()),
        accept: simple::accept_accelerate,
        ..BLANK
    },
    SubResource {
        query: "acl",
        names: Names { get: "GetBucketAcl", put: "PutBucketAcl", delete: "" },
        initial: |bucket| Some(acl::private(bucket)),
        accept: acl::accept,
        ..BLANK
    },
    SubResource {
        query: "cors",
        names: Names { get: "GetBucketCors", put: "PutBucketCors", delete: "DeleteBucketCors" },
        missing: (404, "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
        accept: cors::accept,
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
        query: "lifecycle",
        names: Names {
            get: "GetBucketLifecycleConfiguration",
            put: "PutBucketLifecycleConfiguration",
            delete: "DeleteBucketLifecycle",
        },
        missing: (404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
        accept: lifecycle::accept,
        headers: lifecycle::headers,
        ..BLANK
    },
    SubResource {
        query: "location",
        names: Names { get: "GetBucketLocation", put: "", delete: "" },
        computed: Some(|bucket| Ok(buckets::location(bucket))),
        ..BLANK
    },
    SubResource {
        query: "logging",
        names: Names { get: "GetBucketLogging", put: "PutBucketLogging", delete: "" },
        initial: |_| Some(logging::none()),
        accept: logging::accept,
        ..BLANK
    },
    SubResource {
        query: "metadataAnnotationTable",
        names: Names { get: "", put: "UpdateBucketMetadataAnnotationTableConfiguration", delete: "" },
        accept: metadata::update_annotation,
        stored: Some(metadata::STORED),
        ..BLANK
    },
    SubResource {
        query: "metadataConfiguration",
        names: Names {
            get: "GetBucketMetadataConfiguration",
            put: "CreateBucketMetadataConfiguration",
            delete: "DeleteBucketMetadataConfiguration",
        },
        missing: (404, "MetadataConfigurationNotFound", "The metadata configuration was not found"),
        accept: metadata::create,
        ..BLANK
    },
    SubResource {
        query: "metadataInventoryTable",
        names: Names { get: "", put: "UpdateBucketMetadataInventoryTableConfiguration", delete: "" },
        accept: metadata::update_inventory,
        stored: Some(metadata::STORED),
        ..BLANK
    },
    SubResource {
        query: "metadataJournalTable",
        names: Names { get: "", put: "UpdateBucketMetadataJournalTableConfiguration", delete: "" },
        accept: metadata::update_journal,
        stored: Some(metadata::STORED),
        ..BLANK
    },
    SubResource {
        query: "notification",
        names: Names {
            get: "GetBucketNotificationConfiguration",
            put: "PutBucketNotificationConfiguration",
            delete: "",
        },
        initial: |_| Some(notification::none()),
        accept: notification::accept,
        summed: false,
        ..BLANK
    },
    SubResource {
        query: "object-lock",
        names: Names { get: "GetObjectLockConfiguration", put: "PutObjectLockConfiguration", delete: "" },
        missing: (
            404,
            "ObjectLockConfigurationNotFoundError",
            "Object Lock configuration does not exist for this bucket",
        ),
        accept: object_lock::accept,
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
        query: "replication",
        names: Names { get: "GetBucketReplication", put: "PutBucketReplication", delete: "DeleteBucketReplication" },
        missing: (404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
        accept: replication::accept,
        ..BLANK
    },
    SubResource {
        query: "requestPayment",
        names: Names { get: "GetBucketRequestPayment", put: "PutBucketRequestPayment", delete: "" },
        initial: |_| Some(simple::owner_pays()),
        accept: simple::accept_payer,
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
    SubResource {
        query: "website",
        names: Names { get: "GetBucketWebsite", put: "PutBucketWebsite", delete: "DeleteBucketWebsite" },
        missing: (404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
        accept: website::accept,
        ..BLANK
    },
];

/// The entry of a query name.
pub(super) fn find(query: &str) -> Option<&'static SubResource> {
    ALL.iter().find(|entry| entry.query == query)
}

/// The query name under which a sub-resource is stored, if it is.
pub(in super::super) fn stored_query(query: &str) -> Option<&'static str> {
    let entry = find(query).filter(|entry| entry.computed.is_none()).map(|entry| entry.query);
    entry.or_else(|| entries::find(query).map(|entries| entries.query))
}
