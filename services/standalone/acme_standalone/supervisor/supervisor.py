"""Brings the units up in order, keeps them up, and takes them down in the reverse order."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from acme_standalone.processes.leftovers import RUN_MARK
from acme_standalone.supervisor.keeper import Keeper, StartFailedError
from acme_standalone.supervisor.logs import ProcessLog
from acme_standalone.supervisor.unit import Unit

IMPATIENT_GRACE_S = 1.0


class Supervisor:
    """Runs in the main thread's event loop (see launch.py)."""

    def __init__(
        self,
        units: Sequence[Unit],
        *,
        run_id: str,
        logs: Path,
        report: Callable[[str], None],
        show: Callable[[str, str], None] | None = None,
    ) -> None:
        self._units = units
        self._run_id = run_id
        self._logs = logs
        self._report = report
        self._show = show
        self._keepers: dict[str, Keeper] = {}
        self._stop_requests = 0
        self._stop_requested = asyncio.Event()
        self._impatient = asyncio.Event()

    async def run(self, when_ready: Callable[[], Awaitable[None]]) -> int:
        """Returns the exit status: 0 after a wanted stop, 1 when the start failed."""
        loop = asyncio.get_running_loop()
        for wanted in _stopping_signals():
            loop.add_signal_handler(wanted, self._request_stop)
        watchdog = asyncio.create_task(self._keep_watchdog())
        try:
            return await self._serve(when_ready)
        finally:
            await self._stop_all()
            watchdog.cancel()
            await asyncio.wait([watchdog])

    def _request_stop(self) -> None:
        if self._stop_requested.is_set():
            self._impatient.set()
        self._stop_requested.set()

    async def _serve(self, when_ready: Callable[[], Awaitable[None]]) -> int:
        starting = asyncio.create_task(self._start_all())
        stopping = asyncio.create_task(self._stop_requested.wait())
        await asyncio.wait([starting, stopping], return_when=asyncio.FIRST_COMPLETED)
        try:
            if starting.done():
                starting.result()
                await when_ready()
                await stopping
        except StartFailedError as failure:
            self._report(str(failure))
            return 1
        finally:
            starting.cancel()
            stopping.cancel()
            await asyncio.wait([starting, stopping])
        self._report("Stopping...")
        return 0

    async def _start_all(self) -> None:
        for unit in self._units:
            log = ProcessLog(self._logs / f"{unit.name}.log", self._shown_as(unit.name))
            self._keepers[unit.name] = Keeper(unit, log, {RUN_MARK: self._run_id}, self._report)
        await asyncio.gather(*(self._bring_up(unit) for unit in self._units))

    def _shown_as(self, name: str) -> Callable[[str], None] | None:
        return partial(self._show, name) if self._show else None

    async def _bring_up(self, unit: Unit) -> None:
        for name in unit.after:
            await asyncio.shield(self._keepers[name].ready)
        self._keepers[unit.name].start()
        await asyncio.shield(self._keepers[unit.name].ready)

    async def _stop_all(self) -> None:
        """First those that nothing depends on: nobody loses a service that it still needs."""
        for layer in reversed(layers(self._units)):
            stops = [self._stop(self._keepers[name]) for name in layer if name in self._keepers]
            await asyncio.gather(*stops)

    async def _stop(self, keeper: Keeper) -> None:
        patient = asyncio.create_task(keeper.stop())
        impatient = asyncio.create_task(self._impatient.wait())
        await asyncio.wait([patient, impatient], return_when=asyncio.FIRST_COMPLETED)
        if not patient.done():
            await keeper.stop(grace_s=IMPATIENT_GRACE_S)
        impatient.cancel()
        await patient

    async def _keep_watchdog(self) -> None:
        while True:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "acme_standalone.supervisor.watchdog", self._run_id),
                stdin=asyncio.subprocess.PIPE,
                # It outlives us, and whoever reads our output must see it end.
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: text for name, text in os.environ.items() if name != RUN_MARK},
                start_new_session=True,
            )
            try:
                await process.wait()
            finally:
                if process.stdin:
                    process.stdin.close()
                await process.wait()
            await asyncio.sleep(1)


def _stopping_signals() -> list[signal.Signals]:
    """Under nohup the end of the terminal is no reason to stop."""
    is_detached = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *(() if is_detached else (signal.SIGHUP,))]


def layers(units: Sequence[Unit]) -> list[list[str]]:
    """Names grouped by the longest chain of units that they wait for."""
    depth: dict[str, int] = {}
    for unit in units:
        depth[unit.name] = 1 + max((depth[name] for name in unit.after), default=-1)
    return [[name for name, at in depth.items() if at == level] for level in range(max(depth.values()) + 1)]
