"""Receiving a request body: every length, digest and signature that the client announced is checked."""

import base64
import hashlib
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive

from acme_standalone.objectstore.checksums import ALGORITHMS, Announced, Digest, announced_checksum, decode
from acme_standalone.objectstore.chunked import ChunkedDecoder
from acme_standalone.objectstore.claims import UNSIGNED_PAYLOAD
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request
from acme_standalone.objectstore.settings import MIB
from acme_standalone.objectstore.sigv4 import Authorization, is_same

_SHA256_HEX = re.compile(r"[0-9a-f]{64}")
_STREAMED = {
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD": True,
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER": True,
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER": False,
}
_LONGEST_NUMBER = 19


class Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...


@dataclass(frozen=True, slots=True)
class BodyPlan:
    """What the headers announce about the body."""

    length: int
    sha256: str | None
    md5: bytes | None
    checksum: Announced | None
    is_streamed: bool
    expects_trailer: bool
    authorization: Authorization

    def decoder(self) -> ChunkedDecoder | None:
        if not self.is_streamed:
            return None
        is_signed = _STREAMED[self.authorization.payload]
        return ChunkedDecoder(self.authorization.chunk_signer if is_signed else None)


def plan_body(request: S3Request, authorization: Authorization, max_bytes: int) -> BodyPlan:
    payload = authorization.payload
    is_streamed = payload in _STREAMED
    if not is_streamed and payload != UNSIGNED_PAYLOAD and not _SHA256_HEX.fullmatch(payload):
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, "This value of x-amz-content-sha256 is not implemented.")
    length = _announced_length(request, is_streamed=is_streamed)
    if length > max_bytes:
        raise S3Error(ErrorCode.ENTITY_TOO_LARGE, details={"MaxSizeAllowed": str(max_bytes)})
    md5 = request.header("content-md5")
    return BodyPlan(
        length=length,
        sha256=payload if _SHA256_HEX.fullmatch(payload) else None,
        md5=decode("md5", md5) if md5 is not None else None,
        checksum=announced_checksum(request),
        is_streamed=is_streamed,
        expects_trailer=payload.endswith("-TRAILER"),
        authorization=authorization,
    )


def _announced_length(request: S3Request, *, is_streamed: bool) -> int:
    text = request.header("x-amz-decoded-content-length" if is_streamed else "content-length")
    if text is None:
        raise S3Error(ErrorCode.MISSING_CONTENT_LENGTH)
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise S3Error(ErrorCode.INVALID_REQUEST, "The content length is not a number.")
    return int(text)


@dataclass(frozen=True, slots=True)
class Received:
    size: int
    md5: str
    checksum: tuple[str, str] | None
    """The algorithm and the value in Base64, when the client sent one."""


class BodySink:
    """Takes a body in pieces, off the event loop; nothing counts until `finish` has returned."""

    def __init__(self, plan: BodyPlan, writer: Writer) -> None:
        self._plan = plan
        self._writer = writer
        self._decoder = plan.decoder()
        self._size = 0
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha256 = hashlib.sha256() if plan.sha256 else None
        self._checksum: Digest | None = ALGORITHMS[plan.checksum.algorithm]() if plan.checksum else None

    def feed(self, data: bytes) -> None:
        if self._decoder:
            data = self._decoder.feed(data)
        self._size += len(data)
        if self._size > self._plan.length:
            raise S3Error(ErrorCode.INCOMPLETE_BODY, "The body is longer than announced.")
        for digest in (self._md5, self._sha256, self._checksum):
            if digest is not None:
                digest.update(data)
        self._writer.write(data)

    def finish(self) -> Received:
        trailers = self._decoder.finish(expects_trailer=self._plan.expects_trailer) if self._decoder else {}
        if self._size != self._plan.length:
            raise S3Error(ErrorCode.INCOMPLETE_BODY)
        if self._sha256 and not is_same(self._sha256.hexdigest(), self._plan.sha256 or ""):
            raise S3Error(ErrorCode.SHA256_MISMATCH)
        if self._plan.md5 is not None and self._md5.digest() != self._plan.md5:
            raise S3Error(ErrorCode.BAD_DIGEST)
        return Received(self._size, self._md5.hexdigest(), self._verified_checksum(trailers))

    def _verified_checksum(self, trailers: dict[str, str]) -> tuple[str, str] | None:
        announced = self._plan.checksum
        if announced is None or self._checksum is None:
            return None
        expected = announced.expected
        if expected is None:
            expected = decode(announced.algorithm, trailers.get(f"x-amz-checksum-{announced.algorithm}", ""))
        if self._checksum.digest() != expected:
            raise S3Error(ErrorCode.BAD_DIGEST)
        return announced.algorithm, base64.b64encode(expected).decode()


async def pour(receive: Receive, sink: BodySink) -> Received:
    """Pieces are gathered to a mebibyte, so that a large body costs few hops to the thread pool."""
    gathered = bytearray()
    async for piece in _pieces(receive):
        gathered += piece
        if len(gathered) >= MIB:
            await run_in_threadpool(sink.feed, bytes(gathered))
            gathered.clear()
    await run_in_threadpool(sink.feed, bytes(gathered))
    return await run_in_threadpool(sink.finish)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise S3Error(ErrorCode.INCOMPLETE_BODY)
        yield message.get("body", b"")
        has_more = message.get("more_body", False)


async def read_document(request: S3Request, authorization: Authorization, max_bytes: int) -> bytes:
    """A body that is small enough for memory, such as XML."""
    document = io.BytesIO()
    sink = BodySink(plan_body(request, authorization, max_bytes), document)
    await pour(request.receive, sink)
    return document.getvalue()
