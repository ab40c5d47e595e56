from uuid import UUID

from fastapi import APIRouter, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import OwnedProject, Storage
from acme_backoffice.projects.errors import ProjectNotFound
from acme_backoffice.watermarks import service
from acme_backoffice.watermarks.errors import LogoMissing, LogoStoreDown, WatermarkNotFound
from acme_backoffice.watermarks.schemas import WatermarkOut, WatermarkUpdate
from acme_db.versions import StaleVersion
from acme_web.dependencies import CurrentOperator, Data, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    tags=["watermarks"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


@router.get("/watermark")
async def get_watermark(caller: CurrentOperator, session: DbSession, storage: Storage) -> WatermarkOut:
    return await service.show(session, storage, caller.account_id)


@router.put("/watermark", responses=problems(StaleVersion, LogoMissing, LogoStoreDown))
async def change_watermark(
    body: WatermarkUpdate, caller: CurrentOperator, data: Data, storage: Storage
) -> WatermarkOut:
    return await service.change(data, storage, caller.account_id, body)


@router.get("/projects/{project_id}/watermark", responses=problems(ProjectNotFound))
async def get_project_watermark(
    project: OwnedProject, caller: CurrentOperator, session: DbSession, storage: Storage
) -> WatermarkOut:
    return await service.show(session, storage, caller.account_id, project.id)


@router.put(
    "/projects/{project_id}/watermark",
    responses=problems(ProjectNotFound, StaleVersion, LogoMissing, LogoStoreDown),
)
async def change_project_watermark(
    project_id: UUID, body: WatermarkUpdate, caller: CurrentOperator, data: Data, storage: Storage
) -> WatermarkOut:
    return await service.change(data, storage, caller.account_id, body, project_id)


@router.delete(
    "/projects/{project_id}/watermark",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, WatermarkNotFound),
)
async def remove_project_watermark(
    project: OwnedProject, caller: CurrentOperator, session: DbSession
) -> None:
    await service.remove(session, caller.account_id, project.id)
