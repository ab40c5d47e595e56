"""Guests who do not want to be seen in a photo: the operator decides, and may decide anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.review import hiding_queries as queries
from acme_backoffice.review.schemas import HideDecision, HideRequestOut
from acme_core.clock import utc_now
from acme_core.faces import box_of
from acme_core.pages import PageRequest
from acme_db.face_boxes import told_box
from acme_db.hiding import blur_version_of, in_order, restart_archives_with
from acme_db.models import AuditAction, HideKind, HideRequest, HideState, Photo
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_jobs.catalogue import BLUR_PHOTO, BUILD_ARCHIVE, SEND_EMAIL, ArchiveJob, EmailJob, PhotoJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_storage.gateway import ObjectStorage


async def list_requests(
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    project_id: UUID,
    page: PageRequest,
    state: HideState | None,
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_requests(reader, caller, project_id, page, state)
    return page_json(HideRequestOut, found, lambda row: _told(row, storage))


async def decide(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, request_id: UUID, body: HideDecision
) -> HideRequestOut:
    """Idempotent. Raises `HideRequestNotFound`."""
    asked = await queries.find_request(session, caller.account_id, request_id)
    photo = await queries.lock_photo(session, asked.photo_id)
    # Once more: somebody else may have decided it while the photo was waited for.
    request = await queries.find_request(session, caller.account_id, request_id)
    if request.state is not HideState(body.state):
        request.state, request.decided_at, request.decided_by = body.state, utc_now(), caller.account_id
        record(session, AuditAction.HIDING_DECIDED, caller, request.id, kind=request.kind, state=body.state)
        await session.flush()  # what follows asks which requests stand
        await _carry_out(session, photo, request.kind)
        await _tell(session, request)
    return _request_out(await queries.get_request(session, request_id), storage)


async def _carry_out(session: AsyncSession, photo: Photo, kind: HideKind) -> None:
    if kind is HideKind.BLUR:
        await enqueue(session, BLUR_PHOTO, PhotoJob(photo_id=photo.id), dedupe_key=str(photo.id))
        return
    is_withheld = await queries.is_withheld(session, photo.id)
    photo.withheld_at = (photo.withheld_at or utc_now()) if is_withheld else None
    await session.flush()  # archives are told of the photo as it is now
    for purchase_id in await restart_archives_with(session, photo.id):
        payload = ArchiveJob(purchase_id=purchase_id)
        await enqueue(session, BUILD_ARCHIVE, payload, dedupe_key=str(purchase_id))


async def _tell(session: AsyncSession, request: HideRequest) -> None:
    """A mail for each decision. One that has been decided anew before it was sent is not sent."""
    mail = EmailJob(
        mail_id=request.decision_id,
        template=MailTemplate.HIDING_DECIDED,
        role="user",
        recipient_id=request.user_id,
        subject_id=request.id,
    )
    await enqueue(session, SEND_EMAIL, mail)


def _request_out(row: Record, storage: ObjectStorage) -> HideRequestOut:
    return HideRequestOut.model_validate({**row, **_told(row, storage)})


def _told(row: Record, storage: ObjectStorage) -> Told:
    url = storage.picture_url_of
    return {
        "face_box": told_box(row),
        "thumbnail_url": url(row["thumbnail_key"]),
        "photo_url": url(row["preview_key"]),
        "is_done": _is_done(row),
    }


def _is_done(row: Record) -> bool:
    if row["state"] == HideState.PENDING:
        return False
    if row["kind"] == HideKind.WITHHOLD:
        return True
    boxes = in_order(box_of(*sides) for sides in row["blurred"] or ())
    return bool(blur_version_of(boxes) == row["blur_version"])
