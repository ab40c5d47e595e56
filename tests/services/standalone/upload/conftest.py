"""The command with its wires in our hands: real services behind transports that can be cut."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from rich.console import Console

from acme_standalone.upload.client import Destination
from acme_standalone.upload.patience import Patience
from acme_standalone.upload.program import Order, Servers, carry_out
from acme_standalone.upload.report import Report
from acme_standalone.upload.session import Credentials
from tests.services.harness import PASSWORD, Event, Platform, sha256

Hook = Callable[[httpx.Request], Awaitable[httpx.Response | None]]
QUICK = Patience(attempts=4, first_wait_s=0.001, longest_wait_s=1.0)


async def pass_on(_: httpx.Request) -> None:
    """The wire as it is."""


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """Notes what goes through; the hook may answer instead, raise or never return."""

    inner: httpx.AsyncBaseTransport
    hook: Hook = pass_on
    after: Hook = pass_on
    """Called when the answer is there: it may get lost, or be another."""
    calls: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        answer = await self.hook(request) or await self.inner.handle_async_request(request)
        return await self.after(request) or answer

    async def aclose(self) -> None:
        await self.inner.aclose()

    def count(self, method: str, ending: str = "") -> int:
        return sum(call.startswith(method) and call.endswith(ending) for call in self.calls)


@dataclass
class Wires:
    backoffice: Wire
    media: Wire
    objects: Wire


@dataclass
class Desk:
    """A photographer with a folder of photos and a project to send them to."""

    event: Event
    folder: Path
    wires: Wires
    order: Order
    is_terminal: bool = False
    report: Report = field(default_factory=Report)
    screen: io.StringIO = field(default_factory=io.StringIO)

    async def upload(self, **over: Any) -> int:
        """The exit status."""
        self.report, self.screen = Report(), io.StringIO()
        clients = [
            httpx.AsyncClient(transport=wire, base_url=base)
            for wire, base in (
                (self.wires.backoffice, "http://backoffice"),
                (self.wires.media, "http://media"),
                (self.wires.objects, ""),
            )
        ]
        order, console = (
            replace(self.order, **over),
            Console(
                file=self.screen, width=200, highlight=False, emoji=False, force_terminal=self.is_terminal
            ),
        )
        return await carry_out(order, Servers(*clients), console, self.report, QUICK)

    def put(self, name: str, body: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    async def photos(self) -> list[Any]:
        """What the project holds."""
        return await self.event.platform.sql(
            "SELECT id, filename, sha256, upload_state, status, failure_code FROM photos"
            " WHERE project_id = :id ORDER BY filename",
            id=self.event.project_id,
        )

    async def held(self) -> list[str]:
        return sorted(row.sha256 for row in await self.photos() if row.upload_state == "verified")

    def outcomes(self) -> dict[str, str]:
        return {outcome.file.shown: str(outcome.state) for outcome in self.report.outcomes.values()}

    @property
    def shown(self) -> str:
        return self.screen.getvalue()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Fails the test when it does not hold within 20 s."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - rows and files of other processes wake nobody
            await asyncio.sleep(0.05)


def digests(*bodies: bytes) -> list[str]:
    return sorted(sha256(body) for body in bodies)


@pytest.fixture
async def desk(platform: Platform, tmp_path: Path) -> AsyncIterator[Desk]:
    event = await platform.new_event()
    folder = tmp_path / "card"
    folder.mkdir()
    wires = Wires(
        Wire(httpx.ASGITransport(platform.apps["backoffice"])),
        Wire(httpx.ASGITransport(platform.apps["media"])),
        Wire(httpx.AsyncHTTPTransport()),
    )
    order = Order(
        folder=folder,
        destination=Destination(UUID(event.project_id)),
        credentials=Credentials(event.photographer.account["email"], PASSWORD, "photographer"),
        wait_s=0,
    )
    yield Desk(event, folder, wires, order)
    # Nobody looks at these photos again: the next test that runs jobs would run theirs.
    await platform.sql("DELETE FROM outbox_jobs WHERE state = 'queued'")
    await wires.objects.inner.aclose()
