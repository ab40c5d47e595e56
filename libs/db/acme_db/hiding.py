"""What guests have asked to be hidden, as those see it who draw photos, decide, and pack archives."""

import hashlib
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.faces import FaceBox
from acme_db.models import ArchiveState, HideKind, HideRequest, HideState, Photo, Purchase, PurchaseArchive
from acme_db.models import PurchasePhoto as Picked


async def blurred_boxes(session: AsyncSession, photo_id: UUID) -> list[FaceBox]:
    statement = select(HideRequest).where(HideRequest.photo_id == photo_id, blurs(HideRequest))
    return in_order(request.box for request in await session.scalars(statement))


def blurs(request: type[HideRequest]) -> ColumnElement[bool]:
    """A condition: this request, or alias of one, stands and says so."""
    return and_(request.kind == HideKind.BLUR, request.state == HideState.ACCEPTED)


def in_order(boxes: Iterable[FaceBox | None]) -> list[FaceBox]:
    """Of their own: the same requests make the same version."""
    known = {box for box in boxes if box is not None}
    return sorted(known, key=lambda box: (box.left, box.top, box.width, box.height))


def blur_version_of(boxes: Sequence[FaceBox]) -> str | None:
    if not boxes:
        return None
    told = ";".join(box.model_dump_json() for box in boxes)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


async def restart_archives_with(session: AsyncSession, photo_id: UUID) -> Sequence[UUID]:
    """The purchases whose ZIP may hold the photo: it is not handed out again before it is built anew."""
    picked = exists().where(Picked.purchase_id == Purchase.id, Picked.photo_id == photo_id)
    project = select(Photo.project_id).where(Photo.id == photo_id).scalar_subquery()
    purchases = select(Purchase.id).where(
        Purchase.project_id == project, or_(Purchase.photo_count == 0, picked)
    )
    statement = (
        update(PurchaseArchive)
        .where(PurchaseArchive.purchase_id.in_(purchases), PurchaseArchive.state != ArchiveState.FAILED)
        .values(state=ArchiveState.BUILDING, done_count=0, requested_at=func.now(), finished_at=None)
        .returning(PurchaseArchive.purchase_id)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).all()
