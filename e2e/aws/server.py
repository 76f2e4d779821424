"""moto's server, with its known deviations from the wire format of S3 and S3 Control put right.

moto names the root element of some answers after the operation. S3's API reference gives them the names below. SDKs
that read XML loosely do not notice; AWS's SDK for Rust refuses such an answer.

To questions after configurations that moto does not know it answers with the list of objects. A bucket that was never
told any of them answers as below.
"""

from urllib.parse import parse_qs

from moto.core.serialize import RestXMLSerializer, S3Serializer
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main

ROOTS = {
    "GetBucketAccelerateConfigurationResponse": "AccelerateConfiguration",
    "GetBucketNotificationResponse": "NotificationConfiguration",
    "GetBucketNotificationConfigurationResponse": "NotificationConfiguration",
    "GetBucketVersioningResponse": "VersioningConfiguration",
    "ListBucketInventoryConfigurationsResponse": "ListInventoryConfigurationsResult",
    "CreateAccessPointResponse": "CreateAccessPointResult",
    "GetAccessPointResponse": "GetAccessPointResult",
    "GetAccessPointPolicyResponse": "GetAccessPointPolicyResult",
    "ListTagsForResourceResponse": "ListTagsForResourceResult",
}


def with_right_root(serialize_body):
    return lambda self, body: serialize_body(self, {ROOTS.get(name, name): content for name, content in body.items()})


for serializer in (RestXMLSerializer, S3Serializer):
    serializer._serialize_body = with_right_root(serializer._serialize_body)

XMLNS = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
NEVER_TOLD = {
    "abac": ("200 OK", f"<AbacStatus {XMLNS}><Status>Disabled</Status></AbacStatus>"),
    "analytics": ("200 OK", f"<ListBucketAnalyticsConfigurationResult {XMLNS}><IsTruncated>false</IsTruncated></ListBucketAnalyticsConfigurationResult>"),
    "intelligent-tiering": ("200 OK", f"<ListBucketIntelligentTieringConfigurationsOutput {XMLNS}><IsTruncated>false</IsTruncated></ListBucketIntelligentTieringConfigurationsOutput>"),
    "metrics": ("200 OK", f"<ListMetricsConfigurationsResult {XMLNS}><IsTruncated>false</IsTruncated></ListMetricsConfigurationsResult>"),
    "requestPayment": ("200 OK", f"<RequestPaymentConfiguration {XMLNS}><Payer>BucketOwner</Payer></RequestPaymentConfiguration>"),
    "metadataConfiguration": ("404 Not Found", "<Error><Code>MetadataConfigurationNotFound</Code><Message>none</Message></Error>"),
}
dispatch = DomainDispatcherApplication.__call__


def with_what_is_not_known(self, environ, start_response):
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    known = next((NEVER_TOLD[name] for name in asked if name in NEVER_TOLD), None)
    if known is None or environ.get("REQUEST_METHOD") != "GET":
        return dispatch(self, environ, start_response)
    status, body = known
    start_response(status, [("Content-Type", "application/xml")])
    return [body.encode()]


DomainDispatcherApplication.__call__ = with_what_is_not_known

if __name__ == "__main__":
    main()
