"""The three services in one process, on the real parts, and the jobs run where a test wants them."""

import email
import email.policy
import hashlib
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, ClassVar, Self
from uuid import UUID

import httpx
import numpy as np
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import CursorResult, select, text

from acme_auth.passwords import PasswordHasher
from acme_auth.second_factors import SecondFactors
from acme_auth.superadmins import create_superadmin
from acme_config.jobs import JobName
from acme_config.settings import SecondFactorSettings
from acme_db.engine import SessionFactory
from acme_db.models import JobState, OutboxJob
from acme_db.unit_of_work import unit_of_work
from acme_jobs.runner import JobRunner, RetryLaterError
from acme_jobs.worker import Periodic
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources

Json = dict[str, Any]
PASSWORD = "correct horse battery"
DAY_S = 86_400


@dataclass(frozen=True)
class Api:
    """One service, as somebody who may be signed in."""

    http: httpx.AsyncClient
    token: str | None = None
    account: Json = field(default_factory=dict)

    def as_(self, session: Json) -> Self:
        return type(self)(self.http, session["access_token"], session.get("account", {}))

    async def call(
        self, method: str, path: str, json: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        sent = {**({"Authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        return await self.http.request(method, f"/v1{path}", json=json, headers=sent)

    async def get(self, path: str) -> Json:
        return _body(await self.call("GET", path))

    async def post(self, path: str, json: object = None) -> Json:
        return _body(await self.call("POST", path, json))

    async def patch(self, path: str, json: object) -> Json:
        return _body(await self.call("PATCH", path, json))

    async def delete(self, path: str) -> Json:
        return _body(await self.call("DELETE", path))

    async def put(self, path: str) -> None:
        _body(await self.call("PUT", path))


def _body(answer: httpx.Response) -> Json:
    assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text}"
    body: Json = answer.json() if answer.content else {}
    return body


@dataclass(frozen=True)
class Jobs:
    """Runs what waits in the outbox, through the real runner and handlers, without a queue between.

    What the tests of an earlier file left there is not run: nobody asks for it, and it would be a long wait.
    """

    since: ClassVar[datetime]
    sessions: SessionFactory
    runner: JobRunner
    periodic: Mapping[JobName, Periodic]

    async def run_periodic(self, name: JobName) -> None:
        """What the clock would start, and what follows from it."""
        await self.periodic[name].run()
        await self.run()

    async def run(self) -> int:
        """Until nothing waits; returns how many ran. A job that wants another try fails the test."""
        done = 0
        while ids := await self._waiting():
            for job_id in ids:
                await self.runner.run(job_id)
                done += 1
        return done

    async def run_once(self) -> list[UUID]:
        """One try each; returns those that asked to be tried again."""
        later = []
        for job_id in await self._waiting():
            try:
                await self.runner.run(job_id)
            except RetryLaterError:
                later.append(job_id)
        return later

    async def waiting(self, name: JobName) -> list[Json]:
        """What the jobs of this name are about that wait, tried before or not."""
        async with self.sessions() as session:
            statement = select(OutboxJob.payload).where(
                OutboxJob.state == JobState.QUEUED, OutboxJob.name == name, OutboxJob.created_at >= self.since
            )
            return list((await session.scalars(statement)).all())

    async def _waiting(self) -> list[UUID]:
        async with self.sessions() as session:
            statement = select(OutboxJob.id).where(
                OutboxJob.state == JobState.QUEUED,
                OutboxJob.last_error.is_(None),
                OutboxJob.created_at >= self.since,
            )
            return list((await session.scalars(statement.order_by(OutboxJob.created_at))).all())


@dataclass(frozen=True)
class Superadmin:
    api: Api
    email: str
    key: str
    """Of the authenticator app, base32."""
    recovery_codes: Iterator[str]


@dataclass(frozen=True)
class Platform:
    backoffice: Api
    main: Api
    media: Api
    storage: ObjectStorage
    data: DataResources
    jobs: Jobs
    apps: Mapping[str, FastAPI]

    async def sql(self, statement: str, **values: object) -> list[Any]:
        async with self.data.sessions() as session, session.begin():
            result = await session.execute(text(statement), values)
            return list(result.all()) if isinstance(result, CursorResult) and result.returns_rows else []

    async def new_operator(self, **over: object) -> Api:
        body = {"name": "Operator", "email": f"{token_hex(6)}@op.example.com", "password": PASSWORD, **over}
        return self.backoffice.as_(await self.backoffice.post("/auth/register", body))

    async def new_superadmin(self) -> "Superadmin":
        passwords, factors = PasswordHasher(4), SecondFactors(SecondFactorSettings())
        email = f"{token_hex(6)}@admin.example.com"
        async with unit_of_work(self.data.sessions) as session:
            made = await create_superadmin(
                session, passwords, factors, name="Admin", email=email, password=PASSWORD
            )
        passwords.close()
        codes = iter(made.recovery_codes)
        login = {"email": email, "password": PASSWORD, "totp_code": next(codes)}
        signed_in = await self.backoffice.post("/auth/login", login)
        return Superadmin(self.backoffice.as_(signed_in), email, made.enrolment.key, codes)

    async def new_guest(self, name: str = "Guest") -> Api:
        body = {"name": name, "email": f"{token_hex(6)}@guest.example.com", "password": PASSWORD}
        return self.main.as_(await self.main.post("/auth/register", body))

    async def new_photographer(self, operator: Api) -> Api:
        login = {"email": f"{token_hex(6)}@photo.example.com", "password": PASSWORD}
        await operator.post("/photographers", {"name": "Photographer", **login})
        return self.backoffice.as_(await self.backoffice.post("/auth/login", login))

    async def new_event(self, **over: object) -> "Event":
        operator = await self.new_operator()
        project = await operator.post("/projects", {"name": "Gala", **over})
        photographer = await self.new_photographer(operator)
        await operator.put(f"/projects/{project['id']}/photographers/{photographer.account['id']}")
        return Event(self, operator, photographer, project["id"])


@dataclass(frozen=True)
class Event:
    platform: Platform
    operator: Api
    photographer: Api
    project_id: str

    async def new_token(self, kind: str = "poster", expires_in_s: int = DAY_S) -> Json:
        wish = {"kind": kind, "expires_in_s": expires_in_s}
        return await self.operator.post(f"/projects/{self.project_id}/qr-tokens", wish)

    async def new_member(self, name: str = "Guest") -> Api:
        guest = await self.platform.new_guest(name)
        token = await self.new_token()
        await guest.post("/projects/join", {"token": token["token"], "accept_terms": True})
        return guest

    async def new_package(self, photo_count: int = 2, price: int = 1500, **over: object) -> str:
        body = {"name": "Package", "price": price, "photo_count": photo_count, **over}
        package = await self.operator.post("/packages", body)
        await self.operator.put(f"/projects/{self.project_id}/packages/{package['id']}")
        package_id: str = package["id"]
        return package_id

    def announced(self, body: bytes, **over: object) -> Json:
        return {
            "project_id": self.project_id,
            "filename": "DSC_1.jpg",
            "content_type": "image/jpeg",
            "size_bytes": len(body),
            **over,
        }

    async def upload(self, body: bytes, **over: object) -> str:
        """Announce, send and complete; returns the photo's id."""
        media = self.platform.media.as_({"access_token": self.photographer.token})
        issued = await media.post("/photographers/me/photos/upload-url", self.announced(body, **over))
        await send(issued["upload"], body)
        await media.post(f"/photographers/me/photos/{issued['photo_id']}/complete")
        photo_id: str = issued["photo_id"]
        return photo_id

    async def ready_photo(self, seed: int = 0) -> str:
        """A photo without faces, through the whole pipeline."""
        photo_id = await self.upload(picture(seed))
        await self.platform.jobs.run()
        return photo_id

    async def tag(self, photo_id: str, guest: Api) -> None:
        await self.operator.post(f"/photos/{photo_id}/tags", {"user_id": guest.account["id"]})


async def send(upload: Json, body: bytes, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient() as http:
        return await http.put(upload["url"], content=body, headers={**upload["headers"], **headers})


def picture(seed: int = 0, size: tuple[int, int] = (640, 480), form: str = "JPEG", **options: Any) -> bytes:
    """A smooth picture with no face in it, different for each seed."""
    dice = np.random.default_rng(seed)
    coarse = dice.integers(0, 255, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def mailed_text(address: str) -> str:
    """The plain text of the newest mail to this address."""
    found = mailed_texts(address)
    assert found, f"no mail to {address}"
    return found[-1]


def mailed_texts(address: str) -> list[str]:
    """Of all mails to this address, the newest last."""
    found = []
    for path in Path(os.environ["MAILBOX_DIR"]).glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if message["To"] == address:
            body = message.get_body(("plain",))
            assert body is not None
            found.append((path.stat().st_mtime, str(body.get_content())))
    return [text for _, text in sorted(found)]
