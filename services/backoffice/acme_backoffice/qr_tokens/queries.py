from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.guards import GuardedListing
from acme_auth.principals import Principal
from acme_backoffice.projects.queries import IS_OWNED
from acme_backoffice.qr_tokens.errors import QrTokenNotFound
from acme_backoffice.qr_tokens.schemas import QrTokenOut
from acme_core.pages import PageRequest
from acme_db.listing import Listed, Listing, columns_among
from acme_db.models import Operator, QrToken
from acme_db.prepared import Reader

_QR_TOKENS = GuardedListing(
    IS_OWNED,
    Listing(
        select(*columns_among(QrToken, QrTokenOut.model_fields)).where(
            QrToken.project_id == bindparam("project_id")
        ),
        QrToken.created_at,
        QrToken.id,
    ),
)


async def find_qr_token(session: AsyncSession, project_id: UUID, qr_token_id: UUID) -> QrToken:
    """Raises `QrTokenNotFound`."""
    token = await session.scalar(
        select(QrToken).where(QrToken.id == qr_token_id, QrToken.project_id == project_id)
    )
    if token is None:
        raise QrTokenNotFound
    return token


async def list_qr_tokens(reader: Reader, caller: Principal, project_id: UUID, page: PageRequest) -> Listed:
    """Raises `SessionEnded` or `ProjectNotFound`."""
    return await _QR_TOKENS.page(reader, caller, page, project_id=project_id)


async def get_operator(session: AsyncSession, operator_id: UUID) -> Operator:
    return await session.get_one(Operator, operator_id)
