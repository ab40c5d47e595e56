"""How far the photos of a project are, as those are told who wait for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select

from acme_db.figures import AMONG, AWAITED
from acme_db.models import FigureKind, PhotoStatus
from acme_db.prepared import Prepared, Reader
from acme_db.totals import totalled


@dataclass(frozen=True)
class PhotoStates:
    awaited: int
    """Announced, not here yet."""
    processing: int
    ready: int
    failed: int


async def photo_states(
    reader: Reader, projects: Sequence[UUID], photographer_id: UUID | None
) -> Mapping[UUID, PhotoStates]:
    """Of all of these projects; only of the photographer's own photos where one is named."""
    own = {} if photographer_id is None else {"photographer_id": photographer_id}
    rows = await _statement(bool(own)).fetch_by(reader, projects=projects, **own)
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    for project_id, label, value in rows:
        found[project_id][label] = int(value)
    return {project_id: _states(found[project_id]) for project_id in projects}


@cache
def _statement(are_own: bool) -> Prepared:  # noqa: FBT001 - the key of the cache
    totals = totalled(AMONG, FigureKind.PHOTOS)
    statement = select(totals.c.project_id, totals.c.label, func.sum(totals.c.value))
    if are_own:
        statement = statement.where(totals.c.subject_id == bindparam("photographer_id", type_=Uuid()))
    return Prepared(statement.group_by(totals.c.project_id, totals.c.label))


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
