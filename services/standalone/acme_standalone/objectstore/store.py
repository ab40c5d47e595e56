"""Blobs and index together. Every method blocks: call it from a thread."""

import fcntl
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import structlog

from acme_standalone.objectstore.blobs import BlobStore, BlobWriter, multipart_etag, sync_directory
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.index import Index
from acme_standalone.objectstore.object_queries import (
    WriteCondition,
    check_write,
    delete_object,
    get_object,
    put_object,
    referenced_blobs,
)
from acme_standalone.objectstore.records import Content, ObjectRecord, PartRecord
from acme_standalone.objectstore.upload_queries import (
    UploadAddress,
    delete_upload,
    get_upload_headers,
    put_part,
)

log = structlog.get_logger()
_MOST_REPLACEMENTS = 100


class DataInUseError(RuntimeError):
    """Another endpoint runs on the same data."""


class ObjectStore:
    """The order of a write: blob on disk, then the row, then the blob that it replaced is deleted.

    A crash between two steps leaves a blob without a row, never a row without a blob.
    """

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_file = (data_dir / "lock").open("w")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock_file.close()
            raise DataInUseError(f"another object store runs on {data_dir}") from error
        self.blobs = BlobStore(data_dir)
        self.index = Index(data_dir / "index.sqlite3")
        sync_directory(data_dir)
        self._collect_orphans()

    def _collect_orphans(self) -> None:
        with self.index.read() as connection:
            referenced = referenced_blobs(connection)
        collected = self.blobs.collect(referenced)
        log.info("objectstore_opened", blobs=len(referenced), orphans_collected=collected)

    def close(self) -> None:
        self.index.close()
        self._lock_file.close()

    def check_write(self, bucket: str, key: str, condition: WriteCondition) -> None:
        """Spares a client the upload of a body that would be refused; `put` decides."""
        with self.index.read() as connection:
            check_write(connection, bucket, key, condition)

    def put(
        self, bucket: str, key: str, content: Content, headers: dict[str, str], condition: WriteCondition
    ) -> ObjectRecord:
        try:
            with self.index.write() as connection:
                replaced = put_object(connection, bucket, key, content, headers, condition)
                stored = get_object(connection, bucket, key)
        except BaseException:
            self.blobs.delete([content.blob_id])
            raise
        self.blobs.delete(replaced)
        return stored

    def find(self, bucket: str, key: str) -> ObjectRecord:
        with self.index.read() as connection:
            return get_object(connection, bucket, key)

    def open(self, bucket: str, key: str) -> tuple[ObjectRecord, BinaryIO]:
        for _ in range(_MOST_REPLACEMENTS):
            record = self.find(bucket, key)
            try:
                return record, self.blobs.open(record.content.blob_id)
            except FileNotFoundError:
                continue  # replaced or deleted since its row was read
        raise S3Error(ErrorCode.INTERNAL_ERROR)

    def duplicate(self, record: ObjectRecord) -> Content:
        try:
            blob_id = self.blobs.duplicate(record.content.blob_id)
        except FileNotFoundError as error:
            raise S3Error(ErrorCode.PRECONDITION_FAILED, "The source changed while it was copied.") from error
        content = record.content
        return Content(blob_id, content.size, content.etag, content.checksum)

    def delete(self, bucket: str, key: str, condition: WriteCondition) -> None:
        with self.index.write() as connection:
            deleted = delete_object(connection, bucket, key, condition)
        self.blobs.delete(deleted)

    def delete_many(self, bucket: str, keys: Iterable[str]) -> None:
        with self.index.write() as connection:
            deleted = [
                blob for key in keys for blob in delete_object(connection, bucket, key, WriteCondition())
            ]
        self.blobs.delete(deleted)

    def put_part(self, address: UploadAddress, number: int, content: Content) -> None:
        try:
            with self.index.write() as connection:
                replaced = put_part(connection, address, number, content)
        except BaseException:
            self.blobs.delete([content.blob_id])
            raise
        self.blobs.delete(replaced)

    def assemble(self, parts: Sequence[PartRecord]) -> Content:
        with self.blobs.writer() as writer:
            for part in parts:
                self._append(writer, part)
            blob_id = writer.commit()
        etag = multipart_etag([part.content.etag for part in parts])
        return Content(blob_id, sum(part.content.size for part in parts), etag, None)

    def _append(self, writer: BlobWriter, part: PartRecord) -> None:
        try:
            source = self.blobs.open(part.content.blob_id)
        except FileNotFoundError as error:
            raise S3Error(ErrorCode.INVALID_PART, details={"PartNumber": str(part.number)}) from error
        with source:
            writer.copy_from(source)

    def complete(self, address: UploadAddress, content: Content, condition: WriteCondition) -> None:
        try:
            with self.index.write() as connection:
                headers = get_upload_headers(connection, address)
                unused = delete_upload(connection, address)
                unused += put_object(connection, address.bucket, address.key, content, headers, condition)
        except BaseException:
            self.blobs.delete([content.blob_id])
            raise
        self.blobs.delete(unused)

    def abort(self, address: UploadAddress) -> None:
        with self.index.write() as connection:
            unused = delete_upload(connection, address)
        self.blobs.delete(unused)
