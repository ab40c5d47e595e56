"""Everything about a guest in one ZIP: data.json, photos.csv and the selfies."""

import asyncio
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from pydantic_core import to_jsonable_python

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_db.models import AuditAction, Selfie
from acme_db.unit_of_work import unit_of_work
from acme_main.accounts import export_queries, queries
from acme_main.accounts.export_queries import Rows
from acme_main.accounts.schemas import AccountOut
from acme_storage.gateway import ObjectMissing, ObjectStorage
from acme_web.resources import DataResources

FILENAME = "my-data.zip"
IN_MEMORY_BYTES = 8_000_000
CHUNK_BYTES = 256 * 1024
PHOTO_COLUMNS = (
    "photo_id",
    "project_id",
    "filename",
    "taken_at",
    "source",
    "review_status",
    "confidence",
    "tagged_at",
)
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/tiff": "tif"}


@dataclass(frozen=True)
class Kept:
    data: dict[str, Any]
    photos: Rows
    selfies: Sequence[Selfie]


async def export_account(data: DataResources, storage: ObjectStorage, caller: Principal) -> IO[bytes]:
    """The ZIP, at its beginning; large ones lie on disk. Raises `AccountNotFound`."""
    async with unit_of_work(data.sessions) as session:
        record(session, AuditAction.DATA_EXPORTED, caller, caller.account_id)
        user_id = caller.account_id
        account = AccountOut.model_validate(await queries.get_user(session, user_id))
        selfies = await export_queries.selfies(session, user_id)
        kept = Kept(
            data={
                "account": account,
                "consents": await export_queries.consents(session, user_id),
                "projects": await export_queries.memberships(session, user_id),
                "purchases": await export_queries.purchases(session, user_id),
                "favourites": await export_queries.favourites(session, user_id),
                "hide_requests": await export_queries.hide_requests(session, user_id),
                "selfies": [_described(selfie) for selfie in selfies],
                "erasures": await export_queries.receipts(session, user_id),
                "sign_ins": await export_queries.sign_ins(session, user_id),
                "activity": await export_queries.activity(session, user_id),
            },
            photos=await export_queries.tagged_photos(session, user_id),
            selfies=selfies,
        )
    return await _pack(kept, storage)


async def chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Closes the file at the end."""
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk


async def _pack(kept: Kept, storage: ObjectStorage) -> IO[bytes]:
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - handed on, closed by `chunks`
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(to_jsonable_python(kept.data), indent=2, ensure_ascii=False))
        archive.writestr("photos.csv", _photos_csv(kept.photos))
        for selfie in kept.selfies:
            body = await _read(storage, selfie.storage_key)
            if body is not None:
                await asyncio.to_thread(archive.writestr, f"selfies/{_file_name(selfie)}", body)
    file.seek(0)
    return file


async def _read(storage: ObjectStorage, key: str) -> bytes | None:
    """None for one that was announced and never sent."""
    try:
        return await storage.read(key)
    except ObjectMissing:
        return None


def _described(selfie: Selfie) -> dict[str, object]:
    """The template too, where there is one: it is the guest's own."""
    return {
        "id": selfie.id,
        "file": f"selfies/{_file_name(selfie)}",
        "status": selfie.status,
        "rejection_reason": selfie.rejection_reason,
        "created_at": selfie.created_at,
        "engine": selfie.engine,
        "template": None if selfie.embedding is None else [float(value) for value in selfie.embedding],
    }


def _file_name(selfie: Selfie) -> str:
    return f"{selfie.id}.{_SUFFIXES.get(selfie.content_type, 'bin')}"


def _photos_csv(photos: Rows) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, PHOTO_COLUMNS)
    writer.writeheader()
    for photo in photos:
        writer.writerow({name: _cell(photo[name]) for name in PHOTO_COLUMNS})
    return buffer.getvalue()


def _cell(value: object) -> object:
    """A file name that begins like a formula would be one to a spreadsheet."""
    text = to_jsonable_python(value)
    return f"'{text}" if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t")) else text
