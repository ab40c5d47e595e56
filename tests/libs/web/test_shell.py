"""What every service does with requests, whatever they ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from acme_config.settings import ServerSettings
from acme_web.app import build_app
from tests.services.harness import Platform


@pytest.fixture(params=["backoffice", "main", "media"])
def http(request: pytest.FixtureRequest, platform: Platform) -> httpx.AsyncClient:
    client: httpx.AsyncClient = getattr(platform, request.param).http
    return client


async def test_health_names_each_dependency(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health/live")).json() == {"status": "up"}
    ready = await http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["dependencies"] == {"database": "up", "queue": "up", "object_store": "up"}


async def test_metrics_are_prometheus_text(http: httpx.AsyncClient) -> None:
    await http.get("/health/live")
    assert 'http_requests_total{method="GET"' in (await http.get("/metrics")).text


async def test_an_unknown_route_and_a_wrong_method_are_problems(http: httpx.AsyncClient) -> None:
    unknown = await http.get("/v1/nothing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "route_not_found")
    assert unknown.headers["content-type"] == "application/problem+json"
    assert set(unknown.json()) == {"type", "title", "status", "detail", "instance", "code"}
    wrong = await http.delete("/health/live")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


async def test_a_request_id_is_echoed_or_made(http: httpx.AsyncClient) -> None:
    given = await http.get("/health/live", headers={"X-Request-ID": "abc-123"})
    assert given.headers["X-Request-ID"] == "abc-123"
    forged = await http.get("/health/live", headers={"X-Request-ID": "a b\tc"})
    assert len(forged.headers["X-Request-ID"]) == 32


async def test_every_answer_has_security_headers(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/health/live")).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


async def test_origins_are_an_allow_list(http: httpx.AsyncClient) -> None:
    asked = {"Access-Control-Request-Method": "POST"}
    known = await http.options("/v1/auth/login", headers={"Origin": "http://localhost:4001", **asked})
    assert known.headers["Access-Control-Allow-Origin"] == "http://localhost:4001"
    unknown = await http.options("/v1/auth/login", headers={"Origin": "https://evil.example", **asked})
    assert "Access-Control-Allow-Origin" not in unknown.headers


@pytest.mark.parametrize("origin", ["http://localhost:4001", "http://localhost:4002"])
async def test_a_preflight_lets_the_web_apps_send_and_read_what_they_need(
    http: httpx.AsyncClient, origin: str
) -> None:
    sent = "authorization,content-type,idempotency-key,last-event-id,x-request-id,x-session"
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": sent}
        answer = await http.options("/v1/me", headers={"Origin": origin, **asked})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Access-Control-Max-Age"] == "7200"
    more = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-something-else"}
    assert (await http.options("/v1/me", headers={"Origin": origin, **more})).status_code == 400
    read = await http.get("/v1/nothing", headers={"Origin": origin})
    assert read.headers["Access-Control-Allow-Origin"] == origin
    exposed = set(read.headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed == {"Content-Disposition", "Retry-After", "X-Request-ID"}


async def test_a_crash_is_a_problem_that_the_web_apps_can_read() -> None:
    router = APIRouter()

    @router.get("/crash")
    async def crash() -> None:
        raise RuntimeError("not for the outside")

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = build_app(title="Tests", server=ServerSettings(), routers=[router], lifespan=nothing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http:
        answer = await http.get("/v1/crash", headers={"Origin": "http://localhost:4002"})
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:4002"
    assert answer.headers["X-Request-ID"]
    assert "not for the outside" not in answer.text


async def test_a_body_over_the_limit_is_refused_announced_or_not(platform: Platform) -> None:
    http = platform.main.http
    large = b'{"name": "' + b"x" * 1_100_000 + b'"}'
    announced = await http.post("/v1/auth/register", content=large)
    assert (announced.status_code, announced.json()["code"]) == (413, "body_too_large")

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 100_000):
            yield large[start : start + 100_000]

    streamed = await http.post(
        "/v1/auth/register", content=chunks(), headers={"Content-Type": "application/json"}
    )
    assert (streamed.status_code, streamed.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b'{"name": "\\ud800"}', b"[" * 5000, b"{}" * 2],
)
async def test_a_broken_body_is_never_a_server_error(platform: Platform, body: bytes) -> None:
    answer = await platform.main.http.post(
        "/v1/auth/register", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["%00", "%ED%A0%80", "a%0Ab", "x" * 255, "%F0%9F%8E%89"])
async def test_a_strange_code_is_just_unknown(platform: Platform, token: str) -> None:
    answer = await platform.main.http.get(f"/v1/qr/{token}")
    assert (answer.status_code, answer.json()["code"]) == (404, "qr_token_not_found")


async def test_a_strange_code_cannot_be_joined_by(platform: Platform) -> None:
    guest = await platform.new_guest()
    answer = await guest.call("POST", "/projects/join", {"token": "a\0b", "accept_terms": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "qr_token_not_found")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_that_no_zone_can_hold_is_refused(platform: Platform, moment: str) -> None:
    operator = await platform.new_operator()
    answer = await operator.call("POST", "/projects", {"name": "Gala", "start_at": moment})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
