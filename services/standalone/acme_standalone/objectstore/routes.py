"""Which operation a request means: its level, its method and the sub-resources in its query."""

from enum import Enum, auto

from acme_standalone.objectstore import bucket_endpoints as buckets
from acme_standalone.objectstore import cors, multipart_endpoints
from acme_standalone.objectstore import object_endpoints as objects
from acme_standalone.objectstore.call import Handler
from acme_standalone.objectstore.copying import COPY_SOURCE, copy_object
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.listing import list_objects
from acme_standalone.objectstore.object_headers import refuse_unsupported
from acme_standalone.objectstore.request import S3Request


class Level(Enum):
    SERVICE = auto()
    BUCKET = auto()
    OBJECT = auto()


# Every sub-resource of S3, also those that no route has: `PUT /bucket/key?acl` is not a PutObject.
SUBRESOURCES = frozenset({
    "accelerate", "acl", "analytics", "append", "attributes", "cors", "delete", "encryption",
    "intelligent-tiering", "inventory", "legal-hold", "lifecycle", "location", "logging",
    "metadataConfiguration", "metadataTable",
    "metrics", "notification", "object-lock", "ownershipControls", "partNumber", "policy",
    "policyStatus", "publicAccessBlock", "renameObject", "replication", "requestPayment", "restore",
    "retention", "select", "session", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning",
    "versions", "website",
})  # fmt: skip

ROUTES: dict[tuple[Level, str, frozenset[str]], Handler] = {
    (Level.SERVICE, "GET", frozenset()): buckets.list_buckets,
    (Level.BUCKET, "PUT", frozenset()): buckets.create_bucket,
    (Level.BUCKET, "HEAD", frozenset()): buckets.head_bucket,
    (Level.BUCKET, "DELETE", frozenset()): buckets.delete_bucket,
    (Level.BUCKET, "GET", frozenset()): list_objects,
    (Level.BUCKET, "GET", frozenset({"location"})): buckets.get_bucket_location,
    (Level.BUCKET, "POST", frozenset({"delete"})): objects.delete_objects,
    (Level.BUCKET, "PUT", frozenset({"cors"})): cors.put_bucket_cors,
    (Level.BUCKET, "GET", frozenset({"cors"})): cors.get_bucket_cors,
    (Level.BUCKET, "DELETE", frozenset({"cors"})): cors.delete_bucket_cors,
    (Level.OBJECT, "PUT", frozenset()): objects.put_object,
    (Level.OBJECT, "GET", frozenset()): objects.get_object,
    (Level.OBJECT, "HEAD", frozenset()): objects.head_object,
    (Level.OBJECT, "DELETE", frozenset()): objects.delete_object,
    (Level.OBJECT, "POST", frozenset({"uploads"})): multipart_endpoints.create_multipart_upload,
    (Level.OBJECT, "PUT", frozenset({"uploadId", "partNumber"})): multipart_endpoints.upload_part,
    (Level.OBJECT, "GET", frozenset({"uploadId"})): multipart_endpoints.list_upload_parts,
    (Level.OBJECT, "POST", frozenset({"uploadId"})): multipart_endpoints.complete_multipart_upload,
    (Level.OBJECT, "DELETE", frozenset({"uploadId"})): multipart_endpoints.abort_multipart_upload,
}


def find_handler(request: S3Request) -> Handler:
    """Raises `NotImplemented` rather than leaving out a part of what was asked."""
    refuse_unsupported(request)
    handler = ROUTES.get((_level(request), request.method, request.query.names & SUBRESOURCES))
    if handler is objects.put_object and COPY_SOURCE in request.headers:
        return copy_object
    if handler is None:
        raise S3Error(ErrorCode.NOT_IMPLEMENTED)
    return handler


def _level(request: S3Request) -> Level:
    if request.key:
        return Level.OBJECT
    return Level.BUCKET if request.bucket else Level.SERVICE
