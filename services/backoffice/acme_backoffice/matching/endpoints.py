from fastapi import APIRouter

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import FaceBounds, OwnedProject
from acme_backoffice.matching import service
from acme_backoffice.matching.schemas import SimulationOut
from acme_backoffice.projects.errors import BoundsNotOrdered, ProjectNotFound
from acme_backoffice.projects.schemas import Confidence
from acme_web.dependencies import DbSession, WrongRole
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
