"""One file from the disk into the project."""

from collections.abc import Mapping
from http import HTTPStatus

import httpx

from acme_standalone.upload.answers import store_refusal
from acme_standalone.upload.client import Held, MediaApi, Refusal, Ticket
from acme_standalone.upload.errors import FileChangedError, RefusedError, UnreachableError
from acme_standalone.upload.files import DigestedFile, stream
from acme_standalone.upload.patience import Patience
from acme_standalone.upload.progress import Display
from acme_standalone.upload.report import Outcome, State

ALSO_PASSING = frozenset({HTTPStatus.CONFLICT})
"""Of object stores: two conditional writes met."""
EXPIRED = "upload_expired"


class Transfer:
    def __init__(
        self, api: MediaApi, objects: httpx.AsyncClient, patience: Patience, display: Display
    ) -> None:
        self._api = api
        self._objects = objects
        self._patience = patience
        self._display = display

    async def send(self, digested: DigestedFile, ticket: Ticket) -> Outcome:
        """Raises `NotAcceptedError` when the session or the project is gone."""
        file = digested.file
        try:
            return await self._send(digested, ticket)
        except (FileChangedError, UnreachableError) as error:
            return Outcome(file, State.FAILED, note=str(error), is_passing=True)
        except RefusedError as error:
            return Outcome(file, State.FAILED, note=str(error))
        except OSError as error:
            return Outcome(file, State.FAILED, note=f"unreadable: {error.strerror or error}")

    async def _send(self, digested: DigestedFile, ticket: Ticket) -> Outcome:
        """A ticket that has run out on the way is changed for a new one, once."""
        if ticket.is_fresh:
            outcome = await self._attempt(digested, ticket)
            if outcome is not None:
                return outcome
        match (await self._api.issue([digested]))[0]:
            case Held(photo_id):
                return Outcome(digested.file, State.HELD, photo_id)
            case Refusal(reason):
                return Outcome(digested.file, State.FAILED, note=reason)
            case Ticket() as renewed:
                outcome = await self._attempt(digested, renewed)
        return outcome or Outcome(digested.file, State.FAILED, note=EXPIRED, is_passing=True)

    async def _attempt(self, digested: DigestedFile, ticket: Ticket) -> Outcome | None:
        """None when the ticket had run out."""
        answer = await self._put(digested, ticket.url, ticket.headers)
        if answer.status_code == HTTPStatus.FORBIDDEN and not ticket.is_fresh:
            return None
        if not answer.is_success and answer.status_code != HTTPStatus.PRECONDITION_FAILED:
            raise store_refusal(answer)
        failure_code = await self._api.complete(ticket.photo_id)
        if failure_code == EXPIRED:
            return None
        state = State.FAILED if failure_code else State.SENT
        return Outcome(digested.file, state, ticket.photo_id, failure_code or "")

    async def _put(self, digested: DigestedFile, url: str, headers: Mapping[str, str]) -> httpx.Response:
        """412 says that the file arrived before: a run was cut off, or an answer got lost."""

        async def put() -> httpx.Response:
            with self._display.sending(digested.file) as advance:
                return await self._objects.put(url, content=stream(digested, advance), headers=dict(headers))

        return await self._patience.answer(put, ALSO_PASSING)
