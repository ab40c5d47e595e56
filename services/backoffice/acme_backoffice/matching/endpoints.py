from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import FaceBounds, OwnedProject, Storage
from acme_backoffice.matching import service, shadow
from acme_backoffice.matching.schemas import ShadowOut, SimulationOut, Verdict
from acme_backoffice.matching.shadow_queries import DifferenceFilter
from acme_backoffice.projects.errors import BoundsNotOrdered, ProjectNotFound
from acme_backoffice.projects.schemas import Confidence
from acme_core.pages import InvalidCursor
from acme_web.dependencies import DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    tags=["matching"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


@router.get(
    "/projects/{project_id}/matching/simulate",
    responses=problems(ProjectNotFound, BoundsNotOrdered, ValidationFailed),
)
async def simulate_matching(
    project: OwnedProject,
    session: DbSession,
    faces: FaceBounds,
    confirm: Confidence | None = None,
    review: Confidence | None = None,
) -> SimulationOut:
    return await service.simulate(session, faces, project, confirm, review)


async def _difference_filter(project_id: UUID, verdict: Verdict | None = None) -> DifferenceFilter:
    return DifferenceFilter(project_id, verdict)


@router.get("/projects/{project_id}/matching/shadow", responses=problems(ProjectNotFound, InvalidCursor))
async def compare_engines(
    caller: OperatorOfToken,
    reader: Reads,
    storage: Storage,
    faces: FaceBounds,
    wanted: Annotated[DifferenceFilter, Depends(_difference_filter)],
    page: Paging,
) -> ShadowOut:
    """What the shadow engine would have made of the photos, against what is shown."""
    is_on = faces.shadow_engine is not None
    return await shadow.compare_engines(reader, storage, caller, wanted, page, is_on=is_on)
