"""The ZIP of a purchase: asked for here, built by a job, downloaded from the object store."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import ArchiveState, PurchaseArchive
from acme_jobs.catalogue import BUILD_ARCHIVE, ArchiveJob
from acme_jobs.outbox import enqueue
from acme_main.purchases import queries
from acme_main.purchases.errors import ArchiveNotFound
from acme_main.purchases.schemas import ArchiveOut
from acme_main.purchases.service import require_access
from acme_storage.gateway import ObjectStorage

FILENAME = "photos.zip"


async def request_archive(session: AsyncSession, user_id: UUID, purchase_id: UUID) -> ArchiveOut:
    """Build it anew, with all that is unlocked by now. Raises `PurchaseNotFound` or `PurchaseNotPaid`."""
    purchase = await queries.find_purchase(session, user_id, purchase_id)
    require_access(purchase)
    archive = await queries.restart_archive(session, purchase.id)
    await enqueue(session, BUILD_ARCHIVE, ArchiveJob(purchase_id=purchase.id), dedupe_key=str(purchase.id))
    return _archive_out(archive, None)


async def get_archive(
    session: AsyncSession, storage: ObjectStorage, user_id: UUID, purchase_id: UUID
) -> ArchiveOut:
    """Raises `PurchaseNotFound`, `PurchaseNotPaid` or `ArchiveNotFound`: a refund takes the ZIP away too."""
    purchase = await queries.find_purchase(session, user_id, purchase_id)
    require_access(purchase)
    archive = await queries.find_archive(session, purchase.id)
    if archive is None:
        raise ArchiveNotFound
    return _archive_out(archive, storage)


def _archive_out(archive: PurchaseArchive, storage: ObjectStorage | None) -> ArchiveOut:
    signed = None
    if storage is not None and archive.state is ArchiveState.READY and archive.storage_key:
        signed = storage.presign_download(archive.storage_key, filename=FILENAME)
    return ArchiveOut(
        purchase_id=archive.purchase_id,
        state=archive.state,
        photo_count=archive.photo_count,
        done_count=archive.done_count,
        size_bytes=archive.size_bytes,
        requested_at=archive.requested_at,
        url=signed.url if signed else None,
        filename=FILENAME if signed else None,
        expires_at=signed.expires_at if signed else None,
    )
