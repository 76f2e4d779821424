//! The fields of a bucket that name other objects. Where ACK has such a field, it has the same name.

use cairn_core::reference::ReferenceRule;

/// A service and one of its kinds.
type Referred = (&'static str, &'static str);

const ACCESS_POINT: Referred = ("s3control", "AccessPoint");
const BUCKET: Referred = ("s3", "Bucket");
const FUNCTION: Referred = ("lambda", "Function");
const KEY: Referred = ("kms", "Key");
const QUEUE: Referred = ("sqs", "Queue");
const ROLE: Referred = ("iam", "Role");
const TOPIC: Referred = ("sns", "Topic");

/// A field that is filled with an ARN.
const fn row(path: &'static str, fills: &'static str, (service, kind): Referred) -> ReferenceRule {
    ReferenceRule { path, fills, service, kind, takes: "status.ackResourceMetadata.arn" }
}

pub(super) const REFERENCES: &[ReferenceRule] = &[
    row("analytics.storageClassAnalysis.dataExport.destination.s3BucketDestination.bucketRef", "bucket", BUCKET),
    row("encryption.rules.applyServerSideEncryptionByDefault.kmsMasterKeyRef", "kmsMasterKeyID", KEY),
    row("inventory.destination.s3BucketDestination.bucketRef", "bucket", BUCKET),
    row("inventory.destination.s3BucketDestination.encryption.sseKMS.keyRef", "keyID", KEY),
    row("metadataConfiguration.annotationTableConfiguration.encryptionConfiguration.kmsKeyRef", "kmsKeyARN", KEY),
    row("metadataConfiguration.annotationTableConfiguration.roleRef", "role", ROLE),
    row("metadataConfiguration.inventoryTableConfiguration.encryptionConfiguration.kmsKeyRef", "kmsKeyARN", KEY),
    row("metadataConfiguration.journalTableConfiguration.encryptionConfiguration.kmsKeyRef", "kmsKeyARN", KEY),
    row("metrics.filter.accessPointRef", "accessPointARN", ACCESS_POINT),
    row("metrics.filter.and.accessPointRef", "accessPointARN", ACCESS_POINT),
    row("notification.lambdaFunctionConfigurations.lambdaFunctionRef", "lambdaFunctionARN", FUNCTION),
    row("notification.queueConfigurations.queueRef", "queueARN", QUEUE),
    row("notification.topicConfigurations.topicRef", "topicARN", TOPIC),
    row("replication.roleRef", "role", ROLE),
    row("replication.rules.destination.bucketRef", "bucket", BUCKET),
    row("replication.rules.destination.encryptionConfiguration.replicaKMSKeyRef", "replicaKMSKeyID", KEY),
    // A spec may leave the name of its bucket out; the record always has it.
    ReferenceRule {
        takes: "status.record.identity",
        ..row("logging.loggingEnabled.targetBucketRef", "targetBucket", BUCKET)
    },
];
