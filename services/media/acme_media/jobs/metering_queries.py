from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_db.models import FaceCall, Photo


async def project_of_photo(session: AsyncSession, photo_id: UUID) -> UUID | None:
    project_id: UUID | None = await session.scalar(select(Photo.project_id).where(Photo.id == photo_id))
    return project_id


async def add_calls(session: AsyncSession, project_id: UUID | None, calls: Mapping[str, int]) -> None:
    """In the order of their names: two jobs of one hour do not wait for each other crosswise."""
    hour = func.date_trunc("hour", func.now())
    rows = [
        {"project_id": project_id, "operation": name, "hour": hour, "calls": count}
        for name, count in sorted(calls.items())
    ]
    statement = insert(FaceCall).values(rows)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["project_id", "operation", "hour"],
            set_={"calls": FaceCall.calls + statement.excluded.calls},
        )
    )
