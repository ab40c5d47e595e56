import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

from acme_auth.principals import Principal
from acme_config.settings import UploadSettings
from acme_core.ids import new_id
from acme_core.watermarks import WatermarkDesign
from acme_media.images.confined import drawn_logo
from acme_media.images.previews import design_preview
from acme_media.images.rejection import ImageRejectedError
from acme_media.images.watermark import WatermarkProfile
from acme_media.photos.service import ObjectStoreDown
from acme_media.uploads import UploadOut
from acme_media.watermarks import queries
from acme_media.watermarks.errors import LogoMissing, LogoNotTaken, PhotoUnreadable
from acme_media.watermarks.schemas import (
    LOGO_MAX_BYTES,
    LogoIssued,
    LogoOut,
    LogoUpload,
    PreviewRequest,
    Product,
)
from acme_storage import keys
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable
from acme_web.resources import DataResources

LOGO_PIXELS: Final = 25_000_000
AT_ONCE: Final = asyncio.Semaphore(2)
"""Previews and logos: a slider that is dragged must not take all of the service's cores."""


def issue_upload(storage: ObjectStorage, caller: Principal, body: LogoUpload) -> LogoIssued:
    logo_id = new_id()
    key = keys.watermark_logo_upload(caller.account_id, logo_id)
    signed = storage.presign_upload(key, body.content_type, body.size_bytes)
    return LogoIssued(logo_id=logo_id, upload=UploadOut.of(signed))


async def complete_upload(storage: ObjectStorage, caller: Principal, logo_id: UUID) -> LogoOut:
    """Draws what was sent, once; what was sent goes. Idempotent.

    Raises `LogoMissing`, `LogoNotTaken` or `ObjectStoreDown`.
    """
    key = keys.watermark_logo(caller.account_id, logo_id)
    sent = keys.watermark_logo_upload(caller.account_id, logo_id)
    try:
        if not await _is_there(storage, key):
            await storage.write(key, await _drawn(storage, sent), "image/png")
        await storage.delete_prefix(sent)
    except ObjectMissing as error:
        raise LogoMissing from error
    except StorageUnavailable as error:
        raise ObjectStoreDown(headers={"Retry-After": "2"}) from error
    return LogoOut(logo_id=logo_id, url=storage.picture_url(key))


async def preview(
    data: DataResources,
    storage: ObjectStorage,
    limits: UploadSettings,
    caller: Principal,
    body: PreviewRequest,
) -> bytes:
    """Raises `PhotoNotFound`, `PhotoUnreadable`, `LogoMissing` or `ObjectStoreDown`."""
    async with data.sessions() as session:
        name = await queries.operator_name(session, caller.account_id)
        wanted = body.photo_id
        key = await queries.find_photo_key(session, caller.account_id, wanted) if wanted else None
    design = body.design
    layout = design.preview if body.product is Product.PREVIEW else design.deliverable
    try:
        profile = WatermarkProfile(
            design.text or name, await _logo(storage, caller.account_id, design), design
        )
        async with AT_ONCE, _fetched(storage, key) as path:
            return await asyncio.to_thread(
                design_preview, path, profile, layout, max_pixels=limits.max_pixels
            )
    except (ObjectMissing, ImageRejectedError) as error:
        raise PhotoUnreadable from error
    except StorageUnavailable as error:
        raise ObjectStoreDown(headers={"Retry-After": "2"}) from error


async def _logo(storage: ObjectStorage, operator_id: UUID, design: WatermarkDesign) -> bytes | None:
    if design.logo_id is None:
        return None
    try:
        return await storage.read(keys.watermark_logo(operator_id, design.logo_id))
    except ObjectMissing as error:
        raise LogoMissing from error


async def _is_there(storage: ObjectStorage, key: str) -> bool:
    try:
        await storage.head(key)
    except ObjectMissing:
        return False
    return True


async def _drawn(storage: ObjectStorage, sent: str) -> bytes:
    stored = await storage.head(sent)
    if stored.size_bytes > LOGO_MAX_BYTES:
        raise LogoNotTaken
    async with AT_ONCE, _fetched(storage, sent) as path:
        assert path is not None  # noqa: S101 - a key was given
        try:
            return await asyncio.to_thread(drawn_logo, path, stored.content_type, max_pixels=LOGO_PIXELS)
        except ImageRejectedError as error:
            await storage.delete_prefix(sent)
            raise LogoNotTaken from error


@asynccontextmanager
async def _fetched(storage: ObjectStorage, key: str | None) -> AsyncIterator[Path | None]:
    """None without a key."""
    with tempfile.TemporaryDirectory(prefix="acme-") as folder:
        path = Path(folder) / "object"
        if key is not None:
            await storage.download(key, path)
        yield path if key is not None else None
