from functools import cache
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import ACCOUNT_ID, OPEN_SESSION, GuardedListing
from acme_auth.principals import Principal
from acme_core.faces import FaceBox
from acme_core.pages import PageRequest
from acme_db.face_boxes import BOX_COLUMNS
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import HideKind, HideRequest, Photo
from acme_db.prepared import Prepared, Reader, Record
from acme_main.hiding.schemas import HideAsk, HideRequestOut

_OWN = select(*columns_among(HideRequest, [*HideRequestOut.model_fields, *BOX_COLUMNS])).where(
    HideRequest.user_id == ACCOUNT_ID
)
_REQUESTS = GuardedListing(OPEN_SESSION, Listing(_OWN, HideRequest.created_at, HideRequest.id))


async def add_request(
    session: AsyncSession, photo: Photo, user_id: UUID, asked: HideAsk, box: FaceBox | None
) -> bool:
    """Whether it is new: who asks again has asked already."""
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
        .returning(HideRequest.id)
    )
    return await session.scalar(statement) is not None


async def get_request(session: AsyncSession, user_id: UUID, photo_id: UUID, kind: HideKind) -> Record:
    """What the guest has asked for."""
    (row,) = await _asked().fetch_by(session, account_id=user_id, photo_id=photo_id, kind=kind)
    return row


@cache
def _asked() -> Prepared:
    of_kind = HideRequest.kind == bindparam("kind")
    return Prepared(_OWN.where(HideRequest.photo_id == bindparam("photo_id"), of_kind))


async def list_requests(reader: Reader, caller: Principal, page: PageRequest) -> Listed:
    """Raises `SessionEnded`."""
    return await _REQUESTS.page(reader, caller, page)
