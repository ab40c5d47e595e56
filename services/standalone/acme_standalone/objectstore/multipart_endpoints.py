from itertools import pairwise

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore import documents
from acme_standalone.objectstore.call import Call, content_headers, quoted, xml_response
from acme_standalone.objectstore.checksums import announced_checksum
from acme_standalone.objectstore.conditions import write_condition
from acme_standalone.objectstore.copying import COPY_SOURCE
from acme_standalone.objectstore.errors import ErrorCode, S3Error, invalid_argument
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.listing import page_size
from acme_standalone.objectstore.object_headers import kept_headers
from acme_standalone.objectstore.records import PartRecord, iso
from acme_standalone.objectstore.settings import Limits
from acme_standalone.objectstore.upload_queries import (
    UploadAddress,
    create_upload,
    get_upload_headers,
    list_parts,
)

MOST_PARTS = 10_000


async def create_multipart_upload(call: Call) -> Response:
    request = call.request
    headers = kept_headers(request)
    address = await run_in_threadpool(_create, call.store.index, request.bucket, request.key, headers)
    return xml_response(
        "InitiateMultipartUploadResult",
        [("Bucket", address.bucket), ("Key", address.key), ("UploadId", address.upload_id)],
    )


def _create(index: Index, bucket: str, key: str, headers: dict[str, str]) -> UploadAddress:
    with index.write() as connection:
        return create_upload(connection, bucket, key, headers)


def _address(call: Call) -> UploadAddress:
    return UploadAddress(call.request.bucket, call.request.key, call.request.query.get("uploadId") or "")


async def upload_part(call: Call) -> Response:
    if COPY_SOURCE in call.request.headers:
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "Copying into a part is not implemented.")
    address, number = _address(call), _part_number(call.request.query.get("partNumber") or "")
    plan = call.plan_body()
    await run_in_threadpool(_check_upload, call.store.index, address)
    content = await call.receive_content(plan)
    await run_in_threadpool(call.store.put_part, address, number, content)
    return Response(headers=content_headers(content))


def _check_upload(index: Index, address: UploadAddress) -> None:
    with index.read() as connection:
        get_upload_headers(connection, address)


def _part_number(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PARTS))
    if not is_number or not 1 <= int(text) <= MOST_PARTS:
        raise invalid_argument(f"A part number lies between 1 and {MOST_PARTS}.")
    return int(text)


async def list_upload_parts(call: Call) -> Response:
    address, query = _address(call), call.request.query
    limit = page_size(query.get("max-parts"))
    after = page_size(query.get("part-number-marker") or "0", largest=MOST_PARTS)
    parts = await run_in_threadpool(_read_parts, call.store.index, address, after, limit + 1)
    page, has_more = parts[:limit], len(parts) > limit
    return xml_response(
        "ListPartsResult",
        [
            ("Bucket", address.bucket),
            ("Key", address.key),
            ("UploadId", address.upload_id),
            ("PartNumberMarker", str(after)),
            ("NextPartNumberMarker", str(page[-1].number if page else after)),
            ("MaxParts", str(limit)),
            ("IsTruncated", "true" if has_more else "false"),
            *[("Part", _part_element(part)) for part in page],
        ],
    )


def _read_parts(index: Index, address: UploadAddress, after: int = 0, limit: int = -1) -> list[PartRecord]:
    with index.read() as connection:
        return list_parts(connection, address, after=after, limit=limit)


def _part_element(part: PartRecord) -> documents.Children:
    checksum = part.content.checksum
    return [
        ("PartNumber", str(part.number)),
        ("LastModified", iso(part.modified_at)),
        ("ETag", quoted(part.content.etag)),
        ("Size", str(part.content.size)),
        *([(checksum.element, checksum.value)] if checksum else []),
    ]


async def complete_multipart_upload(call: Call) -> Response:
    if announced_checksum(call.request):
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "Checksums of a whole multipart upload are not implemented.")
    address, condition = _address(call), write_condition(call.request)
    document = documents.parse(await call.read_document(), "CompleteMultipartUpload")
    stored = await run_in_threadpool(_read_parts, call.store.index, address)
    parts = select_parts(document, stored)
    check_sizes(parts, call.limits)
    content = await run_in_threadpool(call.store.assemble, parts)
    await run_in_threadpool(call.store.complete, address, content, condition)
    host = call.request.header("host") or ""
    return xml_response(
        "CompleteMultipartUploadResult",
        [
            ("Location", f"http://{host}/{address.bucket}/{address.key}"),
            ("Bucket", address.bucket),
            ("Key", address.key),
            ("ETag", quoted(content.etag)),
        ],
    )


def select_parts(document: documents.Element, stored: list[PartRecord]) -> list[PartRecord]:
    by_number = {part.number: part for part in stored}
    parts = [_select_part(element, by_number) for element in document.iterfind("Part")]
    if not parts:
        raise S3Error(ErrorCode.MALFORMED_XML, "An upload is completed from at least one part.")
    if any(first.number >= second.number for first, second in pairwise(parts)):
        raise S3Error(ErrorCode.INVALID_PART_ORDER)
    return parts


def _select_part(element: documents.Element, by_number: dict[int, PartRecord]) -> PartRecord:
    number = _part_number(documents.required_text(element, "PartNumber"))
    etag = documents.required_text(element, "ETag").strip().strip('"')
    part = by_number.get(number)
    if part is None or part.content.etag != etag or not _has_same_checksum(element, part):
        raise S3Error(ErrorCode.INVALID_PART, details={"PartNumber": str(number), "ETag": etag})
    return part


def _has_same_checksum(element: documents.Element, part: PartRecord) -> bool:
    given = {child.tag: child.text for child in element if child.tag.startswith("Checksum")}
    stored = part.content.checksum
    return not given or (stored is not None and given == {stored.element: stored.value})


def check_sizes(parts: list[PartRecord], limits: Limits) -> None:
    sizes = [part.content.size for part in parts]
    if any(size < limits.smallest_part_bytes for size in sizes[:-1]):
        raise S3Error(ErrorCode.ENTITY_TOO_SMALL)
    if sum(sizes) > limits.object_bytes:
        raise S3Error(ErrorCode.ENTITY_TOO_LARGE)


async def abort_multipart_upload(call: Call) -> Response:
    await run_in_threadpool(call.store.abort, _address(call))
    return Response(status_code=204)
