"""What a page on another site can do with a browser's cookie: nothing."""

import httpx
import pytest

from tests.services.harness import Platform

SERVICES = ("backoffice", "main")
COOKIE = {"X-Session": "cookie"}


async def with_cookie(platform: Platform, service: str) -> str:
    """A refresh token, as a browser's cookie holds it."""
    account = await (platform.new_operator() if service == "backoffice" else platform.new_guest())
    http: httpx.AsyncClient = getattr(platform, service).http
    login = {"email": account.account["email"], "password": "correct horse battery"}
    answer = await http.post("/v1/auth/login", json=login, headers=COOKIE)
    header = answer.headers["set-cookie"]
    assert answer.json()["refresh_token"] is None
    assert {"HttpOnly", "Path=/v1/auth", "SameSite=strict"} <= set(header.split("; "))
    http.cookies.clear()
    return str(header.partition(";")[0])


@pytest.mark.parametrize("service", SERVICES)
async def test_a_form_of_another_site_refreshes_nothing(platform: Platform, service: str) -> None:
    """Even from a browser that would send the cookie along: a form can set no header of ours."""
    cookie = await with_cookie(platform, service)
    http: httpx.AsyncClient = getattr(platform, service).http
    there = {"Cookie": cookie, "Origin": "https://evil.example"}
    for path in ("/v1/auth/refresh", "/v1/auth/logout"):
        for kind in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
            answer = await http.post(path, content=b"{}", headers={**there, "Content-Type": kind})
            assert answer.status_code in {204, 400, 401, 415, 422}
            assert "set-cookie" not in answer.headers or 'refresh=""' in answer.headers["set-cookie"]
    still = await http.post("/v1/auth/refresh", json={}, headers={**COOKIE, "Cookie": cookie})
    assert still.status_code == 200, "the session is as it was"


@pytest.mark.parametrize("service", SERVICES)
async def test_no_other_site_may_send_the_header_that_it_takes(platform: Platform, service: str) -> None:
    http: httpx.AsyncClient = getattr(platform, service).http
    asked = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-session,content-type",
    }
    refused = await http.options("/v1/auth/refresh", headers=asked)
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers
    own = await http.options("/v1/auth/refresh", headers={**asked, "Origin": "http://localhost:4002"})
    assert own.headers["access-control-allow-origin"] == "http://localhost:4002"
    assert own.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("service", SERVICES)
async def test_no_other_site_reads_an_answer(platform: Platform, service: str) -> None:
    cookie = await with_cookie(platform, service)
    http: httpx.AsyncClient = getattr(platform, service).http
    headers = {**COOKIE, "Cookie": cookie, "Origin": "https://evil.example"}
    answer = await http.post("/v1/auth/refresh", json={}, headers=headers)
    assert "access-control-allow-origin" not in answer.headers
