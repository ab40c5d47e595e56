import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from acme_core.checks import Check, State, check_all
from acme_telemetry.exposition import CONTENT_TYPE, exposition
from acme_web.problems import UnknownRoute
from acme_web.resources import DataResources
from acme_web.scraping import may_read_metrics


class Live(BaseModel):
    status: State = State.UP


class Ready(BaseModel):
    status: State
    dependencies: dict[str, State]


router = APIRouter(tags=["health"])


@router.get("/health/live")
async def health_live() -> Live:
    return Live()


@router.get("/health/ready", responses={503: {"model": Ready}})
async def health_ready(request: Request, response: Response) -> Ready:
    checks: Mapping[str, Check] = request.app.state.health_checks
    states = {name: checked.state for name, checked in (await check_all(checks)).items()}
    ready = Ready(status=State.DOWN if State.DOWN in states.values() else State.UP, dependencies=states)
    if ready.status is State.DOWN:
        response.status_code = 503
    return ready


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    if not may_read_metrics(request):
        raise UnknownRoute
    return Response(await asyncio.to_thread(exposition), media_type=CONTENT_TYPE)


def data_checks(data: DataResources) -> dict[str, Check]:
    async def database() -> None:
        async with data.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    return {"database": database, "queue": data.redis.ping}
