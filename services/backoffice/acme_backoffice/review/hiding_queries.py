from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.review.errors import HideRequestNotFound
from acme_core.pages import PageRequest
from acme_db.access import gives_access
from acme_db.keyset import newest_first
from acme_db.models import (
    HideKind,
    HideRequest,
    HideState,
    Photo,
    PhotoTag,
    Project,
    Purchase,
    PurchasePhoto,
    ReviewStatus,
    User,
)


@dataclass(frozen=True)
class HideRow:
    request: HideRequest
    photo: Photo
    user: User
    other_purchases: int


def _requests(operator_id: UUID) -> Select[HideRequest, Photo, User, int]:
    picked = exists().where(PurchasePhoto.purchase_id == Purchase.id, PurchasePhoto.photo_id == Photo.id)
    shown = exists().where(
        PhotoTag.photo_id == Photo.id,
        PhotoTag.user_id == Purchase.user_id,
        PhotoTag.review_status == ReviewStatus.CONFIRMED,
    )
    others = (
        select(func.count(Purchase.id))
        .where(
            Purchase.project_id == Photo.project_id,
            Purchase.user_id != HideRequest.user_id,
            gives_access(),
            or_(picked, (Purchase.photo_count == 0) & shown),
        )
        .correlate(Photo, HideRequest)
        .scalar_subquery()
    )
    return (
        select(HideRequest, Photo, User, others)
        .join(Photo, Photo.id == HideRequest.photo_id)
        .join(Project, Project.id == HideRequest.project_id)
        .join(User, User.id == HideRequest.user_id)
        .where(Project.operator_id == operator_id, Project.deleted_at.is_(None), Photo.deleted_at.is_(None))
    )


async def list_requests(
    session: AsyncSession, operator_id: UUID, project_id: UUID, page: PageRequest, state: HideState | None
) -> Sequence[HideRow]:
    statement = _requests(operator_id).where(HideRequest.project_id == project_id)
    if state is not None:
        statement = statement.where(HideRequest.state == state)
    statement = newest_first(statement, HideRequest.created_at, HideRequest.id, page)
    return [HideRow(*row) for row in (await session.execute(statement)).all()]


async def get_request(session: AsyncSession, operator_id: UUID, request_id: UUID) -> HideRow:
    """As it is now, even where it was read before. Raises `HideRequestNotFound`."""
    statement = _requests(operator_id).where(HideRequest.id == request_id)
    row = (await session.execute(statement.execution_options(populate_existing=True))).one_or_none()
    if row is None:
        raise HideRequestNotFound
    return HideRow(*row)


async def lock_photo(session: AsyncSession, photo_id: UUID) -> Photo:
    """Who decides, and who draws what was decided, take turns."""
    return (await session.scalars(select(Photo).where(Photo.id == photo_id).with_for_update())).one()


async def is_withheld(session: AsyncSession, photo_id: UUID) -> bool:
    """Whether any request that stands says so."""
    statement = select(
        exists().where(
            HideRequest.photo_id == photo_id,
            HideRequest.kind == HideKind.WITHHOLD,
            HideRequest.state == HideState.ACCEPTED,
        )
    )
    return bool(await session.scalar(statement))
