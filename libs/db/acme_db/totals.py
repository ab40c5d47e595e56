"""How many there are of all times, without a look at each quarter of an hour; right to the row as well.

Triggers keep `figure_totals` at the sum of `figures`, in the transaction that counts some of these anew. What
is kept of a marked quarter is taken out of the total again, and what the tables have of it is put in: all of
that in one statement, which sees totals, figures, marks and tables as of one moment.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import CTE, Integer, Select, Subquery, and_, cast, literal, select, true, union, union_all

from acme_db.figures import ALWAYS, AMONG, SOURCES, Rows, marked_guests
from acme_db.models import Figure, FigureKind, FigureMark, FigureTotal
from acme_db.prepared import Prepared, Reader, Record


class Tally:
    """What is made of the totals of some projects, each a row with its `project_id`; compiled once.

    The totals alone are read first, and whether any of their figures is marked: to take up the plan that asks
    the tables costs as much again, and mostly there is nothing to ask them for.
    """

    def __init__(self, build: Callable[[Subquery], Rows], *kinds: FigureKind) -> None:
        stale = _stale(AMONG, kinds)
        is_marked = select(select(stale.c.project_id).exists().label("is_marked")).subquery("marks")
        found = build(_kept(AMONG, kinds).subquery("totals")).subquery("found")
        at_least_one = is_marked.outerjoin(found, true())
        self._kept = Prepared(select(is_marked.c.is_marked, *found.c).select_from(at_least_one))
        self._now = Prepared(build(totalled(AMONG, *kinds)))

    async def of(self, reader: Reader, projects: Sequence[UUID], **values: object) -> Sequence[Record]:
        rows = await self._kept.fetch_by(reader, projects=projects, **values)
        if rows[0]["is_marked"]:
            return await self._now.fetch_by(reader, projects=projects, **values)
        return [row for row in rows if row["project_id"] is not None]


def totalled(projects: Select[UUID], *kinds: FigureKind) -> Subquery:
    """`kind`, `project_id`, `subject_id`, `label`, `value`: parts, whose sum is meant, and may well be 0."""
    stale = _stale(projects, kinds)
    parts = [_kept(projects, kinds), _outdated(stale), *(_anew(stale, kind) for kind in kinds)]
    return union_all(*parts).subquery("totals_now")


def _kept(projects: Select[UUID], kinds: tuple[FigureKind, ...]) -> Rows:
    columns = (
        FigureTotal.kind,
        FigureTotal.project_id,
        FigureTotal.subject_id,
        FigureTotal.label,
        FigureTotal.value,
    )
    statement: Rows = select(*columns)
    return statement.where(FigureTotal.project_id.in_(projects), FigureTotal.kind.in_(kinds))


def _stale(projects: Select[UUID], kinds: tuple[FigureKind, ...]) -> CTE:
    marked: Rows = select(FigureMark.kind, FigureMark.project_id, FigureMark.starts_at).where(
        FigureMark.project_id.in_(projects), FigureMark.kind.in_(kinds)
    )
    if FigureKind.MEMBERS not in kinds:
        return marked.distinct().cte("stale")
    guests = marked_guests()
    columns = guests.selected_columns
    of_guests: Rows = guests.where(columns.project_id.in_(projects)).with_only_columns(
        literal(FigureKind.MEMBERS.value).label("kind"), columns.project_id, columns.starts_at
    )
    return union(marked, of_guests).cte("stale")


def _outdated(stale: CTE) -> Rows:
    is_stale = and_(
        Figure.project_id == stale.c.project_id,
        Figure.kind == stale.c.kind,
        Figure.starts_at == stale.c.starts_at,
    )
    columns = (Figure.kind, Figure.project_id, Figure.subject_id, Figure.label, -Figure.value)
    statement: Rows = select(*columns).join(stale, is_stale)
    return statement


def _anew(stale: CTE, kind: FigureKind) -> Rows:
    slots = select(stale.c.project_id, stale.c.starts_at).where(stale.c.kind == kind).subquery("slots")
    found = SOURCES[kind].count(slots, ALWAYS).subquery("found")
    value = cast(found.c.value, Integer)  # as the others are: sums of bigint are numeric, and slow
    columns = (literal(kind.value), found.c.project_id, found.c.subject_id, found.c.label, value)
    statement: Rows = select(*columns)
    return statement
