"""What of a crash leaves the house: looked at as Sentry would get it."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request

from acme_config.settings import ServerSettings
from acme_telemetry.crashes import SentryMissingError, report, reporting
from acme_web.app import build_app
from tests.libs.telemetry.sentry import Kept, reported, sentry_settings

ADDRESS, PASSWORD = "guest@mail.example.com", "hunter2-hunter2"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
KEY = "sk_test_12345678"
URL = "https://store.example/photo?X-Amz-Signature=abcdef"


@pytest.fixture
def events() -> Iterator[list[dict[str, Any]]]:
    with reported() as events:
        yield events


async def test_a_crash_tells_where_and_not_whose(events: list[dict[str, Any]]) -> None:
    router = APIRouter()

    @router.post("/crash")
    async def crash(request: Request) -> None:
        secret = (await request.json())["password"]
        raise RuntimeError(f"{ADDRESS} {TOKEN} {URL} {KEY}", len(secret))

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    app = build_app(title="Tests", server=ServerSettings(), routers=[router], lifespan=nothing)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://testserver") as http:
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Cookie": "session=cookie-secret",
            "X-Request-ID": "abc-1",
        }
        body = {"password": PASSWORD, "email": ADDRESS}
        assert (await http.post(f"/v1/crash?q={ADDRESS}", json=body, headers=headers)).status_code == 500
    [event] = events
    told = json.dumps(event)
    for secret in (ADDRESS, PASSWORD, TOKEN, "cookie-secret", "abcdef", KEY):
        assert secret not in told
    assert "request" not in event
    [error] = event["exception"]["values"]
    assert error["type"] == "RuntimeError"
    assert error["stacktrace"]["frames"][-1]["function"] == "crash"
    assert "vars" not in error["stacktrace"]["frames"][-1]
    assert event["tags"] == {"service": "acme-tests", "request_id": "abc-1"}
    assert event["release"] == "1.0.0"


def test_without_an_address_nothing_is_reported() -> None:
    Kept.events.clear()
    report(RuntimeError("nobody hears"))
    assert Kept.events == []


def test_an_address_without_the_package_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(SentryMissingError), reporting(sentry_settings(), "acme-tests", "1"):
        pass
