"""The object store. Calls are boto3's, in threads; its errors are wrapped here. `signer` signs the URLs."""

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from acme_config.settings import StorageSettings
from acme_core.clock import utc_now
from acme_storage.pictures import PictureUrls
from acme_storage.signer import Credentials, Form, UrlSigner, folded
from acme_telemetry.providers import Provider, provider_call

T = TypeVar("T")

CONNECT_S = 5.0
ANSWER_S = 30.0
"""Between two bytes, not of a whole file."""
TRIES = 3

IMMUTABLE = "private, max-age=31536000, immutable"
UPLOAD_HEADERS = ("content-length", "content-type", "if-none-match")
MOST_DELETED = 1000
"""What one call takes."""
_MISSING = {"404", "NoSuchKey", "NotFound", "NoSuchBucket"}


class StorageUnavailable(Exception):
    """The object store did not answer, or refused: try again."""


class ObjectMissing(Exception):
    """There is no object at that key."""


@dataclass(frozen=True)
class StoredObject:
    size_bytes: int
    content_type: str
    etag: str


@dataclass(frozen=True)
class ListedObject:
    key: str
    size_bytes: int
    modified_at: datetime


class PresignedUpload(NamedTuple):
    url: str
    headers: dict[str, str]
    """Everything that the client must send with its PUT; each is signed."""
    expires_at: datetime


@dataclass(frozen=True)
class PresignedDownload:
    url: str
    expires_at: datetime


@dataclass(frozen=True)
class UploadUrls:
    """Of one moment, for any number of files."""

    form: Form
    """Its headers are `UPLOAD_HEADERS`."""
    expires_at: datetime

    def presign(self, key: str, content_type: str, size_bytes: int) -> PresignedUpload:
        """A PUT that takes this type and this length, once: an existing object is never overwritten."""
        length = str(size_bytes)
        headers = {"Content-Type": content_type, "Content-Length": length, "If-None-Match": "*"}
        url = self.form.url(key, length, folded(content_type), "*")
        return PresignedUpload(url, headers, self.expires_at)


class ObjectStorage:
    def __init__(self, settings: StorageSettings) -> None:
        self._settings = settings
        self._bucket = settings.bucket
        access_key, secret = settings.access_key_id, settings.secret_access_key
        credentials = Credentials(access_key.get_secret_value(), secret.get_secret_value(), settings.region)
        self._signer = UrlSigner(settings.endpoint_url, settings.bucket, credentials)
        self._pictures = PictureUrls(
            self._signer, ttl_s=settings.download_url_ttl_s, window_s=settings.picture_url_window_s
        )
        self._client = boto3.client(
            "s3",
            endpoint_url=settings.endpoint_url,
            region_name=settings.region,
            aws_access_key_id=credentials.access_key_id,
            aws_secret_access_key=credentials.secret_access_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                connect_timeout=CONNECT_S,
                read_timeout=ANSWER_S,
                retries={"mode": "standard", "max_attempts": TRIES},
                max_pool_connections=50,
            ),
        )

    @property
    def upload_lifetime(self) -> timedelta:
        return timedelta(seconds=self._settings.upload_url_ttl_s)

    def uploads_now(self) -> UploadUrls:
        now, ttl_s = utc_now(), self._settings.upload_url_ttl_s
        form = self._signer.form("PUT", UPLOAD_HEADERS, at=now, ttl_s=ttl_s)
        return UploadUrls(form, now + timedelta(seconds=ttl_s))

    def presign_upload(self, key: str, content_type: str, size_bytes: int) -> PresignedUpload:
        return self.uploads_now().presign(key, content_type, size_bytes)

    def presign_download(self, key: str, *, filename: str) -> PresignedDownload:
        """A file to be kept under this name."""
        now, ttl_s = utc_now(), self._settings.download_url_ttl_s
        query = {"response-content-disposition": attachment(filename)}
        url = self._signer.sign("GET", key, at=now, ttl_s=ttl_s, query=query)
        return PresignedDownload(url, now + timedelta(seconds=ttl_s))

    def picture_url(self, key: str) -> str:
        """For showing. The same URL for a while, so that a browser shows what it has loaded already."""
        return self._pictures.url(key)

    def picture_url_of(self, key: str | None) -> str | None:
        """Likewise, of a picture that may not be there."""
        return self._pictures.url(key) if key else None

    async def head(self, key: str) -> StoredObject:
        """Raises `ObjectMissing`."""
        answer = await self._call("head", lambda: self._client.head_object(Bucket=self._bucket, Key=key))
        return StoredObject(answer["ContentLength"], answer["ContentType"], answer["ETag"].strip('"'))

    async def read(self, key: str) -> bytes:
        def call() -> bytes:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

        return await self._call("read", call)

    async def download(self, key: str, path: Path) -> None:
        await self._call("download", lambda: self._client.download_file(self._bucket, key, str(path)))

    async def write(
        self, key: str, body: bytes | Path, content_type: str, *, cache_control: str = IMMUTABLE
    ) -> None:
        def call() -> None:
            payload = body.read_bytes() if isinstance(body, Path) else body
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=payload,
                ContentType=content_type,
                CacheControl=cache_control,
            )

        await self._call("write", call)

    async def write_large(self, key: str, path: Path, content_type: str) -> None:
        """In parts, as large files need it; what was there is replaced."""
        extra = {"ContentType": content_type, "CacheControl": "private, no-store"}
        await self._call(
            "write_large", lambda: self._client.upload_file(str(path), self._bucket, key, ExtraArgs=extra)
        )

    async def list_objects(self, prefix: str) -> list[ListedObject]:
        return await self._call("list", lambda: self._list_objects(prefix))

    async def delete(self, keys: Sequence[str]) -> None:
        """Exactly these objects; those that are not there are no error."""
        await self._call("delete_some", lambda: self._delete(keys))

    async def delete_prefix(self, prefix: str) -> int:
        """Delete every object under the prefix; returns how many there were."""
        return await self._call("delete", lambda: self._delete_prefix(prefix))

    async def ensure_bucket(self, cors_origins: list[str]) -> None:
        await self._call("ensure_bucket", lambda: self._ensure_bucket(cors_origins))

    async def is_reachable(self) -> None:
        await self._call("is_reachable", lambda: self._client.head_bucket(Bucket=self._bucket))

    def _list_objects(self, prefix: str) -> list[ListedObject]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [
            ListedObject(item["Key"], item["Size"], item["LastModified"])
            for page in pages
            for item in page.get("Contents", [])
        ]

    def _delete_prefix(self, prefix: str) -> int:
        deleted = 0
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            found = [item["Key"] for item in page.get("Contents", [])]
            self._delete(found)
            deleted += len(found)
        return deleted

    def _delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), MOST_DELETED):
            some = [{"Key": key} for key in keys[start : start + MOST_DELETED]]
            answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": some})  # type: ignore[typeddict-item] # a plain dict is what the API takes
            if answer.get("Errors"):
                raise StorageUnavailable(f"{len(answer['Errors'])} objects could not be deleted")

    def _ensure_bucket(self, cors_origins: list[str]) -> None:
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
            self._client.create_bucket(Bucket=self._bucket)
        rule: dict[str, Any] = {
            "AllowedOrigins": cors_origins,
            "AllowedMethods": ["GET", "PUT", "HEAD"],
            "AllowedHeaders": ["content-type", "content-length", "if-none-match", "range"],
            "ExposeHeaders": ["ETag", "Content-Length"],
            "MaxAgeSeconds": 3600,
        }
        self._client.put_bucket_cors(Bucket=self._bucket, CORSConfiguration={"CORSRules": [rule]})  # type: ignore[list-item] # as above

    async def _call(self, operation: str, call: Callable[[], T]) -> T:
        """Timed as a whole: tries that boto3 repeats by itself are one call."""
        with provider_call(Provider.STORAGE, operation, refusals=(ObjectMissing,)), _wrapped_errors():
            return await asyncio.to_thread(call)


@contextmanager
def _wrapped_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise ObjectMissing from error
        raise StorageUnavailable(error.response["Error"]["Code"]) from error
    except BotoCoreError as error:
        raise StorageUnavailable(type(error).__name__) from error


def attachment(filename: str) -> str:
    """A Content-Disposition that no file name can break out of (RFC 6266)."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", plain).strip() or "photo"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
