from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.watermarks.errors import WatermarkNotFound
from acme_db.models import Watermark


def _is_of(project_id: UUID | None) -> ColumnElement[bool]:
    return Watermark.project_id.is_(None) if project_id is None else Watermark.project_id == project_id


async def find_watermark(
    session: AsyncSession, operator_id: UUID, project_id: UUID | None
) -> Watermark | None:
    """The operator's general one, or a project's own."""
    found: Watermark | None = await session.scalar(
        select(Watermark).where(Watermark.operator_id == operator_id, _is_of(project_id))
    )
    return found


async def delete_watermark(session: AsyncSession, operator_id: UUID, project_id: UUID | None) -> None:
    """Raises `WatermarkNotFound`."""
    statement = (
        delete(Watermark)
        .where(Watermark.operator_id == operator_id, _is_of(project_id))
        .returning(Watermark.id)
    )
    if await session.scalar(statement) is None:
        raise WatermarkNotFound
