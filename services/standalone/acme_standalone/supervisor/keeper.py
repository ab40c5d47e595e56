"""Keeps one unit running."""

import asyncio
import os
import signal
import socket
import time
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress

from acme_config.handover import LISTEN_FD
from acme_standalone.processes.command import Command
from acme_standalone.processes.home import tail
from acme_standalone.processes.ports import LOOPBACK
from acme_standalone.supervisor.backoff import Backoff
from acme_standalone.supervisor.logs import ProcessLog, pumped_into
from acme_standalone.supervisor.unit import Unit

POLL_S = 0.1
BACKLOG = 1024
DEATHS_BEFORE_READY = 3
"""A process that never was ready and died so often will not get better: the start has failed."""


class StartFailedError(RuntimeError):
    """A unit did not get ready; the message ends with its last words."""


class Keeper:
    """Starts, restarts and stops the process of one unit. `run_id` marks all its descendants."""

    def __init__(
        self, unit: Unit, log: ProcessLog, environment: dict[str, str], report: Callable[[str], None]
    ) -> None:
        self.unit = unit
        self._log = log
        self._marks = environment
        self._report = report
        self._backoff = Backoff()
        self._deaths = 0
        self._is_stopping = False
        self._process: Process | None = None
        self._listener: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep(), name=self.unit.name)

    async def stop(self, *, grace_s: float | None = None) -> None:
        """Ends the process and whatever it started, within the unit's grace (or `grace_s`)."""
        self._is_stopping = True
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(self.unit.stop_signal)
            await self._await_end(self._process, self.unit.stop_grace_s if grace_s is None else grace_s)
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._listener:
            self._listener.close()
        if self.unit.release:
            self.unit.release()
        self._log.close()
        if not self.ready.cancel() and not self.ready.cancelled():
            self.ready.exception()  # marks it as seen: the start may have been given up before anybody asked

    async def _await_end(self, process: Process, grace_s: float) -> None:
        try:
            await asyncio.wait_for(process.wait(), grace_s)
        except TimeoutError:
            self._report(f"{self.unit.name} did not stop within {grace_s:g} s and was killed")
            _kill_group(process.pid)
            await process.wait()

    async def _keep(self) -> None:
        while True:
            started = time.monotonic()
            status = await self._run_once()
            if self._is_stopping or (self.unit.is_step and status == 0):
                self._announce_ready()
                return
            delay = self._backoff.after(time.monotonic() - started)
            if self._has_failed_to_start():
                return
            self._report(f"{self.unit.name} ended ({_describe(status)}); starting it again in {delay:.1f} s")
            await asyncio.sleep(delay)

    def _has_failed_to_start(self) -> bool:
        self._deaths += 1
        if self.ready.done() or (self._deaths < DEATHS_BEFORE_READY and not self.unit.is_step):
            return False
        self.ready.set_exception(StartFailedError(f"{self.unit.name} does not start. {self._last_words()}"))
        return True

    async def _run_once(self) -> int | str:
        """The exit status, or what kept it from starting."""
        try:
            return await self._run(await asyncio.to_thread(self.unit.prepare))
        except Exception as error:
            self._log.write(f"{type(error).__name__}: {error}\n".encode())
            return str(error)

    async def _run(self, command: Command) -> int:
        held = self._held_port()
        inherited = {} if held is None else {LISTEN_FD: str(held)}
        async with pumped_into(self._log) as output:
            self._process = await asyncio.create_subprocess_exec(
                *command.argv_under(os.getpid()),
                env={**command.environment, **self._marks, **inherited},
                pass_fds=() if held is None else (held,),
                cwd="/",
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            return await self._until_it_ends(self._process)

    def _held_port(self) -> int | None:
        """The file descriptor of the unit's port, opened once for all its processes."""
        if self.unit.port is None:
            return None
        if self._listener is None:
            self._listener = socket.create_server((LOOPBACK, self.unit.port), backlog=BACKLOG)
        return self._listener.fileno()

    async def _until_it_ends(self, process: Process) -> int:
        watch = asyncio.create_task(self._watch_readiness(process))
        try:
            return await process.wait()
        finally:
            watch.cancel()
            _kill_group(process.pid)

    async def _watch_readiness(self, process: Process) -> None:
        if self.unit.is_step:
            return
        deadline = time.monotonic() + self.unit.start_timeout_s
        while not await self.unit.is_ready(process.pid):
            if time.monotonic() > deadline and not self.ready.done():
                late = f"{self.unit.name} was not ready within {self.unit.start_timeout_s:g} s."
                self.ready.set_exception(StartFailedError(f"{late} {self._last_words()}"))
                return
            await asyncio.sleep(POLL_S)
        self._announce_ready()

    def _announce_ready(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)
        elif not self._is_stopping:
            self._report(f"{self.unit.name} is up again")

    def _last_words(self) -> str:
        return f"The end of {self._log.path}:\n{tail(self._log.path)}"


def _kill_group(leader: int) -> None:
    """What the process started and left behind goes with it: each unit leads a group of its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _describe(status: int | str) -> str:
    if isinstance(status, str):
        return status
    return signal.Signals(-status).name if status < 0 else f"status {status}"
