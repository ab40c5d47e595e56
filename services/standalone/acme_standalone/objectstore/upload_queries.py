import json
import secrets
import sqlite3
from dataclasses import dataclass

from acme_standalone.objectstore.bucket_queries import get_bucket
from acme_standalone.objectstore.errors import ErrorCode, S3Error
from acme_standalone.objectstore.records import Content, PartRecord, now_ms


@dataclass(frozen=True, slots=True)
class UploadAddress:
    bucket: str
    key: str
    upload_id: str


def create_upload(
    connection: sqlite3.Connection, bucket: str, key: str, headers: dict[str, str]
) -> UploadAddress:
    get_bucket(connection, bucket)
    address = UploadAddress(bucket, key, secrets.token_urlsafe(24))
    connection.execute(
        "INSERT INTO uploads (id, bucket, key, headers) VALUES (?, ?, ?, ?)",
        (address.upload_id, bucket, key.encode(), json.dumps(headers)),
    )
    return address


def get_upload_headers(connection: sqlite3.Connection, address: UploadAddress) -> dict[str, str]:
    row = connection.execute(
        "SELECT headers FROM uploads WHERE id = ? AND bucket = ? AND key = ?",
        (address.upload_id, address.bucket, address.key.encode()),
    ).fetchone()
    if row is None:
        get_bucket(connection, address.bucket)
        raise S3Error(ErrorCode.NO_SUCH_UPLOAD, details={"UploadId": address.upload_id})
    headers: dict[str, str] = json.loads(row["headers"])
    return headers


def put_part(
    connection: sqlite3.Connection, address: UploadAddress, number: int, content: Content
) -> list[str]:
    """The blobs that nothing names any more once this is committed."""
    get_upload_headers(connection, address)
    replaced = connection.execute(
        "DELETE FROM parts WHERE upload_id = ? AND number = ? RETURNING blob_id", (address.upload_id, number)
    ).fetchall()
    checksum = content.checksum.text if content.checksum else None
    connection.execute(
        "INSERT INTO parts (upload_id, number, blob_id, size, etag, modified_at, checksum)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (address.upload_id, number, content.blob_id, content.size, content.etag, now_ms(), checksum),
    )
    return [row["blob_id"] for row in replaced]


def list_parts(
    connection: sqlite3.Connection, address: UploadAddress, *, after: int = 0, limit: int = -1
) -> list[PartRecord]:
    """In order. A negative limit means all."""
    get_upload_headers(connection, address)
    rows = connection.execute(
        "SELECT * FROM parts WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?",
        (address.upload_id, after, limit),
    )
    return [PartRecord.of(row) for row in rows]


def delete_upload(connection: sqlite3.Connection, address: UploadAddress) -> list[str]:
    """The blobs of its parts. Raises `NoSuchUpload`, so that of two completions one wins."""
    parts = list_parts(connection, address)
    connection.execute("DELETE FROM uploads WHERE id = ?", (address.upload_id,))
    return [part.content.blob_id for part in parts]
