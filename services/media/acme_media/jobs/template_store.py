"""The local engine's templates, compared in PostgreSQL: exact search within the project."""

from uuid import UUID

from sqlalchemy import func, select

from acme_db.engine import SessionFactory
from acme_media.faces.values import Vectors
from acme_media.jobs.member_queries import active_templates, without_compiling

AT_ONCE = 32
"""Vectors of one query: each is a column of it."""


class DatabaseTemplates:
    def __init__(self, sessions: SessionFactory) -> None:
        self._sessions = sessions

    async def count(self, project_id: UUID) -> int:
        templates = active_templates(project_id).subquery()
        async with self._sessions() as session:
            people = await session.scalar(select(func.count(templates.c.user_id.distinct())))
        return int(people or 0)

    async def nearest(self, project_id: UUID, vectors: Vectors, limit: int) -> list[list[tuple[UUID, float]]]:
        """Several templates of a person count as one: the nearest."""
        found: list[list[tuple[UUID, float]]] = []
        for start in range(0, len(vectors), AT_ONCE):
            found += await self._nearest(project_id, vectors[start : start + AT_ONCE], limit)
        return found

    async def _nearest(
        self, project_id: UUID, vectors: Vectors, limit: int
    ) -> list[list[tuple[UUID, float]]]:
        """The templates are read once for all vectors."""
        templates = active_templates(project_id).subquery()
        least = [func.min(templates.c.embedding.l2_distance(vector)) for vector in vectors]
        statement = (
            select(templates.c.user_id, *least)
            .where(templates.c.embedding.is_not(None))
            .group_by(templates.c.user_id)
        )
        async with self._sessions() as session:
            await without_compiling(session)
            rows = (await session.execute(statement)).all()
        return [
            sorted(
                ((row[0], float(row[1 + index])) for row in rows), key=lambda pair: (pair[1], str(pair[0]))
            )[:limit]
            for index in range(len(vectors))
        ]
