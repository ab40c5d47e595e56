"""The whole platform as its users start it, and the main job on it while its processes are killed."""

import subprocess
import sys
import threading
import time
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

VICTIMS = [
    "acme_media.worker images",
    "acme_media",
    "acme_media.worker faces",
    "acme_main.worker",
    "acme_main.relay",
]
"""The media API is killed too: each of its requests may be sent again without harm."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    platform = Running(tmp_path_factory.mktemp("e2e") / "data")
    platform.settings()
    yield platform
    platform.stop()


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """As patient as a web app that tries again while a service restarts."""
    transport = Patient(httpx.HTTPTransport(retries=3))
    with httpx.Client(timeout=60, transport=transport) as client:
        yield client


class Patient(httpx.BaseTransport):
    def __init__(self, inner: httpx.HTTPTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = time.monotonic() + 45
        while True:
            try:
                answer = self._inner.handle_request(request)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                    return answer
                answer.close()
            time.sleep(0.3)

    def close(self) -> None:
        self._inner.close()


def play(running: Running, http: httpx.Client, folder: Path) -> None:
    scenes = write_scenes(folder)
    selfies = {person: write_selfie(folder, person) for person in Person}
    play_gala(Story(Narrator(), http, running.settings()), scenes, selfies)


def test_the_main_job_survives_kill_9_of_its_workers_and_the_media_api(
    running: Running, http: httpx.Client, tmp_path: Path
) -> None:
    """Photos in flight, matching, the payment: all arrive, none twice, nobody sees a wrong photo."""
    stop, killed = threading.Event(), []

    def murder() -> None:
        for what in VICTIMS * 2:
            if stop.wait(3.0):
                return
            if running.kill(what):
                killed.append(what)

    thread = threading.Thread(target=murder)
    thread.start()
    try:
        play(running, http, tmp_path)
    finally:
        stop.set()
        thread.join()
    assert len(killed) >= 3


def test_an_api_comes_back_after_kill_9_and_what_it_acknowledged_is_there(
    running: Running, http: httpx.Client
) -> None:
    settings = running.settings()
    for name, module in (("BACKOFFICE", "acme_backoffice"), ("MAIN", "acme_main"), ("MEDIA", "acme_media")):
        assert running.kill(module)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            answer = http.get(f"{settings[f'{name}_API_URL']}/health/ready")
            if answer.status_code == httpx.codes.OK:
                break
        assert answer.json()["status"] == "up"


def test_no_photo_is_left_between_states(running: Running) -> None:
    """After the killing: every acknowledged upload is ready, and every job has ended."""
    import asyncio

    import asyncpg

    async def count(statement: str) -> int:
        connection = await asyncpg.connect(running.settings()["DATABASE_URL"])
        try:
            return int(await connection.fetchval(statement))
        finally:
            await connection.close()

    def counted(statement: str) -> int:
        return asyncio.run_coroutine_threadsafe(count(statement), loop).result(30)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        deadline = time.monotonic() + 60
        unfinished = "SELECT count(*) FROM outbox_jobs WHERE state IN ('queued', 'running')"
        while counted(unfinished) and time.monotonic() < deadline:
            time.sleep(0.5)
        assert counted(unfinished) == 0
        assert counted("SELECT count(*) FROM outbox_jobs WHERE state = 'failed'") == 0
        assert counted("SELECT count(*) FROM photos WHERE status <> 'ready'") == 0
        assert counted("SELECT count(*) FROM purchases WHERE status = 'paid'") == 1
        mails = "SELECT count(*) FROM outbox_jobs WHERE name = 'send_email'"
        assert counted(mails) == len(list((running.data.path / "mailbox").glob("*.eml")))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_the_settings_serve_any_other_process(running: Running) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "acme_standalone", "env", "--data-dir", str(running.data.path)],
        capture_output=True,
        text=True,
        check=True,
    )
    names = {line.partition("=")[0] for line in done.stdout.splitlines()}
    assert names >= {
        "DATABASE_URL",
        "REDIS_URL",
        "S3_ENDPOINT_URL",
        "STRIPE_API_BASE",
        "STRIPE_SECRET_KEY",
        "STRIPE_WEBHOOK_SECRET",
    }
