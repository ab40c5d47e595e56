"""The checksums that S3 clients may send with a body."""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.request import S3Request

PREFIX = "x-amz-checksum-"
_NOT_ALGORITHMS = frozenset({"mode", "type", "algorithm"})


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


class ReflectedCrc:
    """Any CRC whose input and output are reflected, with all bits set at both ends.

    In Python, at some 10 MB/s: only clients with the CRT ask for these.
    """

    def __init__(self, polynomial: int, width: int) -> None:
        self._table = [_crc_of_byte(byte, polynomial) for byte in range(256)]
        self._mask = (1 << width) - 1
        self._width = width
        self._value = self._mask

    def update(self, data: bytes, /) -> None:
        value, table = self._value, self._table
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
        self._value = value

    def digest(self) -> bytes:
        return (self._value ^ self._mask).to_bytes(self._width // 8, "big")


def _crc_of_byte(byte: int, polynomial: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (polynomial if byte & 1 else 0)
    return byte


ALGORITHMS: dict[str, Callable[[], Digest]] = {
    "crc32": Crc32,
    "crc32c": partial(ReflectedCrc, 0x82F63B78, 32),
    "crc64nvme": partial(ReflectedCrc, 0x9A6C9329AC4BC9B5, 64),
    "md5": partial(hashlib.md5, usedforsecurity=False),
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
}


@dataclass(frozen=True, slots=True)
class Announced:
    """A checksum that the client sends along; its value is None until the trailer brings it."""

    algorithm: str
    expected: bytes | None


def announced_checksum(request: S3Request) -> Announced | None:
    in_headers = [name for name in set(request.headers.keys()) if _is_checksum(name)]
    trailer = (request.header("x-amz-trailer") or "").strip().lower()
    if len(in_headers) + bool(trailer) > 1:
        raise S3Error(ErrorCode.INVALID_REQUEST, "Expecting a single x-amz-checksum- header.")
    if trailer:
        return Announced(_algorithm(trailer), None)
    if not in_headers:
        return None
    algorithm = _algorithm(in_headers[0])
    return Announced(algorithm, decode(algorithm, request.header(in_headers[0]) or ""))


def _is_checksum(name: str) -> bool:
    return name.startswith(PREFIX) and name.removeprefix(PREFIX) not in _NOT_ALGORITHMS


def _algorithm(header: str) -> str:
    algorithm = header.removeprefix(PREFIX)
    if not header.startswith(PREFIX) or algorithm not in ALGORITHMS:
        raise S3Error(ErrorCode.NOT_IMPLEMENTED, f"The header or trailer {header} is not implemented.")
    return algorithm


def decode(algorithm: str, text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise S3Error(ErrorCode.INVALID_DIGEST) from error
    if len(digest) != len(ALGORITHMS[algorithm]().digest()):
        raise S3Error(ErrorCode.INVALID_DIGEST)
    return digest
