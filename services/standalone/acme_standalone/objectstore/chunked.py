"""The aws-chunked encoding: sized chunks, each signed or not, then trailers."""

import hashlib
import re
from enum import Enum, auto

from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.sigv4 import ChunkSigner, is_same

_LONGEST_LINE = 4096
_MOST_TRAILERS = 16
_UNSIGNED_HEAD = re.compile(rb"([0-9a-fA-F]{1,16})")
_SIGNED_HEAD = re.compile(rb"([0-9a-fA-F]{1,16});chunk-signature=([0-9a-f]{64})")
_TRAILER_SIGNATURE = "x-amz-trailer-signature"


class _State(Enum):
    HEAD = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()
    DONE = auto()


class ChunkedDecoder:
    """Fed with pieces of any size, gives back what they carry. With a signer, every chunk must be signed."""

    def __init__(self, signer: ChunkSigner | None) -> None:
        self._signer = signer
        self._state = _State.HEAD
        self._pending = bytearray()
        self._left_in_chunk = 0
        self._chunk_signature = ""
        self._chunk_hash = hashlib.sha256()
        self._trailers: dict[str, str] = {}

    def feed(self, data: bytes) -> bytes:
        self._pending += data
        decoded = bytearray()
        while self._advance(decoded):
            pass
        return bytes(decoded)

    def finish(self, *, expects_trailer: bool) -> dict[str, str]:
        """The trailers. Raises `IncompleteBody` when the last chunk has not been seen."""
        if self._state is not _State.DONE or self._pending:
            raise S3Error(ErrorCode.INCOMPLETE_BODY)
        signature = self._trailers.pop(_TRAILER_SIGNATURE, "")
        if self._signer and expects_trailer:
            lines = "".join(f"{name}:{value}\n" for name, value in sorted(self._trailers.items()))
            _check_signature(self._signer.trailer_signature(lines.encode("latin-1")), signature)
        return self._trailers

    def _advance(self, decoded: bytearray) -> bool:
        """Whether there was enough pending to take one step."""
        match self._state:
            case _State.HEAD:
                return self._read_head()
            case _State.DATA:
                return self._read_data(decoded)
            case _State.DATA_END:
                return self._read_data_end()
            case _State.TRAILER:
                return self._read_trailer()
            case _State.DONE:
                return False

    def _read_head(self) -> bool:
        line = self._line()
        if line is None:
            return False
        head = (_SIGNED_HEAD if self._signer else _UNSIGNED_HEAD).fullmatch(line)
        if head is None:
            raise _malformed("A chunk header is malformed.")
        self._left_in_chunk = int(head[1], 16)
        self._chunk_signature = head[2].decode() if self._signer else ""
        self._chunk_hash = hashlib.sha256()
        if self._left_in_chunk == 0:
            self._end_chunk()
        self._state = _State.DATA if self._left_in_chunk else _State.TRAILER
        return True

    def _read_data(self, decoded: bytearray) -> bool:
        if not self._pending:
            return False
        piece = bytes(self._pending[: self._left_in_chunk])
        del self._pending[: len(piece)]
        decoded += piece
        if self._signer:
            self._chunk_hash.update(piece)
        self._left_in_chunk -= len(piece)
        if self._left_in_chunk == 0:
            self._end_chunk()
            self._state = _State.DATA_END
        return True

    def _end_chunk(self) -> None:
        if self._signer:
            _check_signature(
                self._signer.chunk_signature(self._chunk_hash.hexdigest()), self._chunk_signature
            )
            self._signer = self._signer.after(self._chunk_signature)

    def _read_data_end(self) -> bool:
        line = self._line()
        if line is None:
            return False
        if line:
            raise _malformed("A chunk is longer than its header says.")
        self._state = _State.HEAD
        return True

    def _read_trailer(self) -> bool:
        line = self._line()
        if line is None:
            return False
        if not line:
            self._state = _State.DONE
            return True
        name, colon, value = line.decode("latin-1").partition(":")
        name = name.strip().lower()
        if not colon or name in self._trailers or len(self._trailers) == _MOST_TRAILERS:
            raise _malformed("The trailer is malformed.")
        self._trailers[name] = value.strip()
        return True

    def _line(self) -> bytes | None:
        end = self._pending.find(b"\r\n", 0, _LONGEST_LINE)
        if end < 0:
            if len(self._pending) >= _LONGEST_LINE:
                raise _malformed("A line of the chunked body is too long.")
            return None
        line = bytes(self._pending[:end])
        del self._pending[: end + 2]
        return line


def _check_signature(expected: str, given: str) -> None:
    if not is_same(expected, given):
        raise S3Error(ErrorCode.SIGNATURE_DOES_NOT_MATCH, "The signature of a chunk does not match.")


def _malformed(message: str) -> S3Error:
    return S3Error(ErrorCode.INVALID_REQUEST, message)
