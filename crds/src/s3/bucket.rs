//! `Bucket`: field names are those of ACK's s3-controller, which in turn are those of the S3 API.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    AbacStatus, AccelerateConfiguration, AccessControlPolicy, AnalyticsConfiguration, BucketLoggingStatus, CannedAcl,
    CorsConfiguration, CreateBucketConfiguration, IntelligentTieringConfiguration, InventoryConfiguration,
    LifecycleConfiguration, MetadataConfiguration, MetricsConfiguration, NotificationConfiguration,
    ObjectLockConfiguration, ObjectOwnership, OwnershipControls, PublicAccessBlockConfiguration,
    ReplicationConfiguration, RequestPaymentConfiguration, ServerSideEncryptionConfiguration, WebsiteConfiguration,
};
use crate::{
    kind::{Column, Home, Kind, Reach},
    schema,
    shared::Tag,
    status::CommonStatus,
};

/// An S3 bucket, general-purpose or directory.
pub static BUCKET: Kind = Kind {
    home: Home::Service("s3"),
    reach: Reach::Namespaced,
    kind: "Bucket",
    plural: "buckets",
    description: "An Amazon S3 bucket.",
    columns: &[
        // Where the spec names no bucket, its name is made up. The record knows it either way.
        Column::text("Bucket", ".status.record.identity"),
        Column::READY,
        Column::REASON,
        Column::REGION,
        Column::ARN,
        Column::MESSAGE,
    ],
    spec: schema::of::<BucketSpec>,
    status: schema::of::<BucketStatus>,
};

/// What a bucket shall be. A field that is left out is not managed: it is neither read nor reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-kubernetes-validations" = [
    {"rule": "[has(self.acl), has(self.accessControlPolicy), has(self.grantFullControl) || has(self.grantRead) || has(self.grantReadACP) || has(self.grantWrite) || has(self.grantWriteACP)].filter(x, x).size() <= 1", "message": "an access control list is said in one way: acl, accessControlPolicy or the fields grant…"},
    {"rule": "!has(self.namespace) || self.namespace != 'global' || has(self.name)", "message": "namespace global needs a name"},
    {"rule": "!has(self.namespace) || self.namespace != 'account-regional' || !has(self.name) || self.name.endsWith('-an')", "message": "a name in the namespace account-regional ends with -<account>-<region>-an; or leave name out"},
    {"rule": "!has(self.replication) || size(self.replication.rules) == 0 || !has(self.versioning) || self.versioning.status == 'Enabled'", "message": "replication needs versioning"},
    {"rule": "!has(self.objectLockEnabledForBucket) || !self.objectLockEnabledForBucket || !has(self.versioning) || self.versioning.status == 'Enabled'", "message": "object lock needs versioning"},
    {"rule": "!has(self.name) || !self.name.endsWith('--x-s3') || !(has(self.namespace) || has(self.abac) || has(self.accelerate) || has(self.accessControlPolicy) || has(self.acl) || has(self.analytics) || has(self.cors) || has(self.grantFullControl) || has(self.grantRead) || has(self.grantReadACP) || has(self.grantWrite) || has(self.grantWriteACP) || has(self.intelligentTiering) || has(self.logging) || has(self.metadataConfiguration) || has(self.notification) || has(self.objectLockConfiguration) || has(self.objectLockEnabledForBucket) || has(self.objectOwnership) || has(self.ownershipControls) || has(self.publicAccessBlock) || has(self.replication) || has(self.requestPayment) || has(self.versioning) || has(self.website))", "message": "a directory bucket has createBucketConfiguration, deletion, encryption, inventory, lifecycle, metrics, policy and tagging, and nothing else"},
    {"rule": "!has(self.createBucketConfiguration) || !(has(self.createBucketConfiguration.location) || has(self.createBucketConfiguration.bucket)) || (has(self.name) && self.name.endsWith('--x-s3'))", "message": "location and bucket in createBucketConfiguration are for directory buckets, whose names end with --<zone>--x-s3"},
    {"rule": "!has(self.name) || !self.name.endsWith('--x-s3') || !has(self.createBucketConfiguration) || !has(self.createBucketConfiguration.location) || self.name.endsWith('--' + self.createBucketConfiguration.location.name + '--x-s3')", "message": "a directory bucket is in the zone that its name names, and location.name says the same"},
    {"rule": "!has(self.name) || !self.name.endsWith('--x-s3') || !has(self.createBucketConfiguration) || !has(self.createBucketConfiguration.locationConstraint)", "message": "a directory bucket has no locationConstraint; its region is that of the object"},
    {"rule": "!has(self.name) || !self.name.endsWith('--x-s3') || !has(self.encryption) || self.encryption.rules.all(rule, !has(rule.bucketKeyEnabled) || rule.bucketKeyEnabled)", "message": "bucket keys of a directory bucket are always on"}
]))]
pub struct BucketSpec {
    /// Name of the bucket, unique in the AWS partition. It cannot be changed. Without it the bucket is
    /// `<namespace>-<object>-<account>-<region>-an`, a name that nobody else can take. One that ends with
    /// `--<zone>--x-s3` is that of a directory bucket in that zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 3, max = 63),
        regex(pattern = r"^[a-z0-9]([a-z0-9-]|\.[a-z0-9])*[a-z0-9]$"),
        extend("x-kubernetes-validations" = [
            {"rule": "self == oldSelf", "message": "name is immutable: a bucket cannot be renamed; create another object for another bucket"},
            {"rule": r"!self.matches('^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$')", "message": "name must not look like an IP address"},
            {"rule": "!self.startsWith('xn--') && !self.startsWith('sthree-') && !self.startsWith('amzn-s3-demo-')", "message": "name starts with a prefix that AWS reserves"},
            {"rule": "!self.endsWith('-s3alias') && !self.endsWith('--ol-s3') && !self.endsWith('.mrap') && !self.endsWith('--table-s3')", "message": "name ends with a suffix that AWS reserves"},
            {"rule": "!self.endsWith('--x-s3') || self.matches('^[a-z0-9-]+--[a-z0-9]+(-[a-z0-9]+)+--x-s3$')", "message": "the name of a directory bucket ends with --<zone>--x-s3, for example --use1-az4--x-s3"}
        ])
    )]
    pub name: Option<String>,
    /// Where the name is unique. `account-regional` needs a name that ends with `-<account>-<region>-an`, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<BucketNamespace>,
    /// Whether tags of the bucket decide about permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abac: Option<AbacStatus>,
    /// Whether transfers over long distances go by way of edge locations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accelerate: Option<AccelerateConfiguration>,
    /// Who may do what, grant by grant. AWS takes it only where `ownershipControls` leave ACLs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_control_policy: Option<AccessControlPolicy>,
    /// Who may do what, by the name of a list. AWS takes others than `private` only where `ownershipControls` leave ACLs
    /// on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<CannedAcl>,
    /// What S3 finds out about how objects are used. Configurations that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["id"]))]
    pub analytics: Option<Vec<AnalyticsConfiguration>>,
    /// Which web pages of other origins may use the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cors: Option<CorsConfiguration>,
    /// Where the bucket is created. Without it: the object's region annotation, then the operator's region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_bucket_configuration: Option<CreateBucketConfiguration>,
    /// What becomes of the objects when the bucket is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion: Option<BucketDeletion>,
    /// Default encryption of new objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<ServerSideEncryptionConfiguration>,
    /// Who may do everything: `id="…"` or `uri="…"`, several with commas between.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub grant_full_control: Option<String>,
    /// Who may list objects, in the same form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub grant_read: Option<String>,
    /// Who may read the list of grants, in the same form.
    #[serde(rename = "grantReadACP", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub grant_read_acp: Option<String>,
    /// Who may write objects, in the same form.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub grant_write: Option<String>,
    /// Who may write the list of grants, in the same form.
    #[serde(rename = "grantWriteACP", skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 4096))]
    pub grant_write_acp: Option<String>,
    /// When objects in the storage class `INTELLIGENT_TIERING` are archived. Configurations that are not named here stay as
    /// they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["id"]))]
    pub intelligent_tiering: Option<Vec<IntelligentTieringConfiguration>>,
    /// Lists of the objects that S3 writes. Configurations that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["id"]))]
    pub inventory: Option<Vec<InventoryConfiguration>>,
    /// What becomes of objects as they grow old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<LifecycleConfiguration>,
    /// Where S3 writes logs of the requests to the bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logging: Option<BucketLoggingStatus>,
    /// Tables with the metadata of the bucket's objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_configuration: Option<MetadataConfiguration>,
    /// Counts of requests that S3 gives to `CloudWatch`. Configurations that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["id"]))]
    pub metrics: Option<Vec<MetricsConfiguration>>,
    /// Whom S3 tells what happens in the bucket. Entries that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification: Option<NotificationConfiguration>,
    /// How long new objects cannot be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_lock_configuration: Option<ObjectLockConfiguration>,
    /// Whether objects can be kept from being deleted. A bucket that has it keeps it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_lock_enabled_for_bucket: Option<bool>,
    /// Who owns objects that others write: the short form of `ownershipControls`, which count where both are
    /// given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_ownership: Option<ObjectOwnership>,
    /// Who owns objects that others write, and whether ACLs have any effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership_controls: Option<OwnershipControls>,
    /// Bucket policy: an IAM policy document in JSON. Compared by meaning, not by spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20480), regex(pattern = r"^\s*\{[\s\S]*\}\s*$"))]
    pub policy: Option<String>,
    /// What S3 refuses to make public, whatever ACLs and policies say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block: Option<PublicAccessBlockConfiguration>,
    /// Which objects are copied to which buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replication: Option<ReplicationConfiguration>,
    /// Who pays for requests and for data that goes out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_payment: Option<RequestPaymentConfiguration>,
    /// Tags of the bucket. Tags that are not named here stay as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tagging: Option<Tagging>,
    /// Whether S3 keeps earlier versions of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioning: Option<VersioningConfiguration>,
    /// How the bucket is served as a web site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<WebsiteConfiguration>,
}

/// Where the name of a bucket is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BucketNamespace {
    /// In the AWS partition.
    Global,
    /// In the account and region.
    AccountRegional,
}

/// What becomes of the objects in a bucket that is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BucketDeletion {
    /// All objects with all their versions, and uploads that are not finished, are deleted before the bucket. Without
    /// it a bucket that is not empty is not deleted. Objects that a lock keeps are never deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub empty_first: Option<bool>,
}

/// Tags of the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tagging {
    /// The tags. AWS allows 50 on a bucket, of which Cairn needs four.
    #[schemars(length(max = 46), extend("x-kubernetes-list-type" = "map", "x-kubernetes-list-map-keys" = ["key"]))]
    pub tag_set: Vec<Tag>,
}

/// Whether S3 keeps earlier versions of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VersioningConfiguration {
    /// `Enabled` keeps earlier versions; `Suspended` keeps those that exist and makes no new ones.
    pub status: VersioningStatus,
}

/// State of versioning. A bucket that was ever versioned can only be suspended, not reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum VersioningStatus {
    /// Earlier versions are kept.
    Enabled,
    /// No new versions are made.
    Suspended,
}

/// What Cairn saw of the bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BucketStatus {
    /// What every AWS kind carries.
    #[serde(flatten)]
    pub common: CommonStatus,
    /// Path of the bucket as CreateBucket answers it, for example `/my-bucket`. Directory buckets have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}
