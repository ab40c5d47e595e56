from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.retention import service
from acme_backoffice.retention.schemas import RetentionSimulation
from acme_core.retention import RetentionPolicy
from acme_core.schemas import refuse_far_times
from acme_web.dependencies import CurrentOperator, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    prefix="/retention",
    tags=["retention"],
    responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed),
)

Day = Annotated[date, AfterValidator(refuse_far_times)]


async def _policy(request: Request) -> RetentionPolicy:
    policy: RetentionPolicy = request.app.state.retention
    return policy


@router.get("/simulation")
async def simulate_retention(
    on: Day, caller: CurrentOperator, session: DbSession, policy: Annotated[RetentionPolicy, Depends(_policy)]
) -> RetentionSimulation:
    """What has gone by the end of that day (UTC), if nothing else happens until then."""
    end_of_day = datetime.combine(on, time.min, UTC) + timedelta(days=1)
    return await service.simulate(session, policy, caller.account_id, end_of_day)
