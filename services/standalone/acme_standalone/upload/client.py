"""The media API, as a photographer's program calls it."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from acme_standalone.upload.answers import json_of, problem_text
from acme_standalone.upload.errors import NotAcceptedError, RefusedError
from acme_standalone.upload.files import DigestedFile
from acme_standalone.upload.patience import Patience
from acme_standalone.upload.session import Session

PHOTOS = "/v1/photographers/me/photos"
PAGE = 200
FRESH_S = 600.0
"""URLs live for 15 minutes; a transfer begins while there is time left to end it."""


@dataclass(frozen=True)
class Destination:
    project_id: UUID
    photographer_id: UUID | None = None
    """Of operators: in whose name."""


@dataclass(frozen=True)
class Ticket:
    """The leave to send one file."""

    photo_id: str
    url: str
    headers: Mapping[str, str]
    issued_at: float
    """On the monotonic clock: the two machines' clocks may differ."""

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() < self.issued_at + FRESH_S


@dataclass(frozen=True)
class Held:
    """The project holds the file already."""

    photo_id: str


@dataclass(frozen=True)
class Refusal:
    reason: str


Issued = Ticket | Held | Refusal


class MediaApi:
    def __init__(
        self, http: httpx.AsyncClient, session: Session, destination: Destination, patience: Patience
    ) -> None:
        self._http = http
        self._session = session
        self._destination = destination
        self._patience = patience

    async def issue(self, files: Sequence[DigestedFile]) -> list[Issued]:
        """Of up to 100 files, in their order.

        Raises `NotAcceptedError` when nothing may be sent there, or `UnreachableError`.
        """
        refused: dict[int, Refusal] = {}
        while len(refused) < len(files):
            asked = [index for index in range(len(files)) if index not in refused]
            try:
                answers = iter(await self._issue([files[index] for index in asked]))
            except RefusedError as error:
                faulty = _faulty_files(error)
                if not faulty:
                    raise NotAcceptedError(str(error)) from error
                refused |= {asked[index]: Refusal(str(error)) for index in faulty}
            else:
                return [refused.get(index) or next(answers) for index in range(len(files))]
        return [refused[index] for index in range(len(files))]

    async def complete(self, photo_id: str) -> str | None:
        """The failure's code when the server does not take what was sent.

        Raises `RefusedError`, `UnreachableError`.
        """
        photo = json_of(await self._call("POST", f"{PHOTOS}/{photo_id}/complete"), "status", "failure_code")
        return str(photo["failure_code"]) if photo["status"] == "failed" else None

    async def newest(self, status: str) -> list[dict[str, Any]]:
        """Up to 200 photos. Raises `RefusedError`, `UnreachableError`."""
        page = await self._list(status, None)
        return list(page["items"])

    async def failed(self) -> AsyncIterator[dict[str, Any]]:
        """All failed photos, newest first. Raises `RefusedError`, `UnreachableError`."""
        cursor: str | None = None
        while True:
            page = await self._list("failed", cursor)
            for photo in page["items"]:
                yield photo
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def _issue(self, files: Sequence[DigestedFile]) -> list[Issued]:
        body: dict[str, Any] = {
            "project_id": str(self._destination.project_id),
            "files": [
                {
                    "filename": item.file.name,
                    "content_type": item.content_type,
                    "size_bytes": item.file.size_bytes,
                    "sha256": item.sha256,
                }
                for item in files
            ],
        }
        if self._destination.photographer_id:
            body["photographer_id"] = str(self._destination.photographer_id)
        asked_at = time.monotonic()
        answer = json_of(await self._call("POST", f"{PHOTOS}/upload-urls", body), "items")
        return [_issued(item, asked_at) for item in answer["items"]]

    async def _list(self, status: str, cursor: str | None) -> dict[str, Any]:
        query = {"project_id": str(self._destination.project_id), "status": status, "limit": str(PAGE)}
        if cursor:
            query["cursor"] = cursor
        return json_of(await self._call("GET", PHOTOS, query=query), "items", "next_cursor")

    async def _call(
        self, method: str, path: str, body: object = None, query: Mapping[str, str] | None = None
    ) -> httpx.Response:
        async def send(token: str) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"}
            return await self._patience.answer(
                lambda: self._http.request(method, path, json=body, params=query, headers=headers)
            )

        token = await self._session.token()
        answer = await send(token)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer = await send(await self._session.renewed(token))
        return answer


def _issued(item: dict[str, Any], asked_at: float) -> Issued:
    if item["problem"]:
        return Refusal(problem_text(item["problem"]))
    issued = item["issued"]
    if issued["duplicate"]:
        return Held(issued["photo_id"])
    upload = issued["upload"]
    return Ticket(issued["photo_id"], upload["url"], upload["headers"], asked_at)


def _faulty_files(error: RefusedError) -> set[int]:
    """Places in the request of the files that made it invalid; one of them spoils a whole batch."""
    places = (loc[2:3] for loc in error.fields if loc[:2] == ["body", "files"])
    return {place for found in places for place in found if isinstance(place, int)}
