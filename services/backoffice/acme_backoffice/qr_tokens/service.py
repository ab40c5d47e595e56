from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Principal
from acme_backoffice.qr_tokens import queries
from acme_backoffice.qr_tokens.printing import Poster
from acme_backoffice.qr_tokens.schemas import QrTokenCreate, QrTokenOut
from acme_config.settings import LinkSettings
from acme_core.clock import utc_now
from acme_core.ids import new_token
from acme_core.pages import PageRequest
from acme_db.models import Project, QrToken
from acme_db.page_json import page_json
from acme_db.prepared import Reader


async def create_qr_token(
    session: AsyncSession, links: LinkSettings, project_id: UUID, body: QrTokenCreate
) -> QrTokenOut:
    token = QrToken(
        project_id=project_id,
        token=new_token("qr"),
        kind=body.kind,
        label=body.label,
        expires_at=utc_now() + timedelta(seconds=body.expires_in_s),
    )
    session.add(token)
    await session.flush()  # the database sets its id and creation time
    return qr_token_out(token, links)


async def list_qr_tokens(
    reader: Reader, links: LinkSettings, caller: Principal, project_id: UUID, page: PageRequest
) -> bytes:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    found = await queries.list_qr_tokens(reader, caller, project_id, page)
    return page_json(QrTokenOut, found, lambda row: {"join_url": _join_url(row["token"], links)})


async def revoke_qr_token(session: AsyncSession, project_id: UUID, qr_token_id: UUID) -> None:
    """Idempotent. The row stays: who joined by it joined."""
    token = await queries.find_qr_token(session, project_id, qr_token_id)
    token.revoked_at = token.revoked_at or utc_now()


async def join_url_of(session: AsyncSession, links: LinkSettings, project_id: UUID, qr_token_id: UUID) -> str:
    return _join_url((await queries.find_qr_token(session, project_id, qr_token_id)).token, links)


async def poster_of(
    session: AsyncSession, links: LinkSettings, project: Project, qr_token_id: UUID
) -> Poster:
    token = await queries.find_qr_token(session, project.id, qr_token_id)
    operator = await queries.get_operator(session, project.operator_id)
    return Poster(
        project_name=project.name,
        place=project.location_name,
        start_at=project.start_at,
        end_at=project.end_at,
        timezone=project.timezone or operator.timezone,
        locale=operator.locale,
        join_url=_join_url(token.token, links),
    )


def qr_token_out(token: QrToken, links: LinkSettings) -> QrTokenOut:
    return QrTokenOut.of_row(token, join_url=_join_url(token.token, links))


def _join_url(token: str, links: LinkSettings) -> str:
    return f"{str(links.main_web_url).rstrip('/')}/join/{token}"
