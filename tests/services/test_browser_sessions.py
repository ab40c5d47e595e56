"""Sessions as a browser keeps them: in a cookie of its own jar, from an app on another port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from secrets import token_hex

import httpx
import pytest
from asgi_lifespan import LifespanManager
from fastapi import FastAPI

from acme_config.settings import PlatformSettings
from acme_main.app import create_app
from acme_main.settings import MainSettings
from tests.services.harness import PASSWORD, Platform

FROM_APP = {"Origin": "http://localhost:4002", "X-Session": "cookie"}
COOKIE = "acme_main_refresh"


@asynccontextmanager
async def browser(app: FastAPI, base_url: str = "http://localhost:3002") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=FROM_APP) as client:
        yield client


async def sign_up(client: httpx.AsyncClient) -> httpx.Response:
    body = {"name": "Ada", "email": f"{token_hex(6)}@guest.example.com", "password": PASSWORD}
    return (await client.post("/v1/auth/register", json=body)).raise_for_status()


async def test_an_app_on_another_port_refreshes_by_its_cookie(platform: Platform) -> None:
    async with browser(platform.apps["main"]) as client:
        stored = (await sign_up(client)).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=strict", "Path=/v1/auth"} <= set(stored.split("; "))
        assert "Secure" not in stored, "on one machine there is no HTTPS to send it over"
        before = client.cookies[COOKIE]
        answer = await client.post("/v1/auth/refresh", json={})
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == FROM_APP["Origin"]
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        session = answer.json()
        assert session["refresh_token"] is None
        assert client.cookies[COOKIE] != before
        me = await client.get("/v1/me", headers={"Authorization": f"Bearer {session['access_token']}"})
        assert me.json()["email"] == session["account"]["email"]
        assert (await client.post("/v1/auth/logout", json={})).status_code == 204
        assert COOKIE not in client.cookies
        assert (await client.post("/v1/auth/refresh", json={})).status_code == 401


async def test_a_cookie_without_our_header_refreshes_nothing(platform: Platform) -> None:
    async with browser(platform.apps["main"]) as client:
        await sign_up(client)
        forged = {"Origin": "https://evil.example", "X-Session": "body"}
        answer = await client.post("/v1/auth/refresh", json={}, headers=forged)
        assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("base_url", ["http://api.example.com", "https://api.example.com"])
@pytest.mark.usefixtures("platform")
async def test_in_production_the_cookie_is_for_https_only(base_url: str) -> None:
    """Also where a proxy that is not believed has taken the TLS off."""
    settings = replace(MainSettings(), platform=PlatformSettings(ACME_ENV="production"))
    app = create_app(settings)
    async with LifespanManager(app), browser(app, base_url) as client:
        answer = await sign_up(client)
        assert "Secure" in answer.headers["set-cookie"].split("; ")
        token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        ended = await client.post("/v1/auth/logout", json={}, headers=token)
        assert "Secure" in ended.headers["set-cookie"].split("; ")
