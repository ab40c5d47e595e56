"""What is counted of requests, and who may read it."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from acme_config.settings import ServerSettings
from tests.counted import counted
from tests.services.harness import Platform, picture

TOKEN = "the-tests-token-of-the-metrics"


def client(app: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 1234), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver")


@pytest.mark.parametrize("service", ["backoffice", "main", "media"])
async def test_programs_on_this_machine_read_the_metrics(platform: Platform, service: str) -> None:
    async with client(platform.apps[service]) as http:
        await http.get("/health/live")
        answer = await http.get("/metrics")
    assert answer.status_code == 200
    assert "http_request_duration_seconds_bucket" in answer.text


@pytest.mark.parametrize("service", ["backoffice", "main", "media"])
@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.7", "2001:db8::1", "nonsense"])
async def test_nobody_from_elsewhere_learns_that_there_are_metrics(
    platform: Platform, service: str, address: str
) -> None:
    async with client(platform.apps[service], address) as http:
        hidden, unknown = await http.get("/metrics"), await http.get("/nothing")
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.json() == {**unknown.json(), "instance": "/metrics"}


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
    ],
    ids=str,
)
async def test_who_comes_through_a_proxy_is_not_of_this_machine(
    platform: Platform, header: dict[str, str]
) -> None:
    async with client(platform.apps["main"]) as http:
        assert (await http.get("/metrics", headers=header)).status_code == 404


async def test_in_production_only_a_token_reads_them(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = platform.apps["main"].state
    monkeypatch.setitem(state._state, "auth", replace(state.auth, is_public=True))
    async with client(platform.apps["main"]) as http:
        assert (await http.get("/metrics")).status_code == 404
    server = ServerSettings().model_copy(update={"metrics_token": SecretStr(TOKEN)})
    monkeypatch.setitem(state._state, "server", server)
    async with client(platform.apps["main"], "203.0.113.9") as http:
        for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
            assert (await http.get("/metrics", headers=given)).status_code == 404
        good = await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert good.status_code == 200


async def test_a_shortcut_is_counted_as_its_twin(platform: Platform) -> None:
    event = await platform.new_event()
    guest = await event.new_member()
    before = counted()
    await guest.get(f"/projects/{event.project_id}/photos")
    body = picture(41)
    wish = {**event.announced(body), "project_id": event.project_id}
    await platform.media.as_({"access_token": event.photographer.token}).post(
        "/photographers/me/photos/upload-url", wish
    )
    after = counted()
    for route, method, status in (
        ("/projects/{project_id}/photos", "GET", 200),
        ("/photographers/me/photos/upload-url", "POST", 201),
    ):
        labels = f'method="{method}",route="{route}"'
        count = f'http_requests_total{{{labels},status="{status}"}}'
        timed = f"http_request_duration_seconds_count{{{labels}}}"
        assert after(count) - before(count) == 1
        assert after(timed) - before(timed) == 1


async def test_what_clients_make_up_is_no_label(platform: Platform) -> None:
    before = counted()
    for number in range(3):
        await platform.main.http.request(f"X{number}", f"/v1/made-up-{number}")
    after = counted()
    sample = 'http_requests_total{method="OTHER",route="unmatched",status="404"}'
    assert after(sample) - before(sample) == 3
