"""moto's server, with its known deviations from S3's wire format put right.

moto names the root element of some answers after the operation. S3's API reference gives them the names below. SDKs
that read XML loosely do not notice; AWS's SDK for Rust refuses such an answer.
"""

from moto.core.serialize import S3Serializer
from moto.server import main

ROOTS = {
    "GetBucketAccelerateConfigurationResponse": "AccelerateConfiguration",
    "GetBucketNotificationResponse": "NotificationConfiguration",
    "GetBucketNotificationConfigurationResponse": "NotificationConfiguration",
    "GetBucketVersioningResponse": "VersioningConfiguration",
    "ListBucketInventoryConfigurationsResponse": "ListInventoryConfigurationsResult",
}

serialize_body = S3Serializer._serialize_body


def with_right_root(self, body):
    return serialize_body(self, {ROOTS.get(name, name): content for name, content in body.items()})


S3Serializer._serialize_body = with_right_root

if __name__ == "__main__":
    main()
