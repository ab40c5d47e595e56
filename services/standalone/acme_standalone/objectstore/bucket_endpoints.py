from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore import bucket_queries as queries
from acme_standalone.objectstore import documents
from acme_standalone.objectstore.call import Call, xml_response
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.records import BucketRecord, iso
from acme_standalone.objectstore.store import ObjectStore

REGION = "auto"
_OWNER: documents.Children = [("ID", "acme"), ("DisplayName", "acme")]


async def list_buckets(call: Call) -> Response:
    buckets = await run_in_threadpool(_list, call.store.index)
    entries = [("Bucket", _entry(bucket)) for bucket in buckets]
    return xml_response("ListAllMyBucketsResult", [("Owner", _OWNER), ("Buckets", entries)])


def _entry(bucket: BucketRecord) -> documents.Children:
    return [("Name", bucket.name), ("CreationDate", iso(bucket.created_at))]


def _list(index: Index) -> list[BucketRecord]:
    with index.read() as connection:
        return queries.list_buckets(connection)


async def create_bucket(call: Call) -> Response:
    body = await call.read_document() if call.request.header("content-length") not in (None, "0") else b""
    if body:
        document = documents.parse(body, "CreateBucketConfiguration")
        if document.findtext("LocationConstraint", REGION) != REGION:
            raise S3Error(ErrorCode.INVALID_LOCATION)
    await run_in_threadpool(_create, call.store.index, call.request.bucket)
    return Response(headers={"location": f"/{call.request.bucket}"})


def _create(index: Index, name: str) -> None:
    with index.write() as connection:
        queries.create_bucket(connection, name)


async def head_bucket(call: Call) -> Response:
    await run_in_threadpool(_get, call.store.index, call.request.bucket)
    return Response(headers={"x-amz-bucket-region": REGION})


async def get_bucket_location(call: Call) -> Response:
    await run_in_threadpool(_get, call.store.index, call.request.bucket)
    return Response(_location(), media_type="application/xml")


def _location() -> bytes:
    namespace = documents.NAMESPACE
    return f'<LocationConstraint xmlns="{namespace}">{REGION}</LocationConstraint>'.encode()


def _get(index: Index, name: str) -> BucketRecord:
    with index.read() as connection:
        return queries.get_bucket(connection, name)


async def delete_bucket(call: Call) -> Response:
    await run_in_threadpool(_delete, call.store, call.request.bucket)
    return Response(status_code=204)


def _delete(store: ObjectStore, name: str) -> None:
    with store.index.write() as connection:
        unused = queries.delete_bucket(connection, name)
    store.blobs.delete(unused)
