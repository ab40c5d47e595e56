from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.projects.queries import find_owned_project
from acme_backoffice.watermarks import queries
from acme_backoffice.watermarks.errors import LogoMissing, LogoStoreDown
from acme_backoffice.watermarks.schemas import WatermarkOut, WatermarkSource, WatermarkUpdate
from acme_core.watermarks import WatermarkDesign
from acme_db.models import Watermark
from acme_db.unit_of_work import unit_of_work
from acme_db.versions import StaleVersion, require_version
from acme_db.watermarks import design_of, lock_designs
from acme_jobs.catalogue import RENEW_WATERMARKS, WatermarksJob
from acme_jobs.outbox import enqueue
from acme_storage import keys
from acme_storage.gateway import ObjectMissing, ObjectStorage, StorageUnavailable
from acme_web.resources import DataResources


async def show(
    session: AsyncSession, storage: ObjectStorage, operator_id: UUID, project_id: UUID | None = None
) -> WatermarkOut:
    """What photos are drawn with: the project's own, else the operator's, else the default."""
    own = await queries.find_watermark(session, operator_id, project_id) if project_id else None
    row = own or await queries.find_watermark(session, operator_id, None)
    source = WatermarkSource.PROJECT if own else WatermarkSource.OPERATOR if row else WatermarkSource.DEFAULT
    return _shown(storage, operator_id, row, source)


async def change(
    data: DataResources,
    storage: ObjectStorage,
    operator_id: UUID,
    body: WatermarkUpdate,
    project_id: UUID | None = None,
) -> WatermarkOut:
    """Photos follow by a job. Raises `ProjectNotFound`, `StaleVersion`, `LogoMissing` or `LogoStoreDown`."""
    await _require_logo(storage, operator_id, body.logo_id)
    async with unit_of_work(data.sessions) as session:
        if project_id is not None:
            await find_owned_project(session, operator_id, project_id)
        await lock_designs(session, operator_id)
        row = await _stored(session, operator_id, project_id, body)
        await _renew(session, operator_id)
    source = WatermarkSource.OPERATOR if project_id is None else WatermarkSource.PROJECT
    return _shown(storage, operator_id, row, source)


async def remove(session: AsyncSession, operator_id: UUID, project_id: UUID) -> None:
    """The project's photos are drawn with the operator's design again. Raises `WatermarkNotFound`."""
    await lock_designs(session, operator_id)
    await queries.delete_watermark(session, operator_id, project_id)
    await _renew(session, operator_id)


async def _stored(
    session: AsyncSession, operator_id: UUID, project_id: UUID | None, body: WatermarkUpdate
) -> Watermark:
    row = await queries.find_watermark(session, operator_id, project_id)
    if row is None:
        if body.version is not None:
            raise StaleVersion
        row = Watermark(operator_id=operator_id, project_id=project_id)
        session.add(row)
    else:
        require_version(row, body.version)
    row.design = body.design.model_dump(mode="json")
    await session.flush()  # the version counts before the answer is made
    await session.refresh(row)
    return row


async def _renew(session: AsyncSession, operator_id: UUID) -> None:
    payload = WatermarksJob(operator_id=operator_id)
    await enqueue(session, RENEW_WATERMARKS, payload, dedupe_key=f"{operator_id}:{None}")


async def _require_logo(storage: ObjectStorage, operator_id: UUID, logo_id: UUID | None) -> None:
    if logo_id is None:
        return
    try:
        await storage.head(keys.watermark_logo(operator_id, logo_id))
    except ObjectMissing as error:
        raise LogoMissing from error
    except StorageUnavailable as error:
        raise LogoStoreDown(headers={"Retry-After": "2"}) from error


def _shown(
    storage: ObjectStorage, operator_id: UUID, row: Watermark | None, source: WatermarkSource
) -> WatermarkOut:
    design: WatermarkDesign = design_of(row.design if row else None)
    logo = design.logo_id
    return WatermarkOut(
        source=source,
        kind=design.kind,
        text=design.text,
        logo_id=logo,
        logo_url=storage.picture_url(keys.watermark_logo(operator_id, logo)) if logo else None,
        preview=design.preview,
        deliverable=design.deliverable,
        version=row.version if row else None,
        updated_at=row.updated_at if row else None,
    )
