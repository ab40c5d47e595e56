from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from acme_standalone.objectstore import documents
from acme_standalone.objectstore.call import Call, content_headers, quoted, xml_response
from acme_standalone.objectstore.conditions import ByteRange, is_modified, requested_range, write_condition
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.object_headers import kept_headers, overrides
from acme_standalone.objectstore.records import ObjectRecord
from acme_standalone.objectstore.request import check_names
from acme_standalone.objectstore.settings import MIB

_MOST_DELETED = 1000


async def put_object(call: Call) -> Response:
    request, store = call.request, call.store
    headers, condition, plan = kept_headers(request), write_condition(request), call.plan_body()
    await run_in_threadpool(store.check_write, request.bucket, request.key, condition)
    content = await call.receive_content(plan)
    await run_in_threadpool(store.put, request.bucket, request.key, content, headers, condition)
    return Response(headers=content_headers(content))


@dataclass(frozen=True, slots=True)
class ReadPlan:
    status: int
    headers: dict[str, str]
    start: int
    length: int


def plan_read(call: Call, record: ObjectRecord) -> ReadPlan:
    request = call.request
    base = {
        "etag": quoted(record.content.etag),
        "last-modified": format_datetime(record.modified_at.astimezone(UTC), usegmt=True),
    }
    if not is_modified(request.header, record):
        return ReadPlan(304, base | _cache_headers(record), 0, 0)
    span = requested_range(request.header, record)
    part = span or ByteRange(0, record.content.size, record.content.size)
    headers = base | record.headers | {"accept-ranges": "bytes"} | overrides(request)
    headers["content-length"] = str(part.length)
    if span:
        return ReadPlan(206, headers | {"content-range": span.content_range}, span.start, span.length)
    if (request.header("x-amz-checksum-mode") or "").upper() == "ENABLED":
        headers |= content_headers(record.content)
    return ReadPlan(200, headers, 0, part.length)


def _cache_headers(record: ObjectRecord) -> dict[str, str]:
    return {name: record.headers[name] for name in ("cache-control", "expires") if name in record.headers}


async def head_object(call: Call) -> Response:
    record = await run_in_threadpool(call.store.find, call.request.bucket, call.request.key)
    plan = plan_read(call, record)
    return Response(status_code=plan.status, headers=plan.headers)


async def get_object(call: Call) -> Response:
    record, file = await run_in_threadpool(call.store.open, call.request.bucket, call.request.key)
    try:
        return BlobResponse(plan_read(call, record), file)
    except BaseException:
        file.close()
        raise


class BlobResponse(StreamingResponse):
    """Owns the file, which stays readable when its object is replaced meanwhile."""

    def __init__(self, plan: ReadPlan, file: BinaryIO) -> None:
        self._file = file
        super().__init__(self._chunks(plan), status_code=plan.status, headers=plan.headers)

    async def _chunks(self, plan: ReadPlan) -> AsyncIterator[bytes]:
        await run_in_threadpool(self._file.seek, plan.start)
        left = plan.length
        while left:
            chunk = await run_in_threadpool(self._file.read, min(left, MIB))
            if not chunk:
                raise EOFError("a blob is shorter than its row says")
            left -= len(chunk)
            yield chunk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.close()


async def delete_object(call: Call) -> Response:
    request = call.request
    await run_in_threadpool(call.store.delete, request.bucket, request.key, write_condition(request))
    return Response(status_code=204)


async def delete_objects(call: Call) -> Response:
    document = documents.parse(await call.read_document(), "Delete")
    keys = [_key_to_delete(call, element) for element in document.iterfind("Object")]
    if not 0 < len(keys) <= _MOST_DELETED:
        raise S3Error(ErrorCode.MALFORMED_XML, f"Between 1 and {_MOST_DELETED} keys can be deleted at once.")
    await run_in_threadpool(call.store.delete_many, call.request.bucket, keys)
    is_quiet = document.findtext("Quiet", "").strip().lower() == "true"
    return xml_response("DeleteResult", [] if is_quiet else [("Deleted", [("Key", key)]) for key in keys])


def _key_to_delete(call: Call, element: documents.Element) -> str:
    unsupported = {child.tag for child in element} - {"Key"}
    if unsupported:
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, f"{', '.join(sorted(unsupported))} is not implemented.")
    key = documents.required_text(element, "Key")
    check_names(call.request.bucket, key)
    return key
