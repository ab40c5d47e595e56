"""One request of the S3 protocol, decoded once: what is verified is what is acted upon."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from acme_standalone.objectstore import documents
from acme_standalone.objectstore.errors import ErrorCode, S3Error, invalid_argument

MAX_KEY_BYTES = 1024
_BUCKET_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")


def percent_decode(raw: str | bytes) -> str:
    try:
        return unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise S3Error(ErrorCode.INVALID_URI) from error


@dataclass(frozen=True, slots=True)
class Query:
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        return cls(tuple(_decode_pair(pair) for pair in raw.split(b"&") if pair))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.pairs)

    def get(self, name: str) -> str | None:
        values = [value for candidate, value in self.pairs if candidate == name]
        if len(values) > 1:
            raise invalid_argument(f"The parameter {name} was given more than once.")
        return values[0] if values else None


def _decode_pair(pair: bytes) -> tuple[str, str]:
    name, _, value = pair.replace(b"+", b" ").partition(b"=")
    return percent_decode(name), percent_decode(value)


@dataclass(frozen=True, slots=True)
class S3Request:
    method: str
    path: str
    """Decoded once. `bucket` and `key` are cut before decoding: an encoded slash never moves the border."""
    bucket: str
    key: str
    query: Query
    headers: Headers
    receive: Receive

    def header(self, name: str) -> str | None:
        """Its only value. Raises `InvalidRequest` when the header was sent twice."""
        values = self.headers.getlist(name)
        if len(values) > 1:
            raise S3Error(ErrorCode.INVALID_REQUEST, f"The header {name} was given more than once.")
        return values[0] if values else None


def read_request(scope: Scope, receive: Receive) -> S3Request:
    raw_path: bytes = scope["raw_path"]
    if not raw_path.startswith(b"/"):
        raise S3Error(ErrorCode.INVALID_URI)
    bucket, _, key = raw_path[1:].partition(b"/")
    request = S3Request(
        method=scope["method"],
        path=percent_decode(raw_path),
        bucket=percent_decode(bucket),
        key=percent_decode(key),
        query=Query.parse(scope["query_string"]),
        headers=Headers(scope=scope),
        receive=receive,
    )
    check_names(request.bucket, request.key)
    return request


def check_names(bucket: str, key: str) -> None:
    if (bucket or key) and _BUCKET_NAME.fullmatch(bucket) is None:
        raise S3Error(ErrorCode.INVALID_BUCKET_NAME)
    if len(key.encode()) > MAX_KEY_BYTES:
        raise S3Error(ErrorCode.KEY_TOO_LONG)
    if not documents.can_carry(key):
        raise invalid_argument("A key must not hold characters that XML 1.0 cannot carry.")
