from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_backoffice.photographers.errors import PhotographerNotFound
from acme_core.pages import PageRequest
from acme_db.keyset import newest_first
from acme_db.models import Photographer, Project, ProjectPhotographer
from acme_db.photo_states import PhotoStates, photo_states


@dataclass(frozen=True)
class Assignment:
    """A project, and the photographer's own photos in it by how far they are."""

    project: Project
    photos: PhotoStates


async def find_photographer(session: AsyncSession, operator_id: UUID, photographer_id: UUID) -> Photographer:
    """Raises `PhotographerNotFound` for another operator's photographer too."""
    photographer = await session.scalar(
        select(Photographer).where(
            Photographer.id == photographer_id,
            Photographer.operator_id == operator_id,
            Photographer.deleted_at.is_(None),
        )
    )
    if photographer is None:
        raise PhotographerNotFound
    return photographer


async def list_photographers(
    session: AsyncSession, operator_id: UUID, page: PageRequest, *, project_id: UUID | None = None
) -> Sequence[Photographer]:
    statement = select(Photographer).where(
        Photographer.operator_id == operator_id, Photographer.deleted_at.is_(None)
    )
    if project_id is not None:
        assigned = select(ProjectPhotographer.photographer_id).where(
            ProjectPhotographer.project_id == project_id
        )
        statement = statement.where(Photographer.id.in_(assigned))
    statement = newest_first(statement, Photographer.created_at, Photographer.id, page)
    return (await session.scalars(statement)).all()


async def list_assignments(
    session: AsyncSession, photographer_id: UUID, page: PageRequest
) -> Sequence[Assignment]:
    assigned = select(ProjectPhotographer.project_id).where(
        ProjectPhotographer.photographer_id == photographer_id
    )
    statement = select(Project).where(Project.id.in_(assigned), Project.deleted_at.is_(None))
    projects = (await session.scalars(newest_first(statement, Project.created_at, Project.id, page))).all()
    states = await photo_states(session, [project.id for project in projects], photographer_id)
    return [Assignment(project, states[project.id]) for project in projects]


async def assign(session: AsyncSession, project_id: UUID, photographer_id: UUID) -> None:
    await session.execute(
        insert(ProjectPhotographer)
        .values(project_id=project_id, photographer_id=photographer_id)
        .on_conflict_do_nothing(index_elements=["project_id", "photographer_id"])
    )


async def unassign(session: AsyncSession, project_id: UUID, photographer_id: UUID) -> None:
    await session.execute(
        delete(ProjectPhotographer).where(
            ProjectPhotographer.project_id == project_id,
            ProjectPhotographer.photographer_id == photographer_id,
        )
    )
