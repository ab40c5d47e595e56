"""What `schemas` declares of issued uploads, as it is written: of a hundred files, models cost as much as
their URLs. A test reads answers by the declared models. Why: docs/decisions/0016.
"""

from datetime import datetime

import msgspec

from acme_core.errors import AppError
from acme_storage.gateway import PresignedUpload
from acme_web.problems import kind_of


class Upload(msgspec.Struct):
    """`acme_media.uploads.UploadOut`."""

    method: str
    url: str
    headers: dict[str, str]
    expires_at: datetime

    @classmethod
    def of(cls, signed: PresignedUpload) -> "Upload":
        return cls("PUT", *signed)


class Issued(msgspec.Struct):
    """`schemas.UploadIssued`."""

    photo_id: str
    duplicate: bool
    upload: Upload | None

    @classmethod
    def of(cls, photo_id: str, signed: PresignedUpload) -> "Issued":
        return cls(photo_id, duplicate=False, upload=Upload.of(signed))


class Refused(msgspec.Struct):
    """`acme_web.problems.Problem`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str

    @classmethod
    def of(cls, error: AppError) -> "Refused":
        return cls(kind_of(error), error.title, error.status, error.detail, "", error.code)


class Result(msgspec.Struct):
    """`schemas.BatchResult`."""

    filename: str
    issued: Issued | None
    problem: Refused | None


class Batch(msgspec.Struct):
    """`schemas.BatchUploadOut`."""

    items: list[Result]


write = msgspec.json.Encoder().encode
