"""The status page of the platform's own people."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from acme_config.jobs import QueueName
from acme_core.checks import Checked, State
from acme_core.clock import utc_now
from acme_jobs.heartbeat import LiveWorker, beating, live_workers
from tests.services.harness import Api, Json, Platform


@pytest.fixture
async def admin(platform: Platform) -> Api:
    return (await platform.new_superadmin()).api


@pytest.fixture
async def worker(platform: Platform) -> AsyncIterator[str]:
    name = f"host:1:{uuid4().hex}"

    async def mail_is_away() -> None:
        raise OSError("away")

    redis = platform.data.redis
    async with (
        beating(redis, name, QueueName.MAIN, {"mail": mail_is_away}),
        beating(redis, f"{name}-faces", QueueName.FACES, {"faces": well}),
    ):
        while not all(each.dependencies for each in await live_workers(redis)):  # noqa: ASYNC110 - as others see it
            await asyncio.sleep(0.05)
        yield name


async def well() -> None:
    """Nothing is wrong."""


async def seen(admin: Api) -> Json:
    return await admin.get("/admin/system")


def by(items: list[Json], name: str) -> Json:
    return next(item for item in items if item["name"] == name)


async def test_dependencies_are_asked_and_workers_tell_of_what_only_they_reach(
    admin: Api, worker: str
) -> None:
    dependencies = (await seen(admin))["dependencies"]
    assert {item["name"]: item["state"] for item in dependencies} == {
        "database": "up",
        "queue": "up",
        "object_store": "up",
        "stripe": "up",
        "mail": "down",
        "faces": "up",
    }
    assert by(dependencies, "stripe")["told_by"] == "backoffice"
    assert by(dependencies, "mail")["told_by"] == "workers of acme:main"
    assert all(item["latency_ms"] >= 0 for item in dependencies)


async def test_what_no_worker_tells_of_is_not_known(admin: Api) -> None:
    mail = by((await seen(admin))["dependencies"], "mail")
    assert (mail["state"], mail["latency_ms"]) == ("unknown", None)


async def test_a_dependency_that_is_away_is_down_and_the_page_is_there(
    platform: Platform, admin: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never() -> None:
        raise TimeoutError

    checks = platform.apps["backoffice"].state.system_checks
    monkeypatch.setitem(checks, "stripe", never)
    assert by((await seen(admin))["dependencies"], "stripe")["state"] == "down"


async def test_queues_workers_and_dead_letters_are_those_of_the_tables(
    platform: Platform, admin: Api, worker: str
) -> None:
    rows = "INSERT INTO outbox_jobs (name, queue, payload, state, run_at, worker, started_at, finished_at)"
    values = "(:name, 'acme:main', '{}', :state, now() - :age * interval '1 s', :worker, now(), now())"
    before = await seen(admin)
    for state, age, of in (("queued", 900, None), ("running", 5, worker), ("failed", 5, None)):
        await platform.sql(
            f"{rows} VALUES {values} RETURNING id", name="build_archive", state=state, age=age, worker=of
        )
    try:
        after = await seen(admin)
    finally:
        await platform.sql("DELETE FROM outbox_jobs WHERE payload = '{}' RETURNING id")
    queue, was = by(after["queues"], "acme:main"), by(before["queues"], "acme:main")
    assert queue["waiting"] == was["waiting"] + 1
    assert queue["running"] == was["running"] + 1
    assert queue["worker_count"] == 1
    assert 900 <= queue["oldest_waiting_s"] < 1000
    assert queue["oldest_waiting_job"] == "build_archive"
    assert after["outbox"]["unpushed"] == before["outbox"]["unpushed"] + 1
    [job] = by(after["workers"], worker)["jobs"]
    assert job["name"] == "build_archive"
    assert by(after["dead_jobs"], "build_archive")["count"] >= 1


async def test_versions_and_schema_are_told(admin: Api) -> None:
    system = await seen(admin)
    assert system["schema_revision"]["database"] == system["schema_revision"]["code"]
    assert system["schema_revision"]["code"] >= "0019"
    assert all(system["versions"].values())


def test_a_heartbeat_is_read_as_it_was_written() -> None:
    worker = LiveWorker("w", QueueName.FACES, utc_now(), {"faces": Checked(State.DOWN, 12.5)})
    assert LiveWorker.of("w", worker.beat().encode()) == worker
