from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.review.errors import HideRequestNotFound
from acme_backoffice.review.schemas import HideRequestOut
from acme_core.pages import PageRequest
from acme_db.access import gives_access
from acme_db.face_boxes import BOX_COLUMNS
from acme_db.hiding import blurs
from acme_db.listing import Listed, Listing, columns_among
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
from acme_db.prepared import Prepared, Reader, Record


def _other_purchases() -> ScalarSelect[int]:
    picked = (
        exists()
        .where(PurchasePhoto.purchase_id == Purchase.id, PurchasePhoto.photo_id == Photo.id)
        .correlate(Purchase, Photo)
    )
    shown = (
        exists()
        .where(
            PhotoTag.photo_id == Photo.id,
            PhotoTag.user_id == Purchase.user_id,
            PhotoTag.review_status == ReviewStatus.CONFIRMED,
        )
        .correlate(Purchase, Photo)
    )
    return (
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


def _blurred() -> ScalarSelect[Any]:
    """The sides of every box that is to be blurred in the photo."""
    each = aliased(HideRequest)
    sides = array([getattr(each, name) for name in BOX_COLUMNS])
    statement = select(func.array_agg(sides)).where(each.photo_id == Photo.id, blurs(each))
    return statement.correlate(Photo).scalar_subquery()


_REQUESTS = (
    select(
        *columns_among(HideRequest, [*HideRequestOut.model_fields, *BOX_COLUMNS]),
        User.name.label("guest_name"),
        Photo.thumbnail_key,
        Photo.preview_key,
        Photo.blur_version,
        _blurred().label("blurred"),
        _other_purchases().label("other_purchases"),
    )
    .join(Photo, Photo.id == HideRequest.photo_id)
    .join(User, User.id == HideRequest.user_id)
    .where(Photo.deleted_at.is_(None))
)
_REQUESTS_OF_PROJECT = GuardedListing(
    IS_OWNED,
    Listing(
        _REQUESTS.where(HideRequest.project_id == bindparam("project_id")),
        HideRequest.created_at,
        HideRequest.id,
        state=HideRequest.state == bindparam("state"),
    ),
)


async def list_requests(
    reader: Reader, caller: Principal, project_id: UUID, page: PageRequest, state: HideState | None
) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _REQUESTS_OF_PROJECT.page(reader, caller, page, project_id=project_id, state=state)


async def get_request(session: AsyncSession, request_id: UUID) -> Record:
    """As its list has it."""
    (row,) = await _request().fetch_by(session, request_id=request_id)
    return row


@cache
def _request() -> Prepared:
    return Prepared(_REQUESTS.where(HideRequest.id == bindparam("request_id")))


async def find_request(session: AsyncSession, operator_id: UUID, request_id: UUID) -> HideRequest:
    """As it is now, even where it was read before. Raises `HideRequestNotFound`."""
    statement = (
        select(HideRequest)
        .join(Photo, Photo.id == HideRequest.photo_id)
        .join(Project, Project.id == HideRequest.project_id)
        .where(
            HideRequest.id == request_id,
            Project.operator_id == operator_id,
            Project.deleted_at.is_(None),
            Photo.deleted_at.is_(None),
        )
    )
    request = await session.scalar(statement.execution_options(populate_existing=True))
    if request is None:
        raise HideRequestNotFound
    return request


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
