"""ListObjectsV2."""

import base64
import binascii
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from acme_standalone.objectstore.bucket_queries import get_bucket
from acme_standalone.objectstore.call import Call, quoted, xml_response
from acme_standalone.objectstore.documents import Children, can_carry
from acme_standalone.objectstore.errors import ErrorCode, S3Error, invalid_argument
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.records import ObjectRecord, iso
from acme_standalone.objectstore.request import Query

MOST_KEYS = 1000
BEHIND_ALL = b"\xff"  # no UTF-8 begins with it


@dataclass(frozen=True, slots=True)
class ListingQuery:
    prefix: bytes
    delimiter: bytes
    start: bytes
    """The first position that may be listed."""
    max_keys: int


@dataclass(slots=True)
class Page:
    entries: list[ObjectRecord] = field(default_factory=list)
    common_prefixes: list[bytes] = field(default_factory=list)
    next_position: bytes | None = None

    @property
    def count(self) -> int:
        return len(self.entries) + len(self.common_prefixes)


def list_page(connection: sqlite3.Connection, bucket: str, query: ListingQuery) -> Page:
    page = Page()
    position: bytes | None = max(query.start, query.prefix)
    while position is not None and query.max_keys:
        position = _scan(connection, bucket, query, position, page)
    return page


def _scan(
    connection: sqlite3.Connection, bucket: str, query: ListingQuery, position: bytes, page: Page
) -> bytes | None:
    """Reads on from a position. Gives the one behind a common prefix, which the next scan leaps over."""
    rows = connection.execute(
        "SELECT * FROM objects WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key",
        (bucket, position, successor(query.prefix) or BEHIND_ALL),
    )
    for row in rows:
        key: bytes = row["key"]
        if page.count == query.max_keys:
            page.next_position = key
            return None
        common = common_prefix(key, query)
        if common is not None:
            page.common_prefixes.append(common)
            return successor(common)
        page.entries.append(ObjectRecord.of(row))
    return None


def common_prefix(key: bytes, query: ListingQuery) -> bytes | None:
    end = key.find(query.delimiter, len(query.prefix)) if query.delimiter else -1
    return key[: end + len(query.delimiter)] if end >= 0 else None


def successor(prefix: bytes) -> bytes | None:
    """The least string behind all that begin with the prefix. UTF-8 has no 0xFF: the last byte can grow."""
    return prefix[:-1] + bytes([prefix[-1] + 1]) if prefix else None


async def list_objects(call: Call) -> Response:
    query = call.request.query
    if query.get("list-type") != "2":
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "Only version 2 of the listing is implemented.")
    wanted = read_listing_query(query)
    encode = _encoder(query.get("encoding-type"))
    page = await run_in_threadpool(_read_page, call.store.index, call.request.bucket, wanted)
    children = [*_echo(call.request.bucket, query, wanted, encode), *_result(page, encode)]
    return xml_response("ListBucketResult", children)


def _read_page(index: Index, bucket: str, query: ListingQuery) -> Page:
    with index.read() as connection:
        get_bucket(connection, bucket)
        return list_page(connection, bucket, query)


def read_listing_query(query: Query) -> ListingQuery:
    token, start_after = query.get("continuation-token"), _text(query, "start-after")
    start = f"{start_after}\0".encode() if start_after else b""
    return ListingQuery(
        prefix=_text(query, "prefix").encode(),
        delimiter=_text(query, "delimiter").encode(),
        start=_position(token) if token is not None else start,
        max_keys=page_size(query.get("max-keys")),
    )


def _text(query: Query, name: str) -> str:
    text = query.get(name) or ""
    if not can_carry(text):
        raise invalid_argument(f"The {name} holds characters that no key has.")
    return text


def page_size(text: str | None, *, largest: int = MOST_KEYS) -> int:
    if text is None:
        return largest
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(2**31)):
        raise invalid_argument("The size of a page must be a number.")
    return min(int(text), largest)


def _position(token: str) -> bytes:
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid_argument("The continuation token is not valid.") from error


def _encoder(encoding_type: str | None) -> Callable[[str], str]:
    match encoding_type:
        case None | "":
            return str
        case "url":
            return lambda text: quote(text, safe="/")
        case _:
            raise invalid_argument("The encoding type must be url.")


def _echo(bucket: str, query: Query, wanted: ListingQuery, encode: Callable[[str], str]) -> Children:
    given: list[tuple[str, str]] = [("Name", bucket), ("Prefix", encode(query.get("prefix") or ""))]
    for element, name in (("Delimiter", "delimiter"), ("StartAfter", "start-after")):
        value = query.get(name)
        if value:
            given.append((element, encode(value)))
    for element, name in (("ContinuationToken", "continuation-token"), ("EncodingType", "encoding-type")):
        value = query.get(name)
        if value:
            given.append((element, value))
    return [*given, ("MaxKeys", str(wanted.max_keys))]


def _result(page: Page, encode: Callable[[str], str]) -> Children:
    children: list[tuple[str, str | Children]] = [
        ("KeyCount", str(page.count)),
        ("IsTruncated", "true" if page.next_position is not None else "false"),
    ]
    if page.next_position is not None:
        token = base64.urlsafe_b64encode(page.next_position).decode()
        children.append(("NextContinuationToken", token))
    children += [("Contents", _entry(record, encode)) for record in page.entries]
    children += [("CommonPrefixes", [("Prefix", encode(p.decode()))]) for p in page.common_prefixes]
    return children


def _entry(record: ObjectRecord, encode: Callable[[str], str]) -> Children:
    return [
        ("Key", encode(record.key)),
        ("LastModified", iso(record.modified_at)),
        ("ETag", quoted(record.content.etag)),
        ("Size", str(record.content.size)),
        ("StorageClass", "STANDARD"),
    ]
