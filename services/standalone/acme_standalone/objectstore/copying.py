from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore.call import Call, quoted, xml_response
from acme_standalone.objectstore.conditions import is_modified, write_condition
from acme_standalone.objectstore.errors import ErrorCode, S3Error, invalid_argument
from acme_standalone.objectstore.object_headers import kept_headers
from acme_standalone.objectstore.records import ObjectRecord, iso
from acme_standalone.objectstore.request import S3Request, check_names, percent_decode

COPY_SOURCE = "x-amz-copy-source"


async def copy_object(call: Call) -> Response:
    request, store = call.request, call.store
    bucket, key = copy_source(request)
    condition = write_condition(request)
    source = await run_in_threadpool(store.find, bucket, key)
    check_source(request, source)
    headers = _copied_headers(request, source, is_same=(bucket, key) == (request.bucket, request.key))
    content = await run_in_threadpool(store.duplicate, source)
    copied = await run_in_threadpool(store.put, request.bucket, request.key, content, headers, condition)
    result = [("LastModified", iso(copied.modified_at)), ("ETag", quoted(content.etag))]
    return xml_response("CopyObjectResult", result)


def copy_source(request: S3Request) -> tuple[str, str]:
    path, _, version = (request.header(COPY_SOURCE) or "").removeprefix("/").partition("?")
    if version:
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "Versions are not implemented.")
    bucket, _, key = percent_decode(path).partition("/")
    if not bucket or not key:
        raise invalid_argument("The copy source must name a bucket and a key.")
    check_names(bucket, key)
    return bucket, key


def check_source(request: S3Request, source: ObjectRecord) -> None:
    if not is_modified(lambda name: request.header(f"{COPY_SOURCE}-{name}"), source):
        raise S3Error(ErrorCode.PRECONDITION_FAILED)


def _copied_headers(request: S3Request, source: ObjectRecord, *, is_same: bool) -> dict[str, str]:
    match request.header("x-amz-metadata-directive") or "COPY":
        case "REPLACE":
            return kept_headers(request)
        case "COPY" if is_same:
            raise S3Error(
                ErrorCode.INVALID_REQUEST, "An object is copied to itself only to replace metadata."
            )
        case "COPY":
            return source.headers
        case _:
            raise invalid_argument("The metadata directive must be COPY or REPLACE.")
