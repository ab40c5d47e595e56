"""How far the photos of a project are, as those are told who wait for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, Uuid, bindparam, func, select

from acme_db.figures import AWAITED, Rows
from acme_db.models import FigureKind, PhotoStatus
from acme_db.prepared import Reader
from acme_db.totals import Tally


@dataclass(frozen=True)
class PhotoStates:
    """A photo that is awaited is not told of as being processed; it may have failed all the same."""

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
    rows = await _tally(bool(own)).of(reader, projects, **own)
    found = {row["project_id"]: PhotoStates(**{name: row[name] for name in _COUNTED}) for row in rows}
    return {project_id: found.get(project_id, _NONE) for project_id in projects}


_NONE = PhotoStates(awaited=0, processing=0, ready=0, failed=0)
_COUNTED: Mapping[str, Callable[[ColumnElement[str]], ColumnElement[bool]]] = {
    "awaited": lambda label: label.endswith(AWAITED),
    "processing": lambda label: label == PhotoStatus.PROCESSING,
    "ready": lambda label: is_of(label, PhotoStatus.READY),
    "failed": lambda label: is_of(label, PhotoStatus.FAILED),
}


def is_of(label: ColumnElement[str], status: PhotoStatus) -> ColumnElement[bool]:
    """A condition: these photos are of this status, whether or not their files are here."""
    return label.in_((status, f"{status}{AWAITED}"))


@cache
def _tally(are_own: bool) -> Tally:  # noqa: FBT001 - the key of the cache
    return Tally(_counts_of_own if are_own else _counts, FigureKind.PHOTOS)


def _counts(totals: Subquery) -> Rows:
    counts = (
        func.coalesce(func.sum(totals.c.value).filter(is_counted(totals.c.label)), 0).label(name)
        for name, is_counted in _COUNTED.items()
    )
    statement: Rows = select(totals.c.project_id, *counts)
    return statement.group_by(totals.c.project_id)


def _counts_of_own(totals: Subquery) -> Rows:
    return _counts(totals).where(totals.c.subject_id == bindparam("photographer_id", type_=Uuid()))
