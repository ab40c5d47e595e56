from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_core.faces import FaceBox
from acme_core.pages import PageRequest
from acme_db.face_boxes import told_box
from acme_db.models import AuditAction, HideKind
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_main.gallery.queries import find_own_face, find_photo
from acme_main.hiding import queries
from acme_main.hiding.errors import FaceUnknown
from acme_main.hiding.schemas import HideAsk, HideRequestOut


async def ask(
    session: AsyncSession, caller: Principal, photo_id: UUID, body: HideAsk
) -> tuple[HideRequestOut, bool]:
    """Idempotent. Raises `PhotoNotFound`, or `FaceUnknown` where nobody knows what to blur."""
    found = await find_photo(session, caller.account_id, photo_id)
    box = await _box_of(session, caller, photo_id, body)
    is_new = await queries.add_request(session, found.photo, caller.account_id, body, box)
    row = await queries.get_request(session, caller.account_id, photo_id, body.kind)
    if is_new:
        record(session, AuditAction.HIDING_ASKED, caller, row["id"], kind=body.kind, photo=str(photo_id))
    return HideRequestOut.model_validate({**row, **_told(row)}), is_new


async def list_requests(reader: Reader, caller: Principal, page: PageRequest) -> bytes:
    """Raises `SessionEnded`."""
    return page_json(HideRequestOut, await queries.list_requests(reader, caller, page), _told)


def _told(row: Record) -> Told:
    return {"box": told_box(row)}


async def _box_of(session: AsyncSession, caller: Principal, photo_id: UUID, body: HideAsk) -> FaceBox | None:
    if body.box is not None:
        return FaceBox(**body.box.model_dump())
    face = await find_own_face(session, caller.account_id, photo_id)
    if face is None and body.kind is HideKind.BLUR:
        raise FaceUnknown
    return None if face is None else face.box
