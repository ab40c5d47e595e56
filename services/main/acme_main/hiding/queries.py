from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_core.faces import FaceBox
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import HideRequest, Photo
from acme_main.hiding.schemas import HideAsk


async def add_request(
    session: AsyncSession, photo: Photo, user_id: UUID, asked: HideAsk, box: FaceBox | None
) -> tuple[HideRequest, bool]:
    """The request of this kind, and whether it is new: who asks again has asked already."""
    sides = {} if box is None else {f"box_{side}": value for side, value in box.model_dump().items()}
    statement = (
        insert(HideRequest)
        .values(
            photo_id=photo.id,
            project_id=photo.project_id,
            user_id=user_id,
            kind=asked.kind,
            reason=asked.reason,
            **sides,
        )
        .on_conflict_do_nothing(index_elements=["photo_id", "user_id", "kind"])
        .returning(HideRequest)
    )
    created: HideRequest | None = await session.scalar(statement)
    if created is not None:
        return created, True
    before = select(HideRequest).where(
        HideRequest.photo_id == photo.id, HideRequest.user_id == user_id, HideRequest.kind == asked.kind
    )
    return (await session.scalars(before)).one(), False


async def list_requests(session: AsyncSession, user_id: UUID, page: PageRequest) -> Sequence[HideRequest]:
    statement = select(HideRequest).where(HideRequest.user_id == user_id)
    statement = newest_first(statement, HideRequest.created_at, HideRequest.id, page)
    return (await session.scalars(statement)).all()
