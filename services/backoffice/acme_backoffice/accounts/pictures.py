"""An operator's profile picture: sent straight to the object store, then looked at and kept."""

from uuid import UUID

from acme_auth.principals import Principal, Role
from acme_backoffice.accounts import queries
from acme_backoffice.accounts.errors import PictureMissing, PictureNotTaken, PictureStoreDown
from acme_backoffice.accounts.schemas import (
    PICTURE_MAX_BYTES,
    AccountOut,
    PictureType,
    PictureUpload,
    PictureUploadOut,
)
from acme_backoffice.accounts.service import account_out
from acme_core.ids import new_id
from acme_db.models import Operator
from acme_db.unit_of_work import unit_of_work
from acme_storage import keys
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable
from acme_web.resources import DataResources


def issue_upload(storage: ObjectStorage, caller: Principal, body: PictureUpload) -> PictureUploadOut:
    upload_id = new_id()
    key = keys.profile_picture(caller.account_id, upload_id)
    signed = storage.presign_upload(key, body.content_type, body.size_bytes)
    return PictureUploadOut(
        upload_id=upload_id, url=signed.url, headers=signed.headers, expires_at=signed.expires_at
    )


async def complete_upload(
    data: DataResources, storage: ObjectStorage, caller: Principal, upload_id: UUID
) -> AccountOut:
    """Idempotent. Raises `PictureMissing`, `PictureNotTaken` or `PictureStoreDown`."""
    key = keys.profile_picture(caller.account_id, upload_id)
    await _require_picture(storage, key)
    return await _keep(data, storage, caller, key)


async def remove_picture(data: DataResources, storage: ObjectStorage, caller: Principal) -> AccountOut:
    return await _keep(data, storage, caller, None)


async def _require_picture(storage: ObjectStorage, key: str) -> None:
    """The first bytes are looked at too: an announced type is only somebody's word."""
    try:
        stored = await storage.head(key)
        is_fit = stored.size_bytes <= PICTURE_MAX_BYTES and stored.content_type == _type_of(
            await storage.read(key)
        )
    except ObjectMissing as error:
        raise PictureMissing from error
    except StorageUnavailable as error:
        raise PictureStoreDown(headers={"Retry-After": "2"}) from error
    if not is_fit:
        await storage.delete_prefix(key)
        raise PictureNotTaken


def _type_of(body: bytes) -> PictureType | None:
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None


async def _keep(
    data: DataResources, storage: ObjectStorage, caller: Principal, key: str | None
) -> AccountOut:
    async with unit_of_work(data.sessions) as session:
        operator = await queries.get_account(session, Role.OPERATOR, caller.account_id, lock=True)
        assert isinstance(operator, Operator)  # noqa: S101 - the role names the table
        before, operator.profile_picture_key = operator.profile_picture_key, key
        shown = await account_out(session, storage, operator)
    if before is not None and before != key:
        await storage.delete_prefix(before)
    return shown
