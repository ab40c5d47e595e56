from uuid import UUID

from fastapi import APIRouter, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import Links, OwnedProject
from acme_backoffice.projects.errors import ProjectNotFound
from acme_backoffice.qr_tokens import printing, service
from acme_backoffice.qr_tokens.errors import QrTokenNotFound
from acme_backoffice.qr_tokens.schemas import QrTokenCreate, QrTokenOut
from acme_core.pages import Page
from acme_web.dependencies import DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    prefix="/projects/{project_id}/qr-tokens",
    tags=["qr tokens"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ProjectNotFound, ValidationFailed),
)


@router.get("", response_model=Page[QrTokenOut])
async def list_qr_tokens(
    project_id: UUID, caller: OperatorOfToken, reader: Reads, links: Links, page: Paging
) -> Response:
    return written(await service.list_qr_tokens(reader, links, caller, project_id, page))


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_qr_token(
    body: QrTokenCreate, project: OwnedProject, session: DbSession, links: Links
) -> QrTokenOut:
    return await service.create_qr_token(session, links, project.id, body)


@router.delete(
    "/{qr_token_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, QrTokenNotFound),
)
async def revoke_qr_token(qr_token_id: UUID, project: OwnedProject, session: DbSession) -> None:
    await service.revoke_qr_token(session, project.id, qr_token_id)


@router.get(
    "/{qr_token_id}/qr.png",
    response_class=Response,
    responses={**problems(ProjectNotFound, QrTokenNotFound), 200: {"content": {"image/png": {}}}},
)
async def get_qr_png(qr_token_id: UUID, project: OwnedProject, session: DbSession, links: Links) -> Response:
    join_url = await service.join_url_of(session, links, project.id, qr_token_id)
    return Response(printing.png(join_url), media_type="image/png")


@router.get(
    "/{qr_token_id}/qr.svg",
    response_class=Response,
    responses={**problems(ProjectNotFound, QrTokenNotFound), 200: {"content": {"image/svg+xml": {}}}},
)
async def get_qr_svg(qr_token_id: UUID, project: OwnedProject, session: DbSession, links: Links) -> Response:
    join_url = await service.join_url_of(session, links, project.id, qr_token_id)
    return Response(printing.svg(join_url), media_type="image/svg+xml")


@router.get(
    "/{qr_token_id}/poster.pdf",
    response_class=Response,
    responses={**problems(ProjectNotFound, QrTokenNotFound), 200: {"content": {"application/pdf": {}}}},
)
async def get_qr_poster(
    qr_token_id: UUID, project: OwnedProject, session: DbSession, links: Links
) -> Response:
    poster = await service.poster_of(session, links, project, qr_token_id)
    return Response(printing.pdf(poster), media_type="application/pdf")
