"""What the platform writes down of a whole event, from sign-up to download: nothing that opens anything."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from acme_standalone.demo import play_gala
from acme_standalone.demo.narrator import Narrator
from acme_standalone.demo.scenes import Person, write_scenes, write_selfie
from acme_standalone.demo.story import Story
from tests.e2e.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

NEVER = {
    "a token": r"eyJ[A-Za-z0-9_-]{10,}\.|\b(rt|ott|qr|invite)_[A-Za-z0-9_-]{16,}|Bearer [A-Za-z0-9]",
    "a signed address": r"X-Amz-(Signature|Credential)|x-amz-signature",
    "an e-mail address": r"[\w.+-]+@[\w-]+\.(example|com|org|net|invalid)\b",
    "a secret of a payment": r"\b(sk|whsec|pi)_[A-Za-z0-9]+_secret|\bsk_test_|\bwhsec_",
    "a vector": r"(-?\d\.\d{3,}(e-\d+)?,\s*){8}",
    "a password": r"(?i)passwor[dt]['\"]?\s*[:=]|hunter2|correct horse",
}
"""As they look, whether or not this run has made them."""
TOLD = re.compile(
    r'"(?:access_token|refresh_token|token|client_secret|url|[a-z_]+_url|email)":\s*"([^"]{12,})"'
)
"""What answers hold that nobody else is to read."""


class Listening(httpx.BaseTransport):
    """Notes what the APIs tell in confidence."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(retries=3)
        self.heard: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        if "json" in answer.headers.get("content-type", ""):
            body = answer.read().decode()
            self.heard |= {
                value for value in TOLD.findall(body) if not value.startswith("http") or "?" in value
            }
        return answer

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")
    platform = Running(tmp_path / "data")
    platform.settings()
    yield platform
    if platform.process.poll() is None:
        platform.stop()


def test_no_log_opens_anything(running: Running, tmp_path: Path) -> None:
    listening = Listening()
    with httpx.Client(timeout=60, transport=listening) as http:
        scenes = write_scenes(tmp_path / "scenes")
        selfies = {person: write_selfie(tmp_path / "scenes", person) for person in Person}
        play_gala(Story(Narrator(), http, running.settings()), scenes, selfies)
        base = running.settings()["MAIN_API_URL"]
        wrong = {"email": "somebody.private@guests.example.com", "password": "hunter2hunter2"}
        http.post(f"{base}/v1/auth/login", json=wrong)
        http.post(f"{base}/v1/auth/password/forgot", json={"email": wrong["email"]})
        http.get(f"{base}/v1/qr/qr_{'x' * 32}")
        http.get(f"{base}/v1/me", headers={"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."})
    running.stop()

    logs = {path.name: path.read_text("utf-8", "replace") for path in logs_of(running)}
    assert {"main.log", "media.log", "backoffice.log"} <= {name.replace("api-", "") for name in logs}
    assert sum(len(text) for text in logs.values()) > 20_000, "the run is written down"
    assert len(listening.heard) > 20
    found = [
        f"{name}: {what}: {match.group()[:80]}"
        for name, text in logs.items()
        for what, pattern in NEVER.items()
        for match in re.finditer(pattern, text)
    ]
    heard = listening.heard
    found += [f"{name}: {secret[:40]}" for name, text in logs.items() for secret in heard if secret in text]
    assert found == []


def logs_of(running: Running) -> list[Path]:
    return [running.log, *sorted((running.data.path / "logs").glob("*.log*"))]
