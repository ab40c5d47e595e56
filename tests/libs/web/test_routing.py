from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from acme_config.settings import ServerSettings
from acme_web.app import build_app


def router_of(method: str, path: str, answer: str, prefix: str = "") -> APIRouter:
    router = APIRouter(prefix=prefix)

    async def told() -> str:
        return answer

    router.add_api_route(path, told, methods=[method], name=answer)
    return router


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    routers = [
        router_of("GET", "/things/{thing_id}", "one"),
        router_of("PUT", "/{thing_id}", "put", prefix="/things"),
        router_of("GET", "/things/{other_id}/parts", "parts"),
        router_of("GET", "", "all", prefix="/things"),
    ]
    app = build_app(title="Tests", server=ServerSettings(), routers=routers, lifespan=nothing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/v1/things", "all"),
        ("GET", "/v1/things/a", "one"),
        ("PUT", "/v1/things/a", "put"),
        ("GET", "/v1/things/a%20b/parts", "parts"),
    ],
)
async def test_routes_of_several_routers_are_found(
    http: httpx.AsyncClient, method: str, path: str, answer: str
) -> None:
    assert (await http.request(method, path)).json() == answer


@pytest.mark.parametrize(
    "path", ["/things/a", "/v1things/a", "/v1/v1/things/a", "/v1/thing", "/v1/things/a/b/parts"]
)
async def test_no_other_path_is_found(http: httpx.AsyncClient, path: str) -> None:
    assert (await http.get(path)).status_code == 404


async def test_a_method_that_no_router_has_is_told(http: httpx.AsyncClient) -> None:
    assert (await http.delete("/v1/things/a")).status_code == 405
