from uuid import UUID

from fastapi import APIRouter, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_media.dependencies import Storage, UploadLimits
from acme_media.photos.service import ObjectStoreDown
from acme_media.watermarks import service
from acme_media.watermarks.errors import LogoMissing, LogoNotTaken, PhotoNotFound, PhotoUnreadable
from acme_media.watermarks.schemas import LogoIssued, LogoOut, LogoUpload, PreviewRequest
from acme_web.dependencies import CurrentOperator, Data, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    prefix="/watermarks",
    tags=["watermarks"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)


@router.post("/logos/upload-url", status_code=status.HTTP_201_CREATED)
async def issue_logo_upload_url(body: LogoUpload, caller: CurrentOperator, storage: Storage) -> LogoIssued:
    return service.issue_upload(storage, caller, body)


@router.post("/logos/{logo_id}/complete", responses=problems(LogoMissing, LogoNotTaken, ObjectStoreDown))
async def complete_logo(logo_id: UUID, caller: CurrentOperator, storage: Storage) -> LogoOut:
    return await service.complete_upload(storage, caller, logo_id)


@router.post(
    "/preview",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(PhotoNotFound, PhotoUnreadable, LogoMissing, ObjectStoreDown),
    },
)
async def preview_watermark(
    body: PreviewRequest, caller: CurrentOperator, data: Data, storage: Storage, limits: UploadLimits
) -> Response:
    made = await service.preview(data, storage, limits, caller, body)
    return Response(made, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
