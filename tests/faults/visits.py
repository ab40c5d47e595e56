"""A visit to an event whose providers ail, and what must be true once they are well."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_hex
from uuid import UUID

import httpx

from acme_jobs.runner import RetryLaterError
from acme_payments.stripe_gateway import StripeGateway
from acme_standalone.verify.database import check_rows
from acme_standalone.verify.objects import check_objects
from acme_standalone.verify.payments import check_payments
from tests.faults.mail_provider import MailProvider
from tests.faults.proxy import Proxy
from tests.services.harness import Api, Event, Json, Platform, picture, sha256

PATIENCE_S = 60.0


@dataclass
class World:
    """One event on a platform whose providers stand behind proxies."""

    platform: Platform
    proxies: Mapping[str, Proxy]
    mails: MailProvider
    gateway: StripeGateway
    event: Event
    package_id: str

    async def rounds(self, count: int) -> None:
        for _ in range(count):
            await asyncio.gather(*(self._try(job_id) for job_id in await self._waiting()))

    async def come_to_rest(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while await self._waiting():
            assert time.monotonic() < deadline, "the platform does not come to rest"
            await self.rounds(1)
            await asyncio.sleep(0.05)

    async def broken_promises(self) -> list[str]:
        engine = self.platform.data.engine
        findings = [
            *await check_rows(engine),
            *await check_objects(engine, self.platform.storage, timedelta(0)),
            *await check_payments(engine, self.gateway, timedelta(hours=1), timedelta(0)),
        ]
        return [f"{item.promise}: {item.examples}" for item in findings if item.broken]

    async def _waiting(self) -> list[UUID]:
        rows = await self.platform.sql("SELECT id FROM outbox_jobs WHERE state = 'queued'")
        return [row.id for row in rows]

    async def _try(self, job_id: UUID) -> None:
        try:
            await self.platform.jobs.runner.run(job_id)
        except RetryLaterError:
            return


@dataclass
class Visit:
    """A guest's and a photographer's doings. What was not acknowledged is done again, as people do."""

    world: World
    guest: Api
    selfie: bytes
    purchase_key: str = field(default_factory=lambda: token_hex(8))
    photo: bytes = field(default_factory=lambda: picture(time.monotonic_ns()))
    photo_id: str = ""
    purchase: Json = field(default_factory=dict)
    selfie_is_sent: bool = False

    @property
    def is_over(self) -> bool:
        return bool(self.photo_id and self.selfie_is_sent and self.purchase)

    async def act(self) -> None:
        """Each of them once more, unless it has gone well."""
        for done, do in (
            (bool(self.photo_id), self._upload),
            (self.selfie_is_sent, self._enrol),
            (bool(self.purchase), self._order),
        ):
            if not done:
                await _unless_refused(do)

    async def _upload(self) -> None:
        event = self.world.event
        media = self.world.platform.media.as_({"access_token": event.photographer.token})
        path = "/photographers/me/photos"
        issued = await media.post(
            f"{path}/upload-url", event.announced(self.photo, sha256=sha256(self.photo))
        )
        await _put(issued["upload"], self.photo)
        completed = await media.call("POST", f"{path}/{issued['photo_id']}/complete")
        _require(completed, 202)
        self.photo_id = issued["photo_id"]

    async def _enrol(self) -> None:
        platform, body = self.world.platform, self.selfie
        media = platform.media.as_(await self.guest.post("/auth/media-token", {"scope": "selfie"}))
        wish = {"content_type": "image/jpeg", "size_bytes": len(body)}
        issued = await media.post("/selfie/upload-url", wish)
        await _put(issued["upload"], body)
        _require(await media.call("POST", f"/selfie/{issued['selfie_id']}/complete"), 202)
        self.selfie_is_sent = True

    async def _order(self) -> None:
        wish = {"project_id": self.world.event.project_id, "package_id": self.world.package_id}
        answer = await self.guest.call("POST", "/purchases", wish, {"Idempotency-Key": self.purchase_key})
        _require(answer, 201)
        self.purchase = answer.json()


class RefusedError(Exception):
    """By a platform or a store that ails: with a word that says so, and not for good."""


async def _unless_refused(do: Callable[[], Awaitable[None]]) -> None:
    try:
        await do()
    except (RefusedError, httpx.TransportError):
        return


def _require(answer: httpx.Response, status: int) -> None:
    """A refusal names its reason, and says when to come back, or what is missing."""
    if answer.status_code != status:
        assert answer.headers["content-type"] == "application/problem+json", answer.text
        assert answer.status_code in {409, 503}, answer.text
        assert answer.status_code == 409 or "retry-after" in answer.headers
        raise RefusedError(answer.json()["code"])


async def _put(upload: Json, body: bytes) -> None:
    async with httpx.AsyncClient(timeout=1.0) as http:
        answer = await http.put(upload["url"], content=body, headers=upload["headers"])
    if answer.status_code not in {200, 412}:  # 412: it is there, its answer was lost
        raise RefusedError(str(answer.status_code))
