"""What is done to a running platform, from outside, by process id."""

import asyncio
import random
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Event as Flag
from typing import Any
from urllib.parse import urlsplit

import psutil
import redis

from tests.e2e.running import Running
from tests.faults.ledger import Ledger

HANG_S = 2.5
"""Shorter than what callers wait for an answer, long enough that some give up."""

VICTIMS: Mapping[str, str] = {
    "backoffice API": "-m acme_backoffice",
    "main API": "-m acme_main",
    "media API": "-m acme_media",
    "main worker": "-m acme_main.worker",
    "images worker": "-m acme_media.worker images",
    "faces worker": "-m acme_media.worker faces",
    "relay": "-m acme_main.relay",
    "object store": "-m acme_standalone.objectstore",
    "payments": "-m acme_standalone.stripe_standin",
    "PostgreSQL": "bin/postgres",
    "Valkey": "valkey-server",
}
_WHOLE = ("acme_backoffice", "acme_main", "acme_media")
"""Their command lines are the beginnings of others."""

Fault = Callable[[Running], bool]


def find(running: Running, mark: str) -> psutil.Process | None:
    """The process that the supervisor started, not a child of its own (PostgreSQL has many)."""
    supervisor = psutil.Process(running.process.pid)
    for child in supervisor.children():
        with suppress(psutil.Error):
            line = " ".join(child.cmdline())
            if line.endswith(mark) or (not mark.endswith(_WHOLE) and mark in line):
                return child
    return None


def kill(mark: str) -> Fault:
    return _signalled(mark, signal.SIGKILL)


def restart(mark: str, how: signal.Signals = signal.SIGTERM) -> Fault:
    """It is asked to stop, and started again by the supervisor."""
    return _signalled(mark, how)


def hang(mark: str) -> Fault:
    """It is there, takes connections, and does not answer for a while: as a provider out of breath."""

    def fault(running: Running) -> bool:
        process = find(running, mark)
        if process is None:
            return False
        family = [process, *process.children(recursive=True)]
        _send(family, signal.SIGSTOP)
        try:
            time.sleep(HANG_S)
        finally:
            _send(family, signal.SIGCONT)
        return True

    return fault


def fill_disk(running: Running) -> bool:
    """Of the object store: for a while it can write nothing, and read everything."""
    process = find(running, VICTIMS["object store"])
    if process is None:
        return False
    with suppress(psutil.NoSuchProcess):
        process.rlimit(psutil.RLIMIT_FSIZE, (0, psutil.RLIM_INFINITY))
        time.sleep(HANG_S)
        process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    return True


def flush(running: Running) -> bool:
    """The queue forgets everything: jobs, heartbeats, lockouts, events."""
    try:
        with redis.Redis.from_url(running.settings()["REDIS_URL"], socket_timeout=5) as connection:
            return bool(connection.flushall())
    except redis.RedisError:
        return False


def _signalled(mark: str, how: signal.Signals) -> Fault:
    def fault(running: Running) -> bool:
        process = find(running, mark)
        if process is None:
            return False
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)
        return True

    return fault


def _send(processes: Sequence[psutil.Process], how: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(how)


_UNFINISHED = """
    SELECT state::text, (jsonb_strip_nulls(to_jsonb(job)) - '{state,queue,origin,dedupe_key}'::text[])::text
    FROM outbox_jobs job WHERE state IN ('queued', 'running') ORDER BY run_at
"""

FAULTS: Mapping[str, Fault] = {
    **{f"kill -9 of the {name}": kill(mark) for name, mark in VICTIMS.items()},
    **{f"{name} hangs": hang(VICTIMS[name]) for name in ("PostgreSQL", "Valkey", "object store", "payments")},
    "PostgreSQL is restarted": restart(VICTIMS["PostgreSQL"], signal.SIGINT),
    **{
        f"{name} is restarted": restart(VICTIMS[name])
        for name in ("main API", "media API", "images worker", "faces worker", "main worker")
    },
    "disk of the object store is full": fill_disk,
    "Valkey is emptied": flush,
}


def torment(running: Running, ledger: Ledger, over: Flag, dice: random.Random, every_s: float) -> None:
    """One fault after the other, each kind once before any comes again."""
    names: list[str] = []
    while not over.wait(dice.uniform(every_s / 2, every_s * 3 / 2)):
        names = names or dice.sample(sorted(FAULTS), len(FAULTS))
        name = names.pop()
        if FAULTS[name](running):
            ledger.count(ledger.faults, name)


def unfinished(database_url: str) -> list[str]:
    """Jobs that wait or run, and what their rows say of them."""
    return [f"{state} {job}" for state, job in select(database_url, _UNFINISHED)]


def select(database_url: str, statement: str) -> list[tuple[Any, ...]]:
    async def fetch() -> list[tuple[Any, ...]]:
        import asyncpg

        connection = await asyncpg.connect(database_url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    assert urlsplit(database_url).hostname == "127.0.0.1"
    return asyncio.run(fetch())
