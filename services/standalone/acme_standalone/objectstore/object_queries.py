import json
import sqlite3
from dataclasses import dataclass

from acme_standalone.objectstore.bucket_queries import get_bucket
from acme_standalone.objectstore.errors import ErrorCode, S3Error, no_such_key
from acme_standalone.objectstore.records import Content, ObjectRecord, now_ms


@dataclass(frozen=True, slots=True)
class WriteCondition:
    """What must hold of the key, at the instant of the write."""

    must_be_absent: bool = False
    etag: str | None = None

    def check(self, key: str, existing_etag: str | None) -> None:
        if self.must_be_absent and existing_etag is not None:
            raise S3Error(ErrorCode.PRECONDITION_FAILED, details={"Condition": "If-None-Match"})
        if self.etag is None:
            return
        if existing_etag is None:
            raise no_such_key(key)
        if self.etag not in ("*", existing_etag):
            raise S3Error(ErrorCode.PRECONDITION_FAILED, details={"Condition": "If-Match"})


def find_object(connection: sqlite3.Connection, bucket: str, key: str) -> ObjectRecord | None:
    row = connection.execute(
        "SELECT * FROM objects WHERE bucket = ? AND key = ?", (bucket, key.encode())
    ).fetchone()
    return ObjectRecord.of(row) if row else None


def get_object(connection: sqlite3.Connection, bucket: str, key: str) -> ObjectRecord:
    found = find_object(connection, bucket, key)
    if found is None:
        get_bucket(connection, bucket)
        raise no_such_key(key)
    return found


def check_write(
    connection: sqlite3.Connection, bucket: str, key: str, condition: WriteCondition
) -> ObjectRecord | None:
    """The object that the write is going to replace."""
    existing = find_object(connection, bucket, key)
    if existing is None:
        get_bucket(connection, bucket)
    condition.check(key, existing.content.etag if existing else None)
    return existing


def put_object(
    connection: sqlite3.Connection,
    bucket: str,
    key: str,
    content: Content,
    headers: dict[str, str],
    condition: WriteCondition,
) -> list[str]:
    """The blobs that nothing names any more once this is committed."""
    replaced = check_write(connection, bucket, key, condition)
    checksum = content.checksum.text if content.checksum else None
    connection.execute(
        "INSERT INTO objects (bucket, key, blob_id, size, etag, modified_at, headers, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (bucket, key) DO UPDATE SET blob_id = excluded.blob_id, size = excluded.size,"
        " etag = excluded.etag, modified_at = excluded.modified_at, headers = excluded.headers,"
        " checksum = excluded.checksum",
        (
            bucket,
            key.encode(),
            content.blob_id,
            content.size,
            content.etag,
            now_ms(),
            json.dumps(headers),
            checksum,
        ),
    )
    return [replaced.content.blob_id] if replaced else []


def delete_object(
    connection: sqlite3.Connection, bucket: str, key: str, condition: WriteCondition
) -> list[str]:
    existing = check_write(connection, bucket, key, condition)
    if existing is None:
        return []
    connection.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", (bucket, key.encode()))
    return [existing.content.blob_id]


def referenced_blobs(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT blob_id FROM objects UNION ALL SELECT blob_id FROM parts")
    return {row["blob_id"] for row in rows}
