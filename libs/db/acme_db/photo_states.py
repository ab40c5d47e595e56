"""How far the photos of a project are, as those are told who wait for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from acme_db.figures import AWAITED, among, counted
from acme_db.models import FigureKind, PhotoStatus


@dataclass(frozen=True)
class PhotoStates:
    awaited: int
    """Announced, not here yet."""
    processing: int
    ready: int
    failed: int


async def photo_states(
    session: AsyncSession | AsyncConnection, projects: Sequence[UUID], photographer_id: UUID | None
) -> Mapping[UUID, PhotoStates]:
    """Of all of these projects; only of the photographer's own photos where one is named."""
    figures = counted(FigureKind.PHOTOS, among(projects))
    statement = select(figures.c.project_id, figures.c.label, func.sum(figures.c.value))
    if photographer_id is not None:
        statement = statement.where(figures.c.subject_id == photographer_id)
    rows = await session.execute(statement.group_by(figures.c.project_id, figures.c.label))
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for project_id, label, value in rows.all():
        found[project_id][label] = int(value)
    return {project_id: _states(found[project_id]) for project_id in projects}


def _states(labels: Mapping[str, int]) -> PhotoStates:
    """A photo that is awaited is not told of as being processed; it may have failed all the same."""

    def count(status: PhotoStatus) -> int:
        return labels.get(status, 0)

    awaited = {status: labels.get(f"{status}{AWAITED}", 0) for status in PhotoStatus}
    return PhotoStates(
        awaited=sum(awaited.values()),
        processing=count(PhotoStatus.PROCESSING),
        ready=count(PhotoStatus.READY) + awaited[PhotoStatus.READY],
        failed=count(PhotoStatus.FAILED) + awaited[PhotoStatus.FAILED],
    )
