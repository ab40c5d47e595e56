import sqlite3

from acme_standalone.objectstore.errors import ErrorCode, S3Error, no_such_bucket
from acme_standalone.objectstore.records import BucketRecord, now_ms


def get_bucket(connection: sqlite3.Connection, name: str) -> BucketRecord:
    row = connection.execute("SELECT * FROM buckets WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise no_such_bucket(name)
    return BucketRecord.of(row)


def list_buckets(connection: sqlite3.Connection) -> list[BucketRecord]:
    rows = connection.execute("SELECT * FROM buckets ORDER BY name")
    return [BucketRecord.of(row) for row in rows]


def create_bucket(connection: sqlite3.Connection, name: str) -> None:
    created = connection.execute(
        "INSERT INTO buckets (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, now_ms())
    )
    if created.rowcount == 0:
        raise S3Error(ErrorCode.BUCKET_ALREADY_OWNED_BY_YOU, details={"BucketName": name})


def delete_bucket(connection: sqlite3.Connection, name: str) -> list[str]:
    """The blobs of uploads that were never completed and go with it."""
    get_bucket(connection, name)
    if connection.execute("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", (name,)).fetchone():
        raise S3Error(ErrorCode.BUCKET_NOT_EMPTY, details={"BucketName": name})
    parts = connection.execute(
        "SELECT blob_id FROM parts JOIN uploads ON uploads.id = upload_id WHERE bucket = ?", (name,)
    ).fetchall()
    connection.execute("DELETE FROM uploads WHERE bucket = ?", (name,))
    connection.execute("DELETE FROM buckets WHERE name = ?", (name,))
    return [row["blob_id"] for row in parts]


def set_cors(connection: sqlite3.Connection, name: str, cors: str | None) -> None:
    get_bucket(connection, name)
    connection.execute("UPDATE buckets SET cors = ? WHERE name = ?", (cors, name))
