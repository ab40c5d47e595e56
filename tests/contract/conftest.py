"""The three services as processes of their own, and somebody signed in for each role."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from acme_auth.principals import Role
from acme_standalone.processes.ports import free_port
from tests.services.harness import Api, Platform

SERVICES = ("backoffice", "main", "media")


@dataclass
class Served:
    """Base URLs, tokens that are good for some minutes, and ids of things that exist."""

    urls: dict[str, str]
    people: dict[Role, Api]
    media_token: str
    ids: dict[str, str] = field(default_factory=dict)
    """By the name of the path parameter."""

    def token(self, service: str, role: Role) -> str:
        if service == "media" and role is Role.USER:
            return self.media_token
        return str(self.people[role].token)


@contextmanager
def _serving(service: str) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, f"{service.upper()}_PORT": str(port), "LOG_LEVEL": "ERROR"}
    process = subprocess.Popen([sys.executable, "-m", f"acme_{service}"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _await_ready(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _await_ready(process: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "the service has ended"
        try:
            if httpx.get(f"{url}/health/ready").is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(url)


@pytest.fixture(scope="session")
async def served(platform: Platform) -> AsyncIterator[Served]:
    event = await platform.new_event(name="Gala", terms_and_conditions="Be kind.")
    guest = await event.new_member()
    package = await event.new_package()
    photo = await event.ready_photo(4711)
    await event.tag(photo, guest)
    coach = await event.operator.post(f"/projects/{event.project_id}/coaches", {"name": "Coach"})
    tags = await event.operator.get(f"/projects/{event.project_id}/photo-tags")
    purchase = await guest.post("/purchases", {"project_id": event.project_id, "package_id": package})
    document = await guest.get("/consents/documents/biometric_processing")
    consent = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    await guest.post("/consents", consent)
    token = await event.new_token()
    people = {
        Role.OPERATOR: event.operator,
        Role.PHOTOGRAPHER: event.photographer,
        Role.SUPERADMIN: (await platform.new_superadmin()).api,
        Role.USER: guest,
    }
    ids = {
        "project_id": event.project_id,
        "package_id": package,
        "photo_id": photo,
        "photographer_id": event.photographer.account["id"],
        "coach_id": coach["id"],
        "qr_token_id": token["id"],
        "token": token["token"],
        "tag_id": tags["items"][0]["id"],
        "purchase_id": purchase["id"],
        "operator_id": (await platform.new_operator()).account["id"],
    }
    media: dict[str, Any] = await guest.post("/auth/media-token", {})
    with ExitStack() as stack:
        urls = {service: stack.enter_context(_serving(service)) for service in SERVICES}
        yield Served(urls, people, media["access_token"], ids)
