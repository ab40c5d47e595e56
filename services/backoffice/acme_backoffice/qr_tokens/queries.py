from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.qr_tokens.errors import QrTokenNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Operator, QrToken


async def find_qr_token(session: AsyncSession, project_id: UUID, qr_token_id: UUID) -> QrToken:
    """Raises `QrTokenNotFound`."""
    token = await session.scalar(
        select(QrToken).where(QrToken.id == qr_token_id, QrToken.project_id == project_id)
    )
    if token is None:
        raise QrTokenNotFound
    return token


async def list_qr_tokens(session: AsyncSession, project_id: UUID, page: PageRequest) -> Sequence[QrToken]:
    statement = select(QrToken).where(QrToken.project_id == project_id)
    statement = newest_first(statement, QrToken.created_at, QrToken.id, page)
    return (await session.scalars(statement)).all()


async def get_operator(session: AsyncSession, operator_id: UUID) -> Operator:
    return await session.get_one(Operator, operator_id)
