"""Jobs that were given up: found, and tried anew through the same relay."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from acme_core.pages import Cursor, PageRequest
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.contracts import PermanentJobError
from acme_jobs.dead_letters import (
    DeadLetters,
    JobNotFound,
    Pile,
    Revived,
    count_dead,
    find_job,
    list_dead,
    revive,
)
from acme_jobs.outbox import SUPERSEDED
from acme_jobs.relay import relay_outbox
from tests.libs.jobs.outbox_bench import CONTRACT, Bench, Thing

ALL = DeadLetters()


async def refuse(_thing: Thing) -> None:
    raise PermanentJobError("never")


async def _die(bench: Bench, count: int = 1, *, dedupe_key: str | None = None) -> list[UUID]:
    bench.handle = refuse
    ids = []
    for _ in range(count):
        job_id = await bench.add(dedupe_key=dedupe_key)
        assert job_id is not None
        ids.append(job_id)
        await bench.work()
    bench.handle = None
    return ids


async def _revive(bench: Bench, wanted: DeadLetters = ALL) -> Revived:
    async with unit_of_work(bench.sessions) as session:
        return await revive(session, wanted)


async def test_a_revived_job_goes_through_the_relay_with_all_its_tries(bench: Bench) -> None:
    (job_id,) = await _die(bench)
    assert (await _revive(bench)) == Revived([job_id], [])
    job = await bench.job(job_id)
    assert (job.state, job.attempts, job.last_error, job.finished_at) == (JobState.QUEUED, 0, None, None)
    assert job.revived_at is not None
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    await bench.work()
    job = await bench.job(job_id)
    assert (job.state, job.attempts) == (JobState.DONE, 1)
    assert len(bench.done) == len(bench.revived) == 1


async def test_what_giving_up_had_said_is_taken_back_only_of_a_revived_job(bench: Bench) -> None:
    await bench.add()
    await bench.work()
    assert (len(bench.done), bench.revived) == (1, [])


async def test_a_revived_job_may_be_given_up_again(bench: Bench) -> None:
    (job_id,) = await _die(bench)
    await _revive(bench)
    await bench.age()
    await relay_outbox(bench.redis, bench.sessions)
    bench.handle = refuse
    await bench.work()
    assert (await bench.job(job_id)).state == JobState.FAILED
    assert len(bench.given_up) == 2


async def test_of_one_key_one_waits_and_the_youngest_is_chosen(bench: Bench) -> None:
    old, young = await _die(bench, 2, dedupe_key="k")
    assert (await _revive(bench)) == Revived([young], [old])
    assert (await bench.job(old)).last_error == SUPERSEDED
    assert (await bench.job(old)).state == JobState.DONE


async def test_where_a_newer_job_waits_the_dead_one_rests(bench: Bench) -> None:
    (dead,) = await _die(bench, dedupe_key="k")
    await bench.add(dedupe_key="k")
    assert (await _revive(bench)) == Revived([], [dead])
    await bench.work()
    assert len(bench.done) == 1


async def test_many_who_retry_at_once_revive_each_job_once(bench: Bench) -> None:
    dead = await _die(bench, 6)
    done = await asyncio.gather(*(_revive(bench) for _ in range(8)))
    assert sorted(job_id for each in done for job_id in each.revived) == sorted(dead)


async def test_a_key_that_is_taken_while_it_is_revived_is_no_error(bench: Bench) -> None:
    """Whoever writes the newer job first has not committed when the dead one is looked at."""
    for _ in range(5):
        await _die(bench, dedupe_key="k")
        await asyncio.gather(_revive(bench), *(bench.add(dedupe_key="k") for _ in range(3)))
        await bench.age()
        await relay_outbox(bench.redis, bench.sessions)
        await bench.work()
    async with bench.sessions() as session:
        assert await count_dead(session, ALL) == []


async def test_they_are_found_by_name_queue_age_and_page(bench: Bench) -> None:
    ids = await _die(bench, 3)
    async with unit_of_work(bench.sessions) as session:
        aged = update(OutboxJob).where(OutboxJob.id == ids[0])
        await session.execute(aged.values(finished_at=OutboxJob.finished_at - timedelta(hours=2)))
    async with bench.sessions() as session:
        assert await count_dead(session, ALL) == [Pile(CONTRACT.name, CONTRACT.queue, 3)]
        assert await count_dead(session, DeadLetters(name="build_archive")) == []
        assert await count_dead(session, DeadLetters(queue="acme:faces")) == []
        old = await list_dead(session, DeadLetters(older_than=timedelta(hours=1)), PageRequest())
        assert [job.id for job in old] == [ids[0]]
        first = await list_dead(session, ALL, PageRequest(limit=2))
        assert len(first) == 3  # one more than the page, as everywhere
        assert first[1].finished_at is not None
        after = Cursor(first[1].finished_at, first[1].id)
        assert [job.id for job in await list_dead(session, ALL, PageRequest(2, after))] == [ids[0]]
        assert first[0].last_error == "PermanentJobError: never"


async def test_only_what_was_asked_for_is_revived(bench: Bench) -> None:
    ids = await _die(bench, 2)
    assert (await _revive(bench, DeadLetters(ids=[ids[0]]))).revived == [ids[0]]
    assert (await _revive(bench, DeadLetters(ids=[ids[0]]))).revived == []
    assert (await bench.job(ids[1])).state == JobState.FAILED


async def test_a_job_that_never_was_is_not_found(bench: Bench) -> None:
    async with bench.sessions() as session:
        with pytest.raises(JobNotFound):
            await find_job(session, UUID(int=0))
