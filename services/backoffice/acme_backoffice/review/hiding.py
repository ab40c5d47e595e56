"""Guests who do not want to be seen in a photo: the operator decides, and may decide anew."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.review import hiding_queries as queries
from acme_backoffice.review.hiding_queries import HideRow
from acme_backoffice.review.schemas import HideDecision, HideRequestOut
from acme_core.clock import utc_now
from acme_core.pages import Cursor, Page, PageRequest, cut_page
from acme_db.hiding import blur_version_of, blurred_boxes, restart_archives_with
from acme_db.models import AuditAction, HideKind, HideRequest, HideState, Photo
from acme_jobs.catalogue import BLUR_PHOTO, BUILD_ARCHIVE, SEND_EMAIL, ArchiveJob, EmailJob, PhotoJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_storage.gateway import ObjectStorage


async def list_requests(
    session: AsyncSession,
    storage: ObjectStorage,
    scope: tuple[UUID, UUID],
    page: PageRequest,
    state: HideState | None,
) -> Page[HideRequestOut]:
    """`scope` is operator and project."""
    rows = await queries.list_requests(session, *scope, page, state)
    items, cursor = cut_page(rows, page.limit, lambda row: Cursor(row.request.created_at, row.request.id))
    return Page(items=[await _request_out(session, item, storage) for item in items], next_cursor=cursor)


async def decide(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, request_id: UUID, body: HideDecision
) -> HideRequestOut:
    """Idempotent. Raises `HideRequestNotFound`."""
    asked = await queries.get_request(session, caller.account_id, request_id)
    photo = await queries.lock_photo(session, asked.photo.id)
    # Once more: somebody else may have decided it while the photo was waited for.
    row = await queries.get_request(session, caller.account_id, request_id)
    request = row.request
    if request.state is not HideState(body.state):
        request.state, request.decided_at, request.decided_by = body.state, utc_now(), caller.account_id
        record(session, AuditAction.HIDING_DECIDED, caller, request.id, kind=request.kind, state=body.state)
        await session.flush()  # what follows asks which requests stand
        await _carry_out(session, photo, request.kind)
        await _tell(session, request)
    return await _request_out(session, row, storage)


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


async def _request_out(session: AsyncSession, row: HideRow, storage: ObjectStorage) -> HideRequestOut:
    request, photo = row.request, row.photo
    return HideRequestOut(
        id=request.id,
        photo_id=request.photo_id,
        project_id=request.project_id,
        user_id=request.user_id,
        guest_name=row.user.name,
        kind=request.kind,
        state=request.state,
        reason=request.reason,
        face_box=request.box,
        thumbnail_url=_url(storage, photo.thumbnail_key),
        photo_url=_url(storage, photo.preview_key),
        other_purchases=row.other_purchases,
        is_done=await _is_done(session, row),
        created_at=request.created_at,
        decided_at=request.decided_at,
    )


async def _is_done(session: AsyncSession, row: HideRow) -> bool:
    if row.request.state is HideState.PENDING:
        return False
    if row.request.kind is HideKind.WITHHOLD:
        return True
    return blur_version_of(await blurred_boxes(session, row.photo.id)) == row.photo.blur_version


def _url(storage: ObjectStorage, key: str | None) -> str | None:
    return storage.picture_url(key) if key else None
