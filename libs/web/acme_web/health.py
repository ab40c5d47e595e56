import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from pydantic import BaseModel
from sqlalchemy import text

from acme_web.resources import DataResources
from acme_web.serve import METRICS_DIR

Check = Callable[[], Awaitable[object]]

CHECK_TIMEOUT_S = 3.0


class State(StrEnum):
    UP = "up"
    DOWN = "down"


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
    states = await asyncio.gather(*(_state(check) for check in checks.values()))
    ready = Ready(
        status=State.DOWN if State.DOWN in states else State.UP,
        dependencies=dict(zip(checks, states, strict=True)),
    )
    if ready.status is State.DOWN:
        response.status_code = 503
    return ready


@router.get("/metrics", response_class=Response)
async def metrics() -> Response:
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """Of all processes of this API, wherever there are several."""
    if METRICS_DIR not in os.environ:
        return REGISTRY
    of_all = CollectorRegistry()
    MultiProcessCollector(of_all)  # type: ignore[no-untyped-call] # prometheus_client's own
    return of_all


def data_checks(data: DataResources) -> dict[str, Check]:
    async def database() -> None:
        async with data.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    return {"database": database, "queue": data.redis.ping}


async def _state(check: Check) -> State:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            await check()
    except Exception:
        return State.DOWN
    return State.UP
