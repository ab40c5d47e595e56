from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_backoffice.review import queries
from acme_backoffice.review.errors import PhotoTagNotFound
from acme_backoffice.review.queries import TagFilter
from acme_backoffice.review.schemas import (
    BulkReview,
    BulkReviewOut,
    Decision,
    FaceState,
    PhotoFaceOut,
    PhotoFacesOut,
    PhotoTagOut,
    ReviewDecision,
)
from acme_core.pages import PageRequest
from acme_db.face_boxes import told_box
from acme_db.models import AuditAction, PhotoFace
from acme_db.models.photo import PhotoStatus
from acme_db.models.photo_tag import ReviewStatus
from acme_db.page_json import Told, page_json
from acme_db.prepared import Reader, Record
from acme_events.matches import Matches, announce_matches
from acme_jobs.catalogue import LEARN_FACES, MembershipJob
from acme_jobs.outbox import enqueue
from acme_storage.gateway import ObjectStorage
from acme_webhooks import recording as webhooks


async def list_photo_tags(
    reader: Reader,
    storage: ObjectStorage,
    caller: Principal,
    project_id: UUID,
    page: PageRequest,
    wanted: TagFilter,
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_tags(reader, caller, project_id, wanted, page)
    return page_json(PhotoTagOut, found, lambda row: _told(row, storage))


async def review_photo_tag(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, tag_id: UUID, body: ReviewDecision
) -> PhotoTagOut:
    """Raises `PhotoTagNotFound`."""
    await _decide(session, caller, [tag_id], body.review_status)
    record(session, AuditAction.TAG_REVIEWED, caller, tag_id, review_status=body.review_status)
    return photo_tag_out(await queries.get_tag(session, caller.account_id, tag_id), storage)


async def bulk_review(session: AsyncSession, caller: Principal, body: BulkReview) -> BulkReviewOut:
    """All or nothing: a tag that is not the operator's is `PhotoTagNotFound`, and none is changed."""
    tag_ids = list(dict.fromkeys(body.tag_ids))
    await _decide(session, caller, tag_ids, body.review_status)
    ids = [str(tag_id) for tag_id in tag_ids]
    record(session, AuditAction.TAGS_REVIEWED, caller, None, review_status=body.review_status, tags=ids)
    return BulkReviewOut(updated=len(tag_ids))


async def list_photo_faces(
    session: AsyncSession, storage: ObjectStorage, operator_id: UUID, photo_id: UUID
) -> PhotoFacesOut:
    """Raises `PhotoNotFound`."""
    rows = await queries.list_faces(session, operator_id, photo_id)
    return PhotoFacesOut(items=[_face_out(face, row, storage) for face, row in rows])


def _face_out(face: PhotoFace, row: Record | None, storage: ObjectStorage) -> PhotoFaceOut:
    tag = row and photo_tag_out(row, storage)
    return PhotoFaceOut(
        id=face.id,
        box=face.box,
        state=FaceState(tag.review_status) if tag else FaceState.UNKNOWN,
        tag_id=tag.id if tag else None,
        candidate=tag.candidate if tag else None,
        confidence=tag.confidence if tag else None,
        face_url=storage.picture_url(face.crop_key),
    )


async def create_manual_tag(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, photo_id: UUID, user_id: UUID
) -> PhotoTagOut:
    """Raises `PhotoNotFound` or `NotAMember`."""
    tag_id = await queries.tag_by_hand(session, caller.account_id, photo_id, user_id)
    record(session, AuditAction.TAG_CREATED, caller, tag_id)
    row = await queries.get_tag(session, caller.account_id, tag_id)
    await _learn(session, row["project_id"], user_id)
    if row["photo_status"] == PhotoStatus.READY:
        await _tell(session, row["project_id"], {user_id: [photo_id]})
    return photo_tag_out(row, storage)


async def _decide(
    session: AsyncSession, caller: Principal, tag_ids: Sequence[UUID], decision: Decision
) -> None:
    """Raises `PhotoTagNotFound` when one of them is not the operator's."""
    decided = await queries.decide(session, caller.account_id, tag_ids, decision)
    if len(decided) != len(tag_ids):
        raise PhotoTagNotFound
    if decision is not ReviewStatus.CONFIRMED:
        return
    for project_id, user_id in dict.fromkeys((tag.project_id, tag.user_id) for tag in decided):
        await _learn(session, project_id, user_id)
    by_project: dict[UUID, dict[UUID, list[UUID]]] = defaultdict(lambda: defaultdict(list))
    for tag in decided:
        if tag.photo_status is PhotoStatus.READY:  # the others are told of when they are
            by_project[tag.project_id][tag.user_id].append(tag.photo_id)
    for project_id, matches in by_project.items():
        await _tell(session, project_id, matches)


async def _tell(session: AsyncSession, project_id: UUID, matches: Matches) -> None:
    announce_matches(session, project_id, matches)
    await webhooks.matches_confirmed(session, project_id, matches)


async def _learn(session: AsyncSession, project_id: UUID, user_id: UUID) -> None:
    """What a person confirmed helps to find the guest's other photos."""
    payload = MembershipJob(project_id=project_id, user_id=user_id)
    await enqueue(session, LEARN_FACES, payload, dedupe_key=f"{project_id}:{user_id}")


def photo_tag_out(row: Record, storage: ObjectStorage) -> PhotoTagOut:
    return PhotoTagOut.model_validate({**row, **_told(row, storage)})


def _told(row: Record, storage: ObjectStorage) -> Told:
    url = storage.picture_url_of
    candidate = {"user_id": row["user_id"], "name": row["name"], "selfie_url": url(row["selfie_key"])}
    return {
        "candidate": candidate,
        "face_box": told_box(row),
        "thumbnail_url": url(row["thumbnail_key"]),
        "photo_url": url(row["preview_key"]),
        "face_url": url(row["crop_key"]),
    }
