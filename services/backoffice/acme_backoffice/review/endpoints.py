from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import Storage
from acme_backoffice.photos.errors import PhotoNotFound
from acme_backoffice.projects.errors import ProjectNotFound
from acme_backoffice.review import conflicts, hiding, service
from acme_backoffice.review.errors import (
    HideRequestNotFound,
    NotAMember,
    PhotoTagNotFound,
    SelfieConflictNotFound,
)
from acme_backoffice.review.queries import TagFilter
from acme_backoffice.review.schemas import (
    BulkReview,
    BulkReviewOut,
    HideDecision,
    HideRequestOut,
    ManualTag,
    PhotoFacesOut,
    PhotoTagOut,
    ReviewDecision,
    SelfieConflictOut,
)
from acme_core.pages import Page
from acme_db.models.hide_request import HideState
from acme_db.models.photo_tag import ReviewStatus
from acme_web.dependencies import CurrentOperator, DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["review"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


Confidence = Annotated[float | None, Query(ge=0, le=100)]


async def _tag_filter(
    review_status: ReviewStatus | None = None,
    min_confidence: Confidence = None,
    max_confidence: Confidence = None,
    photo_id: UUID | None = None,
) -> TagFilter:
    return TagFilter(review_status, min_confidence, max_confidence, photo_id)


@router.get(
    "/projects/{project_id}/photo-tags",
    response_model=Page[PhotoTagOut],
    responses=problems(ProjectNotFound),
)
async def list_photo_tags(
    project_id: UUID,
    caller: OperatorOfToken,
    reader: Reads,
    storage: Storage,
    page: Paging,
    wanted: Annotated[TagFilter, Depends(_tag_filter)],
) -> Response:
    return written(await service.list_photo_tags(reader, storage, caller, project_id, page, wanted))


@router.patch("/photo-tags/{tag_id}", responses=problems(PhotoTagNotFound))
async def review_photo_tag(
    tag_id: UUID, body: ReviewDecision, caller: CurrentOperator, session: DbSession, storage: Storage
) -> PhotoTagOut:
    return await service.review_photo_tag(session, storage, caller, tag_id, body)


@router.post("/photo-tags/bulk-review", responses=problems(PhotoTagNotFound))
async def bulk_review(body: BulkReview, caller: CurrentOperator, session: DbSession) -> BulkReviewOut:
    return await service.bulk_review(session, caller, body)


@router.get(
    "/projects/{project_id}/hide-requests",
    response_model=Page[HideRequestOut],
    responses=problems(ProjectNotFound),
)
async def list_hide_requests(
    project_id: UUID,
    caller: OperatorOfToken,
    reader: Reads,
    storage: Storage,
    page: Paging,
    state: HideState | None = None,
) -> Response:
    return written(await hiding.list_requests(reader, storage, caller, project_id, page, state))


@router.patch("/hide-requests/{hide_request_id}", responses=problems(HideRequestNotFound))
async def decide_hide_request(
    hide_request_id: UUID, body: HideDecision, caller: CurrentOperator, session: DbSession, storage: Storage
) -> HideRequestOut:
    """Accepted, a blur is drawn into every file by a job; a withheld photo is shown to nobody at once."""
    return await hiding.decide(session, storage, caller, hide_request_id, body)


@router.get(
    "/projects/{project_id}/selfie-conflicts",
    response_model=Page[SelfieConflictOut],
    responses=problems(ProjectNotFound),
)
async def list_selfie_conflicts(
    project_id: UUID,
    caller: OperatorOfToken,
    reader: Reads,
    storage: Storage,
    page: Paging,
    resolved: bool | None = None,  # noqa: FBT001 - a query parameter
) -> Response:
    return written(
        await conflicts.list_conflicts(reader, storage, caller, project_id, page, resolved=resolved)
    )


@router.post("/selfie-conflicts/{conflict_id}/resolve", responses=problems(SelfieConflictNotFound))
async def resolve_selfie_conflict(
    conflict_id: UUID, caller: CurrentOperator, session: DbSession, storage: Storage
) -> SelfieConflictOut:
    """The operator has looked at it; what follows from it is decided tag by tag."""
    return await conflicts.resolve_conflict(session, storage, caller, conflict_id)


@router.get("/photos/{photo_id}/faces", responses=problems(PhotoNotFound))
async def list_photo_faces(
    photo_id: UUID, caller: CurrentOperator, session: DbSession, storage: Storage
) -> PhotoFacesOut:
    return await service.list_photo_faces(session, storage, caller.account_id, photo_id)


@router.post(
    "/photos/{photo_id}/tags",
    status_code=status.HTTP_201_CREATED,
    responses=problems(PhotoNotFound, NotAMember),
)
async def create_manual_tag(
    photo_id: UUID, body: ManualTag, caller: CurrentOperator, session: DbSession, storage: Storage
) -> PhotoTagOut:
    return await service.create_manual_tag(session, storage, caller, photo_id, body.user_id)
