"""Bytes on disk, under random names that owe nothing to the keys.

A blob is whole or absent: it is written aside, synced and renamed, and its folder is synced before anybody
learns its name.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

from acme_standalone.objectstore.settings import MIB

_SHARDS = tuple(f"{number:02x}" for number in range(256))


class BlobWriter:
    """Leaves nothing behind unless `commit` has been called."""

    def __init__(self, store: "BlobStore") -> None:
        self._store = store
        self._blob_id = secrets.token_hex(16)
        self._temporary = store.incoming / self._blob_id
        self._file: BinaryIO = self._temporary.open("xb")

    def write(self, data: bytes, /) -> None:
        self._file.write(data)

    def copy_from(self, source: BinaryIO) -> None:
        shutil.copyfileobj(source, self._file, MIB)

    def commit(self) -> str:
        """The name of the blob, which from now on survives a crash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        destination = self._store.path(self._blob_id)
        self._temporary.rename(destination)
        sync_directory(destination.parent)
        return self._blob_id

    def discard(self) -> None:
        with suppress(OSError):  # on a full disk: what is buffered cannot be written, and need not be
            self._file.close()
        self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.discard()


class BlobStore:
    def __init__(self, root: Path) -> None:
        self._root = root / "blobs"
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True)
        for shard in _SHARDS:
            (self._root / shard).mkdir(parents=True, exist_ok=True)
        sync_directory(self._root)
        sync_directory(root)

    def path(self, blob_id: str) -> Path:
        return self._root / blob_id[:2] / blob_id

    def writer(self) -> BlobWriter:
        return BlobWriter(self)

    def open(self, blob_id: str) -> BinaryIO:
        """Raises `FileNotFoundError` when the blob was deleted since its name was read."""
        return self.path(blob_id).open("rb", buffering=0)

    def duplicate(self, blob_id: str) -> str:
        """A second name for the same bytes; each name is deleted on its own."""
        copy_id = secrets.token_hex(16)
        destination = self.path(copy_id)
        destination.hardlink_to(self.path(blob_id))
        sync_directory(destination.parent)
        return copy_id

    def delete(self, blob_ids: Iterable[str]) -> None:
        for blob_id in blob_ids:
            self.path(blob_id).unlink(missing_ok=True)

    def collect(self, referenced: set[str]) -> int:
        """Deletes what a crash left behind: unfinished files, and blobs that no row names. Says how many."""
        orphans = [*self.incoming.iterdir(), *(p for p in self._paths() if p.name not in referenced)]
        for orphan in orphans:
            orphan.unlink()
        return len(orphans)

    def _paths(self) -> Iterator[Path]:
        for shard in _SHARDS:
            yield from (self._root / shard).iterdir()


def sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def multipart_etag(part_etags: list[str]) -> str:
    digests = b"".join(bytes.fromhex(etag) for etag in part_etags)
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(part_etags)}"
