"""The command from its options to its exit status."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from acme_standalone.upload.client import Destination, MediaApi
from acme_standalone.upload.errors import RefusedError, StoppedError, UnreachableError
from acme_standalone.upload.files import look
from acme_standalone.upload.patience import Patience
from acme_standalone.upload.progress import Display, display
from acme_standalone.upload.report import Report
from acme_standalone.upload.run import Upload
from acme_standalone.upload.session import Credentials, Session
from acme_standalone.upload.transfer import Transfer
from acme_standalone.upload.verdicts import wait_for_verdicts
from acme_standalone.upload.watch import HotFolder, Watch

FAILED_STATUS, INTERRUPTED_STATUS = 1, 130
TIMEOUT = httpx.Timeout(60.0, connect=10.0)


@dataclass(frozen=True)
class Order:
    folder: Path
    destination: Destination
    credentials: Credentials
    jobs: int = 4
    is_recursive: bool = True
    watch_interval_s: float | None = None
    """Between two looks at a hot folder; None looks once."""
    wait_s: float = 20.0
    """For the server's verdict on what was sent."""


@dataclass(frozen=True)
class Servers:
    backoffice: httpx.AsyncClient
    media: httpx.AsyncClient
    objects: httpx.AsyncClient


def run(order: Order, backoffice_url: str, media_url: str) -> int:
    """Returns the exit status."""
    console, report = Console(highlight=False, emoji=False), Report()

    async def connected() -> int:
        async with connect(backoffice_url, media_url) as servers:
            return await carry_out(order, servers, console, report)

    try:
        return asyncio.run(connected())
    except KeyboardInterrupt:
        _print(report, console)
        console.print("Interrupted. The same command goes on where it was.")
        return INTERRUPTED_STATUS


@asynccontextmanager
async def connect(backoffice_url: str, media_url: str) -> AsyncIterator[Servers]:
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=TIMEOUT))
            for url in (backoffice_url, media_url, "")
        ]
        yield Servers(*clients)


async def carry_out(
    order: Order, servers: Servers, console: Console, report: Report, patience: Patience | None = None
) -> int:
    """Returns the exit status; what became of each file is printed, and left in `report`."""
    try:
        with display(console) as shown:
            await _upload(order, servers, patience or Patience(), shown, report)
    except StoppedError as error:
        _print(report, console)
        console.print(str(error), markup=False, style="red", soft_wrap=True)
        return error.exit_status
    _print(report, console)
    return FAILED_STATUS if any(report.failures()) else 0


async def _upload(order: Order, servers: Servers, patience: Patience, shown: Display, report: Report) -> None:
    session = Session(servers.backoffice, order.credentials, patience)
    await session.sign_in()
    api = MediaApi(servers.media, session, order.destination, patience)
    upload = Upload(api, Transfer(api, servers.objects, patience, shown), shown, order.jobs)
    if order.watch_interval_s is not None:
        shown.say(f"Watching {order.folder} until Ctrl-C")
        folder = HotFolder(order.folder, is_recursive=order.is_recursive)
        await Watch(folder, upload, api, shown).run(report, order.watch_interval_s)
    found = await asyncio.to_thread(look, order.folder, is_recursive=order.is_recursive)
    report.skipped, report.unreadable = found.skipped, found.unreadable
    if found.files:
        await upload.run(found.files, report)
        await _hear_verdicts(api, shown, report, order.wait_s)


async def _hear_verdicts(api: MediaApi, shown: Display, report: Report, wait_s: float) -> None:
    """All is there by now: not hearing about it is no failure."""
    try:
        if not await wait_for_verdicts(api, report, shown.rejected, wait_s):
            shown.say("The server is still working on some of the photos.")
    except (RefusedError, UnreachableError) as error:
        shown.say(f"It is not known what the server made of the photos: {error}")


def _print(report: Report, console: Console) -> None:
    for line in report.lines():
        console.print(line, markup=False, soft_wrap=True)
