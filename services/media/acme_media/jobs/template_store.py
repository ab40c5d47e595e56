"""The local engine's templates, compared in PostgreSQL: exact search within the project."""

from uuid import UUID

from sqlalchemy import func, select

from acme_db.engine import SessionFactory
from acme_media.faces.values import Vectors
from acme_media.jobs.member_queries import active_templates


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
        templates = active_templates(project_id).subquery()
        async with self._sessions() as session:
            found = []
            for vector in vectors:
                distance = func.min(templates.c.embedding.l2_distance(vector))
                statement = (
                    select(templates.c.user_id, distance)
                    .where(templates.c.embedding.is_not(None))
                    .group_by(templates.c.user_id)
                    .order_by(distance, templates.c.user_id)
                    .limit(limit)
                )
                rows = (await session.execute(statement)).all()
                found.append([(user_id, float(value)) for user_id, value in rows])
        return found
