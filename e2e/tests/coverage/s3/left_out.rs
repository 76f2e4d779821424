//! What of the API the spec of a Bucket leaves out, and what does not come back as it was sent, each with its reason.

use crate::left_out::{LeftOut, asked, out, told};

const DIRECTORY: &str = "it is for directory buckets, which have few of the members; theirs are in the simulation";
const FORMER_TABLES: &str = "the former metadata tables; AWS makes the new ones by CreateBucketMetadataConfiguration";
const LATER: &str = "said after the creation, when what it depends on is in order";
const MFA: &str = "it needs a code from a device of the root user with every request";
const NO_MORE: &str = "AWS takes and tells it no more: e-mail addresses and names of people";
const PAGES: &str = "it is about pages of a list";
const SECRET: &str = "AWS does not tell how a table is encrypted";
const STATE: &str = "AWS's own state, which nobody declares";
const TOKEN: &str = "a token from AWS's support";

/// Everything that does not make the round trip.
pub(crate) const LEFT_OUT: &[LeftOut] = &[
    out("CreateBucket.ACL", LATER),
    out("CreateBucket.GrantFullControl", LATER),
    out("CreateBucket.GrantRead", LATER),
    out("CreateBucket.GrantReadACP", LATER),
    out("CreateBucket.GrantWrite", LATER),
    out("CreateBucket.GrantWriteACP", LATER),
    out("CreateBucket.ObjectOwnership", LATER),
    out("CreateBucket.CreateBucketConfiguration.Location", DIRECTORY),
    out("CreateBucket.CreateBucketConfiguration.Bucket", DIRECTORY),
    out("CreateBucket.BucketNamespace", "it follows from the name, which is another's in every generated spec"),
    asked("CreateBucket.CreateBucketConfiguration", "the region tells, and GetBucketTagging"),
    asked("CreateBucket.ObjectLockEnabledForBucket", "GetObjectLockConfiguration tells"),
    out("CreateBucketMetadataTableConfiguration", FORMER_TABLES),
    out("GetBucketMetadataTableConfiguration", FORMER_TABLES),
    asked(
        "CreateBucketMetadataConfiguration.MetadataConfiguration.JournalTableConfiguration.EncryptionConfiguration",
        SECRET,
    ),
    asked(
        "CreateBucketMetadataConfiguration.MetadataConfiguration.InventoryTableConfiguration.EncryptionConfiguration",
        SECRET,
    ),
    asked(
        "CreateBucketMetadataConfiguration.MetadataConfiguration.AnnotationTableConfiguration.EncryptionConfiguration",
        SECRET,
    ),
    asked(".InventoryTableConfiguration.EncryptionConfiguration", SECRET),
    asked(".AnnotationTableConfiguration.EncryptionConfiguration", SECRET),
    out("GetBucketMetadataConfiguration", STATE),
    asked("PutBucketAcl.ACL", "GetBucketAcl tells the grants that the name stands for"),
    asked("PutBucketAcl.GrantFullControl", "GetBucketAcl tells grants one by one"),
    asked("PutBucketAcl.GrantRead", "GetBucketAcl tells grants one by one"),
    asked("PutBucketAcl.GrantReadACP", "GetBucketAcl tells grants one by one"),
    asked("PutBucketAcl.GrantWrite", "GetBucketAcl tells grants one by one"),
    asked("PutBucketAcl.GrantWriteACP", "GetBucketAcl tells grants one by one"),
    out("PutBucketAcl.AccessControlPolicy.Owner.DisplayName", NO_MORE),
    out("PutBucketAcl.AccessControlPolicy.Grants", "the headers say the same"),
    out("GetBucketAcl.Owner.DisplayName", NO_MORE),
    out("GetBucketAcl.Grants.Grantee.DisplayName", NO_MORE),
    out("GetBucketAcl.Grants.Grantee.EmailAddress", NO_MORE),
    told("GetBucketAcl.Grants", "headers ask for it"),
    out("PutBucketLogging.BucketLoggingStatus.LoggingEnabled.TargetGrants.Grantee.DisplayName", NO_MORE),
    out("PutBucketLogging.BucketLoggingStatus.LoggingEnabled.TargetGrants.Grantee.EmailAddress", NO_MORE),
    out("GetBucketLogging.LoggingEnabled.TargetGrants.Grantee.DisplayName", NO_MORE),
    out("GetBucketLogging.LoggingEnabled.TargetGrants.Grantee.EmailAddress", NO_MORE),
    out("PutBucketNotificationConfiguration.SkipDestinationValidation", "what AWS finds wrong is to be heard"),
    out("PutBucketPolicy.ConfirmRemoveSelfBucketAccess", "nobody is to lock the account out of its own bucket"),
    out("PutBucketReplication.Token", TOKEN),
    out("PutObjectLockConfiguration.Token", TOKEN),
    out("PutObjectLockConfiguration.RequestPayer", "the owner of a bucket pays for its configuration"),
    out(".RequestCharged", "the owner of a bucket pays for its configuration"),
    out("PutBucketVersioning.MFA", MFA),
    out("PutBucketVersioning.VersioningConfiguration.MFADelete", MFA),
    out("GetBucketVersioning.MFADelete", MFA),
    out(".IsTruncated", PAGES),
    out(".ContinuationToken", PAGES),
    out(".NextContinuationToken", PAGES),
    out("GetBucketLocation", "the region in which the bucket is found says it"),
    out("GetBucketPolicyStatus", STATE),
];
